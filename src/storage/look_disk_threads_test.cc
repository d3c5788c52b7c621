// A journal is looked at again and again while its writer appends: what was synced before is always there.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/scratch_folder.h"
#include "storage/journal_twin.h"
#include "storage/look_disk.h"

namespace zan::storage {
namespace {

TEST(LookDisk, SeesWhatWasSyncedHoweverFastTheWriterIs) {
  const ScratchFolder folder;
  const auto disk = open_machine_disk(folder.path()).value();
  const JournalOptions options{.segment_bytes = 64 << 20, .reserve_bytes = 256 << 10};
  const auto journal = Journal::open(*disk, options).value();
  std::atomic<bool> done{false};
  std::atomic<std::uint64_t> synced{0};
  std::jthread writer([&] {
    for (std::int64_t i = 1; !done; ++i) {
      ASSERT_TRUE(journal->append(build({"record", std::string(static_cast<std::size_t>(1 + i % 300), 'x')}), {i}).ok());
      ASSERT_TRUE(journal->sync().ok());
      synced = journal->synced().value;
    }
  });
  while (synced == 0) std::this_thread::yield();
  for (int round = 0; round < 50; ++round) {
    const std::uint64_t at_least = synced;
    const auto looking = open_machine_disk(folder.path()).value();
    const auto look = look_at(*looking);
    const auto seen = Journal::open(*look, options);
    ASSERT_TRUE(seen.ok()) << seen.error().message;
    EXPECT_GE((*seen)->synced().value, at_least);
    EXPECT_TRUE((*seen)->verify().ok());
  }
  done = true;
}

}  // namespace
}  // namespace zan::storage
