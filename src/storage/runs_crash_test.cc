// What is left when a call of the disk fails, when all calls fail from one on and then the power is
// lost, and when the disk is full: at every call of a history of flushes and compactions.

#include <gtest/gtest.h>

#include <map>

#include "storage/run_manifest.h"
#include "storage/runs.h"
#include "storage/runs_trouble.h"
#include "storage/runs_twin.h"
#include "storage/sim_disk.h"

namespace zan::storage {
namespace {

constexpr RunOptions options{.fan_in = 2};

// What happens to the runs, step by step; the same in every trial.
class History {
 public:
  explicit History(std::uint64_t seed) {
    Rng rng(seed);
    for (int i = 0; i < 5; ++i) flushes_.emplace_back(rng, 80, 10);
    twins_.emplace_back();
    for (const TwinFlush& flush : flushes_) {
      twins_.push_back(twins_.back());
      twins_.back().flush(flush);
    }
  }

  static constexpr int steps = 10;

  // Flushes at the even steps, compactions between them, all of them merged at the end.
  Result<void> step(Runs& runs, int number) const {
    if (number % 2 == 0) {
      const auto flush = static_cast<std::size_t>(number / 2);
      return flushes_[flush].apply(runs, Position{flush + 1});
    }
    if (number == steps - 1) return runs.compact_all({});
    for (;;) {
      ZAN_ASSIGN(const bool done, runs.compact({}));
      if (!done) return {};
    }
  }
  [[nodiscard]] const RunTwins& at(Position position) const { return twins_[position.value]; }
  // Where the runs stand after so many steps.
  static Position position_after(int steps_done) { return Position{static_cast<std::uint64_t>((steps_done + 1) / 2)}; }

