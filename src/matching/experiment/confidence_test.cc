#include "matching/experiment/confidence.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "base/random.h"

namespace zan::matching {
namespace {

constexpr double alpha = 0.05;
constexpr int runs = 2000;
constexpr int people = 400;
// Of so many runs at most alpha go wrong, and four deviations of chance.
const double wrong_max = runs * alpha + 4 * std::sqrt(runs * alpha * (1 - alpha));

// The interval of the textbooks, looked at again and again.
class Naive {
 public:
  void add(double value) {
    ++count_;
    sum_ += value;
    squares_ += value * value;
  }
  [[nodiscard]] double half() const {
    const double mean = sum_ / count_;
    return 1.96 * std::sqrt(std::max(0.0, squares_ / count_ - mean * mean) / count_);
  }
  [[nodiscard]] bool excludes(double mean) const { return count_ >= 30 && std::abs(sum_ / count_ - mean) > half(); }

 private:
  double count_ = 0, sum_ = 0, squares_ = 0;
};

struct Wrong {
  int sequence = 0, naive = 0;
};

Wrong count_wrong(double truth, const std::function<double(Rng&)>& draw) {
  Wrong wrong;
  for (int run = 0; run < runs; ++run) {
    Rng rng(static_cast<std::uint64_t>(run) + 1);
    MeanSequence sequence(alpha);
    Naive naive;
    bool out = false, naive_out = false;
    for (int i = 0; i < people && !(out && naive_out); ++i) {
      const double value = draw(rng);
      sequence.add(value);
      naive.add(value);
      out = out || sequence.excludes(truth);
      naive_out = naive_out || naive.excludes(truth);
    }
    wrong.sequence += out ? 1 : 0;
    wrong.naive += naive_out ? 1 : 0;
  }
  return wrong;
}

TEST(MeanSequence, holds_however_often_one_looks_and_the_usual_interval_does_not) {
  const Wrong fair = count_wrong(0.5, [](Rng& rng) { return rng.chance(0.5) ? 1.0 : 0.0; });
  EXPECT_LE(fair.sequence, wrong_max);
  EXPECT_GT(fair.naive, 3 * wrong_max / 2);
  // A person's rate over some showings, people differ.
  const Wrong rates = count_wrong(0.25, [](Rng& rng) {
    const double rate = rng.unit() / 2;
    double hits = 0;
    for (int i = 0; i < 8; ++i) hits += rng.chance(rate) ? 1 : 0;
    return hits / 8;
  });
  EXPECT_LE(rates.sequence, wrong_max);
  EXPECT_GT(rates.naive, 3 * wrong_max / 2);
}

TEST(MeanSequence, holds_where_it_is_hardest) {
  EXPECT_LE(count_wrong(0.01, [](Rng& rng) { return rng.chance(0.01) ? 1.0 : 0.0; }).sequence, wrong_max);
  EXPECT_LE(count_wrong(0.98, [](Rng& rng) { return rng.chance(0.98) ? 1.0 : 0.0; }).sequence, wrong_max);
}

TEST(MeanSequence, is_about_twice_as_wide_as_the_interval_for_one_look) {
  for (const int many : {300, 3000, 30'000}) {
    Rng rng(7);
    MeanSequence sequence(alpha);
    Naive naive;
    for (int i = 0; i < many; ++i) {
      const double value = rng.chance(0.3) ? 1 : 0;
      sequence.add(value);
      naive.add(value);
    }
    const Interval found = sequence.interval();
    EXPECT_LT((found.high - found.low) / (2 * naive.half()), 2.05) << many;
    EXPECT_GT((found.high - found.low) / (2 * naive.half()), 1.0) << many;
  }
}

TEST(MeanSequence, knows_nothing_at_first_and_takes_no_nonsense) {
  MeanSequence sequence(alpha);
  EXPECT_EQ(sequence.interval().low, 0);
  EXPECT_EQ(sequence.interval().high, 1);
  EXPECT_FALSE(sequence.excludes(0));
  EXPECT_TRUE(sequence.excludes(1.5));
  sequence.add(std::numeric_limits<double>::quiet_NaN());
  EXPECT_EQ(sequence.count(), 0U);
  sequence.add(std::numeric_limits<double>::infinity());
  sequence.add(-3);
  EXPECT_DOUBLE_EQ(sequence.mean(), 0.5);
}

RC_GTEST_PROP(MeanSequence, interval_and_exclusion_say_the_same, ()) {
  MeanSequence sequence(alpha);
  const auto hundredths = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 101));
  for (const int value : hundredths) sequence.add(value / 100.0);
  const Interval found = sequence.interval();
  RC_ASSERT(found.has(sequence.mean()));
  for (int i = 0; i <= 100; ++i) {
    const double mean = i / 100.0;
    const bool near_an_end = std::abs(mean - found.low) < 1e-6 || std::abs(mean - found.high) < 1e-6;
    if (!near_an_end) RC_ASSERT(sequence.excludes(mean) == !found.has(mean));
  }
}

TEST(DifferenceSequence, holds_under_no_difference_however_often_one_looks) {
  int wrong = 0;
  for (int run = 0; run < runs; ++run) {
    Rng rng(static_cast<std::uint64_t>(run) + 77);
    DifferenceSequence sequence(alpha, 1, 1);
    bool out = false;
    for (int i = 0; i < 2 * people && !out; ++i) {
      const double value = rng.unit() * rng.unit();
      if (rng.chance(0.5))
        sequence.add_arm(value);
      else
        sequence.add_control(value);
      out = sequence.excludes(0);
    }
    wrong += out ? 1 : 0;
  }
  EXPECT_LE(wrong, wrong_max);
}

TEST(DifferenceSequence, finds_what_is_there_with_arms_of_any_size) {
  for (const double share : {0.5, 0.1}) {
    Rng rng(5);
    DifferenceSequence sequence(alpha, block_of(1 - share, share), block_of(share, 1 - share));
    bool right = true;
    for (int i = 0; i < 40'000; ++i) {
      const bool arm = rng.chance(share);
      const double value = rng.chance(arm ? 0.35 : 0.3) ? 1 : 0;
      if (arm)
        sequence.add_arm(value);
      else
        sequence.add_control(value);
      if (i % 100 == 0) right = right && !sequence.excludes(0.05);
    }
    EXPECT_TRUE(right) << share;
    EXPECT_TRUE(sequence.excludes(0)) << share;
    EXPECT_TRUE(sequence.interval().has(0.05)) << share;
    EXPECT_NEAR(sequence.difference(), 0.05, 0.03) << share;
    EXPECT_EQ(sequence.dropped(), 0U);
  }
}

TEST(DifferenceSequence, waits_for_one_side_only_so_long) {
  DifferenceSequence sequence(alpha, 1, 1);
  for (std::size_t i = 0; i < DifferenceSequence::waiting_max + 10; ++i) sequence.add_control(0.5);
  EXPECT_EQ(sequence.dropped(), 10U);
  EXPECT_EQ(sequence.blocks(), 0U);
  EXPECT_EQ(sequence.interval().low, -1);
  sequence.add_arm(0.5);
  sequence.add_arm(std::numeric_limits<double>::quiet_NaN());
  EXPECT_EQ(sequence.blocks(), 1U);
  EXPECT_DOUBLE_EQ(sequence.difference(), 0);
}

TEST(DifferenceSequence, blocks_follow_the_shares) {
  EXPECT_EQ(block_of(0.9, 0.1), 9U);
  EXPECT_EQ(block_of(0.1, 0.9), 1U);
  EXPECT_EQ(block_of(1, 0.001), 64U);
  EXPECT_EQ(block_of(0, 0), 1U);
}

}  // namespace
}  // namespace zan::matching
