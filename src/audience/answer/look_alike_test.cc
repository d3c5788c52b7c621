// Look-alikes beside a twin that scores every person by asking for every value.
#include "audience/answer/look_alike.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "audience/answer/sim_audience.h"

namespace zan::audience {
namespace {

using testing::HasSubstr;

class Segments final : public SegmentNames {
 public:
  std::map<std::string, Node, std::less<>> by_name;
  std::shared_ptr<const UserList> users;
  [[nodiscard]] std::optional<Node> segment(std::string_view name) const override {
    const auto found = by_name.find(name);
    return found == by_name.end() ? std::nullopt : std::optional(found->second);
  }
  [[nodiscard]] std::shared_ptr<const UserList> list(std::string_view) const override { return users; }
};

constexpr std::uint32_t people = 12'000;

class LookAlikeTest : public testing::Test {
 protected:
  LookAlikeTest() {
    sim.answers.set_names(&segments);
    segments.by_name["s"] = sim.parse(R"(creator and region in ("cn-bj", "cn-tj"))");
  }
  // The list itself, by a LookAlikes of the test's own.
  [[nodiscard]] SimilarTo to(const char* text, std::uint64_t size) const {
    const Question question = sim.question("reports", false);
    const CompileContext context{*sim.catalogue, sim.events, &segments, question.purpose, question.now, {}, {}};
    auto plan = compile(sim.parse(text), context);
    EXPECT_TRUE(plan.ok());
    return {"l", text, *std::move(plan), size};
  }
  Result<SizeAnswer> count(std::string_view text, bool exact = true) {
    return sim.answers.count(sim.parse(text), sim.question("reports", exact));
  }

