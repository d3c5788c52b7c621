// One thread flushes, one compacts, two read: readers see every flush that was answered before they
// looked, and no state that never was.

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <thread>

#include "storage/runs.h"
#include "storage/runs_twin.h"
#include "storage/sim_disk.h"

namespace zan::storage {
namespace {

constexpr std::uint64_t flush_count = 60;
constexpr std::uint64_t key_count = 100;

// Flush f tells every key that is a multiple of its divisor that it was f, and adds one to its
// tally.
std::uint64_t divisor_of(std::uint64_t flush) {
  return 1 + flush % 7;
}

std::vector<Row> rows_of(std::uint64_t flush) {
  std::vector<Row> rows;
  for (std::uint64_t key = 0; key < key_count; key += divisor_of(flush)) rows.push_back(Row{{key, key, flush}});
  return rows;
}

class RunsThreads : public testing::Test {
 protected:
  RunsThreads() {
    RunSchema latest = ids_schema();
    latest.name = "latest";
    RunSchema tally = tallies_schema();
    tally.keep = {};
    runs_ = Runs::open(*disk_, {latest, tally}, {.fan_in = 3}).value();
  }

  void flush_all() {
    for (std::uint64_t flush = 1; flush <= flush_count; ++flush) {
      const std::vector<Row> latest = rows_of(flush);
      std::vector<Row> tally = latest;
      for (Row& row : tally) row.column[2] = 1;
      const std::array<RunSetRows, 2> sets{RunSetRows{0, latest}, RunSetRows{1, tally}};
      require(runs_->flush(Position{flush}, sets).ok(), "flush");
      answered_ = flush;
    }
    over_ = true;
  }
  void compact_until_over() {
    while (!over_) {
      require(runs_->compact({}).ok(), "compact");
      std::this_thread::yield();
    }
    require(runs_->compact_all({}).ok(), "compact all");
  }
  // Every key is at a flush that was answered before, or a later one.
  void read_until_over(std::uint64_t seed) {
    Rng rng(seed);
    while (!over_) {
      const std::uint64_t answered = answered_;
      const std::uint64_t key = rng.below(key_count);
      Lookup lookup{key, key};
      require(runs_->view(0)->find(lookup).ok(), "find");
      std::uint64_t expected = answered;
      while (expected > 0 && key % divisor_of(expected) != 0) --expected;
      EXPECT_EQ(lookup.found, expected > 0 || lookup.found);
      if (lookup.found) {
        EXPECT_GE(lookup.row.column[2], expected);
      }
      if (rng.chance(0.1)) check_scan(answered);
      if (rng.chance(0.05)) {
        EXPECT_FALSE(runs_->hold().value().manifest.empty());
      }
    }
  }
  // The tallies of one view are those of one moment: key 0 is in every flush, and dates it.
  void check_scan(std::uint64_t answered) {
    const auto rows = read_all(*runs_->view(1));
    require(rows.ok(), "scan");
    const std::uint64_t moment = rows->empty() ? 0 : rows->front().column[2];
    EXPECT_GE(moment, answered);
    for (const Row& row : *rows) {
      std::uint64_t expected = 0;
      for (std::uint64_t flush = 1; flush <= moment; ++flush) expected += row.column[0] % divisor_of(flush) == 0;
      EXPECT_EQ(row.column[2], expected);
    }
  }

  std::unique_ptr<SimDisk> disk_ = SimDisk::make(1);
  std::unique_ptr<Runs> runs_;
  std::atomic<std::uint64_t> answered_ = 0;
  std::atomic<bool> over_ = false;
};

TEST_F(RunsThreads, FlushCompactAndReadTogether) {
  {
    const std::jthread flusher([&] { flush_all(); });
    const std::jthread compactor([&] { compact_until_over(); });
    const std::jthread reader([&] { read_until_over(1); });
    const std::jthread other_reader([&] { read_until_over(2); });
  }
  EXPECT_EQ(runs_->run_count_max(), 1U);
  ASSERT_TRUE(runs_->compact({}).ok());  // the last readers are gone now
  EXPECT_EQ(disk_->list("runs").value().size(), 3U) << "replaced files are gone";
  check_scan(flush_count);
  EXPECT_TRUE(runs_->verify().ok());
}

}  // namespace
}  // namespace zan::storage
