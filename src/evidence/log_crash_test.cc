// The log against a power cut before every single call that changes the disk: what was signed for stays signed for and
// is there, nothing is ever signed twice for one size, and every start succeeds and goes on.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>

#include "base/random.h"
#include "evidence/log.h"
#include "evidence/power_disk.h"
#include "storage/sim_disk.h"

namespace zan::evidence {
namespace {

// Small bounds: a few batches meet everything the log does.
LogOptions options() {
  return {.origin = "example.com/log", .staging_bytes_max = 40'000, .partial_files_max = 14};
}

class CrashStory {
 public:
  explicit CrashStory(std::uint64_t seed)
      : disk_(storage::SimDisk::make(seed)), entropy_(seed), rng_(seed ^ 0xe51de9ce) {}

  // Plays the story until the power goes. Returns how many changes it took, or `never` where it was cut.
  std::uint64_t play(std::uint64_t cut_before) {
    PowerDisk power(*disk_, cut_before);
    tell(power);
    if (power.is_off()) return PowerDisk::never;
    return power.changes();
  }

  void lose_power() { disk_->crash(); }

  // A start must succeed, hold whatever was ever seen, and go on.
  void check() {
    auto opened = Log::open(*disk_, entropy_, options());
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    Log& log = **opened;
    for (const auto& [size, root] : seen_) {
      const auto kept = log.check_seen({options().origin, size, root});
      ASSERT_TRUE(kept.ok()) << kept.error().message;
    }
    saw(log.checkpoint());
    saw_published();
    ASSERT_EQ(log.published_size(), log.size());
    ASSERT_TRUE(log.verify().ok()) << log.verify().error().message;
    const std::uint64_t before = log.size();
    grow(log, 300);
    ASSERT_EQ(log.size(), before + 300);
    ASSERT_TRUE(log.publish().ok());
    ASSERT_TRUE(log.verify().ok());
  }

  storage::SimDisk& disk() { return *disk_; }

 private:
  void tell(PowerDisk& power) {
    auto opened = Log::open(power, entropy_, options());
    if (!opened.ok()) return;
    Log& log = **opened;
    for (const std::size_t count : {1, 254, 2, 700, 3, 1, 600, 5}) {
      grow(log, count);
      if (power.is_off()) return;
      (void)log.publish().ok();
      saw_published();
      if (power.is_off()) return;
      if (count == 3 && !log.add_key(entropy_).ok()) return;
      if (count == 600 && !log.retire_old_keys().ok()) return;
    }
    (void)log.settle().ok();
  }

  // Entries are never the same twice: what is signed twice for one size is seen.
  void grow(Log& log, std::size_t count) {
    EntryBatch batch;
    for (std::size_t i = 0; i < count; ++i)
      ASSERT_TRUE(batch.add(as_bytes(fmt::format("entry {} {}", rng_.next(), i))).ok());
    if (log.integrate(batch).ok()) saw(log.checkpoint());
  }

  void saw(const Checkpoint& checkpoint) {
    const auto [known, is_new] = seen_.emplace(checkpoint.size, checkpoint.root);
    ASSERT_TRUE(is_new || known->second == checkpoint.root) << "two trees of size " << checkpoint.size;
  }

  void saw_published() {
    const auto bytes = storage::read_file(*disk_, "log/checkpoint");
    if (bytes.ok()) saw(parse_signed_checkpoint(as_text(*bytes))->checkpoint);
  }

  std::unique_ptr<storage::SimDisk> disk_;
  SeededEntropy entropy_;
  Rng rng_;
  std::map<std::uint64_t, Hash> seen_;
};

class LogCrash : public testing::TestWithParam<std::uint64_t> {};
INSTANTIATE_TEST_SUITE_P(Seeds, LogCrash, testing::Range(std::uint64_t{1}, std::uint64_t{4}));

TEST_P(LogCrash, before_every_change) {
  std::uint64_t cut = 0;
  for (bool whole = false; !whole; ++cut) {
    SCOPED_TRACE(fmt::format("cut before change {}", cut));
    CrashStory story(GetParam() * 1000 + cut);
    whole = story.play(cut) != PowerDisk::never;
    story.lose_power();
    ASSERT_NO_FATAL_FAILURE(story.check());
    if (HasFailure()) return;
  }
  EXPECT_GT(cut, 200u);
}

// The power goes again before every change of the start after a crash that left much to do.
TEST_P(LogCrash, during_the_start_after_a_crash) {
  const std::uint64_t first = 60 + GetParam() * 37;
  std::uint64_t cut = 0;
  for (bool whole = false; !whole; ++cut) {
    SCOPED_TRACE(fmt::format("cut before change {}, then {}", first, cut));
    CrashStory story(GetParam() * 7000 + cut);
    ASSERT_EQ(story.play(first), PowerDisk::never);
    story.lose_power();
    whole = story.play(cut) != PowerDisk::never;
    story.lose_power();
    ASSERT_NO_FATAL_FAILURE(story.check());
    if (HasFailure()) return;
  }
}

// kill -9: the page cache lives on, whatever was not synced is there.
TEST_P(LogCrash, killed_before_every_change) {
  std::uint64_t cut = 0;
  for (bool whole = false; !whole; ++cut) {
    SCOPED_TRACE(fmt::format("killed before change {}", cut));
    CrashStory story(GetParam() * 1000 + cut);
    whole = story.play(cut) != PowerDisk::never;
    ASSERT_NO_FATAL_FAILURE(story.check());
    if (HasFailure()) return;
  }
}

// Syncs and writes that fail: an error, and after a new start all that was ever answered.
TEST_P(LogCrash, failing_calls) {
  for (std::uint64_t round = 0; round < 60; ++round) {
    SCOPED_TRACE(fmt::format("round {}", round));
    CrashStory story(GetParam() * 1000 + round);
    story.disk().set_faults({.sync_failure = round % 2 == 0 ? 0.05 : 0, .write_failure = round % 3 == 0 ? 0.05 : 0});
    for (int i = 0; i < 3; ++i) {
      (void)story.play(PowerDisk::never);
      if (i == 1) story.lose_power();
    }
    story.disk().set_faults({});
    if (round % 4 == 0) story.lose_power();
    ASSERT_NO_FATAL_FAILURE(story.check());
    if (HasFailure()) return;
  }
}

TEST_P(LogCrash, a_disk_that_is_full) {
  for (std::uint64_t bytes_max = 0; bytes_max < 260'000; bytes_max += 4'099) {
    SCOPED_TRACE(fmt::format("{} bytes", bytes_max));
    CrashStory story(GetParam() * 1000 + bytes_max);
    story.disk().set_faults({.bytes_max = bytes_max});
    (void)story.play(PowerDisk::never);
    story.disk().set_faults({});
    ASSERT_NO_FATAL_FAILURE(story.check());
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace zan::evidence
