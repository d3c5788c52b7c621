#include "integrity/chance.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace zan::integrity {
namespace {

double poisson_tail(int seen, double mean) {
  double tail = 0;
  for (int k = seen; k < seen + 100; ++k) tail += std::exp(k * std::log(mean) - mean - std::lgamma(k + 1));
  return tail;
}

double binomial_tail(int seen, int cells, double share) {
  double tail = 0;
  for (int k = seen; k <= cells; ++k)
    tail += std::exp(std::lgamma(cells + 1) - std::lgamma(k + 1) - std::lgamma(cells - k + 1) + k * std::log(share) +
                     (cells - k) * std::log1p(-share));
  return tail;
}

TEST(Chance, TheBoundsAreNeverMoreSurprisedThanTheTruth) {
  for (const double mean : {0.1, 0.9, 2.5, 7.0})
    for (int seen = 1; seen < 14; ++seen) EXPECT_LE(surprise(seen, mean), -std::log(poisson_tail(seen, mean)) + 1e-9);
  for (const double share : {0.01, 0.1, 0.4})
    for (int seen = 1; seen <= 20; ++seen)
      EXPECT_LE(binomial_surprise(seen, 20, 20 * share), -std::log(binomial_tail(seen, 20, share)) + 1e-9);
}

TEST(Chance, WhatIsExpectedIsNoSurprise) {
  EXPECT_EQ(surprise(3, 3), 0);
  EXPECT_EQ(surprise(0, 3), 0);
  EXPECT_EQ(binomial_surprise(4, 20, 4), 0);
  EXPECT_EQ(binomial_surprise(4, 20, 30), 0);
  EXPECT_EQ(binomial_surprise(4, 0, 0), 0);
}

TEST(Chance, ABinomialEndsWhereAPoissonGoesOn) {
  EXPECT_NEAR(binomial_surprise(20, 20, 5), 20 * std::log(4), 1e-9);
  EXPECT_GT(binomial_surprise(20, 20, 5), surprise(20, 5));
  EXPECT_TRUE(std::isfinite(binomial_surprise(30, 20, 0)));
}

TEST(Chance, WaysAreNeverUndercounted) {
  for (int all = 1; all < 40; ++all)
    for (int picked = 0; picked <= all; ++picked)
      EXPECT_GE(ln_ways(all, picked) + 1e-9,
                std::lgamma(all + 1) - std::lgamma(picked + 1) - std::lgamma(all - picked + 1));
}

TEST(Chance, LogarithmsOfCounts) {
  for (const std::uint32_t count : {1u, 2u, 4095u, 4096u, 1'000'000u}) EXPECT_EQ(ln_count(count), std::log(count));
}

}  // namespace
}  // namespace zan::integrity
