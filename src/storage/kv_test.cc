#include "storage/kv.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>

#include "base/random.h"
#include "base/scratch_folder.h"
#include "storage/kv_rocks.h"
#include "storage/sim_disk.h"

namespace zan::storage {

// The only other maker of transactions besides the engine.
class KvTestAccess {
 public:
  static WriteTxn txn() { return WriteTxn(WriteTxn::Passkey()); }
};

namespace {

const std::vector<std::string> families{"alpha", "beta"};
constexpr Family alpha = 0;
constexpr Family beta = 1;

WriteTxn txn() {
  return KvTestAccess::txn();
}

using Pairs = std::vector<std::pair<std::string, std::string>>;

Pairs scan(const Kv& kv, Family family, std::string_view prefix, std::string_view from = {}) {
  Pairs pairs;
  EXPECT_TRUE(kv.scan(family, prefix, from, [&](std::string_view key, std::string_view value) {
                  pairs.emplace_back(key, value);
                  return true;
                }).ok());
  return pairs;
}

class KvTest : public testing::TestWithParam<bool> {
 protected:
  KvTest() {
    if (GetParam())
      disk_ = open_machine_disk(folder_.path()).value();
    else
      disk_ = SimDisk::make(1);
    reopen();
  }
  void reopen(const std::vector<std::string>& names = families) {
    kv_.reset();
    auto opened = open_kv(*disk_, names);
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    kv_ = std::move(opened).value();
  }
  void put(Family family, std::string key, std::string value) {
    WriteTxn one = txn();
    one.put(family, std::move(key), std::move(value));
    ASSERT_TRUE(kv_->write(one, {kv_->position().value + 1}).ok());
  }
  std::string get(Family family, std::string_view key) { return kv_->get(family, key).value().value_or("(none)"); }

