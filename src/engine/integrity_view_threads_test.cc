// The integrity thread beside those who like, ask, decide and appeal. Also run under TSan.
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <thread>

#include "base/scratch_folder.h"
#include "engine/engine.h"
#include "engine/fake.h"

namespace zan::engine {
namespace {

using engagement::ActBatch;
using engagement::ActType;
using integrity::Decision;
using integrity::NoteKind;

constexpr int town_likes = 12'000, batch_likes = 600;
constexpr int crowd = 30, works = 12;
constexpr auto patience = std::chrono::seconds(120);

class IntegrityThreads : public testing::Test {
 protected:
  IntegrityThreads() {
    open();
  }
  void open() {
    engine_.reset();
    EngineOptions options;
    options.data_folder = scratch_.at("data");
    options.memtable_acts_max = 4000;
    options.fan_in = 2;
    options.integrity.on = true;
    options.integrity.lockstep.log_pair_slots = 16;
    options.integrity.lockstep.log_token_slots = 14;
    auto opened = Engine::open(options);
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    engine_ = std::move(opened).value();
  }
  void say(std::vector<Said>& all) {
    Command command{ActBatch{}};
    for (const Said& said : all) add(std::get<ActBatch>(command.body), engine_->secret(), said);
    const auto answer = engine_->submit_and_wait(std::move(command));
    EXPECT_TRUE(answer.ok()) << answer.error().message;
    all.clear();
  }
  void live() {
    Rng rng(3);
    std::vector<Said> all;
    for (int i = 0; i < town_likes; ++i) {
      const auto person = static_cast<std::uint64_t>(4000.0 * rng.unit() * rng.unit());
      const auto work = static_cast<std::uint64_t>(2000.0 * rng.unit() * rng.unit());
      all.push_back({ActType::like, "p" + std::to_string(person), "w" + std::to_string(work)});
      all.back().device = person + 1;
      if (all.size() == batch_likes) say(all);
    }
  }
  void attack(const std::string& bots, int first_work) {
    std::vector<Said> all;
    for (int work = 0; work < works; ++work) {
      for (int bot = 0; bot < crowd; ++bot) {
        all.push_back({ActType::like, bots + std::to_string(bot), "w" + std::to_string(first_work + 9 * work)});
        all.back().device = static_cast<std::uint64_t>(100'000 * first_work + bot / 3);
      }
      say(all);
    }
  }
  // Whatever is there is asked for and in order.
  void ask(const std::atomic<bool>& done) {
    const Integrity& view = *engine_->integrity();
    while (!done) {
      const IntegrityStatus status = view.status();
      EXPECT_EQ(status.suspected + status.confirmed + status.cleared, status.cases);
      const auto page = view.cases({}, 10, 0);
      if (!page.ok()) continue;  // before the journal has been read
      for (const CaseSummary& summary : page->cases) {
        const auto detail = view.one(summary.id);
        ASSERT_TRUE(detail.ok());
        EXPECT_GE(detail->summary.members, summary.members);
        EXPECT_TRUE(view.graph(summary.id, 50, 0).ok());
      }
      EXPECT_TRUE(view.labels(true, 100, {}).ok());
      EXPECT_TRUE(view.queue({}, 10, {}).ok());
      EXPECT_TRUE(view.staff_acts({}, 10, {}).ok());
      EXPECT_TRUE(view.days().ok());
      (void)view.of_subject("w909");
      (void)view.of_user("bot1");
    }
  }
  // Decides and appeals what it finds; what is said already is refused.
  void look_after(const std::atomic<bool>& done) {
    const Integrity& view = *engine_->integrity();
    for (std::uint64_t i = 0; !done; ++i) {
      const auto page = view.cases({}, 10, 0);
      if (!page.ok() || page->cases.empty()) continue;
      CaseStatement statement;
      statement.case_id = page->cases[i % page->cases.size()].id;
      statement.by = "li";
      switch (i % 3) {
        case 0:
          statement.decision = i % 2 == 0 ? Decision::confirm : Decision::overturn;
          break;
        case 1:
          statement.kind = NoteKind::appeal;
          break;
        default:
          statement.kind = NoteKind::assignment;
          statement.assignee = std::to_string(i);
      }
      auto record = view.note_of(statement);
      if (!record.ok()) {
        EXPECT_EQ(record.error().kind, ErrorKind::conflict) << record.error().message;
        continue;
      }
      const auto answer = engine_->submit_and_wait(Command{NoteCase{std::move(record).value()}});
      EXPECT_TRUE(answer.ok()) << answer.error().message;
    }
  }
  bool wait_until(const std::function<bool(const IntegrityStatus&)>& reached) {
    const auto until = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < until) {
      if (reached(engine_->integrity()->status())) return true;
      std::this_thread::yield();
    }
    return false;
  }

  ScratchFolder scratch_;
  std::unique_ptr<Engine> engine_;
};

TEST_F(IntegrityThreads, CasesAreFoundAskedForAndDecidedAtOnce) {
  std::atomic<bool> done = false;
  live();
  std::thread asking([&] { ask(done); });
  std::thread staff([&] { look_after(done); });
  std::thread first([&] { attack("bot", 900); });
  std::thread second([&] { attack("other", 903); });
  first.join();
  second.join();
  EXPECT_TRUE(wait_until([](const IntegrityStatus& status) { return status.cases >= 2 && status.appeals >= 1; }));
  done = true;
  asking.join();
  staff.join();
  // All that was said is known in the end, and again after a start.
  const auto rested = [&](const IntegrityStatus& status) { return status.position == engine_->status().position; };
  ASSERT_TRUE(wait_until(rested));
  const IntegrityStatus before = engine_->integrity()->status();
  open();
  ASSERT_TRUE(wait_until([&](const IntegrityStatus& status) { return status.caught_up && rested(status); }));
  const IntegrityStatus after = engine_->integrity()->status();
  EXPECT_EQ(after.cases, before.cases);
  EXPECT_EQ(after.appeals, before.appeals);
  EXPECT_EQ(after.overturned, before.overturned);
  EXPECT_EQ(after.confirmed, before.confirmed);
  EXPECT_EQ(after.likes_held + after.likes_rejected, 0U);  // commanded nothing again
}

TEST_F(IntegrityThreads, StopsInTheMiddleOfReading) {
  live();
  attack("bot", 900);
  open();  // and reads
  open();
  EXPECT_TRUE(wait_until([](const IntegrityStatus& status) { return status.caught_up; }));
}

}  // namespace
}  // namespace zan::engine
