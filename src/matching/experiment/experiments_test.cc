#include "matching/experiment/experiments.h"

#include <gtest/gtest.h>

#include <map>

#include "matching/live/community.h"

namespace zan::matching {
namespace {

constexpr Timestamp noon{1'700'000'000 * us_per_second};
constexpr HashKey key{};

ExperimentStarted some(std::uint64_t id = 7) {
  ExperimentStarted started{id, "more of the new", 1'000, 4'000, {{"a fifth", 4'000, {}}}, "ann", "to see"};
  started.variants[0].policy.explore_share = 0.2F;
  return started;
}

TEST(Experiments, WithNoneRunningNobodyIsInOne) {
  Experiments experiments(key, 100);
  EXPECT_EQ(experiments.of({5}).experiment, 0u);
  EXPECT_TRUE(experiments.entries().empty());
  EXPECT_EQ(experiments.end({7, "ann", "over"}, noon).error().kind, ErrorKind::not_found);
}

TEST(Experiments, PeopleAreInArmsByTheirSharesAndStayThere) {
  Experiments experiments(key, 100), again(key, 100);
  ASSERT_TRUE(experiments.start(some(), noon).ok());
  ASSERT_TRUE(again.start(some(), noon).ok());
  std::map<std::string, int> people;
  for (std::uint32_t id = 1; id <= 10'000; ++id) {
    const auto assigned = experiments.of({id});
    ++people[assigned.name];
    EXPECT_EQ(again.of({id}).arm, assigned.arm);
    EXPECT_EQ(assigned.policy != nullptr, assigned.name == "a fifth");
    if (assigned.policy != nullptr) {
      EXPECT_EQ(assigned.policy->explore_share, 0.2F);
    }
  }
  EXPECT_NEAR(people["holdout"], 1'000, 120);
  EXPECT_NEAR(people["control"], 3'600, 200);
  EXPECT_NEAR(people["a fifth"], 3'600, 200);
  EXPECT_NEAR(people[""], 1'800, 160) << "in none";
  EXPECT_EQ(experiments.of({0}).experiment, 0u) << "a session is in none";
}

TEST(Experiments, TheHoldoutIsTheSameInAll) {
  Experiments experiments(key, 100);
  ASSERT_TRUE(experiments.start(some(7), noon).ok());
  std::vector<std::uint32_t> held;
  for (std::uint32_t id = 1; id <= 2'000; ++id)
    if (experiments.of({id}).arm == arm_holdout) held.push_back(id);
  ASSERT_TRUE(experiments.end({7, "ann", "over"}, noon).ok());
  ASSERT_TRUE(experiments.start(some(8), noon).ok());
  ASSERT_FALSE(held.empty());
  int moved = 0;
  for (const std::uint32_t id : held) moved += experiments.of({id}).arm != arm_holdout;
  EXPECT_EQ(moved, 0);
}

TEST(Experiments, OneRunsAtATimeAndEndsOnce) {
  Experiments experiments(key, 100);
  ASSERT_TRUE(experiments.start(some(7), noon).ok());
  EXPECT_EQ(experiments.start(some(8), noon).error().kind, ErrorKind::conflict);
  ASSERT_TRUE(experiments.end({7, "ann", "over"}, noon).ok());
  EXPECT_EQ(experiments.end({7, "ann", "over"}, noon).error().kind, ErrorKind::conflict);
  EXPECT_EQ(experiments.start(some(7), noon).error().kind, ErrorKind::conflict) << "the id is taken";
  EXPECT_EQ(experiments.entries().at(0).ended_by, "ann");
}

TEST(Experiments, OnlyTheNewestKeepTheirReports) {
  Experiments experiments(key, 100);
  for (std::uint64_t id = 1; id <= reports_kept + 2; ++id) {
    ASSERT_TRUE(experiments.start(some(id), noon).ok());
    ASSERT_TRUE(experiments.end({id, "ann", "over"}, noon).ok());
  }
  const auto entries = experiments.entries();
  EXPECT_FALSE(entries.at(0).report);
  EXPECT_FALSE(entries.at(1).report);
  EXPECT_TRUE(entries.at(2).report);
  EXPECT_TRUE(entries.back().report);
}

// Those who have the variant watch through what they are shown three times of four, the others once of four.
TEST(Experiments, ReportWhatCameOfShowings) {
  Experiments experiments(key, 100);
  ASSERT_TRUE(experiments.start(some(), noon).ok());
  Community live;
  WorkFacts facts;
  facts.subject = {9};
  live.put(facts, noon);
  for (std::uint32_t id = 1; id <= 3'000; ++id) {
    Shown shown;
    shown.person = {id};
    shown.at = noon;
    shown.arm = experiments.of({id}).arm;
    shown.items = {{{9}, SourceKind::trending, false}};
    experiments.shown(shown, live.works());
    const bool takes = (id % 4 == 0) != (shown.arm > arm_control);
    if (takes) experiments.did({id}, {9}, bit(Signal::long_view), noon);
  }
  Shown of_another = {};
  of_another.person = {1};
  of_another.arm = 9;
  of_another.items = {{{9}, SourceKind::trending, false}};
  experiments.shown(of_another, live.works());
  experiments.settle({noon.us + 2 * us_per_day});
  const auto report = experiments.entries().at(0).report;
  ASSERT_TRUE(report);
  EXPECT_FALSE(report->ratio_broken);
  ASSERT_EQ(report->arms.size(), 2u);
  const auto& rate = report->arms[1].rates[static_cast<std::size_t>(Signal::long_view)];
  EXPECT_NEAR(rate.by_person, 0.75, 0.05);
  EXPECT_NEAR(rate.difference, 0.5, 0.07);
  EXPECT_TRUE(rate.decided_s);
  EXPECT_FALSE(report->arms[1].rates[static_cast<std::size_t>(Signal::like)].decided_s);
  EXPECT_NEAR(static_cast<double>(report->arms[0].people + report->arms[1].people), 3'000 * 0.72, 120);
}

ExperimentStarted interleaved(std::uint64_t id = 7) {
  ExperimentStarted started = some(id);
  started.control_bp = 0;
  started.variants[0].share_bp = whole_bp;
  return started;
}

TEST(Experiments, WithoutControlThereIsOneArmAndEverybodyInItGetsBoth) {
  ExperimentStarted two = interleaved();
  two.variants[0].share_bp = 5'000;
  two.variants.push_back(two.variants[0]);
  two.variants[1].name = "another";
  EXPECT_EQ(check(two).error().field, "control_share");
  Experiments experiments(key, 100);
  ASSERT_TRUE(experiments.start(interleaved(), noon).ok());
  std::map<std::string, int> people;
  for (std::uint32_t id = 1; id <= 2'000; ++id) {
    const auto assigned = experiments.of({id});
    ++people[assigned.name];
    EXPECT_EQ(assigned.interleaved, assigned.name == "a fifth");
  }
  EXPECT_NEAR(people["holdout"], 200, 60);
  EXPECT_EQ(people["holdout"] + people["a fifth"], 2'000);
  EXPECT_NE(experiments.of({1}).seed, experiments.of({2}).seed);
}

// What is tried is watched through three times of four, what is in service once of four; what is pinned and paid for
// always, which is nobody's merit.
TEST(Experiments, InterleavedReportWhoseWorksAreTakenTo) {
  Experiments experiments(key, 100);
  ASSERT_TRUE(experiments.start(interleaved(), noon).ok());
  const Community live;
  for (std::uint32_t id = 1; id <= 500; ++id) {
    Shown shown;
    shown.person = {id};
    shown.at = noon;
    shown.arm = experiments.of({id}).arm;
    shown.items = {{{1}, SourceKind::taste, false, false},
                   {{2}, SourceKind::taste, false, true},
                   {{3}, SourceKind::pinned, false, false},
                   {{4}, SourceKind::campaign, false, false}};
    experiments.shown(shown, live.works());
    for (const std::uint32_t work : {3U, 4U}) experiments.did({id}, {work}, bit(Signal::long_view), noon);
    if (id % 4 == 0) experiments.did({id}, {1}, bit(Signal::long_view), noon);
    if (id % 4 != 1) experiments.did({id}, {2}, bit(Signal::long_view), noon);
  }
  experiments.settle({noon.us + 2 * us_per_day});
  const auto entry = experiments.entries().at(0);
  EXPECT_FALSE(entry.report);
  ASSERT_TRUE(entry.preferences);
  const PreferencesReport& report = *entry.preferences;
  EXPECT_NEAR(static_cast<double>(report.people), 450, 40) << "the holdout is left out";
  EXPECT_EQ(report.settled, report.people);
  EXPECT_EQ(report.places_in_service, report.people);
  EXPECT_EQ(report.places_tried, report.people);
  const SignalPreference& watched = report.signals[static_cast<std::size_t>(Signal::long_view)];
  EXPECT_NEAR(watched.value, 0.5, 0.06);
  EXPECT_TRUE(watched.decided_s);
  EXPECT_FALSE(report.signals[static_cast<std::size_t>(Signal::like)].decided_s);
}

}  // namespace
}  // namespace zan::matching
