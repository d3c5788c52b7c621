#include "matching/experiment/exposure.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

namespace zan::matching {
namespace {

// Half the mean difference of all pairs over the mean, and a sort.
Evenness by_brute_force(std::vector<double> counts) {
  Evenness found;
  found.items = counts.size();
  const double all = std::accumulate(counts.begin(), counts.end(), 0.0);
  double apart = 0;
  for (const double a : counts)
    for (const double b : counts) apart += std::abs(a - b);
  if (all == 0) return found;
  found.gini = apart / (2 * static_cast<double>(counts.size()) * all);
  std::sort(counts.begin(), counts.end(), std::greater<>());
  const std::size_t tenth = (counts.size() + 9) / 10;
  found.top_share = std::accumulate(counts.begin(), counts.begin() + static_cast<long>(tenth), 0.0) / all;
  return found;
}

TEST(Exposure, nothing_shown_is_even) {
  const Exposure exposure(10);
  EXPECT_EQ(exposure.summary(0).gini, 0);
  EXPECT_EQ(exposure.summary(5).items, 5U);
  EXPECT_EQ(exposure.summary(5).top_share, 0);
}

TEST(Exposure, one_of_many_has_everything) {
  Exposure exposure(1000);
  for (int i = 0; i < 50; ++i) exposure.add(7);
  EXPECT_NEAR(exposure.summary(1000).gini, 0.999, 1e-12);
  EXPECT_EQ(exposure.summary(1000).top_share, 1);
  EXPECT_NEAR(exposure.summary(0).gini, 0, 1e-12) << "the only one there is";
}

TEST(Exposure, counts_no_item_beyond_its_limit) {
  Exposure exposure(10);
  EXPECT_TRUE(exposure.add(9));
  EXPECT_FALSE(exposure.add(10));
  EXPECT_FALSE(exposure.add(std::numeric_limits<std::uint32_t>::max()));
  EXPECT_EQ(exposure.summary(10).impressions, 1U);
  EXPECT_EQ(exposure.count(10), 0U);
  EXPECT_FALSE(Exposure(0).add(0));
}

TEST(Exposure, a_count_stops_at_its_greatest) {
  Exposure exposure(2);
  exposure.add(0, std::numeric_limits<std::uint32_t>::max());
  exposure.add(0, 5);
  exposure.add(1, 0);
  EXPECT_EQ(exposure.count(0), std::numeric_limits<std::uint32_t>::max());
  EXPECT_EQ(exposure.summary(2).impressions, std::numeric_limits<std::uint32_t>::max());
  EXPECT_EQ(exposure.summary(2).shown_items, 1U);
}

RC_GTEST_PROP(Exposure, is_what_brute_force_finds, ()) {
  const auto items = *rc::gen::inRange<std::uint32_t>(1, 60);
  const auto added = *rc::gen::container<std::vector<std::pair<std::uint32_t, std::uint32_t>>>(
      rc::gen::pair(rc::gen::inRange<std::uint32_t>(0, items), rc::gen::inRange<std::uint32_t>(0, 9)));
  Exposure exposure(items);
  std::vector<double> counts(items, 0);
  for (const auto& [item, impressions] : added) {
    RC_ASSERT(exposure.add(item, impressions));
    counts[item] += impressions;
  }
  const Evenness fast = exposure.summary(items), slow = by_brute_force(counts);
  RC_ASSERT(std::abs(fast.gini - slow.gini) < 1e-9);
  RC_ASSERT(std::abs(fast.top_share - slow.top_share) < 1e-9);
  for (std::uint32_t item = 0; item < items; ++item) RC_ASSERT(exposure.count(item) == counts[item]);
}

}  // namespace
}  // namespace zan::matching
