#include "matching/choose/choose.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "matching/choose/search.h"
#include "matching/choose/workbench.h"
#include "matching/sim_clusters.h"

namespace zan::matching {
namespace {

// Stands still, or goes on by a step whenever it is asked.
class StepClock final : public Clock {
 public:
  explicit StepClock(std::int64_t step_us) : step_us_(step_us) {}
  [[nodiscard]] Timestamp now() const override { return {}; }
  [[nodiscard]] std::int64_t monotonic_us() const override { return now_us_ += step_us_; }

 private:
  std::int64_t step_us_;
  mutable std::int64_t now_us_ = 0;
};

Choice chosen(const Interactions& train, const ChooseOptions& options = {}, std::int64_t step_us = 0) {
  const StepClock clock(step_us);
  auto choice = choose(train, options, clock, [](const Trial&) {});
  EXPECT_TRUE(choice.ok());
  return choice.ok() ? std::move(*choice) : Choice{};
}

std::vector<float> scores_of(const Interactions& train, const Choice& choice, const ChooseOptions& options = {}) {
  const auto model = learn(train, choice.recipe, options);
  EXPECT_TRUE(model.ok());
  std::vector<std::uint32_t> users;
  for (std::uint32_t user = 0; user < train.user_count(); ++user) users.push_back(user);
  std::vector<float> scores(users.size() * train.item_count);
  (*model)->score(users, scores);
  return scores;
}

TEST(Choose, BeatsPopularityWherePeopleHaveCircles) {
  const Interactions all = sim_clusters(300, 120, 6, 14, 1);
  const Split split = hold_out(all, 0.2, 99);
  const ChooseOptions options{.k = 5};
  const Choice choice = chosen(split.fit, options);
  const auto model = learn(split.fit, choice.recipe, options);
  ASSERT_TRUE(model.ok());
  const auto users = users_with_items(split.held_out);
  const Quality quality = evaluate(**model, split.fit, split.held_out, users, 5, 2);
  Workbench bench(split.fit, 1, 1);
  const auto popular = bench.learn(Settings{});
  ASSERT_TRUE(popular.ok());
  EXPECT_GT(quality.recall, 1.5 * evaluate(**popular, split.fit, split.held_out, users, 5, 2).recall);
  for (const Trial& trial : choice.trials) EXPECT_LE(trial.quality.mean(), choice.quality.mean() + 1e-9);
}

TEST(Choose, IsTheSameAgainAndWithOtherThreads) {
  const Interactions train = sim_clusters(200, 80, 4, 10, 2);
  const Choice first = chosen(train), again = chosen(train);
  const ChooseOptions three{.threads = 3};
  ASSERT_EQ(first.trials.size(), again.trials.size());
  for (std::size_t k = 0; k < first.trials.size(); ++k) {
    EXPECT_EQ(first.trials[k].settings, again.trials[k].settings);
    EXPECT_EQ(first.trials[k].quality.recall, again.trials[k].quality.recall);
  }
  EXPECT_EQ(scores_of(train, first), scores_of(train, again));
  EXPECT_EQ(scores_of(train, first), scores_of(train, chosen(train, three), three));
}

TEST(Choose, TheClockDoesNotMatterBeforeTimeIsUp) {
  const Interactions train = sim_clusters(150, 60, 3, 8, 3);
  EXPECT_EQ(scores_of(train, chosen(train)), scores_of(train, chosen(train, {}, 1000)));
}

TEST(Choose, StopsWhenTimeIsUp) {
  const Interactions train = sim_clusters(150, 60, 3, 8, 3);
  const Choice choice = chosen(train, {.seconds_max = 10}, us_per_second);
  EXPECT_TRUE(choice.out_of_time);
  EXPECT_FALSE(choice.recipe.members.empty());
}

TEST(Choose, ModelsThatDoNotFitAreLeftOutAndSaySo) {
  const Interactions train = sim_clusters(3000, 1500, 4, 10, 4);
  const Choice choice = chosen(train, {.memory_mb_max = 16});
  EXPECT_TRUE(std::any_of(choice.trials.begin(), choice.trials.end(),
                          [](const Trial& trial) { return trial.why_not.starts_with("would need "); }));
  EXPECT_FALSE(choice.recipe.members.empty());
  const StepClock clock(0);
  const auto refused = choose(train, {.memory_mb_max = 1}, clock, [](const Trial&) {});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::limited);
}

// What a data set is at its edges: each is learnt from, and everybody gets finite scores.
TEST(Choose, CopesWithEdges) {
  std::vector<Pair> everything;
  for (std::uint32_t user = 0; user < 6; ++user) {
    for (std::uint32_t item = 0; item < 5; ++item) everything.emplace_back(user, item);
  }
  const std::vector<Interactions> edges{
      interactions_of({}, 0, 0),
      interactions_of({}, 3, 0),
      interactions_of({}, 3, 4),
      interactions_of({{0, 0}}, 1, 1),
      interactions_of({{0, 0}, {0, 1}, {0, 2}, {0, 3}}, 1, 4),
      interactions_of({{0, 0}, {1, 0}, {2, 0}}, 3, 1),
      interactions_of(everything, 6, 5),
      interactions_of({{0, 0}, {0, 1}, {1, 0}, {1, 1}, {2, 0}, {2, 1}}, 9, 30),
  };
  for (const Interactions& train : edges) {
    const auto scores = scores_of(train, chosen(train));
    EXPECT_TRUE(std::all_of(scores.begin(), scores.end(), [](float score) { return std::isfinite(score); }))
        << train.user_count() << " users, " << train.item_count << " items";
  }
}

TEST(Walk, ClimbsEachAxisToItsTop) {
  const Walk way{{.user_exponent = 0.5, .penalty = 4},
                 {{&Settings::penalty, {1, 2, 4, 8, 16}}, {&Settings::user_exponent, {0, 0.25, 0.5, 0.75, 1}}}};
  std::size_t asked = 0;
  const auto best = walk(way, [&](const Settings& s) {
    ++asked;
    return std::optional(-std::abs(s.penalty - 16) - std::abs(s.user_exponent - 0.25));
  });
  ASSERT_TRUE(best.has_value());
  EXPECT_EQ(best->penalty, 16);
  EXPECT_EQ(best->user_exponent, 0.25);
  EXPECT_EQ(asked, 6U);  // 4, 8, 16; 0.75; 0.25, 0
}

TEST(Walk, GoesWhereItMay) {
  const Walk way{{.penalty = 4}, {{&Settings::penalty, {1, 2, 4, 8}}}};
  const auto none = walk(way, [](const Settings&) { return std::optional<double>(); });
  EXPECT_FALSE(none.has_value());
  const auto some =
      walk(way, [](const Settings& s) { return s.penalty > 2 ? std::optional(-s.penalty) : std::nullopt; });
  ASSERT_TRUE(some.has_value());
  EXPECT_EQ(some->penalty, 4);
}

TEST(Cost, GrowsWithTheData) {
  const Shape small = shape_of(sim_clusters(100, 80, 4, 10, 2)), large = shape_of(sim_clusters(1000, 800, 4, 10, 2));
  for (const Walk& way : walks(false)) {
    EXPECT_LT(learning_seconds(way.start, small), learning_seconds(way.start, large));
    EXPECT_LT(learning_bytes(way.start, small), learning_bytes(way.start, large));
    EXPECT_LT(scoring_seconds(way.start, small, 10), scoring_seconds(way.start, large, 10));
  }
}

}  // namespace
}  // namespace zan::matching
