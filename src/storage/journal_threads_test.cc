// Readers beside the writer: each sees whole groups, in order, and only what was synced.

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/scratch_folder.h"
#include "storage/journal_twin.h"
#include "storage/sim_disk.h"

namespace zan::storage {
namespace {

constexpr std::uint64_t groups = 2000;

// Group number n holds n % 5 + 1 records that all say n.
std::vector<std::string> records_of(std::uint64_t n) {
  return std::vector<std::string>(n % 5 + 1, std::to_string(n) + std::string(n % 40, '.'));
}

void follow(const Journal& journal, Position after, const std::atomic<bool>& done) {
  const auto reader = journal.read(after).value();
  Position next{after.value + 1};
  bool first = true;
  for (Group group;;) {
    const bool last_round = done.load();
    const auto there = reader->next(group);
    ASSERT_TRUE(there.ok()) << there.error().message;
    if (!*there) {
      if (last_round) break;
      std::this_thread::yield();
      continue;
    }
    // Asked after the read: it can only have grown.
    ASSERT_LE(group.first.value + group.count - 1, journal.synced().value);
    if (first) {
      ASSERT_LE(group.first, next);
    } else {
      ASSERT_EQ(group.first, next);
    }
    first = false;
    ASSERT_EQ(copy(group).records, records_of(static_cast<std::uint64_t>(group.at.us)));
    next = {group.first.value + group.count};
  }
  EXPECT_EQ(next.value, journal.synced().value + 1);
}

void run(Disk& disk) {
  const auto journal = Journal::open(disk, {.segment_bytes = 20'000, .reserve_bytes = 4'000}).value();
  std::atomic<bool> done{false};
  std::vector<std::jthread> readers;
  readers.emplace_back([&] { follow(*journal, {}, done); });
  readers.emplace_back([&] { follow(*journal, {}, done); });
  readers.emplace_back([&] {
    while (!done) {
      const Position synced = journal->synced();
      if (!journal->before({static_cast<std::int64_t>(groups / 2)}).ok()) ADD_FAILURE();
      const auto extents = journal->extents();
      ASSERT_TRUE(extents.ok());
      if (const auto reader = journal->read(synced); !reader.ok()) ADD_FAILURE() << reader.error().message;
      std::this_thread::yield();
    }
  });
  for (std::uint64_t n = 0; n < groups; ++n) {
    ASSERT_TRUE(journal->append(build(records_of(n)), {static_cast<std::int64_t>(n)}).ok());
    if (n % 3 == 0) {
      ASSERT_TRUE(journal->sync().ok());
    }
    if (n == groups / 2) readers.emplace_back([&, at = journal->synced()] { follow(*journal, at, done); });
  }
  ASSERT_TRUE(journal->sync().ok());
  done = true;
  readers.clear();
  EXPECT_TRUE(journal->verify().ok());
}

TEST(JournalThreads, readers_follow_on_the_machine) {
  const ScratchFolder folder;
  run(*open_machine_disk(folder.path()).value());
}

TEST(JournalThreads, readers_follow_in_simulation) {
  run(*SimDisk::make(1));
}

}  // namespace
}  // namespace zan::storage
