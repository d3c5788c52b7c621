#include "insights/day_counts.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>

namespace zan::insights {
namespace {

constexpr Slot likes = slot_of(Counted::likes, false);
constexpr Slot paid_views = slot_of(Counted::views, true);

std::map<Day, std::int64_t> days_of(const DayCounts& counts, Slot of) {
  std::map<Day, std::int64_t> days;
  counts.each([&](Day day, Slot slot, std::uint32_t count) {
    if (slot == of) days[day] = count;
  });
  return days;
}

TEST(DayCounts, NothingIsNothing) {
  DayCounts counts;
  EXPECT_EQ(counts.total(), Counts{});
  counts.add(7, likes, 0);
  EXPECT_EQ(counts.days(), 0U);
  EXPECT_EQ(counts.bytes(), 0U);
}

TEST(DayCounts, WhatIsTakenFromADayThatHasNoneIsTakenFromBefore) {
  DayCounts counts;
  counts.add(7, likes, -1);
  EXPECT_EQ(counts.before()[likes], -1);
  counts.add(9, likes, 3);
  EXPECT_EQ(counts.total()[likes], 2);
}

TEST(DayCounts, MoreThanADayCanHoldIsNotLost) {
  DayCounts counts;
  counts.add(7, likes, 4'000'000'000);
  counts.add(7, likes, 4'000'000'000);
  EXPECT_EQ(counts.total()[likes], 8'000'000'000);
}

TEST(DayCounts, TheOldestDayBecomesPartOfBefore) {
  DayCounts counts;
  for (Day day = 0; day < 3 * days_max; day += 2) counts.add(1000 + day, likes, 1);
  EXPECT_EQ(counts.days(), days_max);
  EXPECT_EQ(counts.total()[likes], 600);
  EXPECT_EQ(counts.before()[likes], 200);
  EXPECT_EQ(counts.known_from(), 1399U);
  counts.add(1000, likes, -1);
  counts.add(1398, likes, 1);
  EXPECT_EQ(counts.total()[likes], 600);
  EXPECT_EQ(counts.before()[likes], 200);
  EXPECT_EQ(counts.days(), days_max);
}

TEST(DayCounts, ADayIsEmptyAgainWhenItsLastCountIsGone) {
  DayCounts counts;
  counts.add(5, likes, 1);
  counts.add(5, paid_views, 1);
  counts.add(6, likes, 1);
  EXPECT_EQ(counts.days(), 2U);
  counts.add(5, likes, -1);
  EXPECT_EQ(counts.days(), 2U);
  counts.add(5, paid_views, -1);
  EXPECT_EQ(counts.days(), 1U);
}

RC_GTEST_PROP(DayCounts, IsAMapOfDays, ()) {
  DayCounts counts;
  std::map<std::pair<Day, Slot>, std::int64_t> twin;
  const auto length = *rc::gen::inRange(0, 300);
  for (int i = 0; i < length; ++i) {
    const auto day = static_cast<Day>(*rc::gen::inRange(0, 40));
    const auto slot = static_cast<Slot>(*rc::gen::inRange(0, static_cast<int>(slot_count)));
    std::int64_t& kept = twin[{day, slot}];
    const auto amount = std::max<std::int64_t>(-kept, *rc::gen::inRange(-3, 4));
    counts.add(day, slot, amount);
    kept += amount;
  }
  std::set<Day> days;
  Counts total{};
  for (const auto& [at, count] : twin) {
    total[at.second] += count;
    if (count > 0) days.insert(at.first);
    const auto of = days_of(counts, at.second);
    RC_ASSERT((of.contains(at.first) ? of.at(at.first) : 0) == count);
  }
  RC_ASSERT(counts.total() == total);
  RC_ASSERT(counts.days() == days.size());
  RC_ASSERT(counts.before() == Counts{});
}

// Whatever comes, in whatever order, over far more days than are kept.
RC_GTEST_PROP(DayCounts, TheSumIsExactAndTheRoomBounded, ()) {
  DayCounts counts;
  std::int64_t sum = 0;
  const auto length = *rc::gen::inRange(0, 2000);
  const auto seed = *rc::gen::inRange<std::uint32_t>(1, 1'000'000);
  std::uint64_t state = seed;
  for (int i = 0; i < length; ++i) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    const auto amount = static_cast<std::int64_t>(state >> 60) - 6;
    counts.add(static_cast<Day>(state >> 33) % 1000, likes, amount);
    sum += amount;
    RC_ASSERT(counts.days() <= days_max);
  }
  RC_ASSERT(counts.total()[likes] == sum);
}

}  // namespace
}  // namespace zan::insights
