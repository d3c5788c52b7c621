#include "insights/best_times.h"

#include <gtest/gtest.h>

#include <numeric>

#include "base/clock.h"
#include "base/random.h"

namespace zan::insights {
namespace {

constexpr CreatorId creator{900};

// People who act in the evening with some chance, else at any hour of the week.
Presence crowd(std::size_t people, double evening) {
  Habits habits(10'000);
  Rng random(5);
  for (std::uint32_t person = 1; person <= people; ++person) {
    habits.likes({person}, creator);
    for (int i = 0; i < 20; ++i) {
      std::size_t hour = random.below(hours_a_week);
      if (random.chance(evening)) hour = hour / 24 * 24 + 18 + random.below(3);
      habits.acted({person}, hour);
    }
  }
  return habits.of(creator);
}

TEST(Wilson, IsWhatIsPrinted) {
  // Wilson 1927's own form, for 10 of 50 at z = 1.96.
  const Interval interval = wilson(0.2, 50, 1.96);
  EXPECT_NEAR(interval.low, 0.1124, 1e-4);
  EXPECT_NEAR(interval.high, 0.3304, 1e-4);
  EXPECT_EQ(wilson(0, 50, 1.96).low, 0);
  EXPECT_EQ(wilson(1, 50, 1.96).high, 1);
}

TEST(BestTimes, OfFewPeopleNothingIsSaid) {
  EXPECT_EQ(best_times(crowd(people_min - 1, 0.9)).people, 0U);
  EXPECT_EQ(best_times({}).people, 0U);
}

TEST(BestTimes, WhereAllHoursAreAlikeNoneIsBest) {
  const BestTimes times = best_times(crowd(300, 0));
  EXPECT_EQ(times.people, 300U);
  EXPECT_FALSE(times.blocks_differ);
  EXPECT_FALSE(times.days_differ);
  for (const TimeShare& block : times.blocks) EXPECT_FALSE(block.best);
}

TEST(BestTimes, TheEveningIsFound) {
  const BestTimes times = best_times(crowd(304, 0.7));
  EXPECT_EQ(times.people, 300U);
  EXPECT_TRUE(times.blocks_differ);
  EXPECT_FALSE(times.days_differ);
  for (std::size_t block = 0; block < blocks_a_day; ++block) EXPECT_EQ(times.blocks[block].best, block == 6) << block;
  EXPECT_LT(times.blocks[6].low, times.blocks[6].share);
  EXPECT_GT(times.blocks[6].high, times.blocks[6].share);
}

TEST(Habits, WeekBeginsOnMonday) {
  constexpr std::int64_t monday_us = 1'700'438'400'000'000;  // 2023-11-20
  EXPECT_EQ(hour_of_week(monday_us), 0U);
  EXPECT_EQ(hour_of_week(monday_us + 23 * us_per_hour), 23U);
  EXPECT_EQ(hour_of_week(monday_us - 1), hours_a_week - 1);
  EXPECT_EQ(hour_of_week(-5), 72U);  // 1970 began on a Thursday
}

TEST(Habits, EachPersonWeighsOne) {
  Habits habits(10);
  habits.likes({1}, creator);
  habits.likes({2}, creator);
  for (int i = 0; i < 100; ++i) habits.acted({1}, 5);
  habits.acted({2}, 6);
  habits.acted({3}, 7);  // likes nothing of the creator's
  const Presence presence = habits.of(creator);
  EXPECT_EQ(presence.people, 2U);
  EXPECT_DOUBLE_EQ(presence.share[5], 0.5);
  EXPECT_DOUBLE_EQ(presence.share[6], 0.5);
  EXPECT_DOUBLE_EQ(std::accumulate(presence.share.begin(), presence.share.end(), 0.0), 1.0);
}

TEST(Habits, ALikeThatIsGoneLeavesTheSample) {
  Habits habits(10);
  habits.acted({1}, 5);
  habits.likes({1}, creator);
  habits.likes({1}, creator);
  habits.likes_no_more({1}, creator);
  EXPECT_EQ(habits.of(creator).people, 1U);
  habits.likes_no_more({1}, creator);
  habits.likes_no_more({1}, creator);
  EXPECT_EQ(habits.of(creator).people, 0U);
  habits.acted({2}, 5);
  habits.likes({2}, creator);
  habits.unsaid({2}, 5);
  EXPECT_EQ(habits.of(creator).people, 0U);
}

TEST(Habits, WhoIsErasedIsForgotten) {
  Habits habits(10);
  habits.acted({1}, 5);
  habits.likes({1}, creator);
  habits.erase({1});
  EXPECT_EQ(habits.people(), 0U);
  EXPECT_EQ(habits.sampled(creator), 0U);
}

TEST(Habits, AreBounded) {
  Habits habits(3);
  for (std::uint32_t person = 1; person <= 5; ++person) habits.acted({person}, 1);
  EXPECT_EQ(habits.people(), 3U);
  for (std::uint32_t person = 1; person <= 3 * sampled_likers_max; ++person) habits.likes({person}, creator);
  EXPECT_EQ(habits.sampled(creator), sampled_likers_max);
  for (int i = 0; i < 1000; ++i) habits.acted({1}, 1);
  habits.acted({1}, 2);
  EXPECT_GT(habits.bytes(), 0U);
}

TEST(Habits, TheSampleDoesNotDependOnTheOrder) {
  Habits one(10'000), other(10'000);
  for (std::uint32_t person = 1; person <= 3000; ++person) {
    one.acted({person}, person % hours_a_week);
    other.acted({person}, person % hours_a_week);
    one.likes({person}, creator);
    other.likes({3001 - person}, creator);
  }
  EXPECT_EQ(one.of(creator).share, other.of(creator).share);
}

}  // namespace
}  // namespace zan::insights
