// What the tests of the integrity view share.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "engine/core_world.h"
#include "engine/integrity_view.h"

namespace zan::engine {

// A small town that likes what it likes, and forty accounts of one hand that like the same works within minutes, while
// doing nothing else: three on every device.
struct Town {
  World world;
  std::unique_ptr<IntegrityView> view;
  std::size_t commands = 0;
  bool refuse = false;
  ServiceLevels levels;
  integrity::LockstepOptions lockstep = small();
  static constexpr int crowd = 40, works = 14;

  Town() { start(); }

  void start() {
    auto opened = IntegrityView::open(*world.core, {.on = true, .lockstep = lockstep, .levels = levels},
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
  void attack(const std::string& bots = "bot", int first_work = 300, std::int64_t shift_us = 0) {
    std::vector<Said> all;
    for (int work = 0; work < works; ++work)
      for (int bot = 0; bot < crowd; ++bot)
        all.push_back(like(bots + std::to_string(bot), "w" + std::to_string(first_work + 7 * work),
                           shift_us + 20 * hour_us + work * hour_us / 10 + bot * us_per_second,
                           bots.size() * 1'000'000 + static_cast<std::uint64_t>(bot) / 3));
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
    Said said{engagement::ActType::like, std::move(user), std::move(subject)};
    said.at_us = FakeClock().now_us - 48 * hour_us + after_us;
    said.device = device + 1;
    return said;
  }
  engagement::Tally of(const std::string& subject) { return *world.core->reads().subject_counts(subject); }
  CaseSummary only_case(integrity::Standing standing) {
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

}  // namespace zan::engine
