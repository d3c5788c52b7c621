// Replay over a journal whose acts were judged by the intake itself.
#include <gtest/gtest.h>

#include "engine/ruled_world.h"

namespace zan::engine {
namespace {

using engagement::Verdict;
using integrity::rules::ChangeKind;

constexpr std::int64_t day_s = 1'700'000'000;
constexpr std::string_view strict =
    "rule fast: when is_like and count(like, actor, 1m) >= 5 then hold because \"{count(like, actor, 1m)} likes\"";
constexpr std::string_view harsh =
    "rule fast: when is_like and count(like, actor, 1m) >= 8 then reject because \"{count(like, actor, 1m)} likes\"";

struct Replayed {
  ReplaySummary summary;
  std::vector<ReplayLine> lines;
};

Result<Replayed> replayed(const RuledWorld& world, ReplayOptions options) {
  options.accounts = RuledWorld::accounts;
  Replayed all;
  ZAN_ASSIGN(all.summary, replay(
                              world.core->journal(), world.core->registry(), world.core->secret(), options,
                              [&](const ReplayLine& line) {
                                all.lines.push_back(line);
                                return Result<void>();
                              },
                              [](Position, Position) { return true; }));
  return all;
}

// 3 users, ten likes each: by what ships, then by `strict`, then by what ships again; in between verdicts and an erasure.
void live(RuledWorld& world) {
  world.busy(3, 10, day_s);
  const auto id = world.add(strict);
  world.decide(ChangeKind::activate, id);
  world.busy(3, 10, day_s + 1000);
  world.find_out("u1", "v" + std::to_string((31 + 9 * 7) % 97 + (day_s + 1000) % 89 * 100),
                 (day_s + 1009) * us_per_second, Verdict::rejected);
  const Command erasure{EraseUser{"u2"}};
  ASSERT_TRUE(world.core->commit({&erasure, 1}).front().ok());
  world.busy(2, 10, day_s + 2000);
  world.decide(ChangeKind::activate, world.desk->overview().versions.back().id);
  world.busy(2, 10, day_s + 3000);
}

TEST(Replay, WrongRulesModelsAndStretchesAreRefused) {
  RuledWorld world;
  live(world);
  const auto rules = replayed(world, {.rules = "rule"});
  ASSERT_FALSE(rules.ok());
  EXPECT_EQ(rules.error().kind, ErrorKind::invalid);
  EXPECT_NE(rules.error().message.find("1:5: error"), std::string::npos) << rules.error().message;
  EXPECT_EQ(replayed(world, {.model = Bytes(100)}).error().kind, ErrorKind::corrupt);
  const auto beyond = replayed(world, {.from = Position{1'000'000}});
  ASSERT_TRUE(beyond.ok());
  EXPECT_EQ(beyond->summary.judged, 0u);
  EXPECT_EQ(beyond->summary.first.value, 0u);
  EXPECT_EQ(replay("/nowhere/at/all", {}, {}, {}).ok(), false);
}

TEST(Replay, TheRulesAsTheyWereSayWhatWasSaidByteForByte) {
  RuledWorld world;
  live(world);
  const auto same = replayed(world, {});
  ASSERT_TRUE(same.ok()) << same.error().message;
  EXPECT_EQ(same->summary.judged, 100u);
  EXPECT_EQ(same->summary.from_to[0][1], 0u);
  EXPECT_EQ(same->summary.from_to[1][1], 25u);
  EXPECT_EQ(same->summary.changed, 0u);
  EXPECT_EQ(same->summary.quality_changed, 0u);
  EXPECT_EQ(same->summary.reasons_changed, 0u);
  EXPECT_TRUE(same->lines.empty());
}

TEST(Replay, OtherRulesTellExactlyWhichLikesChange) {
  RuledWorld world;
  live(world);
  const auto other = replayed(world, {.rules = std::string(harsh)});
  ASSERT_TRUE(other.ok()) << other.error().message;
  // Of ten likes within a minute `strict` held the last five, `harsh` rejects the last two.
  EXPECT_EQ(other->summary.from_to[1][0], 15u);
  EXPECT_EQ(other->summary.from_to[1][2], 10u);
  EXPECT_EQ(other->summary.from_to[0][2], 10u);
  EXPECT_EQ(other->summary.changed, 35u);
  ASSERT_EQ(other->lines.size(), 35u);
  for (const ReplayLine& line : other->lines) {
    EXPECT_NE(line.then, line.now);
    EXPECT_EQ(line.reason.empty(), false);
  }
  EXPECT_EQ(other->lines.front().actor, "u0");
  EXPECT_EQ(other->lines.front().now, Verdict::rejected);
  EXPECT_EQ(other->lines.front().reason, "fast: 8 likes");
  EXPECT_EQ(other->summary.rule_names, std::vector<std::string>{"fast"});
  EXPECT_EQ(other->summary.tally.rules[0].matched, 20u);
  EXPECT_EQ(other->summary.tally.decision.matched, 20u);
  EXPECT_EQ(other->summary.tally.fake, 1u);
  EXPECT_EQ(other->summary.tally.decision.matched_fake, 1u);
}

TEST(Replay, TheStretchIsJudgedOverAllThatCameBefore) {
  RuledWorld world;
  live(world);
  const auto whole = replayed(world, {.rules = std::string(harsh)});
  const Position from = whole->lines[10].position, to = whole->lines[20].position;
  const auto part = replayed(world, {.from = from, .to = to, .rules = std::string(harsh)});
  ASSERT_TRUE(part.ok());
  ASSERT_EQ(part->lines.size(), 11u);
  EXPECT_EQ(part->lines.front().position, from);
  EXPECT_EQ(part->lines.back().position, to);
  EXPECT_GT(part->summary.warmed, 0u);
  for (std::size_t i = 0; i < part->lines.size(); ++i) {
    EXPECT_EQ(part->lines[i].position, whole->lines[i + 10].position);
    EXPECT_EQ(part->lines[i].quality_now, whole->lines[i + 10].quality_now);
  }
  const auto none = replayed(world, {.from = Timestamp{1}, .to = Timestamp{2}});
  EXPECT_EQ(none->summary.judged, 0u);
  const auto all = replayed(world, {.from = Timestamp{0}, .rules = std::string(harsh)});
  EXPECT_EQ(all->summary.changed, whole->summary.changed);
}

TEST(Replay, AnEndOfTheOutputEndsIt) {
  RuledWorld world;
  live(world);
  ReplayOptions options{.rules = std::string(harsh), .accounts = RuledWorld::accounts};
  int lines = 0;
  const auto stopped = replay(
      world.core->journal(), world.core->registry(), world.core->secret(), options,
      [&](const ReplayLine&) { return ++lines < 3 ? Result<void>() : unavailable("no space left"); },
      [](Position, Position) { return true; });
  ASSERT_FALSE(stopped.ok());
  EXPECT_EQ(stopped.error().message, "no space left");
  EXPECT_EQ(lines, 3);
}

}  // namespace
}  // namespace zan::engine
