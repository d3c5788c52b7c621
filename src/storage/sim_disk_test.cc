#include "storage/sim_disk.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "base/random.h"

namespace zan::storage {
namespace {

std::string content(Disk& disk, std::string_view path) {
  const auto bytes = read_file(disk, path);
  return bytes.ok() ? std::string(as_text(*bytes)) : "(none)";
}

void put(Disk& disk, std::string_view path, std::string_view text) {
  const auto file = disk.open(path, OpenMode::write).value();
  ASSERT_TRUE(file->write_at(0, as_bytes(text)).ok());
}

TEST(SimDisk, keeps_what_was_synced) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const auto disk = SimDisk::make(seed);
    ASSERT_TRUE(write_file(*disk, "a", as_bytes("promised")).ok());
    disk->crash();
    EXPECT_EQ(content(*disk, "a"), "promised");
  }
}

TEST(SimDisk, sync_all_promises_everything_before_it) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const auto disk = SimDisk::make(seed);
    ASSERT_TRUE(disk->make_folder("f").ok());
    ASSERT_TRUE(disk->make_folder("gone").ok());
    put(*disk, "f/a", "one");
    put(*disk, "f/b", "two");
    ASSERT_TRUE(disk->rename("f/b", "f/c").ok());
    ASSERT_TRUE(disk->remove_folder("gone").ok());
    ASSERT_TRUE(disk->sync_all().ok());
    put(*disk, "f/a", "eno");
    disk->crash();
    EXPECT_EQ(*disk->list(""), std::vector<std::string>{"f"});
    EXPECT_EQ(*disk->list("f"), (std::vector<std::string>{"a", "c"}));
    EXPECT_EQ(content(*disk, "f/a").size(), 3u);
    EXPECT_EQ(content(*disk, "f/c"), "two");
  }
}

TEST(SimDisk, a_failed_sync_all_promises_nothing) {
  const auto disk = SimDisk::make(1);
  ASSERT_TRUE(write_file(*disk, "a", as_bytes("old")).ok());
  put(*disk, "a", "new");
  disk->set_faults({.sync_failure = 1});
  EXPECT_EQ(disk->sync_all().error().kind, ErrorKind::unavailable);
  disk->set_faults({});
  ASSERT_TRUE(disk->sync_all().ok());
  EXPECT_EQ(content(*disk, "a"), "new");
  disk->crash();
  EXPECT_EQ(content(*disk, "a"), "old");
}

TEST(SimDisk, may_lose_a_name_that_was_not_synced) {
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const auto disk = SimDisk::make(seed);
    const auto file = disk->open("a", OpenMode::write).value();
    ASSERT_TRUE(file->write_at(0, as_bytes("x")).ok());
    ASSERT_TRUE(file->sync().ok());
    disk->crash();
    seen.insert(content(*disk, "a"));
  }
  EXPECT_EQ(seen, (std::set<std::string>{"(none)", "x"}));
}

TEST(SimDisk, a_rename_happens_or_does_not) {
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const auto disk = SimDisk::make(seed);
    ASSERT_TRUE(write_file(*disk, "a", as_bytes("old")).ok());
    ASSERT_TRUE(write_file(*disk, "b", as_bytes("new")).ok());
    ASSERT_TRUE(disk->rename("b", "a").ok());
    disk->crash();
    seen.insert(content(*disk, "a") + " " + content(*disk, "b"));
  }
  EXPECT_EQ(seen, (std::set<std::string>{"old new", "new (none)"}));
}

TEST(SimDisk, tears_what_was_not_synced) {
  std::set<std::string> fates;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const auto disk = SimDisk::make(seed);
    ASSERT_TRUE(write_file(*disk, "a", as_bytes(std::string(2000, 'o'))).ok());
    put(*disk, "a", std::string(2000, 'n'));
    disk->crash();
    const std::string text = content(*disk, "a");
    ASSERT_EQ(text.size(), 2000u);
    ASSERT_EQ(text.find_first_not_of("on"), std::string::npos);
    const bool has_old = text.find('o') != std::string::npos;
    const bool has_new = text.find('n') != std::string::npos;
    fates.insert(has_old && has_new ? "torn" : has_old ? "lost" : "kept");
  }
  EXPECT_EQ(fates, (std::set<std::string>{"torn", "lost", "kept"}));
}

TEST(SimDisk, handles_die_with_the_power) {
  const auto disk = SimDisk::make(1);
  const auto file = disk->open("a", OpenMode::write).value();
  const auto held = disk->lock("LOCK").value();
  disk->crash();
  EXPECT_EQ(file->write_at(0, as_bytes("x")).error().kind, ErrorKind::unavailable);
  EXPECT_FALSE(file->sync().ok());
  EXPECT_FALSE(file->size().ok());
  EXPECT_TRUE(disk->lock("LOCK").ok());
}

