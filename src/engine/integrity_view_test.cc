#include "engine/integrity_view.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "engine/integrity_town.h"

namespace zan::engine {
namespace {

using integrity::Decision;
using integrity::NoteKind;
using integrity::Standing;

TEST(IntegrityView, AnAttackIsTakenOutOfTheCounts) {
  Town town;
  town.live();
  const std::uint64_t before = town.of("w307").organic[0];
  town.attack();
  EXPECT_EQ(town.of("w307").organic[0], before + Town::crowd);
  town.catch_up();
  EXPECT_EQ(town.of("w307").organic[0], before);
  EXPECT_EQ(town.of("w307").rejected, static_cast<std::uint64_t>(Town::crowd));
  const CaseSummary found = town.only_case(Standing::confirmed);
  EXPECT_EQ(found.members, static_cast<std::size_t>(Town::crowd));
  EXPECT_EQ(found.subjects, static_cast<std::size_t>(Town::works));
  town.world.expect_clean();
}

TEST(IntegrityView, ACaseNamesWhoAndWhat) {
  Town town;
  town.live();
  town.attack();
  town.catch_up();
  const auto detail = town.view->one(town.only_case(Standing::confirmed).id);
  ASSERT_TRUE(detail.ok());
  EXPECT_EQ(detail->members.size(), static_cast<std::size_t>(Town::crowd));
  EXPECT_TRUE(std::find(detail->members.begin(), detail->members.end(), "bot7") != detail->members.end());
  EXPECT_TRUE(std::find(detail->subjects.begin(), detail->subjects.end(), "w307") != detail->subjects.end());
  EXPECT_EQ(detail->likes.size(), static_cast<std::size_t>(Town::crowd * Town::works));
  const auto verdicts = town.view->of_subject("w307");
  ASSERT_TRUE(verdicts.ok());
  ASSERT_EQ(verdicts->cases.size(), 1U);
  EXPECT_EQ(verdicts->cases.front().likes, static_cast<std::size_t>(Town::crowd));
  EXPECT_EQ(verdicts->rejected, static_cast<std::uint64_t>(Town::crowd));
  EXPECT_EQ(town.view->of_subject("nobody knows").error().kind, ErrorKind::not_found);
  EXPECT_EQ(town.view->one(77).error().kind, ErrorKind::not_found);
}

TEST(IntegrityView, PeopleOverturnACase) {
  Town town;
  town.live();
  town.attack();
  town.catch_up();
  const std::uint64_t id = town.only_case(Standing::confirmed).id;
  town.note({id, NoteKind::appeal, Decision::none, integrity::Ground::genuine_likes, {}, {}, "", ""});
  EXPECT_EQ(town.view->one(id)->summary.open_appeals, 1U);
  town.note({id, NoteKind::decision, Decision::overturn, {}, {}, {}, "ann", "a choir"});
  EXPECT_EQ(town.of("w307").rejected, 0U);
  EXPECT_EQ(town.view->one(id)->summary.standing, Standing::cleared);
  EXPECT_EQ(town.view->one(id)->summary.open_appeals, 0U);
  EXPECT_TRUE(town.view->one(id)->summary.decided_by_people);
  // More of the same changes nothing: people have decided.
  town.world.say({Town::like("bot0", "w899", 23 * Town::hour_us, 100'000)});
  town.catch_up();
  EXPECT_EQ(town.view->one(id)->summary.standing, Standing::cleared);
  EXPECT_EQ(town.view->one(id)->notes.size(), 2U);
  town.world.expect_clean();
}

TEST(IntegrityView, PeopleSpareSomeOfACase) {
  Town town;
  town.live();
  town.attack();
  town.catch_up();
  const std::uint64_t id = town.only_case(Standing::confirmed).id;
  town.note({id, NoteKind::decision, Decision::overturn, {}, {"bot1", "bot2"}, {"w314"}, "ann", ""});
  EXPECT_EQ(town.of("w307").rejected, static_cast<std::uint64_t>(Town::crowd - 2));
  EXPECT_EQ(town.of("w314").rejected, 0U);
  town.world.expect_clean();
}

TEST(IntegrityView, RefusesStatementsThatSayNothing) {
  Town town;
  town.live();
  town.attack();
  town.catch_up();
  const std::uint64_t id = town.only_case(Standing::confirmed).id;
  EXPECT_EQ(town.view->note_of({5, NoteKind::decision, Decision::confirm, {}, {}, {}, "", ""}).error().kind,
            ErrorKind::not_found);
  EXPECT_EQ(town.view->note_of({id, NoteKind::decision, Decision::none, {}, {}, {}, "", ""}).error().field,
            "/decision");
  EXPECT_EQ(town.view->note_of({id, NoteKind::decision, Decision::overturn, {}, {"p1"}, {}, "", ""}).error().field,
            "/users");
  EXPECT_EQ(town.view->note_of({id, NoteKind::decision, Decision::confirm, {}, {"bot1"}, {}, "", ""}).error().field,
            "/decision");
  EXPECT_EQ(town.view->note_of({id, NoteKind::decision, Decision::confirm, {}, {}, {}, "", std::string(2000, 'x')})
                .error()
                .field,
            "/note");
}

TEST(IntegrityView, AStartKnowsTheSameAndCommandsNothingAgain) {
  Town town;
  town.live();
  town.attack();
  town.catch_up();
  const CaseSummary before = town.only_case(Standing::confirmed);
  town.note({before.id, NoteKind::decision, Decision::overturn, {}, {"bot1"}, {}, "ann", ""});
  const Position end = town.world.core->journal().last();
  town.commands = 0;
  town.restart();
  town.catch_up();
  EXPECT_EQ(town.commands, 0U);
  EXPECT_EQ(town.world.core->journal().last(), end);
  const auto detail = town.view->one(before.id);
  ASSERT_TRUE(detail.ok());
  EXPECT_EQ(detail->notes.size(), 1U);
  EXPECT_EQ(detail->summary.likes, static_cast<std::size_t>((Town::crowd - 1) * Town::works));
  EXPECT_EQ(town.of("w307").rejected, static_cast<std::uint64_t>(Town::crowd - 1));
}

TEST(IntegrityView, WhatWasLostWithThePowerIsCommandedAgainAndCountsOnce) {
  Town town;
  town.live();
  town.attack();
  town.catch_up();
  const std::uint64_t rejected = town.of("w307").rejected;
  ASSERT_TRUE(town.world.core->disk().remove(integrity_position_path).ok());
  town.commands = 0;
  town.restart();
  town.catch_up();
  EXPECT_GT(town.commands, 0U);
  EXPECT_EQ(town.of("w307").rejected, rejected);
  town.world.expect_clean();
}

TEST(IntegrityView, ABusyEngineIsAskedAgain) {
  Town town;
  town.live();
  town.attack();
  town.refuse = true;
  EXPECT_FALSE(town.view->step().ok());
  EXPECT_EQ(town.of("w307").rejected, 0U);
  town.refuse = false;
  town.catch_up();
  EXPECT_EQ(town.of("w307").rejected, static_cast<std::uint64_t>(Town::crowd));
}

TEST(IntegrityView, AnErasedPersonIsInNoAnswer) {
  Town town;
  town.live();
  town.attack();
  town.catch_up();
  const std::uint64_t id = town.only_case(Standing::confirmed).id;
  const Command erase{EraseUser{"bot7"}};
  ASSERT_TRUE(town.world.core->commit({&erase, 1}).front().ok());
  town.catch_up();
  const auto detail = town.view->one(id);
  ASSERT_TRUE(detail.ok());
  EXPECT_TRUE(std::find(detail->members.begin(), detail->members.end(), "bot7") == detail->members.end());
  EXPECT_EQ(town.of("w307").rejected, static_cast<std::uint64_t>(Town::crowd - 1));
  town.world.expect_clean();
}

}  // namespace
}  // namespace zan::engine
