#include "integrity/features/window_counts.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "base/random.h"

namespace zan::integrity {
namespace {

constexpr std::uint32_t start = 1'700'000'000;

// Every act, kept.
struct Twin {
  std::vector<std::uint32_t> seconds;

  [[nodiscard]] double in_bucket(std::uint32_t bucket, std::size_t window) const {
    double count = 0;
    for (const auto second : seconds) count += second / window_seconds[window] == bucket;
    return count;
  }
  [[nodiscard]] double estimate(std::uint32_t at, std::size_t window) const {
    const std::uint32_t bucket = at / window_seconds[window];
    return in_bucket(bucket, window) + in_bucket(bucket - 1, window) * share_of_before(at, window);
  }
  [[nodiscard]] double truth(std::uint32_t at, std::size_t window) const {
    double count = 0;
    for (const auto second : seconds) count += second > at - window_seconds[window];
    return count;
  }
};

std::uint32_t step(Rng& rng) {
  return static_cast<std::uint32_t>(rng.below(rng.chance(0.05) ? window_seconds[rng.below(window_count)] * 2 : 100));
}

RC_GTEST_PROP(WindowCounts, EqualTheirBucketsAndStayWithinTheBound, (std::uint64_t seed)) {
  Rng rng(seed);
  WindowCounts counts;
  Twin twin;
  std::uint32_t last = start, at = start;
  for (int i = 0; i < 200; ++i) {
    at += step(rng);
    counts.add(last, Moment::at_second(at));
    twin.seconds.push_back(at);
    const std::uint32_t asked = at + (rng.chance(0.5) ? 0 : step(rng));
    for (std::size_t w = 0; w < window_count; ++w) {
      const double found = counts.read(last, Moment::at_second(asked), w);
      RC_ASSERT(std::abs(found - twin.estimate(asked, w)) < 1e-6);
      const double share = share_of_before(asked, w);
      const double before = twin.in_bucket(asked / window_seconds[w] - 1, w);
      RC_ASSERT(std::abs(found - twin.truth(asked, w)) <= before * std::max(share, 1 - share) + 1e-6);
    }
  }
}

// In any order within the two buckets, late acts count as if they had come in time.
RC_GTEST_PROP(WindowCounts, LateActsCountWhereTheyBelong, (std::uint64_t seed)) {
  Rng rng(seed);
  WindowCounts counts;
  Twin twin;
  std::uint32_t last = start;
  for (int i = 0; i < 50; ++i) {
    const auto at = static_cast<std::uint32_t>(start + rng.below(60));
    counts.add(last, Moment::at_second(at));
    twin.seconds.push_back(at);
  }
  const std::uint32_t end = *std::max_element(twin.seconds.begin(), twin.seconds.end());
  RC_ASSERT(last == end);
  for (std::size_t w = 1; w < window_count; ++w)
    RC_ASSERT(std::abs(counts.read(last, Moment::at_second(end), w) - twin.estimate(end, w)) < 1e-6);
}

TEST(WindowCounts, WhatIsOlderThanBothBucketsCountsIntoTheOlder) {
  WindowCounts counts;
  std::uint32_t last = start;
  counts.add(last, Moment::at_second(start));
  counts.add(last, Moment::at_second(0));
  const Moment now = Moment::at_second(start);
  for (std::size_t w = 0; w < window_count; ++w)
    EXPECT_DOUBLE_EQ(counts.read(last, now, w), 1 + share_of_before(start, w));
  EXPECT_EQ(counts.read(last, Moment::at_second(5), 0), counts.read(last, now, 0)) << "asked about the past";
}

TEST(WindowCounts, MomentsOutsideTheCalendarAreCutOff) {
  EXPECT_EQ(Moment::at_us(-1).second, 0U);
  EXPECT_EQ(Moment::at_us(std::numeric_limits<std::int64_t>::min()).second, 0U);
  EXPECT_EQ(Moment::at_us(std::numeric_limits<std::int64_t>::max()).second, second_max);
}

TEST(WindowCounts, CountersStop) {
  WindowCounts counts;
  std::memset(static_cast<void*>(&counts), 0xff, sizeof counts);
  std::uint32_t last = start;
  const double before = counts.read(last, Moment::at_second(start), 6);
  counts.add(last, Moment::at_second(start));
  counts.add(last, Moment::at_second(0));
  EXPECT_EQ(counts.read(last, Moment::at_second(start), 6), before);
}

}  // namespace
}  // namespace zan::integrity