  ScratchFolder folder_;
  std::unique_ptr<Disk> disk_;
  std::unique_ptr<Kv> kv_;
};

INSTANTIATE_TEST_SUITE_P(Both, KvTest, testing::Bool(),
                         [](const auto& made_for) { return made_for.param ? "rocksdb" : "twin"; });

TEST_P(KvTest, starts_empty) {
  EXPECT_EQ(kv_->position(), Position{});
  EXPECT_EQ(get(alpha, "a"), "(none)");
  EXPECT_TRUE(scan(*kv_, alpha, "").empty());
  EXPECT_TRUE(kv_->verify().ok());
}

TEST_P(KvTest, families_are_apart) {
  put(alpha, "a", "1");
  put(beta, "a", "2");
  EXPECT_EQ(get(alpha, "a"), "1");
  EXPECT_EQ(get(beta, "a"), "2");
}

TEST_P(KvTest, a_write_met_again_changes_nothing) {
  WriteTxn first = txn();
  first.put(alpha, "a", "1");
  ASSERT_TRUE(kv_->write(first, {5}).ok());
  WriteTxn again = txn();
  again.put(alpha, "a", "2");
  ASSERT_TRUE(kv_->write(again, {5}).ok());
  ASSERT_TRUE(kv_->write(again, {4}).ok());
  EXPECT_EQ(get(alpha, "a"), "1");
  EXPECT_EQ(kv_->position(), Position{5});
  ASSERT_TRUE(kv_->write(txn(), {9}).ok());
  EXPECT_EQ(kv_->position(), Position{9});
}

TEST_P(KvTest, prefixes_go_before_the_rest_of_their_transaction) {
  for (const char* key : {"a", "b", "b1", "b\xff", "b\xff\xff", "c"}) put(alpha, key, "old");
  WriteTxn change = txn();
  change.put(alpha, "b1", "new");
  change.remove_prefix(alpha, "b");
  change.remove(alpha, "a");
  ASSERT_TRUE(kv_->write(change, {100}).ok());
  EXPECT_EQ(scan(*kv_, alpha, ""), (Pairs{{"b1", "new"}, {"c", "old"}}));
}

TEST_P(KvTest, a_prefix_without_a_successor_goes_too) {
  for (const char* key : {"a", "\xff", "\xff\xff", "\xff\xff\x01"}) put(alpha, key, "x");
  WriteTxn change = txn();
  change.remove_prefix(alpha, "\xff\xff");
  ASSERT_TRUE(kv_->write(change, {100}).ok());
  EXPECT_EQ(scan(*kv_, alpha, ""), (Pairs{{"a", "x"}, {"\xff", "x"}}));
  WriteTxn all = txn();
  all.remove_prefix(alpha, "");
  ASSERT_TRUE(kv_->write(all, {101}).ok());
  EXPECT_TRUE(scan(*kv_, alpha, "").empty());
}

TEST_P(KvTest, scans_a_prefix_from_a_key_until_told_to_stop) {
  for (const char* key : {"a", "b", "b1", "b2", "b3", "c"}) put(alpha, key, key);
  EXPECT_EQ(scan(*kv_, alpha, "b", "b2"), (Pairs{{"b2", "b2"}, {"b3", "b3"}}));
  EXPECT_EQ(scan(*kv_, alpha, "b", "a").size(), 4u);
  EXPECT_TRUE(scan(*kv_, alpha, "b", "c").empty());
  int seen = 0;
  ASSERT_TRUE(kv_->scan(alpha, "", "", [&](auto, auto) { return ++seen < 3; }).ok());
  EXPECT_EQ(seen, 3);
}

TEST_P(KvTest, keeps_what_was_flushed) {
  put(alpha, "a", "1");
  put(beta, "b", "2");
  ASSERT_TRUE(kv_->flush().ok());
  reopen();
  EXPECT_EQ(get(alpha, "a"), "1");
  EXPECT_EQ(get(beta, "b"), "2");
  EXPECT_EQ(kv_->position(), Position{2});
  EXPECT_TRUE(kv_->verify().ok());
}

TEST_P(KvTest, is_whole_as_of_some_position_after_a_stop) {
  put(alpha, "a", "1");
  put(beta, "b", "1");
  ASSERT_TRUE(kv_->flush().ok());
  put(alpha, "a", "2");
  put(beta, "b", "2");
  reopen();
  const Position position = kv_->position();
  EXPECT_TRUE(position == Position{2} || position == Position{4}) << position.value;
  const std::string expected = position == Position{2} ? "1" : "2";
  EXPECT_EQ(get(alpha, "a"), expected);
  EXPECT_EQ(get(beta, "b"), expected);
}

TEST_P(KvTest, more_families_may_come) {
  put(alpha, "a", "1");
  ASSERT_TRUE(kv_->flush().ok());
  reopen({"alpha", "beta", "gamma"});
  put(2, "c", "3");
  EXPECT_EQ(get(alpha, "a"), "1");
  EXPECT_EQ(get(2, "c"), "3");
}

TEST_P(KvTest, none_may_go) {
  put(beta, "a", "1");
  ASSERT_TRUE(kv_->flush().ok());
  kv_.reset();
  const auto opened = open_kv(*disk_, {"alpha"});
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().kind, ErrorKind::corrupt);
}

TEST_P(KvTest, compaction_changes_nothing) {
  for (int i = 0; i < 100; ++i) put(alpha, std::to_string(i), "value");
  WriteTxn change = txn();
  change.remove_prefix(alpha, "1");
  ASSERT_TRUE(kv_->write(change, {1000}).ok());
  const auto before = scan(*kv_, alpha, "");
  ASSERT_TRUE(kv_->compact().ok());
  EXPECT_EQ(scan(*kv_, alpha, ""), before);
  EXPECT_EQ(before.size(), 89u);
}

// Against std::map, with restarts: after each the store is what it was at its position.
void against_a_map(bool rocksdb, std::uint64_t seed) {
  const ScratchFolder folder;
  const std::unique_ptr<Disk> disk =
      rocksdb ? open_machine_disk(folder.path()).value() : std::unique_ptr<Disk>(SimDisk::make(seed));
  auto kv = open_kv(*disk, families).value();
  Rng rng(seed);
  std::vector<std::array<std::map<std::string, std::string>, 2>> history(1);  // by position
  const auto key = [&] { return std::string(1 + rng.below(3), static_cast<char>('a' + rng.below(3))); };
  for (int step = 0; step < 120; ++step) {
    auto next = history.back();
    WriteTxn change = txn();
    if (rng.chance(0.4)) {
      const auto family = static_cast<Family>(rng.below(2));
      const std::string prefix = key();
      change.remove_prefix(family, prefix);
      std::erase_if(next[family], [&](const auto& entry) { return entry.first.starts_with(prefix); });
    }
    for (std::uint64_t left = rng.below(5); left > 0; --left) {
      const auto family = static_cast<Family>(rng.below(2));
      const std::string at = key();
      if (rng.chance(0.7)) {
        change.put(family, at, std::to_string(step));
        next[family][at] = std::to_string(step);
      } else {
        change.remove(family, at);
        next[family].erase(at);
      }
    }
    RC_ASSERT(kv->write(change, {history.size()}).ok());
    history.push_back(next);
    if (rng.chance(0.1)) RC_ASSERT(kv->flush().ok());
    if (rng.chance(0.05)) {
      kv.reset();
      kv = open_kv(*disk, families).value();
      RC_ASSERT(kv->position().value < history.size());
      history.resize(kv->position().value + 1);
    }
    for (const Family family : {alpha, beta}) {
      const Pairs expected(history.back()[family].begin(), history.back()[family].end());
      RC_ASSERT(scan(*kv, family, "") == expected);
    }
  }
}

RC_GTEST_PROP(KvTwin, is_a_map, (std::uint64_t seed)) {
  against_a_map(false, seed);
}

TEST(KvRocks, is_a_map) {
  for (std::uint64_t seed = 0; seed < 3; ++seed) against_a_map(true, seed);
}

TEST(KvTwin, forgets_what_was_not_flushed_when_the_power_goes) {
  const auto disk = SimDisk::make(1);
  auto kv = open_kv(*disk, families).value();
  WriteTxn change = txn();
  change.put(alpha, "a", "1");
  ASSERT_TRUE(kv->write(change, {1}).ok());
  ASSERT_TRUE(kv->flush().ok());
  WriteTxn later = txn();
  later.put(alpha, "a", "2");
  ASSERT_TRUE(kv->write(later, {2}).ok());
  kv.reset();
  disk->crash();
  kv = open_kv(*disk, families).value();
  EXPECT_EQ(kv->position(), Position{1});
  EXPECT_EQ(kv->get(alpha, "a").value(), "1");
}

TEST(KvTwin, meets_a_full_disk_and_damage) {
  const auto disk = SimDisk::make(1);
  auto kv = open_kv(*disk, families).value();
  WriteTxn change = txn();
  change.put(alpha, "a", "1");
  ASSERT_TRUE(kv->write(change, {1}).ok());
  disk->set_faults({.bytes_max = 10});
  EXPECT_EQ(kv->flush().error().kind, ErrorKind::unavailable);
  disk->set_faults({});
  ASSERT_TRUE(kv->flush().ok());
  EXPECT_EQ(kv->checkpoint("anywhere").error().kind, ErrorKind::unsupported);
  const std::size_t size = read_file(*disk, "kv/twin")->size();
  for (std::size_t offset = 0; offset < size; ++offset) {
    ASSERT_TRUE(disk->flip("kv/twin", offset, 3).ok());
    EXPECT_EQ(kv->verify().error().kind, ErrorKind::corrupt) << offset;
    EXPECT_EQ(open_kv(*disk, families).error().kind, ErrorKind::corrupt) << offset;
    ASSERT_TRUE(disk->flip("kv/twin", offset, 3).ok());
  }
  EXPECT_TRUE(kv->verify().ok());
}

TEST(KvRocks, a_checkpoint_is_the_store) {
  const ScratchFolder folder;
  const auto disk = open_machine_disk(folder.path() + "/data").value();
  const auto kv = open_kv(*disk, families).value();
  WriteTxn change = txn();
  change.put(alpha, "a", "1");
  ASSERT_TRUE(kv->write(change, {7}).ok());
  std::filesystem::create_directory(folder.path() + "/copy");
  ASSERT_TRUE(kv->checkpoint(folder.path() + "/copy/kv").ok());
  EXPECT_FALSE(kv->checkpoint(folder.path() + "/copy/kv").ok());
  const auto copy_disk = open_machine_disk(folder.path() + "/copy").value();
  const auto copy = open_kv(*copy_disk, families).value();
  EXPECT_EQ(copy->position(), Position{7});
  EXPECT_EQ(copy->get(alpha, "a").value(), "1");
}

std::string all_bytes(const std::string& folder) {
  std::string bytes;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    bytes.append(std::istreambuf_iterator<char>(file), {});
  }
  return bytes;
}

