#include "integrity/features/distinct_count.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/hash.h"
#include "base/random.h"

namespace zan::integrity {
namespace {

constexpr std::uint32_t start = 1'700'000'000;

std::uint64_t hash_of(std::uint64_t thing) {
  return mix64(thing * 0x9e3779b97f4a7c15ULL + 12345);
}

struct Twin {
  std::map<std::uint64_t, std::uint32_t> last_minutes;

  [[nodiscard]] double count(std::uint32_t second, std::size_t window) const {
    const std::uint32_t minutes = window_seconds[distinct_windows[window]] / 60;
    return static_cast<double>(std::count_if(last_minutes.begin(), last_minutes.end(),
                                             [&](const auto& entry) { return entry.second + minutes > second / 60; }));
  }
};

// More than 21 things, but never so many within 30 days.
RC_GTEST_PROP(DistinctCount, IsExactToTheMinuteWhileSmall, (std::uint64_t seed)) {
  Rng rng(seed);
  DistinctCount counted;
  Twin twin;
  std::uint32_t last = start, at = start;
  for (int i = 0; i < 200; ++i) {
    at += static_cast<std::uint32_t>(rng.below(rng.chance(0.1) ? 3'000'000 : 3000));
    const std::uint64_t thing = at / 2'592'000 * 10 + rng.below(10);  // ten new ones each 30 days
    const std::uint32_t moment = rng.chance(0.1) ? at - static_cast<std::uint32_t>(rng.below(3000)) : at;
    counted.add(last, Moment::at_second(moment), hash_of(thing));
    auto& minute = twin.last_minutes[thing];
    minute = std::max(minute, moment / 60);
    RC_ASSERT(counted.exact());
    const std::uint32_t asked = std::max(last, at + static_cast<std::uint32_t>(rng.below(5000)));
    for (std::size_t w = 0; w < distinct_window_count; ++w)
      RC_ASSERT(counted.read(last, Moment::at_second(asked), w) == twin.count(asked, w));
    RC_ASSERT(counted.valid(last));
  }
}

// The mean error is small, its deviation that of 32 registers.
TEST(DistinctCount, SketchesErrAsStated) {
  for (const std::uint64_t things : {30ULL, 100ULL, 1000ULL, 20'000ULL}) {
    constexpr int trials = 200;
    double sum = 0, squares = 0;
    for (int trial = 0; trial < trials; ++trial) {
      DistinctCount counted;
      std::uint32_t last = start;
      const Moment now = Moment::at_second(start);
      for (std::uint64_t i = 0; i < things; ++i)
        counted.add(last, now, hash_of(i + static_cast<std::uint64_t>(trial) * 1'000'000));
      ASSERT_FALSE(counted.exact());
      const double error = counted.read(last, now, 1) / static_cast<double>(things) - 1;
      sum += error;
      squares += error * error;
    }
    EXPECT_LT(std::abs(sum / trials), 0.06) << things;
    EXPECT_LT(std::sqrt(squares / trials), 0.22) << things;
  }
}

TEST(DistinctCount, SketchesForgetWithTheirWindows) {
  DistinctCount counted;
  std::uint32_t last = start;
  for (std::uint64_t i = 0; i < 500; ++i) counted.add(last, Moment::at_second(start), hash_of(i));
  const double all = counted.read(last, Moment::at_second(start), 0);
  EXPECT_NEAR(all, 500, 250);
  double before = all;
  for (std::uint32_t later = 600; later < 3 * 3600; later += 600) {
    const double now = counted.read(last, Moment::at_second(start + later), 0);
    EXPECT_LE(now, before);
    before = now;
  }
  EXPECT_EQ(before, 0);
  EXPECT_GT(counted.read(last, Moment::at_second(start + 3 * 3600), 2), 200);
  EXPECT_EQ(counted.seen(last, Moment::at_second(start), hash_of(1)), Seen::unknown);
}

TEST(DistinctCount, ASketchWithAnEmptyMonthStartsAnew) {
  DistinctCount counted;
  std::uint32_t last = start;
  for (std::uint64_t i = 0; i < 500; ++i) counted.add(last, Moment::at_second(start), hash_of(i));
  counted.add(last, Moment::at_second(start + 90 * 86'400), hash_of(1));
  EXPECT_TRUE(counted.exact());
  EXPECT_EQ(counted.read(last, Moment::at_second(last), 2), 1);
}

// The same things again and again, in the hour after, are still as many.
TEST(DistinctCount, ThingsSeenInBothBucketsCountOnce) {
  DistinctCount counted;
  std::uint32_t last = start;
  double first = 0;
  for (std::uint32_t hour = 0; hour < 5; ++hour) {
    const Moment now = Moment::at_second(start + hour * 3600);
    for (std::uint64_t i = 0; i < 300; ++i) counted.add(last, now, hash_of(i));
    if (hour == 0) first = counted.read(last, now, 0);
    EXPECT_DOUBLE_EQ(counted.read(last, now, 0), first);
  }
}

TEST(DistinctCount, KnowsWhatItHasSeen) {
  DistinctCount counted;
  std::uint32_t last = start;
  const Moment now = Moment::at_second(start);
  counted.add(last, now, hash_of(7));
  EXPECT_EQ(counted.seen(last, now, hash_of(7)), Seen::yes);
  EXPECT_EQ(counted.seen(last, now, hash_of(8)), Seen::no);
  EXPECT_EQ(counted.seen(last, Moment::at_second(start + 31 * 86'400), hash_of(7)), Seen::no);
}

RC_GTEST_PROP(DistinctCount, AnyOrderOfTimesIsTaken, (std::uint64_t seed)) {
  Rng rng(seed);
  DistinctCount counted;
  std::uint32_t last = start;
  for (int i = 0; i < 300; ++i) {
    const auto at = static_cast<std::uint32_t>(rng.below(rng.chance(0.5) ? second_max : 100'000));
    counted.add(last, Moment::at_second(at), rng.next());
    RC_ASSERT(counted.valid(last));
    const double found = counted.read(last, Moment::at_second(at), rng.below(3));
    RC_ASSERT(found >= 0 && found < 2000);
  }
}

}  // namespace
}  // namespace zan::integrity
