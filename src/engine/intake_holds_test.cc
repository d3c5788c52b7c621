#include "engine/intake_holds.h"

#include <gtest/gtest.h>

namespace zan::engine {
namespace {

using engagement::LateVerdict;
using engagement::RecordedAct;
using engagement::Verdict;
using integrity::Standing;

constexpr std::int64_t start_us = 1'700'000'000 * us_per_second;
constexpr std::int64_t hour_us = 3600 * us_per_second;

struct Stream {
  IntakeHolds holds;

  explicit Stream(std::size_t entries_max = 1000) : holds({.wait_us = us_per_day, .entries_max = entries_max}) {}

  RecordedAct act(std::uint32_t actor, std::int64_t after_us, Verdict verdict) {
    RecordedAct act;
    act.actor = {actor};
    act.subject = {1000};
    act.at = {start_us + after_us};
    act.judgement.judged = true;
    act.judgement.verdict = verdict;
    return act;
  }
  void like(std::uint32_t actor, std::int64_t after_us, Verdict verdict) {
    const RecordedAct said = act(actor, after_us, verdict);
    holds.observe(said, said.at);
  }
  void delayed(std::uint32_t actor, std::int64_t after_us, Verdict verdict, std::int64_t seconds) {
    RecordedAct said = act(actor, after_us, Verdict::genuine);
    said.judgement.reasons[0] = integrity::put_delayed(verdict, seconds * 1000);
    said.judgement.reasons[1] = {static_cast<std::uint8_t>(integrity::IntakeReason::rule), 77};
    said.judgement.reason_count = 2;
    holds.observe(said, said.at);
  }
  Verdict group(std::uint32_t actor, std::int64_t after_us, Standing standing, bool by_people = false) {
    return holds.over({actor}, {1000}, {start_us + after_us}, standing, by_people);
  }
  std::vector<LateVerdict> due_at(std::int64_t after_us) {
    like(999'999, after_us, Verdict::genuine);
    std::vector<LateVerdict> out;
    holds.due(out);
    return out;
  }
};

TEST(IntakeHolds, PeopleStandAboveConfirmedAboveIntakeAboveCleared) {
  Stream stream;
  stream.like(1, 0, Verdict::genuine);
  stream.like(2, 0, Verdict::held);
  stream.like(3, 0, Verdict::rejected);
  const auto said = [&](Standing standing, bool by_people) {
    std::string all;
    for (std::uint32_t actor = 1; actor <= 3; ++actor)
      all += std::string(to_string(stream.group(actor, 0, standing, by_people))) + " ";
    return all;
  };
  EXPECT_EQ(said(Standing::suspected, false), "held held rejected ");
  EXPECT_EQ(said(Standing::confirmed, false), "rejected rejected rejected ");
  EXPECT_EQ(said(Standing::cleared, false), "genuine held rejected ");
  EXPECT_EQ(said(Standing::cleared, true), "genuine genuine genuine ");
  EXPECT_EQ(said(Standing::confirmed, true), "rejected rejected rejected ");
}

TEST(IntakeHolds, WhatIsHeldAndInNoGroupBecomesGenuineAfterTheWait) {
  Stream stream;
  stream.like(1, 0, Verdict::held);
  stream.like(2, hour_us, Verdict::held);
  stream.like(3, 0, Verdict::rejected);
  EXPECT_TRUE(stream.due_at(us_per_day - 1).empty());
  const auto first = stream.due_at(us_per_day);
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(first[0].person.value, 1u);
  EXPECT_EQ(first[0].verdict, Verdict::genuine);
  EXPECT_EQ(first[0].at.us, start_us);
  EXPECT_EQ(first[0].reasons[0].code, static_cast<std::uint8_t>(integrity::IntakeReason::waited));
  EXPECT_EQ(stream.due_at(us_per_day + hour_us).size(), 1u);
  EXPECT_TRUE(stream.due_at(90 * us_per_day).empty());
  EXPECT_EQ(stream.holds.size(), 1u);
}

TEST(IntakeHolds, TheWaitOfALikeInAGroupIsTheGroups) {
  Stream stream;
  for (std::uint32_t actor = 1; actor <= 5; ++actor) stream.like(actor, 0, Verdict::held);
  (void)stream.group(1, 0, Standing::suspected);
  (void)stream.group(2, 0, Standing::confirmed);
  (void)stream.group(3, 0, Standing::suspected);
  EXPECT_EQ(stream.group(3, 0, Standing::cleared), Verdict::held);
  EXPECT_EQ(stream.group(4, 0, Standing::cleared, true), Verdict::genuine);
  // One whose group was cleared and one in no group; people have freed the fourth already.
  const auto due = stream.due_at(us_per_day);
  ASSERT_EQ(due.size(), 2u);
  EXPECT_EQ(due[0].person.value, 3u);
  EXPECT_EQ(due[1].person.value, 5u);
  // Its wait is over, so a cleared group frees it.
  EXPECT_EQ(stream.group(1, 0, Standing::cleared), Verdict::genuine);
}

TEST(IntakeHolds, NobodyHurriesTheClockAndItNeverGoesBack) {
  Stream stream;
  stream.like(1, 0, Verdict::held);
  RecordedAct ahead = stream.act(2, 5 * us_per_day, Verdict::genuine);
  stream.holds.observe(ahead, {start_us + hour_us});
  std::vector<LateVerdict> out;
  stream.holds.due(out);
  EXPECT_TRUE(out.empty());
  EXPECT_TRUE(stream.due_at(-10 * us_per_day).empty());
  stream.like(3, -10 * us_per_day, Verdict::held);
  // Held an hour into the stream, whatever it says itself.
  EXPECT_EQ(stream.due_at(us_per_day).size(), 1u);
  EXPECT_EQ(stream.due_at(us_per_day + hour_us).size(), 1u);
}

TEST(IntakeHolds, ADelayedVerdictIsStatedWhenItIsDueWithItsReasons) {
  Stream stream;
  stream.delayed(1, 0, Verdict::rejected, 600);
  stream.delayed(2, 0, Verdict::held, 300);
  EXPECT_TRUE(stream.due_at(299 * us_per_second).empty());
  const auto held = stream.due_at(300 * us_per_second);
  ASSERT_EQ(held.size(), 1u);
  EXPECT_EQ(held[0].verdict, Verdict::held);
  const auto rejected = stream.due_at(3600 * us_per_second);
  ASSERT_EQ(rejected.size(), 1u);
  EXPECT_EQ(rejected[0].verdict, Verdict::rejected);
  EXPECT_EQ(rejected[0].reason_count, 1);
  EXPECT_EQ(rejected[0].reasons[0].number, 77u);
  EXPECT_EQ(stream.group(1, 0, Standing::cleared), Verdict::rejected);
  // From being stated on, it waits as any other does.
  EXPECT_TRUE(stream.due_at(us_per_day).empty());
  EXPECT_EQ(stream.due_at(us_per_day + hour_us).size(), 1u);
}

TEST(IntakeHolds, ADelayedVerdictDoesNotUndoWhatAGroupSaidMeanwhile) {
  Stream stream;
  stream.delayed(1, 0, Verdict::held, 60);
  stream.delayed(2, 0, Verdict::rejected, 60);
  EXPECT_EQ(stream.group(1, 0, Standing::confirmed), Verdict::rejected);
  EXPECT_EQ(stream.group(2, 0, Standing::cleared, true), Verdict::genuine);
  EXPECT_TRUE(stream.due_at(hour_us).empty());
}

TEST(IntakeHolds, OnlyWhatWasJudgedOrganicAndChangedSomethingIsKept) {
  Stream stream;
  for (int what = 0; what < 4; ++what) {
    RecordedAct act = stream.act(10 + static_cast<std::uint32_t>(what), 0, Verdict::held);
    if (what == 0) act.incentivised = true;
    if (what == 1) act.effect = engagement::Effect::none;
    if (what == 2) act.judgement.judged = false;
    if (what == 3) act.type = engagement::ActType::view;
    stream.holds.observe(act, act.at);
  }
  EXPECT_EQ(stream.holds.size(), 0u);
}

TEST(IntakeHolds, AFloodIsBoundedTheOldestHeldCountEarlyTheOldestRejectedAreForgotten) {
  Stream stream(100);
  for (std::uint32_t i = 0; i < 1000; ++i) stream.like(1 + i, i, Verdict::held);
  EXPECT_EQ(stream.holds.size(), 100u);
  EXPECT_EQ(stream.due_at(hour_us).size(), 900u);
  for (std::uint32_t i = 0; i < 1000; ++i) stream.like(5000 + i, hour_us + i, Verdict::rejected);
  EXPECT_LE(stream.holds.size(), 100u);
  EXPECT_EQ(stream.group(5999, hour_us + 999, Standing::cleared), Verdict::rejected);
  EXPECT_EQ(stream.group(5000, hour_us, Standing::cleared), Verdict::genuine);
  for (std::uint32_t i = 0; i < 1000; ++i) stream.delayed(10'000 + i, 2 * hour_us, Verdict::rejected, 3600);
  EXPECT_EQ(stream.holds.delayed(), 100u);
  EXPECT_LE(stream.holds.size(), 200u);
  EXPECT_GE(stream.due_at(2 * hour_us + 1).size(), 900u);
}

}  // namespace
}  // namespace zan::engine