TEST(KvRocks, nothing_removed_is_left_after_a_compaction) {
  const ScratchFolder folder;
  const auto disk = open_machine_disk(folder.path()).value();
  const auto kv = open_kv(*disk, families).value();
  for (const char* word : {"first-secret", "second-secret", "kept-value"}) {
    WriteTxn change = txn();
    change.put(alpha, std::string(word).substr(0, 3), word);
    ASSERT_TRUE(kv->write(change, {kv->position().value + 1}).ok());
    ASSERT_TRUE(kv->flush().ok());
  }
  EXPECT_NE(all_bytes(folder.path()).find("first-secret"), std::string::npos);
  WriteTxn change = txn();
  change.remove(alpha, "fir");
  change.remove_prefix(alpha, "se");
  ASSERT_TRUE(kv->write(change, {100}).ok());
  ASSERT_TRUE(kv->compact().ok());
  const std::string bytes = all_bytes(folder.path());
  EXPECT_EQ(bytes.find("first-secret"), std::string::npos);
  EXPECT_EQ(bytes.find("second-secret"), std::string::npos);
  EXPECT_NE(bytes.find("kept-value"), std::string::npos);
}

TEST(KvRocks, damage_is_named) {
  const ScratchFolder folder;
  const auto disk = open_machine_disk(folder.path()).value();
  auto kv = open_kv(*disk, families).value();
  for (int i = 0; i < 1000; ++i) {
    WriteTxn change = txn();
    change.put(alpha, std::to_string(i), std::string(50, static_cast<char>('a' + i % 26)));
    ASSERT_TRUE(kv->write(change, {kv->position().value + 1}).ok());
  }
  ASSERT_TRUE(kv->flush().ok());
  kv.reset();
  for (const auto& entry : std::filesystem::directory_iterator(folder.path() + "/kv")) {
    if (entry.path().extension() != ".sst") continue;
    std::fstream file(entry.path(), std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(100);
    file.put('\x55');
  }
  const auto opened = open_kv(*disk, families);
  const auto verified = opened.ok() ? opened.value()->verify() : Result<void>(opened.error());
  ASSERT_FALSE(verified.ok());
  EXPECT_EQ(verified.error().kind, ErrorKind::corrupt) << verified.error().message;
}

// A disk that is full, on command, for RocksDB.
class FullFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  FullFile(std::unique_ptr<rocksdb::FSWritableFile> file, const std::atomic<bool>& full)
      : FSWritableFileOwnerWrapper(std::move(file)), full_(full) {}
  rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                           rocksdb::IODebugContext* context) override {
    return full_ ? rocksdb::IOStatus::NoSpace("simulated") : FSWritableFileOwnerWrapper::Append(data, options, context);
  }
  rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                           const rocksdb::DataVerificationInfo& info, rocksdb::IODebugContext* context) override {
    return full_ ? rocksdb::IOStatus::NoSpace("simulated")
                 : FSWritableFileOwnerWrapper::Append(data, options, info, context);
  }

 private:
  const std::atomic<bool>& full_;
};

class FullFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  FullFileSystem() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  const char* Name() const override { return "FullFileSystem"; }
  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* result,
                                    rocksdb::IODebugContext* context) override {
    const auto status = FileSystemWrapper::NewWritableFile(name, options, result, context);
    if (status.ok()) *result = std::make_unique<FullFile>(std::move(*result), full);
    return status;
  }
  std::atomic<bool> full{false};
};

TEST(KvRocks, goes_on_when_a_full_disk_has_room_again) {
  const ScratchFolder folder;
  const auto files = std::make_shared<FullFileSystem>();
  const auto env = rocksdb::NewCompositeEnv(files);
  auto kv = open_rocks_kv(folder.path() + "/kv", families, env.get()).value();
  const auto put = [&](std::uint64_t at) {
    WriteTxn change = txn();
    change.put(alpha, std::to_string(at), "value");
    return kv->write(change, {at});
  };
  ASSERT_TRUE(put(1).ok());
  files->full = true;
  for (int i = 0; i < 3; ++i) {
    const auto flushed = kv->flush();
    ASSERT_FALSE(flushed.ok());
    EXPECT_EQ(flushed.error().kind, ErrorKind::unavailable);
    EXPECT_NE(flushed.error().message.find("no space left"), std::string::npos) << flushed.error().message;
  }
  const bool written_meanwhile = put(2).ok();
  files->full = false;
  if (!written_meanwhile) {
    ASSERT_TRUE(put(2).ok());
  }
  const auto flushed = kv->flush();
  ASSERT_TRUE(flushed.ok()) << flushed.error().message;
  kv.reset();
  kv = open_rocks_kv(folder.path() + "/kv", families, env.get()).value();
  EXPECT_EQ(kv->position(), Position{2});
  EXPECT_EQ(kv->get(alpha, "1").value(), "value");
  EXPECT_EQ(kv->get(alpha, "2").value(), "value");
}

}  // namespace
}  // namespace zan::storage
