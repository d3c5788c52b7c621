#include "simulation/draw.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace zan::simulation {
namespace {

TEST(Draw, LogarithmAndExponentialAreGoodToTenDigits) {
  for (double x = 1e-12; x < 1e12; x *= 1.37)
    EXPECT_NEAR(natural_log(x), std::log(x), 1e-9 * (1 + std::abs(std::log(x))));
  for (double x = -600; x < 600; x += 0.731) EXPECT_NEAR(exponential(x) / std::exp(x), 1, 1e-9) << x;
  EXPECT_NEAR(power(7, -0.85), std::pow(7, -0.85), 1e-10);
}

// The digits are the promise: one seed, one stream, on every machine.
TEST(Draw, GivesTheSameNumbersEverywhere) {
  Rng rng = rng_of(1, 2, 3);
  EXPECT_EQ(rng.next(), 11'715'230'648'267'571'680ULL);
  EXPECT_EQ(static_cast<std::uint64_t>(draw_log_normal(rng, 1e15, 1)), 2'721'443'740'177'014ULL);
}

TEST(Draw, MeansAreWhatTheyShouldBe) {
  Rng rng(7);
  constexpr int count = 40'000;
  const auto mean_of = [&](auto draw) {
    double sum = 0;
    for (int i = 0; i < count; ++i) sum += draw();
    return sum / count;
  };
  EXPECT_NEAR(mean_of([&] { return draw_normal(rng); }), 0, 0.03);
  EXPECT_NEAR(mean_of([&] { return std::pow(draw_normal(rng), 2); }), 1, 0.04);
  EXPECT_NEAR(mean_of([&] { return draw_waiting(rng, 5); }), 5, 0.15);
  EXPECT_NEAR(mean_of([&] { return draw_poisson(rng, 3.5); }), 3.5, 0.06);
  EXPECT_NEAR(mean_of([&] { return draw_poisson(rng, 200); }), 200, 0.5);
  EXPECT_NEAR(mean_of([&] { return draw_between(rng, 3, 7); }), 5, 0.05);
}

TEST(Draw, WeightedPicksByWeightWithinBounds) {
  Weighted items;
  for (const double weight : {1.0, 0.0, 3.0, 4.0}) items.add(weight);
  Rng rng(1);
  std::vector<int> counts(4);
  for (int i = 0; i < 8000; ++i) ++counts[items.pick(rng)];
  EXPECT_NEAR(counts[0], 1000, 150);
  EXPECT_EQ(counts[1], 0);
  EXPECT_NEAR(counts[3], 4000, 200);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(items.pick(rng, 1, 3), 2U);
  EXPECT_EQ(items.weight(1, 3), 3);
  EXPECT_EQ(items.weight(2, 2), 0);
}

TEST(Draw, ShuffleKeepsWhatIsThere) {
  std::vector<int> items(100);
  std::iota(items.begin(), items.end(), 0);
  auto mixed = items;
  Rng rng(3);
  shuffle(rng, mixed);
  EXPECT_NE(mixed, items);
  std::sort(mixed.begin(), mixed.end());
  EXPECT_EQ(mixed, items);
}

}  // namespace
}  // namespace zan::simulation
