#include "audience/catalogue/catalogue.h"

#include <gtest/gtest.h>

#include <set>

#include "audience/catalogue/default_catalogue.h"

namespace zan::audience {
namespace {

// A small catalogue with one tag more.
std::string with_tag(const std::string& tag) {
  return R"({"purposes":[{"name":"reports","en":"r","zh":"r","consent":"given","least_people":50}],
    "categories":[{"id":"pets","en":"pets","zh":"宠物","subject_tags":["cats"]}],"tags":[)" +
         tag + "]}";
}

std::string flag(const std::string& changes) {
  return R"({"name":"a","type":"flag","en":"A","zh":"甲","owner":"o")" + changes + "}";
}

TEST(Catalogue, what_comes_along_has_over_two_hundred_tags_that_each_say_how_they_come_about) {
  const Catalogue& catalogue = *Catalogue::standard();
  EXPECT_GE(catalogue.tags().size(), 200U);
  std::set<std::uint32_t> numbers;
  std::size_t derived = 0;
  for (const Tag& tag : catalogue.tags()) {
    SCOPED_TRACE(tag.name);
    derived += tag.source == TagSource::derived ? 1 : 0;
    EXPECT_FALSE(tag.words.en.empty());
    EXPECT_FALSE(tag.words.zh.empty());
    EXPECT_EQ(tag.words.en.find('{'), std::string::npos);
    for (const Tongue tongue : {Tongue::en, Tongue::zh}) {
      const std::string text = catalogue.explain(tag, tongue);
      EXPECT_GT(text.size(), 10U);
      EXPECT_EQ(text.find('{'), std::string::npos) << text;
    }
    EXPECT_FALSE(tag.purposes.empty());
    for (std::uint32_t i = 0; i < tag.value_count(); ++i) {
      EXPECT_TRUE(numbers.insert(tag.first.number + i).second);
      EXPECT_LT(tag.first.number + i, catalogue.value_count());
    }
    EXPECT_TRUE(tag.sensitivity != Sensitivity::sensitive || tag.source == TagSource::declared);
  }
  EXPECT_GE(derived, 200U);
  EXPECT_FALSE(numbers.contains(catalogue.known().number));
  EXPECT_FALSE(numbers.contains(catalogue.adult().number));
}

TEST(Catalogue, a_rule_reads_as_a_sentence_in_two_languages) {
  const Catalogue& catalogue = *Catalogue::standard();
  EXPECT_EQ(catalogue.explain(*catalogue.find("regular"), Tongue::en),
            "days on which you were active among the last 28: at least 8.");
  EXPECT_EQ(catalogue.explain(*catalogue.find("regular"), Tongue::zh), "最近 28 天中您活跃的天数：至少 8。");
  EXPECT_NE(catalogue.explain(*catalogue.find("interest.pets"), Tongue::zh).find("宠物"), std::string::npos);
  EXPECT_NE(catalogue.explain(*catalogue.find("interest.pets"), Tongue::en).find("strong from 18"), std::string::npos);
}

TEST(Catalogue, names_are_found_and_near_ones_are_suggested) {
  const Catalogue& catalogue = *Catalogue::standard();
  EXPECT_EQ(catalogue.find("regin"), nullptr);
  EXPECT_EQ(catalogue.nearest_tag("regin"), "region");
  EXPECT_EQ(catalogue.nearest_tag("qqqqqqqqqqqq"), "");
  EXPECT_EQ(catalogue.category("宠物"), catalogue.category("pets"));
  EXPECT_FALSE(catalogue.category("no such"));
}

TEST(Catalogue, purposes_ask_for_consent_and_age_as_they_say) {
  const Catalogue& catalogue = *Catalogue::standard();
  const Purpose& targeting = catalogue.purposes()[*catalogue.purpose("targeting")];
  EXPECT_EQ(targeting.consent, ConsentRule::given);
  EXPECT_TRUE(targeting.adults_only);
  EXPECT_GE(targeting.least_people, 1000U);
  EXPECT_GE(catalogue.purposes()[*catalogue.purpose("reports")].least_people, 50U);
}

TEST(Catalogue, a_minimal_one_is_enough) {
  const auto catalogue = Catalogue::parse(with_tag(flag(
      R"(,"source":"derived","purposes":["reports"],"rule":{"all":[{"measure":"acts","acts":["like"],"at_least":2}]})")));
  ASSERT_TRUE(catalogue.ok()) << catalogue.error().message;
  EXPECT_EQ((*catalogue)->tags().size(), 1U);
  EXPECT_EQ((*catalogue)->category("cats"), 0U);
}

struct Refused {
  std::string changes, field, says;
};

TEST(Catalogue, what_is_wrong_is_said_with_its_place) {
  const std::string rule = R"(,"rule":{"all":[{"measure":"known_days","at_most":6}]})";
  const std::string uses = R"(,"purposes":["reports"])", derived = R"(,"source":"derived")";
  const std::vector<Refused> all = {
      {derived + rule, "/tags/0/purposes", "at least one purpose"},
      {derived + rule + R"(,"purposes":["profit"])", "/tags/0/purposes", "\"profit\""},
      {derived + uses, "/tags/0/rule", "how a tag comes about"},
      {derived + uses + rule + R"(,"sensitivity":"sensitive")", "/tags/0/source", "never worked out"},
      {R"(,"source":"imported")" + uses, "/tags/0/keep_days", "does not stay for good"},
      {R"(,"source":"declared")" + uses + rule, "/tags/0/rule", "of a declared tag"},
      {derived + uses + rule + R"(,"sensitvity":"sensitive")", "/tags/0", "did you mean \"sensitivity\"?"},
      {derived + uses + R"(,"rule":{"all":[{"measure":"know_days"}]})", "/tags/0/rule/all/0/measure",
       "did you mean \"known_days\"?"},
      {derived + uses + R"(,"rule":{"all":[{"measure":"acts"}]})", "/tags/0/rule/all/0/acts", "is missing"},
      {derived + uses + R"(,"rule":{"all":[{"measure":"acts","acts":["lick"]}]})", "/tags/0/rule/all/0/acts",
       "\"lick\""},
      {derived + uses + R"(,"rule":{"all":[{"measure":"interest"}]})", "/tags/0/for_each", "category"},
      {derived + uses + R"(,"rule":{"all":[{"measure":"hour_share","hours":[9,9]}]})", "/tags/0/rule/all/0/hours",
       "later"},
      {derived + uses + rule + R"(,"values":[{"name":"x","en":"x","zh":"x"}])", "/tags/0/values", "only for"},
      {derived + uses + rule + R"(,"unit":"days")", "/tags/0/unit", "only for a number"},
      {derived + uses + rule + R"(,"for_each":"weekday")", "/tags/0/for_each", "category"},
  };
  for (const Refused& one : all) {
    const auto catalogue = Catalogue::parse(with_tag(flag(one.changes)));
    ASSERT_FALSE(catalogue.ok()) << one.changes;
    EXPECT_EQ(catalogue.error().field, one.field) << catalogue.error().message;
    EXPECT_NE(catalogue.error().message.find(one.says), std::string::npos) << catalogue.error().message;
  }
}

TEST(Catalogue, limits_are_kept) {
  EXPECT_FALSE(Catalogue::parse(std::string(catalogue_bytes_max + 1, ' ')).ok());
  EXPECT_FALSE(Catalogue::parse("").ok());
  EXPECT_FALSE(Catalogue::parse("[]").ok());
  EXPECT_FALSE(Catalogue::parse("{}").ok());
  const std::string one =
      flag(R"(,"source":"derived","purposes":["reports"],"rule":{"all":[{"measure":"known_days"}]})");
  const auto twice = Catalogue::parse(with_tag(one + "," + one));
  ASSERT_FALSE(twice.ok());
  EXPECT_NE(twice.error().message.find("there already"), std::string::npos);
  std::string values;
  for (std::size_t i = 0; i <= tag_values_max; ++i)
    values += (i == 0 ? "" : ",") + std::string(R"({"name":"v)") + std::to_string(i) + R"(","en":"v","zh":"v"})";
  const auto many = Catalogue::parse(with_tag(
      R"({"name":"b","type":"one_of","en":"B","zh":"乙","owner":"o","source":"declared","purposes":["reports"],"rule":{"all":[{"measure":"attribute","attribute":"/x"}]},"values":[)" +
      values + "]}"));
  ASSERT_FALSE(many.ok());
  EXPECT_EQ(many.error().field, "/tags/0/values");
}

TEST(Catalogue, a_file_that_extends_what_comes_along_adds_categories_purposes_and_tags) {
  const auto more = Catalogue::parse(R"({"extends":"standard",
    "purposes":[{"name":"research","en":"r","zh":"r","consent":"given","least_people":100}],
    "categories":[{"id":"knitting","en":"knitting","zh":"编织","subject_tags":["39"]}],
    "tags":[{"name":"vip","type":"flag","en":"V","zh":"贵","owner":"o","source":"imported","keep_days":30,
             "purposes":["research"]}]})");
  ASSERT_TRUE(more.ok()) << more.error().message;
  const Catalogue& standard = *Catalogue::standard();
  EXPECT_EQ((*more)->categories().size(), standard.categories().size() + 1);
  EXPECT_EQ((*more)->purposes().size(), standard.purposes().size() + 1);
  EXPECT_EQ((*more)->zone_us(), standard.zone_us());
  EXPECT_EQ((*more)->half_lives().habits_days, standard.half_lives().habits_days);
  EXPECT_EQ((*more)->category("39"), standard.categories().size());
  ASSERT_NE((*more)->find("interest.knitting"), nullptr) << "a tag for each category is one for it, too";
  EXPECT_EQ((*more)->find("interest.knitting")->category, standard.categories().size());
  ASSERT_NE((*more)->find("vip"), nullptr);
  EXPECT_EQ((*more)->purposes()[(*more)->find("vip")->purposes[0]].name, "research");

  const auto error = [](std::string_view json) { return Catalogue::parse(json).error(); };
  EXPECT_EQ(error(R"({"extends":"mine"})").field, "/extends");
  EXPECT_EQ(error(R"({"extends":"standard","categories":[{"id":"pets","en":"p","zh":"p"}]})").field,
            "/categories/0/id");
  EXPECT_NE(error(R"({"extends":"standard","tags":[{"name":"daily","type":"flag","en":"V","zh":"v","owner":"o",
    "source":"imported","keep_days":30,"purposes":["reports"]}]})").message.find("is there already"), std::string::npos);
}

}  // namespace
}  // namespace zan::audience
