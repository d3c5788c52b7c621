#include "evidence/log_copy.h"

#include <gtest/gtest.h>

#include "evidence/evidence.h"
#include "storage/sim_disk.h"

namespace zan::evidence {
namespace {

constexpr const char* origin = "example.org/log";

void grow(Log& log, std::uint64_t to) {
  EntryBatch batch;
  for (std::uint64_t i = log.size(); i < to; ++i) ASSERT_TRUE(batch.add(as_bytes("entry " + std::to_string(i))).ok());
  ASSERT_TRUE(log.integrate(batch).ok());
  ASSERT_TRUE(log.publish().ok());
}

TEST(LogCopy, opens_as_the_log_it_was_and_goes_on) {
  for (const std::uint64_t size : {0U, 1U, 255U, 256U, 257U, 700U, 66'000U}) {
    SeededEntropy entropy(1);
    const auto disk = storage::SimDisk::make(1);
    const auto copy = storage::SimDisk::make(2);
    const auto log = Log::open(*disk, entropy, {.origin = origin}).value();
    if (size > 0) grow(*log, size);
    const Checkpoint before = log->checkpoint();
    const auto paths = copy_log(*disk, *copy);
    ASSERT_TRUE(paths.ok()) << paths.error().message;
    ASSERT_TRUE(copy->sync_all().ok());
    auto opened = Log::open(*copy, entropy, {.origin = origin});
    ASSERT_TRUE(opened.ok()) << size << ": " << opened.error().message;
    EXPECT_EQ((*opened)->checkpoint(), before);
    EXPECT_TRUE((*opened)->verify().ok());
    grow(*log, size + 300);
    grow(**opened, size + 300);
    EXPECT_EQ((*opened)->checkpoint(), log->checkpoint());
  }
}

TEST(LogCopy, takes_what_a_full_tile_begins_with_when_the_partial_one_is_gone) {
  SeededEntropy entropy(1);
  const auto disk = storage::SimDisk::make(1);
  const auto copy = storage::SimDisk::make(2);
  const auto log = Log::open(*disk, entropy, {.origin = origin}).value();
  grow(*log, 100);
  const Bytes old = storage::read_file(*disk, "log/checkpoint").value();
  grow(*log, 300);
  grow(*log, 310);
  ASSERT_TRUE(log->settle().ok());
  ASSERT_FALSE(disk->exists("log/tile/0/000.p/100").value());
  ASSERT_TRUE(storage::write_file(*disk, "log/checkpoint", old).ok());
  ASSERT_TRUE(copy_log(*disk, *copy).ok());
  auto opened = Log::open(*copy, entropy, {.origin = origin});
  ASSERT_TRUE(opened.ok()) << opened.error().message;
  EXPECT_EQ((*opened)->size(), 100U);
  EXPECT_TRUE((*opened)->verify().ok());
}

TEST(LogCopy, of_nothing_is_nothing) {
  const auto disk = storage::SimDisk::make(1);
  const auto copy = storage::SimDisk::make(2);
  EXPECT_TRUE(copy_log(*disk, *copy).value().empty());
  EXPECT_TRUE(copy->list("").value().empty());
}

}  // namespace
}  // namespace zan::evidence
