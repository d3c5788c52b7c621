#include "matching/experiment/report.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"

namespace zan::matching {
namespace {

constexpr std::uint32_t day_s = 86'400;
constexpr std::size_t long_view = static_cast<std::size_t>(Signal::long_view);

ReportOptions options_of(std::vector<std::uint32_t> shares_bp) {
  ReportOptions options;
  options.shares_bp = std::move(shares_bp);
  options.window_s = 3600;
  return options;
}

ShownTo showing(Arm arm, std::uint64_t unit, std::uint32_t at_s, std::uint32_t work = 1) {
  ShownTo shown;
  shown.arm = arm;
  shown.unit = unit;
  shown.work = work;
  shown.creator = work / 2;
  shown.at_s = at_s;
  return shown;
}

// People come one after the other, each is shown six works; `chances` of a long view by arm.
Report live(const ReportOptions& options, const std::vector<double>& chances, std::uint32_t people, Rng& rng) {
  Report report(options);
  double all = 0;
  for (const std::uint32_t share : options.shares_bp) all += share;
  for (std::uint32_t person = 0; person < people; ++person) {
    std::size_t arm = 0;
    for (double u = rng.unit() * all; u >= options.shares_bp[arm]; ++arm) u -= options.shares_bp[arm];
    const double liking = chances[arm] * (0.5 + rng.unit());
    const std::uint32_t at_s = day_s + person * 10;
    for (std::uint32_t i = 0; i < 6; ++i) {
      report.shown(showing(static_cast<Arm>(arm_control + arm), person, at_s + i, i));
      if (rng.chance(liking)) report.did(person, bit(Signal::click) | bit(Signal::long_view), at_s + i);
    }
  }
  report.settle(100 * day_s);
  return report;
}

TEST(Report, of_nobody_says_nothing) {
  Report report(options_of({5000, 5000}));
  report.settle(day_s);
  report.did(7, bit(Signal::like), 5);
  const ExperimentReport found = report.report();
  ASSERT_EQ(found.arms.size(), 2U);
  EXPECT_EQ(found.arms[1].people, 0U);
  EXPECT_EQ(found.arms[1].rates[long_view].by_person, 0);
  EXPECT_EQ(found.arms[1].rates[long_view].difference_interval.low, -1);
  EXPECT_FALSE(found.arms[1].rates[long_view].decided_s.has_value());
  EXPECT_DOUBLE_EQ(found.ratio_evidence, 1);
}

TEST(Report, counts_arms_of_the_experiment_alone) {
  Report report(options_of({5000, 5000}));
  for (const int arm : {0, 1, 4, 255}) report.shown(showing(static_cast<Arm>(arm), 9, day_s));
  EXPECT_EQ(report.report().arms[0].people + report.report().arms[1].people, 0U);
  report.shown(showing(arm_control, 9, day_s));
  report.shown(showing(Arm{3}, 9, day_s));
  EXPECT_EQ(report.report().arms[0].showings, 1U);
  EXPECT_EQ(report.report().arms[1].showings, 0U) << "nobody is in two arms";
  EXPECT_EQ(report.report().turned_away, 1U);
}

TEST(Report, a_person_is_one_value_of_their_window) {
  Report report(options_of({5000, 5000}));
  for (std::uint32_t i = 0; i < 4; ++i) report.shown(showing(arm_control, 1, day_s + i));
  report.did(1, bit(Signal::like), day_s + 2);
  report.did(1, bit(Signal::like), day_s + 3601);  // too late
  report.settle(day_s + 3600);
  EXPECT_EQ(report.report().arms[0].settled, 0U);
  report.shown(showing(arm_control, 2, day_s + 3601));
  const ExperimentReport found = report.report();
  EXPECT_EQ(found.arms[0].settled, 1U);
  EXPECT_EQ(found.arms[0].people, 2U);
  EXPECT_DOUBLE_EQ(found.arms[0].rates[static_cast<std::size_t>(Signal::like)].by_person, 0.25);
  EXPECT_DOUBLE_EQ(found.arms[0].rates[static_cast<std::size_t>(Signal::like)].pooled, 0.4);
  report.shown(showing(arm_control, 1, day_s + 9000));
  report.settle(9 * day_s);
  EXPECT_EQ(report.report().arms[0].settled, 2U) << "once settled, for good";
}

TEST(Report, more_acts_than_showings_are_no_more_than_all) {
  Report report(options_of({5000, 5000}));
  report.shown(showing(arm_control, 1, day_s));
  for (int i = 0; i < 5; ++i) report.did(1, bit(Signal::comment), day_s);
  report.settle(2 * day_s);
  EXPECT_DOUBLE_EQ(report.report().arms[0].rates[static_cast<std::size_t>(Signal::comment)].by_person, 1);
}

TEST(Report, says_when_it_is_full) {
  ReportOptions options = options_of({5000, 5000});
  options.people_max = 3;
  options.works_max = 2;
  Report report(options);
  for (std::uint32_t person = 0; person < 5; ++person) report.shown(showing(arm_control, person, day_s, person));
  EXPECT_TRUE(report.full());
  const ExperimentReport found = report.report();
  EXPECT_EQ(found.arms[0].people, 3U);
  EXPECT_EQ(found.turned_away, 2U);
  EXPECT_EQ(found.beyond_limits, 1U);
  report.shown(showing(arm_control, 0, day_s, 0));
  EXPECT_EQ(report.report().arms[0].showings, 4U) << "whoever is known is counted on";
}

TEST(Report, decides_what_differs_and_nothing_else) {
  Rng rng(11);
  const ExperimentReport found = live(options_of({5000, 2500, 2500}), {0.2, 0.2, 0.3}, 8000, rng).report();
  EXPECT_FALSE(found.arms[1].rates[long_view].decided_s.has_value());
  EXPECT_TRUE(found.arms[2].rates[long_view].decided_s.has_value());
  EXPECT_LT(*found.arms[2].rates[long_view].decided_s, day_s + 80'000);
  EXPECT_GT(found.arms[2].rates[long_view].difference_interval.low, 0);
  EXPECT_TRUE(found.arms[2].rates[long_view].difference_interval.has(0.1));
  EXPECT_FALSE(found.arms[2].rates[static_cast<std::size_t>(Signal::like)].decided_s.has_value());
  EXPECT_NEAR(found.arms[0].rates[long_view].by_person, 0.2, 0.02);
  EXPECT_TRUE(found.arms[0].rates[long_view].interval.has(0.2));
  EXPECT_FALSE(found.ratio_broken);
  EXPECT_EQ(found.arms[0].settled, found.arms[0].people);
}

// Whatever is decided of arms that are the same is wrong; it is looked at after every person.
TEST(Report, hardly_ever_decides_where_nothing_differs) {
  int wrong = 0, broken = 0;
  constexpr int runs = 200;
  for (std::uint64_t run = 0; run < runs; ++run) {
    Rng rng(run + 5);
    const ExperimentReport found = live(options_of({5000, 3000, 2000}), {0.25, 0.25, 0.25}, 400, rng).report();
    bool decided = false;
    for (const ArmReport& arm : found.arms)
      for (const ArmRate& rate : arm.rates) decided = decided || rate.decided_s.has_value();
    wrong += decided ? 1 : 0;
    broken += found.ratio_broken ? 1 : 0;
  }
  EXPECT_LE(wrong, runs * 0.05 + 4 * std::sqrt(runs * 0.05 * 0.95));
  EXPECT_LE(broken, 1);
}

TEST(Report, sees_that_people_are_missing) {
  Report report(options_of({5000, 5000}));
  Rng rng(3);
  for (std::uint32_t person = 0; person < 4000; ++person) {
    const bool control = rng.chance(0.5);
    // One in six of the other arm gets lost.
    if (control || rng.chance(5.0 / 6)) report.shown(showing(control ? arm_control : Arm{3}, person, day_s));
  }
  EXPECT_TRUE(report.report().ratio_broken);
  EXPECT_GT(report.report().ratio_evidence, 1000);
}

TEST(Report, tells_how_evenly_each_arm_shows) {
  Report report(options_of({5000, 5000}));
  for (std::uint32_t i = 0; i < 20; ++i) {
    report.shown(showing(arm_control, 1, day_s, 0));
    ShownTo other = showing(Arm{3}, 2, day_s, i);
    other.explored = i < 5;
    report.shown(other);
  }
  const ExperimentReport found = report.report();
  EXPECT_NEAR(found.arms[0].works.gini, 0.95, 1e-9);
  EXPECT_NEAR(found.arms[1].works.gini, 0, 1e-9);
  EXPECT_DOUBLE_EQ(found.arms[0].works.top_share, 1);
  EXPECT_DOUBLE_EQ(found.arms[1].works.top_share, 0.1);
  EXPECT_DOUBLE_EQ(found.arms[1].explored_share, 0.25);
  EXPECT_DOUBLE_EQ(found.arms[0].explored_share, 0);
}

}  // namespace
}  // namespace zan::matching
