#include <gtest/gtest.h>

#include "audience/segment/check.h"
#include "audience/segment/tree.h"

namespace zan::audience {
namespace {

const Catalogue& tags() {
  return *Catalogue::standard();
}

Node parsed(std::string_view text) {
  const SegmentOr read = parse_segment(text, tags());
  if (const auto* problem = std::get_if<SegmentProblem>(&read)) {
    ADD_FAILURE() << text << "\n" << to_text(*problem);
    return {};
  }
  return std::get<Node>(read);
}

std::string settled(std::string_view text) {
  return to_text(canonical(parsed(text)));
}

std::string refused(std::string_view text) {
  const SegmentOr read = parse_segment(text, tags());
  if (std::holds_alternative<Node>(read)) return "taken";
  return to_text(std::get<SegmentProblem>(read));
}

TEST(Segment, the_example_of_the_documentation_reads_and_prints) {
  EXPECT_EQ(
      settled(R"(region in ("cn-bj","cn-sh") and age_band = "25-34" and count(like, category:"beauty", last 7d) >= 3
                       and not spends = "low")"),
      R"(age_band = "25-34" and count(like, category: "beauty", last 7d) >= 3 and not spends = "low" and region in ("cn-bj", "cn-sh"))");
}

TEST(Segment, every_kind_of_term_reads_prints_and_reads_again) {
  for (const char* text :
       {"everybody", "regular", R"(region = "cn-bj")", R"(not region in ("cn-bj", "cn-sh"))", "region is known",
        "like_recently >= 3", "like_recently <= 3", "like_recently = 3", "like_recently between 3 and 9",
        R"(first_active >= "2024-02-29")", R"(first_active between "2024-02-29" and "2024-03-01")",
        "last_active within 7d", "count(like, last 7d) >= 3",
        R"(count(like or share, category: "pets", last 30d) between 1 and 2)", R"(segment("fans of \"A\\B\""))",
        R"(list("vip"))", R"(similar to segment("vip") size 100000)",
        R"(not similar to segment("a \"b\"") size 1000 and regular)", R"(daily and (newcomer or regular))", "not (daily or not regular)"}) {
    SCOPED_TRACE(text);
    const Node node = canonical(parsed(text));
    EXPECT_EQ(canonical(parsed(to_text(node))), node);
    const SegmentOr json = segment_of_json(to_json(node), tags());
    ASSERT_TRUE(std::holds_alternative<Node>(json)) << to_json(node) << to_text(std::get<SegmentProblem>(json));
    EXPECT_EQ(canonical(std::get<Node>(json)), node) << to_json(node);
  }
}

TEST(Segment, equal_segments_have_one_form) {
  const auto same = [](std::string_view a, std::string_view b) {
    EXPECT_EQ(settled(a), settled(b));
    EXPECT_EQ(hash_of(parsed(a)), hash_of(parsed(b)));
  };
  same("daily and regular", "regular and (daily and regular)");
  same("not (daily or regular)", "not daily and not regular");
  same("not (daily and not regular)", "regular or not daily");
  same("not not daily", "((daily))");
  same(R"(region = "cn-bj" or region = "cn-sh")", R"(region in ("cn-sh", "cn-bj", "cn-sh"))");
  same(R"(region != "cn-bj")", R"(not region = "cn-bj")");
  same("like_recently > 2", "like_recently >= 3");
  same("count(share or like, last 7d) > 2", "count(like or share or like, last 7d) >= 3");
  EXPECT_NE(hash_of(parsed("daily")), hash_of(parsed("regular")));
  EXPECT_NE(settled("like_recently >= 3"), settled("not like_recently < 3")) << "an unknown number is in neither";
}

TEST(Segment, and_binds_closer_than_or_and_not_closest) {
  EXPECT_EQ(parsed("daily or regular and not newcomer or settled"),
            parsed("daily or (regular and (not newcomer)) or settled"));
}