 private:
  std::vector<TwinFlush> flushes_;
  std::vector<RunTwins> twins_;  // by position
};

void expect_only_named_files(Disk& disk, const Runs& runs) {
  const auto hold = runs.hold().value();
  EXPECT_EQ(disk.list("runs").value().size(), hold.files.size() + 1);
}

// Opens the runs and goes on from step `from` to the end.
void finish(Disk& disk, const History& history, int from) {
  const auto runs = Runs::open(disk, all_schemas(), options).value();
  for (int step = from; step < History::steps; ++step) ASSERT_TRUE(history.step(*runs, step).ok());
  EXPECT_EQ(history.at(runs->position()).difference(*runs), "");
  EXPECT_TRUE(runs->verify().ok());
}

// The power is lost at call number `call`; true if the history was over before.
bool lose_power_at(std::uint64_t call, const History& history, std::uint64_t seed) {
  const auto sim = SimDisk::make(seed);
  TroubleDisk disk(*sim);
  disk.fail(call, TroubleDisk::never);
  int done = 0;
  {
    const auto runs = Runs::open(disk, all_schemas(), options);
    if (runs.ok())
      while (done < History::steps && history.step(**runs, done).ok()) ++done;
  }
  const bool over = disk.calls_made() <= call;
  sim->crash();
  const auto runs = Runs::open(*sim, all_schemas(), options);
  EXPECT_TRUE(runs.ok()) << (runs.ok() ? "" : runs.error().message);
  if (!runs.ok()) return true;
  // What was answered is there; of what was under way, all or nothing.
  const Position position = (*runs)->position();
  EXPECT_GE(position, History::position_after(done));
  EXPECT_LE(position, History::position_after(done + 1));
  EXPECT_EQ(history.at(position).difference(**runs), "");
  EXPECT_TRUE((*runs)->verify().ok());
  expect_only_named_files(*sim, **runs);
  return over;
}

TEST(RunsCrash, APowerCutAtAnyCallLosesNothingAnswered) {
  for (std::uint64_t seed = 1; seed <= 2; ++seed) {
    const History history(seed);
    std::uint64_t call = 0;
    while (!lose_power_at(call, history, seed * 1000 + call) && !HasFailure()) ++call;
    ASSERT_FALSE(HasFailure()) << "seed " << seed << " call " << call;
    EXPECT_GT(call, 100U);
  }
}

TEST(RunsCrash, AfterAPowerCutTheHistoryGoesOn) {
  const History history(5);
  Rng rng(6);
  for (int trial = 0; trial < 40; ++trial) {
    const auto sim = SimDisk::make(rng.next());
    TroubleDisk disk(*sim);
    disk.fail(rng.below(300), TroubleDisk::never);
    int done = 0;
    {
      const auto runs = Runs::open(disk, all_schemas(), options);
      if (runs.ok())
        while (done < History::steps && history.step(**runs, done).ok()) ++done;
    }
    sim->crash();
    const Position position = Runs::open(*sim, all_schemas(), options).value()->position();
    finish(*sim, history, static_cast<int>(position.value) * 2);
  }
}

// One call fails, whichever it is: the step fails and changes nothing, and works when tried again.
TEST(RunsCrash, AFailedCallChangesNothingAndTheStepMayBeTriedAgain) {
  const History history(7);
  for (std::uint64_t call = 0;; ++call) {
    const auto sim = SimDisk::make(call);
    TroubleDisk disk(*sim);
    auto runs = Runs::open(disk, all_schemas(), options).value();
    disk.fail(call, call);
    for (int step = 0; step < History::steps; ++step) {
      if (const auto first = history.step(*runs, step); !first.ok()) {
        EXPECT_EQ(first.error().kind, ErrorKind::unavailable);
        EXPECT_EQ(runs->position(), History::position_after(step));
        ASSERT_EQ(history.at(runs->position()).difference(*runs), "");
        ASSERT_TRUE(history.step(*runs, step).ok()) << "call " << call << " step " << step;
      }
    }
    const bool over = disk.calls_made() <= call;
    disk.fail(TroubleDisk::never, TroubleDisk::never);
    ASSERT_EQ(history.at(runs->position()).difference(*runs), "") << "call " << call;
    runs.reset();
    // Without a crash, too, another start sees the same.
    const auto again = Runs::open(*sim, all_schemas(), options).value();
    ASSERT_EQ(history.at(Position{5}).difference(*again), "") << "call " << call;
    ASSERT_TRUE(again->verify().ok());
    if (over) break;
  }
}

// A failed step may have left its mark on the disk: whatever a power cut right after it leaves is a
// state that was.
TEST(RunsCrash, APowerCutAfterAFailedCallFindsAStateThatWas) {
  const History history(8);
  for (std::uint64_t call = 0;; ++call) {
    const auto sim = SimDisk::make(call);
    TroubleDisk disk(*sim);
    auto runs = Runs::open(disk, all_schemas(), options).value();
    disk.fail(call, call);
    int done = 0;
    while (done < History::steps && history.step(*runs, done).ok()) ++done;
    // One more flush may follow the failed step and be answered.
    const bool retried = done < History::steps && call % 2 == 0;
    if (retried) {
      ASSERT_TRUE(history.step(*runs, done).ok());
      ++done;
    }
    const bool over = disk.calls_made() <= call;
    sim->crash();
    runs.reset();
    const auto again = Runs::open(*sim, all_schemas(), options);
    ASSERT_TRUE(again.ok()) << again.error().message << " call " << call;
    const Position position = (*again)->position();
    EXPECT_GE(position, History::position_after(done));
    EXPECT_LE(position, History::position_after(done + 1));
    ASSERT_EQ(history.at(position).difference(**again), "") << "call " << call;
    if (over) break;
  }
}

TEST(RunsCrash, FailingSyncsLoseNothing) {
  const History history(9);
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const auto sim = SimDisk::make(seed);
    auto runs = Runs::open(*sim, all_schemas(), options).value();
    sim->set_faults({.sync_failure = 0.1, .write_failure = 0.02});
    int done = 0;
    for (int tries = 0; tries < 100 && done < History::steps; ++tries)
      if (history.step(*runs, done).ok()) ++done;
    sim->set_faults({});
    sim->crash();
    runs.reset();
    const auto again = Runs::open(*sim, all_schemas(), options);
    ASSERT_TRUE(again.ok()) << again.error().message;
    EXPECT_GE((*again)->position(), History::position_after(done));
    ASSERT_EQ(history.at((*again)->position()).difference(**again), "") << "seed " << seed;
    EXPECT_TRUE((*again)->verify().ok());
  }
}

TEST(RunsCrash, AFullDiskChangesNothingAndRoomHeals) {
  const History history(10);
  for (std::uint64_t bytes_max = 0; bytes_max < 100'000; bytes_max += 499) {
    const auto sim = SimDisk::make(1);
    auto runs = Runs::open(*sim, all_schemas(), options).value();
    sim->set_faults({.bytes_max = bytes_max});
    int step = 0;
    while (step < History::steps) {
      const std::uint64_t used = sim->bytes_used();
      const auto done = history.step(*runs, step);
      if (done.ok()) {
        ++step;
        continue;
      }
      EXPECT_EQ(done.error().kind, ErrorKind::unavailable);
      if (step % 2 == 0) {
        EXPECT_LE(sim->bytes_used(), used + 4096) << "a failed flush leaves no run behind";
      }
      EXPECT_EQ(history.at(runs->position()).difference(*runs), "");
      break;
    }
    if (step == History::steps) return;  // there was room for everything
    sim->set_faults({});
    for (; step < History::steps; ++step) ASSERT_TRUE(history.step(*runs, step).ok());
    EXPECT_EQ(history.at(runs->position()).difference(*runs), "");
    expect_only_named_files(*sim, *runs);
  }
  FAIL() << "the history never fitted";
}

}  // namespace
}  // namespace zan::storage
