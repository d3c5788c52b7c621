// Proposals, and rules in the shadow, over a Core.
#include <gtest/gtest.h>

#include "engine/ruled_world.h"

namespace zan::engine {
namespace {

using engagement::Verdict;
using integrity::rules::ChangeKind;
using integrity::rules::RulesetId;

constexpr std::int64_t day_s = 1'700'000'000;
constexpr std::string_view strict =
    "rule fast: when is_like and count(like, actor, 1m) >= 5 then hold because \"{count(like, actor, 1m)}\"";
constexpr std::string_view lenient =
    "rule fast: when is_like and count(like, actor, 1m) >= 8 then reject because \"{count(like, actor, 1m)}\"";

Error refused(const RuledWorld& world, std::string_view text, const std::string& why = "why") {
  const auto proposal = world.desk->propose(text, "ops", why);
  EXPECT_FALSE(proposal.ok()) << text;
  return proposal.ok() ? Error{} : proposal.error();
}

TEST(RuleDesk, WrongRulesAreRefusedWithTheirPlaces) {
  RuledWorld world;
  const Error unknown = refused(world, "rule a:\n  when account_agee > 1d then hold because \"x\"");
  EXPECT_EQ(unknown.kind, ErrorKind::invalid);
  EXPECT_EQ(unknown.field, "/text");
  EXPECT_NE(unknown.message.find("2:8: error: an unknown name; found \"account_agee\""), std::string::npos)
      << unknown.message;
  EXPECT_NE(unknown.message.find("did you mean account_age?"), std::string::npos) << unknown.message;
  const Error failing = refused(world, std::string(strict) + "\ntest fast: given is_like = true expect hold");
  EXPECT_EQ(failing.field, "/text");
  EXPECT_NE(failing.message.find("test fast: expected hold, got none"), std::string::npos) << failing.message;
  EXPECT_EQ(refused(world, strict, "").field, "/why");
  EXPECT_EQ(refused(world, strict, std::string(integrity::rules::note_bytes_max + 1, 'x')).field, "/why");
  EXPECT_EQ(world.core->journal().last().value, 0u);
}

TEST(RuleDesk, HugeDeepAndCostlyRulesAreRefusedWithTheirEstimate) {
  RuledWorld world;
  const std::string huge(integrity::rules::Limits{}.text_bytes + 1, '#');
  EXPECT_NE(refused(world, huge).message.find("262144"), std::string::npos) << refused(world, huge).message;
  std::string deep = "rule a: when ";
  for (int i = 0; i < 10'000; ++i) deep += "not (";
  EXPECT_NE(refused(world, deep).message.find("100"), std::string::npos) << refused(world, deep).message;
  std::string costly;
  for (const char* key : {"actor", "subject", "device", "network"})
    for (const char* window : {"1m", "5m", "1h", "6h", "1d", "7d"})
      costly += "rule r_" + std::string(key) + window + ": when count(comment, " + key + ", " + window +
                ") > 1 then hold because \"x\"\n";
  const std::string message = refused(world, costly).message;
  EXPECT_NE(message.find("cost"), std::string::npos) << message;
  EXPECT_NE(message.find("500"), std::string::npos) << message;
}

TEST(RuleDesk, WhatShipsIsInServiceWhereNothingElseIs) {
  RuledWorld world;
  const RulesOverview fresh = world.desk->overview();
  ASSERT_EQ(fresh.versions.size(), 1u);
  EXPECT_TRUE(fresh.versions[0].active);
  EXPECT_EQ(fresh.in_service, fresh.versions[0].id);
  EXPECT_EQ(world.desk->one(fresh.in_service)->text, integrity::default_rules);
  EXPECT_EQ(world.desk->record_of(ChangeKind::shadow, fresh.in_service, "ops", "why").error().kind,
            ErrorKind::conflict);
  EXPECT_TRUE(world.desk->record_of(ChangeKind::activate, fresh.in_service, "ops", "why")->empty());

  const RulesetId id = world.add(strict);
  world.decide(ChangeKind::activate, id);
  EXPECT_EQ(world.desk->overview().in_service, id);
  EXPECT_EQ(world.desk->overview().versions.size(), 2u);
  EXPECT_TRUE(world.desk->record_of(ChangeKind::activate, id, "ops", "again")->empty());
  EXPECT_TRUE(world.desk->propose(strict, "ops", "again")->record.empty());
  world.decide(ChangeKind::activate, fresh.in_service);
  EXPECT_EQ(world.desk->overview().in_service, fresh.in_service);
  EXPECT_EQ(world.desk->overview().history.size(), 3u);
  EXPECT_EQ(world.desk->record_of(ChangeKind::activate, {{1, 2}}, "ops", "why").error().kind, ErrorKind::not_found);
  world.expect_clean();
}

TEST(RuleDesk, AVersionSaysWhatItReadsAndCosts) {
  RuledWorld world;
  const RulesetId id = world.add(strict);
  const auto one = world.desk->one(id);
  ASSERT_TRUE(one.ok());
  EXPECT_EQ(one->text, strict);
  EXPECT_EQ(one->rules, std::vector<std::string>{"fast"});
  EXPECT_EQ(one->features, (std::vector<std::string>{"is_like", "count(like, actor, 1m)"}));
  EXPECT_GT(one->cost, 0u);
  EXPECT_EQ(one->version.who, "ops");
  EXPECT_EQ(world.desk->one({{1, 2}}).error().kind, ErrorKind::not_found);
}

TEST(RuleDesk, ActsAreJudgedByTheRulesThatWereInServiceThen) {
  RuledWorld world;
  world.busy(1, 10, day_s);
  EXPECT_EQ(world.core->reads().user_counts("u0")->held, 0u);
  world.decide(ChangeKind::activate, world.add(strict));
  world.busy(1, 10, day_s + 1000);
  EXPECT_EQ(world.core->reads().user_counts("u0")->held, 5u);
  world.start();
  world.busy(1, 10, day_s + 2000);
  EXPECT_EQ(world.core->reads().user_counts("u0")->held, 10u);
  world.expect_clean();
}

void read_all(RuleDesk& desk) {
  for (;;) {
    const auto more = desk.step();
    ASSERT_TRUE(more.ok()) << more.error().message;
    if (!*more) return;
  }
}

TEST(RuleDesk, TheShadowCountsFromItsRecordOnAndEnforcesNothing) {
  RuledWorld world;
  world.busy(3, 10, day_s);
  const RulesetId id = world.add(lenient);
  EXPECT_EQ(world.desk->shadow(id).error().kind, ErrorKind::not_found);
  world.decide(ChangeKind::shadow, id);
  EXPECT_EQ(world.desk->shadow(id).error().kind, ErrorKind::unavailable);
  world.decide(ChangeKind::activate, world.add(strict));
  world.busy(3, 10, day_s + 1000);
  world.find_out("u1", "v" + std::to_string((31 + 9 * 7) % 97 + (day_s + 1000) % 89 * 100),
                 (day_s + 1009) * us_per_second, Verdict::rejected);
  read_all(*world.desk);
  const auto report = world.desk->shadow(id);
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_TRUE(report->caught_up);
  EXPECT_EQ(report->tally.acts, 30u);
  EXPECT_EQ(report->tally.live_flagged, 15u);
  EXPECT_EQ(report->tally.shadow_flagged, 6u);
  EXPECT_EQ(report->tally.both_flagged, 6u);
  EXPECT_EQ(report->tally.fake, 1u);
  EXPECT_EQ(report->tally.genuine, 15u);
  EXPECT_EQ(report->tally.decision.matched_fake, 1u);
  EXPECT_EQ(report->rules, std::vector<std::string>{"fast"});
  EXPECT_EQ(world.core->reads().user_counts("u1")->rejected, 1u);

  world.start();
  read_all(*world.desk);
  EXPECT_EQ(world.desk->shadow(id)->tally, report->tally);
  world.decide(ChangeKind::unshadow, id);
  read_all(*world.desk);
  EXPECT_EQ(world.desk->shadow(id).error().kind, ErrorKind::not_found);
  world.expect_clean();
}

TEST(RuleDesk, AtMostEightRunInTheShadow) {
  RuledWorld world;
  for (std::size_t i = 0; i <= integrity::rules::shadows_max; ++i) {
    const RulesetId id = world.add("rule r" + std::to_string(i) + ": when is_like then score +1 because \"x\"");
    if (i < integrity::rules::shadows_max) world.decide(ChangeKind::shadow, id);
    if (i == integrity::rules::shadows_max) {
      EXPECT_EQ(world.desk->record_of(ChangeKind::shadow, id, "ops", "why").error().kind, ErrorKind::conflict);
    }
  }
}

}  // namespace
}  // namespace zan::engine