TEST(Segment, a_mistake_is_said_with_place_what_stands_there_what_was_expected_and_what_was_meant) {
  EXPECT_EQ(refused(R"(regin = "cn-bj")"),
            R"(1:1: there is no such tag; found "regin", expected a tag; did you mean region?)");
  EXPECT_EQ(refused("daily and\n  region = \"cn-bk\""),
            "2:12: region has no such value; found \"cn-bk\", expected \"cn-bj\", \"cn-tj\", \"cn-he\", \"cn-sx\", "
            "\"cn-nm\", "
            "\"cn-ln\", \"cn-jl\", \"cn-hl\", ...; did you mean \"cn-bj\"?");
  EXPECT_EQ(refused("daily adn regular"),
            R"(1:7: the segment ends here; found "adn", expected and, or, or the end; did you mean and?)");
  EXPECT_EQ(
      refused("daily and"),
      R"x(1:10: a term is missing; found the end, expected a tag, not, count(...), segment(...), list(...), similar to ... or ()x");
  EXPECT_EQ(refused("(daily"), R"x(1:7: something is missing; found the end, expected ")")x");
  EXPECT_EQ(refused("daily = true"),
            R"(1:7: daily is a flag; found "=", expected and, or, or the end: it is a yes or no)");
  EXPECT_EQ(refused("region"),
            "1:7: region needs a value; found the end, expected =, !=, in (...), not in (...) or is known");
  EXPECT_EQ(refused("like_recently >= 5000"), "1:1: like_recently counts up to 1023; found 5000");
  EXPECT_EQ(refused("like_recently between 5 and 3"),
            "1:1: nobody can be meant: the lower bound is above the upper one");
  EXPECT_EQ(
      refused("count(liek, last 7d) >= 3"),
      R"(1:7: an act is missing; found "liek", expected like, view, complete, comment, share, follow ...; did you mean like?)");
  EXPECT_EQ(refused("count(like, last 700d) >= 3"), "1:6: the window is out of bounds; found 700d, expected 1d to 90d");
  EXPECT_EQ(refused(R"(count(like, category: "pest", last 7d) >= 3)"),
            R"(1:6: there is no such category; found "pest", expected a category; did you mean pets?)");
  EXPECT_EQ(refused("count(like, last 7d) = 0"),
            "1:6: nothing is known of those who did nothing; found 0, expected at least 1; or not count(...) >= 1");
  EXPECT_EQ(refused("first_active >= 5"), R"(1:17: a day is missing; found "5", expected a day such as "2024-02-29")");
  EXPECT_EQ(refused("宠物"), R"(1:1: this is nothing known here; found "宠")");
  EXPECT_EQ(refused("region = \"cn-bj"), R"(1:10: this is nothing known here; found ""cn-bj")");
  EXPECT_EQ(refused("similar segment(\"a\") size 5000"),
            R"(1:9: something is missing; found "segment", expected "to")");
  EXPECT_EQ(refused("similar to list(\"a\") size 5000"),
            R"(1:12: something is missing; found "list", expected "segment")");
  EXPECT_EQ(refused("similar to segment(\"a\")"), R"(1:24: something is missing; found the end, expected "size")");
  EXPECT_EQ(refused("similar to segment(\"a\") sise 5000"),
            R"(1:25: something is missing; found "sise", expected "size"; did you mean size?)");
  EXPECT_EQ(refused("similar to segment(\"a\") size 7d"),
            R"(1:30: a number is missing; found "7d", expected a whole number)");
  EXPECT_EQ(refused("similar to segment(\"a\") size 999"),
            "1:1: a look-alike of that size is not made; found 999, expected 1000 to 1000000");
  EXPECT_EQ(refused("like_recently < 0"), R"(1:18: nothing is below zero; found the end, expected a greater number)");
}

TEST(Segment, json_says_where_it_is_wrong) {
  const auto at = [](std::string_view json) {
    const SegmentOr read = segment_of_json(json, tags());
    return std::holds_alternative<Node>(read) ? "taken" : to_text(std::get<SegmentProblem>(read));
  };
  EXPECT_EQ(at(R"({"and":[{"tag":"daily"},{"tag":"regulra"}]})"),
            R"(/and/1: there is no such tag; found "regulra"; did you mean regular?)");
  EXPECT_EQ(at(R"({"and":[{"tag":"daily"}]})"), "/and: and must hold at least two parts");
  EXPECT_EQ(at(R"({"not":{"tga":"daily"}})"), R"(/not: "tga" is not known here; did you mean "tag"?)");
  EXPECT_EQ(at("[]"), "this must be an object");
  EXPECT_EQ(at("{"), "no JSON, or nested too deep");
  EXPECT_EQ(at(R"({"tag":"region"})"), "region is a one_of, not a flag");
  EXPECT_EQ(at(R"({"similar_to":"a","size":5000})"), "/similar_to: this must be an object");
  EXPECT_EQ(at(R"({"similar_to":{"segment":"a"}})"), "/size: size is missing");
  EXPECT_EQ(at(R"({"similar_to":{"segment":"a"},"size":1000001})"), "/size: size must be a number from 1000 to 1e+06");
}

TEST(Segment, limits_are_reached_and_named) {
  const auto repeated = [](std::size_t n, std::string_view what) {
    std::string out;
    for (std::size_t i = 0; i < n; ++i) out += what;
    return out;
  };
  const SegmentLimits limits;
  EXPECT_NE(refused(std::string(limits.text_bytes + 1, ' ')).find("at most 16384"), std::string::npos);
  EXPECT_EQ(refused(repeated(limits.depth, "(") + "daily" + repeated(limits.depth, ")")), "taken");
  EXPECT_NE(refused(repeated(limits.depth + 1, "(") + "daily").find("nested deeper than 32"), std::string::npos);
  EXPECT_NE(refused(repeated(limits.depth + 1, "not ") + "daily").find("nested deeper than 32"), std::string::npos);
  EXPECT_NE(refused("daily" + repeated(limits.nodes, " or daily")).find("too long; found 402 terms"),
            std::string::npos);
  EXPECT_NE(refused("count(like, last 90d) >= 1" + repeated(20, " or count(like, last 90d) >= 1"))
                .find("an estimated cost of 2101"),
            std::string::npos);
  const std::string deep = repeated(97, R"({"not":)") + R"({"tag":"daily"})" + repeated(97, "}");
  EXPECT_TRUE(std::holds_alternative<SegmentProblem>(segment_of_json(deep, tags())));
  EXPECT_TRUE(std::holds_alternative<SegmentProblem>(segment_of_json(repeated(5000, R"({"not":)"), tags())));
}

}  // namespace
}  // namespace zan::audience