TEST(SimDisk, a_full_disk_takes_what_fits) {
  const auto disk = SimDisk::make(1);
  disk->set_faults({.bytes_max = 10});
  const auto file = disk->open("a", OpenMode::write).value();
  ASSERT_TRUE(file->write_at(0, as_bytes("12345678")).ok());
  const auto full = file->write_at(8, as_bytes("9abc"));
  ASSERT_FALSE(full.ok());
  EXPECT_EQ(full.error().message, "a: no space left");
  EXPECT_EQ(content(*disk, "a"), "123456789a");
  EXPECT_EQ(disk->bytes_used(), 10u);
  EXPECT_EQ(*disk->free_bytes(), 0u);
  EXPECT_TRUE(file->write_at(0, as_bytes("again fits")).ok());
  EXPECT_FALSE(file->truncate(11).ok());
  ASSERT_TRUE(file->truncate(4).ok());
  EXPECT_EQ(*disk->free_bytes(), 6u);
  ASSERT_TRUE(disk->remove("a").ok());
  EXPECT_EQ(disk->bytes_used(), 0u);
}

TEST(SimDisk, what_a_failed_sync_dropped_looks_written_and_is_not) {
  const auto disk = SimDisk::make(1);
  ASSERT_TRUE(write_file(*disk, "a", as_bytes("old")).ok());
  const auto file = disk->open("a", OpenMode::write).value();
  ASSERT_TRUE(file->write_at(0, as_bytes("new")).ok());
  disk->set_faults({.sync_failure = 1});
  EXPECT_FALSE(file->sync().ok());
  disk->set_faults({});
  EXPECT_TRUE(file->sync().ok());
  EXPECT_EQ(content(*disk, "a"), "new");
  disk->crash();
  EXPECT_EQ(content(*disk, "a"), "old");
}

TEST(SimDisk, a_failed_write_leaves_a_prefix) {
  const auto disk = SimDisk::make(1);
  const auto file = disk->open("a", OpenMode::write).value();
  disk->set_faults({.write_failure = 1});
  EXPECT_FALSE(file->write_pair_at(0, as_bytes("abc"), as_bytes("def")).ok());
  EXPECT_LT(*file->size(), 6u);
  EXPECT_TRUE(std::string_view("abcdef").starts_with(content(*disk, "a")));
}

TEST(SimDisk, flips_one_bit_for_good) {
  const auto disk = SimDisk::make(1);
  ASSERT_TRUE(write_file(*disk, "a", as_bytes("abc")).ok());
  ASSERT_TRUE(disk->flip("a", 1, 0).ok());
  EXPECT_EQ(content(*disk, "a"), "acc");
  disk->crash();
  EXPECT_EQ(content(*disk, "a"), "acc");
  EXPECT_FALSE(disk->flip("a", 3, 0).ok());
  EXPECT_FALSE(disk->flip("b", 0, 0).ok());
}

TEST(SimDisk, announces_calls_and_crashes) {
  const auto disk = SimDisk::make(1);
  int calls = 0;
  int crashes = 0;
  disk->set_faults({.before_call = [&] { ++calls; }});
  disk->on_crash([&] { ++crashes; });
  ASSERT_TRUE(write_file(*disk, "a", as_bytes("x")).ok());
  EXPECT_GE(calls, 5);
  disk->crash();
  EXPECT_EQ(crashes, 1);
}

// The same calls with the same seed end in the same bytes, whatever the crashes did.
RC_GTEST_PROP(SimDisk, is_reproducible, (std::uint64_t seed)) {
  const auto run = [&] {
    const auto disk = SimDisk::make(seed);
    Rng rng(seed + 1);
    std::string trace;
    for (int step = 0; step < 60; ++step) {
      const std::string path = std::string(1, static_cast<char>('a' + rng.below(3)));
      switch (rng.below(6)) {
        case 0:
          disk->crash();
          break;
        case 1:
          (void)disk->sync_folder("").ok();
          break;
        case 2:
          (void)disk->rename(path, "a").ok();
          break;
        case 3:
          (void)disk->remove(path).ok();
          break;
        default: {
          const auto file = disk->open(path, OpenMode::write).value();
          (void)file->write_at(rng.below(2000), as_bytes(std::string(rng.below(1500), path[0]))).ok();
          if (rng.chance(0.5)) (void)file->sync().ok();
        }
      }
      for (const char* name : {"a", "b", "c"}) trace += content(*disk, name) + ";";
    }
    return trace;
  };
  RC_ASSERT(run() == run());
}

// After sync() of a file whose name is synced, a crash changes nothing of it, ever.
RC_GTEST_PROP(SimDisk, promises_hold, (std::uint64_t seed)) {
  const auto disk = SimDisk::make(seed);
  Rng rng(seed);
  RC_ASSERT(write_file(*disk, "a", {}).ok());
  std::string promised;
  for (int step = 0; step < 40; ++step) {
    const auto file = disk->open("a", OpenMode::write).value();
    const std::string text(1 + rng.below(3000), static_cast<char>('a' + step % 26));
    RC_ASSERT(file->write_at(promised.size(), as_bytes(text)).ok());
    if (rng.chance(0.5)) {
      RC_ASSERT(file->sync().ok());
      promised += text;
    } else {
      if (rng.chance(0.5)) disk->crash();
      RC_ASSERT(content(*disk, "a").starts_with(promised));
      const auto again = disk->open("a", OpenMode::write).value();
      RC_ASSERT(again->truncate(promised.size()).ok());
      RC_ASSERT(again->sync().ok());
    }
  }
}

}  // namespace
}  // namespace zan::storage
