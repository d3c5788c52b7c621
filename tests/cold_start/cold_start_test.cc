#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "cold_start/baselines.h"
#include "cold_start/lift.h"

namespace zan::cold_start {
namespace {

simulation::TasteOptions small() {
  simulation::TasteOptions options;
  options.people = 300;
  options.creators = 60;
  options.works = 800;
  options.days = 10;
  options.works_a_day = 10;
  options.newcomers_a_day = 4;
  options.newcomers_from_day = 3;
  return options;
}

// The world is made once, it takes no part in what is tested.
const simulation::Tastes& world() {
  static const simulation::Tastes made(small());
  return made;
}

RunLog live(Recommender& recommender) { return run(world(), recommender, {}); }

// ---- the measures, on logs made by hand

RunLog empty_log() {
  RunLog log;
  log.showings.resize(world().works().size());
  for (const simulation::TasteWork& work : world().works()) {
    const std::int64_t born_us = std::max<std::int64_t>(0, work.born_us);
    log.platform_at_birth.push_back(static_cast<std::uint64_t>(born_us * 1000 / us_per_day));
  }
  for (std::uint64_t day = 0; day <= small().days; ++day) log.platform_at_day.push_back(day * 1000);
  log.impressions = small().days * 1000;
  return log;
}

std::uint32_t a_good_newcomers_work() {
  std::uint32_t work = 0;
  while (world().newcomer(work) != simulation::Newcomer::good) ++work;
  return work;
}

std::vector<std::uint32_t> by_liking(std::uint32_t work) {
  std::vector<std::uint32_t> people(world().people().size());
  for (std::uint32_t i = 0; i < people.size(); ++i) people[i] = i;
  std::sort(people.begin(), people.end(),
            [&](std::uint32_t a, std::uint32_t b) { return world().truth(a, work)[1] > world().truth(b, work)[1]; });
  return people;
}

TEST(Measures, what_nobody_was_shown_reached_nobody) {
  const Measures found = measure(world(), empty_log());
  EXPECT_GT(found.good.works, 3U);
  EXPECT_EQ(found.good.reached, 0U);
  EXPECT_TRUE(std::isinf(found.good.own));
  EXPECT_NEAR(found.good.platform, 5000, 2) << "the days that it is followed";
  EXPECT_NEAR(found.good.platform_median, 5000, 2);
  EXPECT_EQ(found.gini, 0);
}

TEST(Measures, long_views_of_the_audience_alone_reach_it) {
  const std::uint32_t work = a_good_newcomers_work();
  const auto people = by_liking(work);
  const auto opened = static_cast<std::uint8_t>(1U << 0), watched = static_cast<std::uint8_t>(1U << 0 | 1U << 1);
  const std::int64_t at_us = world().works()[work].born_us + 1;
  RunLog log = empty_log();
  // Thirty are the audience, three of them make it; before them, people who are not of it.
  for (std::size_t i = 0; i < 10; ++i) log.showings[work].push_back({at_us, 50 + i, people[200 + i], watched});
  log.showings[work].push_back({at_us, 70, people[0], opened});
  for (std::size_t i = 0; i < 2; ++i) log.showings[work].push_back({at_us, 80 + i, people[1 + i], watched});
  EXPECT_EQ(measure(world(), log).good.reached, 0U);
  log.showings[work].push_back({at_us, 99, people[29], watched});
  log.showings[work].push_back({at_us, 100, people[3], watched});
  const Reach reach = measure(world(), log).good;
  EXPECT_EQ(reach.reached, 1U);
  EXPECT_EQ(reach.own, 14);
  EXPECT_EQ(reach.own_of_reached, 14);
  EXPECT_EQ(reach.views, 14);
  EXPECT_NEAR(reach.to_audience, 4.0 / 14, 1e-12);
}

TEST(Measures, after_the_days_it_is_followed_a_work_reaches_nobody_any_more) {
  const std::uint32_t work = a_good_newcomers_work();
  const auto people = by_liking(work);
  RunLog log = empty_log();
  const std::int64_t at_us = world().works()[work].born_us + follow_us + 1;
  for (std::size_t i = 0; i < 20; ++i) log.showings[work].push_back({at_us, i, people[i], 3});
  EXPECT_EQ(measure(world(), log).good.reached, 0U);
}

// ---- runs

TEST(ColdStart, a_run_can_be_repeated) {
  Reference one(5, 0.1), same(5, 0.1);
  const RunLog first = live(one), second = live(same);
  EXPECT_EQ(first.impressions, second.impressions);
  EXPECT_EQ(first.long_views, second.long_views);
  EXPECT_EQ(first.expected_long_views, second.expected_long_views);
  EXPECT_NEAR(static_cast<double>(first.long_views), first.expected_long_views,
              5 * std::sqrt(first.expected_long_views));
}

TEST(ColdStart, the_bounds_of_what_can_be_are_where_they_should_be) {
  ByChance chance(1);
  ByPopularity popularity;
  Reference reference(1, 0.0);
  Oracle oracle(world());
  const Measures by_chance = measure(world(), live(chance)), popular = measure(world(), live(popularity));
  const Measures tastes = measure(world(), live(reference)), best = measure(world(), live(oracle));
  EXPECT_LT(by_chance.long_views, popular.long_views);
  EXPECT_LT(popular.long_views, tastes.long_views);
  EXPECT_LT(tastes.long_views, best.long_views);
  EXPECT_LT(by_chance.gini, best.gini);
  EXPECT_LT(best.gini, popular.gini);
  EXPECT_EQ(best.good.reached, best.good.works);
  EXPECT_LT(popular.good.reached, best.good.reached);
  EXPECT_LT(3 * best.good.platform, tastes.good.platform) << "there is something to be won by exploring well";
  EXPECT_GT(best.good_share, 5 * best.bad_share);
}

TEST(ColdStart, shilling_lifts_its_targets_where_verdicts_are_ignored) {
  const Make make = [] { return std::make_unique<Reference>(1, 0.1); };
  const RunLog quiet = run(world(), *make(), {});
  AttackPlan plan;
  plan.day = 4;
  plan.days = 7;
  for (const auto kind : {simulation::ShillingKind::average, simulation::ShillingKind::segment}) {
    const Lift lift = lift_of(world(), make, quiet, kind, plan);
    EXPECT_GT(lift.ignored, lift.usual) << to_string(kind);
    EXPECT_LT(lift.with_verdicts, lift.ignored / 2) << to_string(kind);
  }
}

}  // namespace
}  // namespace zan::cold_start