  SimAudience sim{people};
  Segments segments;
  AnswerBook book{sim.secret, {}};
  LookAlikes look_alikes{sim.catalogue, sim.store, sim.secret, book};
};

TEST_F(LookAlikeTest, lets_in_those_of_the_highest_scores_and_nobody_of_the_segment) {
  const Question question = sim.question("reports", false);
  const Plan among = sim.catalogue->eligible(question.purpose), all = Plan::both({});
  for (const std::uint64_t size : {1'000U, 1'777U, 4'000U}) {
    const SimilarTo like = to(R"(creator and region in ("cn-bj", "cn-tj"))", size);
    const auto found = look_alikes.find(like, question);
    ASSERT_TRUE(found.ok()) << found.error().message;
    // The same book says the same to the twin.
    const std::uint64_t part = 1'000 + question.purpose;
    const Said members = *book.say("k", part, measure(sim.store, sim.secret, like.plan, among), 0, sim_now);
    const Said base = *book.say("k", part, measure(sim.store, sim.secret, all, among), 0, sim_now);
    auto rows = value_rows(*sim.catalogue, question.purpose);
    std::erase_if(rows, [&](const ValueRow& one) { return sim.catalogue->tags()[one.tag].name == "accessibility"; });
    const auto weights = value_weights(rows, members.count,
                                       *book.say_parts(members, count_values(sim.store, rows, like.plan, among), 0),
                                       base.count, *book.say_parts(base, count_values(sim.store, rows, all, among), 0),
                                       book.rules().noise_people);
    ASSERT_GE(weights.size(), 3U);
    std::vector<int> in, out, own;
    for (std::uint32_t user = 1; user <= people; ++user) {
      if (!contains(sim.store, among, user)) continue;
      int score = 0;
      for (const ValueWeight& one : weights) score += sim.store.contains(user, one.value) ? one.weight : 0;
      const bool let_in = std::binary_search(found->users->begin(), found->users->end(), user);
      const bool member = contains(sim.store, like.plan, user);
      EXPECT_FALSE(member && let_in);
      (member ? own : let_in ? in : out).push_back(score);
    }
    ASSERT_EQ(in.size(), size);
    ASSERT_EQ(found->users->size(), size) << "all of them may be counted";
    std::sort(in.begin(), in.end());
    EXPECT_GE(in.front(), *std::max_element(out.begin(), out.end()));
    const auto rank = [&](int score) {
      const auto no_higher = std::count_if(own.begin(), own.end(), [&](int one) { return one <= score; });
      return static_cast<double>(no_higher) / static_cast<double>(own.size());
    };
    EXPECT_NEAR(found->similarity.lowest, rank(in.front()), 0.0051);
    EXPECT_NEAR(found->similarity.median, rank(in[in.size() / 2]), 0.0051);
    EXPECT_LE(found->similarity.lowest, found->similarity.median);
    EXPECT_EQ(found->similarity.size, size);
  }
}

TEST_F(LookAlikeTest, is_a_term_as_any_other_and_says_how_similar) {
  const auto all = count(R"(similar to segment("s") size 1500)");
  ASSERT_TRUE(all.ok()) << all.error().message;
  EXPECT_EQ(all->count, 1500U);
  ASSERT_EQ(all->similar.size(), 1U);
  EXPECT_EQ(all->similar.front().text, R"(similar to segment("s") size 1500)");
  EXPECT_GE(all->similar.front().median, all->similar.front().lowest);
  EXPECT_FALSE(count(R"(similar to segment("s") size 1500 and segment("s"))").ok()) << "nobody is in both";
  // Those of the same regions, or creators elsewhere.
  const auto near = count(R"(similar to segment("s") size 1500 and (creator or region in ("cn-bj", "cn-tj")))");
  ASSERT_TRUE(near.ok());
  EXPECT_GE(near->count, 1450U);
  const auto composition = sim.answers.composition(sim.parse(R"(similar to segment("s") size 1500)"),
                                                   sim.question("reports", false));
  ASSERT_TRUE(composition.ok());
  EXPECT_EQ(composition->size.similar.size(), 1U);
  const auto overlap = sim.answers.overlap({sim.parse(R"(similar to segment("s") size 1500)"), sim.parse("creator")},
                                           sim.question("reports", true));
  ASSERT_TRUE(overlap.ok());
  EXPECT_EQ(overlap->sizes[0]->count, 1500U);
}

TEST_F(LookAlikeTest, what_cannot_be_is_refused_with_the_reason) {
  const auto refused = [&](const char* text) {
    const auto got = count(text);
    EXPECT_FALSE(got.ok()) << text;
    return got.ok() ? Error{} : got.error();
  };
  EXPECT_EQ(refused(R"(similar to segment("none") size 1500)").kind, ErrorKind::not_found);
  segments.by_name["small"] = sim.parse(R"(creator and region = "cn-bj" and age_band = "18-24")");
  EXPECT_EQ(refused(R"(similar to segment("small") size 1500)").kind, ErrorKind::refused);
  EXPECT_THAT(refused(R"(similar to segment("small") size 1500)").message, HasSubstr("fewer than 1000"));
  segments.by_name["all"] = sim.parse("everybody");
  EXPECT_THAT(refused(R"(similar to segment("all") size 1500)").message, HasSubstr("nothing sets these people apart"));
  segments.by_name["again"] = sim.parse(R"(similar to segment("s") size 2000)");
  EXPECT_EQ(refused(R"(similar to segment("again") size 1500)").kind, ErrorKind::invalid);
  segments.by_name["circle"] = sim.parse(R"(similar to segment("circle") size 2000)");
  EXPECT_EQ(refused(R"(similar to segment("circle") size 1500)").kind, ErrorKind::invalid);
  segments.by_name["targets"] = sim.parse("seen_in is known");
  EXPECT_EQ(sim.answers.count(sim.parse(R"(similar to segment("targets") size 1500)"), sim.question("targeting", true))
                .error()
                .kind,
            ErrorKind::refused)
      << "a tag that is not for the purpose, by the back door";
  const CompileContext without{*sim.catalogue, sim.events, &segments, 0, sim_now, {}, {}};
  EXPECT_EQ(compile(sim.parse(R"(similar to segment("s") size 1500)"), without).error().kind, ErrorKind::unsupported);
  segments.by_name["needs"] = sim.parse("creator or accessibility");
  segments.by_name["by another name"] = sim.parse(R"(not segment("needs"))");
  EXPECT_THAT(refused(R"(similar to segment("by another name") size 1500)").message, HasSubstr("sensitive"));
  std::string four = R"(similar to segment("s") size 1500)";
  for (int i = 0; i < 3; ++i) four += R"( and not similar to segment("s") size 1600)";
  EXPECT_TRUE(std::holds_alternative<SegmentProblem>(parse_segment(four, *sim.catalogue))) << "too costly";
}

TEST_F(LookAlikeTest, a_list_is_kept_for_a_while_yet_nobody_is_counted_who_must_not_be) {
  ASSERT_EQ(count(R"(similar to segment("s") size 1500)")->count, 1500U);
  const SimilarTo like = to(R"(creator and region in ("cn-bj", "cn-tj"))", 1500);
  const UserList before = *look_alikes.find(like, sim.question("reports", false))->users;
  for (int i = 0; i < 10; ++i) {
    const std::uint32_t user = before[static_cast<std::size_t>(i) * 20] - 1;
    sim.people()[user].refuses = true;
    sim.people()[user].agrees = false;
    sim.put(user);
  }
  EXPECT_EQ(*look_alikes.find(like, sim.question("reports", false))->users, before) << "as it was made";
  EXPECT_EQ(count(R"(similar to segment("s") size 1500)")->count, 1490U) << "who withdrew is out at once";
  Question later = sim.question("reports", true);
  later.now.us += look_alike_age_us;
  EXPECT_EQ(sim.answers.count(sim.parse(R"(similar to segment("s") size 1500)"), later)->count, 1500U);
  sim.answers.forget_lists();
  EXPECT_EQ(count(R"(similar to segment("s") size 1500)")->count, 1500U);
}

TEST_F(LookAlikeTest, so_many_lists_are_kept) {
  const Question question = sim.question("reports", false);
  for (std::uint64_t i = 0; i < look_alikes_kept_max + 3; ++i)
    ASSERT_TRUE(look_alikes.find(to("creator", 1'000 + i), question).ok());
  EXPECT_EQ(look_alikes.kept(), look_alikes_kept_max);
  // More than there are: all others.
  const auto all = look_alikes.find(to("creator", look_alike_size_max), question);
  ASSERT_TRUE(all.ok());
  EXPECT_EQ(all->users->size(), sim.how_many([](const SimPerson& one) {
    return !one.creator && SimAudience::may_be_reported(one);
  }));
}

TEST(ValueWeights, what_few_have_or_few_lack_weighs_as_if_so_many_did) {
  const std::vector<ValueRow> rows = {{0, 0, {10}}, {1, 0, {11}}, {2, 0, {12}}, {3, 0, {13}}, {4, 0, {14}}};
  const auto weights = [&](std::uint64_t first, std::optional<std::uint64_t> second) {
    std::map<std::uint32_t, int> out;
    for (const ValueWeight& one : value_weights(rows, 2'000, {first, second, 1'000, 30, 500}, 100'000,
                                                {20'000, 50'000, 50'000, 49, 300}, 12))
      out[one.value.number] = one.weight;
    return out;
  };
  const auto some = weights(3, 1'990);
  EXPECT_EQ(some, weights(40, 1'960));
  EXPECT_EQ(some, weights(0, std::nullopt));
  EXPECT_LT(some.at(10), 0);
  EXPECT_GT(some.at(11), 0);
  EXPECT_FALSE(some.contains(12)) << "as common as elsewhere";
  EXPECT_FALSE(some.contains(13)) << "too rare to tell";
  EXPECT_EQ(some.at(14), value_weight_max) << "clipped";
}

TEST(ValueWeights, are_of_the_values_that_tell_most) {
  std::vector<ValueRow> rows;
  Rows members, everybody;
  for (std::uint32_t i = 0; i < look_alike_values_max + 36; ++i) {
    rows.push_back({i, 0, {i}});
    members.emplace_back(700 + i);
    everybody.emplace_back(10'000);
  }
  const auto weights = value_weights(rows, 2'000, members, 100'000, everybody, 12);
  ASSERT_EQ(weights.size(), look_alike_values_max);
  EXPECT_EQ(weights.front().value.number, look_alike_values_max + 35);
  EXPECT_EQ(weights.back().value.number, 36U);
}

}  // namespace
}  // namespace zan::audience
