#include "matching/experiment/arms.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <map>
#include <vector>

namespace zan::matching {
namespace {

constexpr HashKey key = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

Unit person(std::uint32_t number) { return Unit::person(PersonId{number}); }

std::vector<std::uint32_t> drawn_shares() {
  const auto count = *rc::gen::inRange<std::size_t>(1, arms_max + 1);
  std::vector<std::uint32_t> shares;
  std::uint32_t left = whole_bp;
  for (std::size_t i = 0; i < count; ++i) {
    shares.push_back(*rc::gen::inRange<std::uint32_t>(0, left + 1));
    left -= shares.back();
  }
  return shares;
}

TEST(Arms, refuses_shares_that_are_none) {
  Arms arms(key, "sim-a");
  EXPECT_EQ(arms.set({}).error().kind, ErrorKind::invalid);
  EXPECT_FALSE(arms.set(std::vector<std::uint32_t>{5001, 5000}).ok());
  EXPECT_FALSE(arms.set(std::vector<std::uint32_t>{4'000'000'000, 4'000'000'000}).ok());
  EXPECT_FALSE(arms.set(std::vector<std::uint32_t>(arms_max + 1, 1)).ok());
  EXPECT_EQ(arms.of(person(1)), arm_none) << "a refused setting changes nothing";
  EXPECT_EQ(arms.set(std::vector<std::uint32_t>{5000, 5000}).value(), whole_bp);
}

TEST(Arms, everybody_is_where_the_shares_say) {
  Arms arms(key, "sim-a");
  ASSERT_TRUE(arms.set(std::vector<std::uint32_t>{6000, 2000, 500}).ok());
  std::map<Arm, double> people;
  constexpr double count = 100'000;
  for (std::uint32_t i = 1; i <= count; ++i) people[arms.of(person(i))] += 1;
  const std::map<Arm, double> shares = {{arm_none, .15}, {arm_control, .6}, {Arm{3}, .2}, {Arm{4}, .05}};
  ASSERT_EQ(people.size(), shares.size());
  for (const auto& [arm, share] : shares) {
    EXPECT_NEAR(people[arm], count * share, 5 * std::sqrt(count * share * (1 - share))) << int{arm};
    EXPECT_EQ(arms.share_bp(arm), static_cast<std::uint32_t>(std::lround(share * whole_bp)));
  }
  EXPECT_EQ(arms.share_bp(arm_holdout), 0U);
}

RC_GTEST_PROP(Arms, a_change_moves_no_bucket_more_than_it_must, ()) {
  Arms arms(key, "sim-a");
  std::vector<std::uint32_t> before(arms_max + 1, 0);
  before[arms_max] = whole_bp;  // in no arm
  for (int change = 0; change < 5; ++change) {
    const auto shares = drawn_shares();
    std::vector<std::uint32_t> after(arms_max + 1, 0);
    after[arms_max] = whole_bp;
    for (std::size_t i = 0; i < shares.size(); ++i) {
      after[i] = shares[i];
      after[arms_max] -= shares[i];
    }
    std::uint32_t least = 0;
    for (std::size_t i = 0; i <= arms_max; ++i) least += after[i] > before[i] ? after[i] - before[i] : 0;
    RC_ASSERT(arms.set(shares).value() == least);
    for (std::size_t i = 0; i < shares.size(); ++i)
      RC_ASSERT(arms.share_bp(static_cast<Arm>(arm_control + i)) == shares[i]);
    before = after;
  }
}

TEST(Arms, the_same_settings_replayed_give_the_same_arms) {
  Arms one(key, "sim-a"), other(key, "sim-a");
  for (const auto& shares : {std::vector<std::uint32_t>{9000, 1000}, {5000, 2500, 2500}, {4000, 6000}}) {
    ASSERT_TRUE(one.set(shares).ok());
    ASSERT_TRUE(other.set(shares).ok());
  }
  for (std::uint32_t i = 1; i < 1000; ++i) EXPECT_EQ(one.of(person(i)), other.of(person(i)));
}

TEST(Arms, an_arm_that_grows_keeps_everybody_it_had) {
  Arms arms(key, "sim-a");
  ASSERT_TRUE(arms.set(std::vector<std::uint32_t>{9000, 1000}).ok());
  std::vector<Arm> before;
  for (std::uint32_t i = 0; i < 20'000; ++i) before.push_back(arms.of(person(i + 1)));
  ASSERT_TRUE(arms.set(std::vector<std::uint32_t>{5000, 5000}).ok());
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    if (before[i] == arm_control) continue;
    ASSERT_EQ(arms.of(person(i + 1)), before[i]);
  }
}

// Two experiments, and an experiment and the holdout, split people without regard to each other: a 2 x 2 table.
double chi_square(const std::array<double, 4>& cells) {
  const double sum = cells[0] + cells[1] + cells[2] + cells[3];
  double found = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const double expected = (cells[i] + cells[i ^ 1U]) * (cells[i] + cells[i ^ 2U]) / sum;
    found += (cells[i] - expected) * (cells[i] - expected) / expected;
  }
  return found;
}

TEST(Arms, experiments_and_the_holdout_are_independent) {
  const Holdout holdout(key, 1000);
  Arms one(key, "sim-a"), other(key, "sim-b");
  ASSERT_TRUE(one.set(std::vector<std::uint32_t>{5000, 5000}).ok());
  ASSERT_TRUE(other.set(std::vector<std::uint32_t>{5000, 5000}).ok());
  std::array<double, 4> of_two{}, of_holdout{};
  for (std::uint32_t i = 1; i <= 50'000; ++i) {
    const unsigned a = one.of(person(i)) == arm_control ? 0 : 1, b = other.of(person(i)) == arm_control ? 0 : 2;
    of_two[a + b] += 1;
    of_holdout[a + (holdout.has(person(i)) ? 2 : 0)] += 1;
  }
  EXPECT_LT(chi_square(of_two), 15) << "one in 10,000 by chance";
  EXPECT_LT(chi_square(of_holdout), 15);
}

TEST(Arms, the_holdout_is_asked_first_and_only_grows) {
  const Holdout small(key, 300), large(key, 600), nobody;
  Arms arms(key, "sim-a", small);
  ASSERT_TRUE(arms.set(std::vector<std::uint32_t>{5000, 5000}).ok());
  double held = 0;
  for (std::uint32_t i = 1; i <= 50'000; ++i) {
    EXPECT_FALSE(nobody.has(person(i)));
    EXPECT_EQ(arms.of(person(i)) == arm_holdout, small.has(person(i)));
    if (!small.has(person(i))) continue;
    held += 1;
    ASSERT_TRUE(large.has(person(i)));
  }
  EXPECT_NEAR(held, 1500, 5 * std::sqrt(1500));
}

TEST(Arms, sessions_are_no_persons) {
  Arms arms(key, "sim-a");
  ASSERT_TRUE(arms.set(std::vector<std::uint32_t>{5000, 5000}).ok());
  int differ = 0;
  for (std::uint32_t i = 1; i <= 1000; ++i) {
    EXPECT_EQ(arms.of(Unit::session(i)), arms.of(Unit::session(i)));
    differ += arms.of(Unit::session(i)) != arms.of(person(i)) ? 1 : 0;
  }
  EXPECT_NEAR(differ, 500, 80);
}

}  // namespace
}  // namespace zan::matching
