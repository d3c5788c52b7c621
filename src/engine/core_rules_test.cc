// The book of rules of a Core: what is answered is there after crashes, flushes and restores, and nothing else is.
#include <gtest/gtest.h>

#include "engine/core_world.h"

namespace zan::engine {
namespace {

using integrity::RuleChange;
using integrity::rules::ChangeKind;
using integrity::rules::RulesetId;

constexpr const char* first_text = "rule a: when true then hold because \"x\"";
constexpr const char* second_text = "rule b: when true then reject because \"y\"";

RuleChange addition(const char* text) {
  return {ChangeKind::add, *integrity::rules::id_of_text(text), "ops", "why", text};
}
RuleChange of(ChangeKind kind, const char* text) {
  return {kind, *integrity::rules::id_of_text(text), "ops", "why", {}};
}

Result<Answer> change(World& world, const RuleChange& what) {
  ChangeRules command;
  integrity::put_rule_change(command.record, what);
  world.clock.now_us += 1000;
  const Command one{std::move(command)};
  return world.core->commit({&one, 1}).front();
}

TEST(CoreRules, ARecordThatIsNoneIsRefusedAndChangesNothing) {
  World world;
  const Command command{ChangeRules{Bytes(20, std::byte{0x31})}};
  const auto answers = world.core->commit({&command, 1});
  ASSERT_FALSE(answers.front().ok());
  EXPECT_EQ(answers.front().error().kind, ErrorKind::invalid);
  EXPECT_EQ(world.core->journal().last().value, 0u);
  EXPECT_FALSE(world.core->broken());
}

TEST(CoreRules, WhatTheBookDoesNotAllowIsAConflict) {
  World world;
  const auto refused = change(world, of(ChangeKind::activate, first_text));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::conflict);
  ASSERT_TRUE(change(world, addition(first_text)).ok());
  EXPECT_EQ(change(world, addition(first_text)).error().kind, ErrorKind::conflict);
  EXPECT_EQ(world.core->journal().last().value, 1u);
  EXPECT_EQ(world.core->rules()->history().size(), 1u);
  world.expect_clean();
}

TEST(CoreRules, TheBookSurvivesCrashesAtEveryFlush) {
  for (int flush_at = 0; flush_at < 6; ++flush_at) {
    World world;
    const std::vector<RuleChange> changes = {addition(first_text), of(ChangeKind::activate, first_text),
                                             addition(second_text), of(ChangeKind::shadow, second_text)};
    for (std::size_t i = 0; i < changes.size(); ++i) {
      if (flush_at == static_cast<int>(i)) world.flush();
      const auto answer = change(world, changes[i]);
      ASSERT_TRUE(answer.ok()) << answer.error().message;
      EXPECT_EQ(answer->position, world.core->journal().last());
      world.say({{engagement::ActType::like, "u" + std::to_string(i), "v1"}});
    }
    if (flush_at == 4) world.flush();
    const auto before = *world.core->rules();
    world.crash();
    EXPECT_EQ(*world.core->rules(), before);
    EXPECT_EQ(world.core->rules()->active(), *integrity::rules::id_of_text(first_text));
    EXPECT_EQ(world.core->rules()->shadows(), std::vector<RulesetId>{*integrity::rules::id_of_text(second_text)});
    EXPECT_EQ(world.core->rules()->texts().at(*integrity::rules::id_of_text(second_text)), second_text);
    EXPECT_EQ(world.core->rules()->history().front().change.when_ms, before.history().front().change.when_ms);
    world.expect_clean();
    ASSERT_TRUE(change(world, of(ChangeKind::deactivate, first_text)).ok());
    world.crash();
    EXPECT_FALSE(world.core->rules()->active().has_value());
    world.expect_clean();
  }
}

TEST(CoreRules, AVersionUnderAWrongNameIsFound) {
  World world;
  RuleChange wrong = addition(first_text);
  wrong.id.hash.low ^= 1;
  ASSERT_TRUE(change(world, wrong).ok());
  const auto findings = check(*world.core, [](double) {});
  ASSERT_TRUE(findings.ok());
  ASSERT_EQ(findings->size(), 1u);
  EXPECT_NE(findings->front().what.find("another text than its name says"), std::string::npos);
}

}  // namespace
}  // namespace zan::engine
