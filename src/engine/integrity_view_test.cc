#include "engine/integrity_view.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "engine/core_world.h"

namespace zan::engine {
namespace {

using engagement::ActType;
using integrity::Decision;
using integrity::NoteKind;
using integrity::Standing;

// A small town that likes what it likes, and forty accounts of one hand that like the same works within minutes, while
// doing nothing else: three on every device.
struct Town {
  World world;
  std::unique_ptr<IntegrityView> view;
  std::size_t commands = 0;
  bool refuse = false;
  static constexpr int crowd = 40, works = 14;

  Town() { start(); }

  void start() {
    auto opened = IntegrityView::open(*world.core, {.on = true, .lockstep = small()},
                                      [this](JudgeActs verdicts) -> Result<Answer> {
                                        if (refuse) return Error{ErrorKind::limited, "busy", {}};
                                        ++commands;
                                        const Command command{std::move(verdicts)};
                                        return world.core->commit({&command, 1}).front();
                                      });
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    view = std::move(opened).value();
  }
  static integrity::LockstepOptions small() {
    integrity::LockstepOptions options;
    options.log_pair_slots = 16;
    options.log_token_slots = 14;
    return options;
  }
  void restart() {
    view.reset();
    world.crash();
    start();
  }

  void live() {
    Rng rng(3);
    std::vector<Said> all;
    for (int i = 0; i < 20000; ++i) {
      const auto person = static_cast<std::uint64_t>(6000.0 * rng.unit() * rng.unit());
      const auto work = static_cast<std::uint64_t>(3000.0 * rng.unit() * rng.unit());
      all.push_back(like("p" + std::to_string(person), "w" + std::to_string(work), hour_us * i / 1000, person));
      if (all.size() == 1000) {
        world.say(all);
        all.clear();
      }
    }
  }
  void attack() {
    std::vector<Said> all;
    for (int work = 0; work < works; ++work)
      for (int bot = 0; bot < crowd; ++bot)
        all.push_back(like("bot" + std::to_string(bot), "w" + std::to_string(300 + 7 * work),
                           20 * hour_us + work * hour_us / 10 + bot * us_per_second, 100'000 + bot / 3));
    world.say(all);
  }
  void catch_up() {
    for (int i = 0; i < 20; ++i) {
      const auto more = view->step();
      ASSERT_TRUE(more.ok()) << more.error().message;
      if (!*more && view->status().position == world.core->journal().last()) return;
    }
    FAIL() << "the view never comes to rest";
  }
  static constexpr std::int64_t hour_us = 3600 * us_per_second;
  static Said like(std::string user, std::string subject, std::int64_t after_us, std::uint64_t device) {
    Said said{ActType::like, std::move(user), std::move(subject)};
    said.at_us = FakeClock().now_us - 48 * hour_us + after_us;
    said.device = device + 1;
    return said;
  }
  engagement::Tally of(const std::string& subject) { return *world.core->reads().subject_counts(subject); }
  CaseSummary only_case(Standing standing) {
    const auto page = view->cases(standing, 10, 0);
    EXPECT_TRUE(page.ok());
    EXPECT_EQ(page->cases.size(), 1U);
    return page->cases.empty() ? CaseSummary{} : page->cases.front();
  }
  void note(const CaseStatement& statement) {
    auto record = view->note_of(statement);
    ASSERT_TRUE(record.ok()) << record.error().message;
    const Command command{NoteCase{std::move(record).value()}};
    ASSERT_TRUE(world.core->commit({&command, 1}).front().ok());
    catch_up();
  }
};

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
