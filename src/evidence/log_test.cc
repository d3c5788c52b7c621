#include "evidence/log.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <map>
#include <set>

#include "base/random.h"
#include "evidence/cosignature.h"
#include "evidence/merkle_twin.h"
#include "evidence/proof_file.h"
#include "storage/sim_disk.h"

namespace zan::evidence {
namespace {

constexpr const char* origin = "example.com/log";

class LogTest : public testing::Test {
 protected:
  Result<void> start(LogOptions options = {}) {
    log_.reset();
    options.origin = origin;
    ZAN_ASSIGN(log_, Log::open(*disk_, entropy_, options));
    return {};
  }
  void grow(std::size_t count) {
    EntryBatch batch;
    for (std::size_t i = 0; i < count; ++i) {
      ASSERT_TRUE(batch.add(all_[entries_.size()]).ok());
      entries_.push_back(all_[entries_.size()]);
    }
    const auto integrated = log_->integrate(batch);
    ASSERT_TRUE(integrated.ok()) << integrated.error().message;
  }
  void grow_and_publish(std::size_t count) {
    grow(count);
    ASSERT_TRUE(log_->publish().ok());
  }
  std::string text(const std::string& path) {
    const auto bytes = storage::read_file(*disk_, path);
    return bytes.ok() ? std::string(as_text(*bytes)) : std::string("(none)");
  }
  // Every file below a folder.
  std::vector<std::string> files(const std::string& folder) {
    std::vector<std::string> all;
    const auto names = disk_->list(folder);
    if (!names.ok()) return all;
    for (const std::string& name : *names) {
      const std::string path = folder.empty() ? name : folder + "/" + name;
      const auto below = files(path);
      all.insert(all.end(), below.begin(), below.end());
      if (below.empty() && storage::read_file(*disk_, path).ok()) all.push_back(path);
    }
    return all;
  }
  Hash twin_root() const { return twin::root(twin::leaves_of(entries_)); }

  const std::vector<Bytes> all_ = twin::random_entries(3'000, 1);
  std::vector<Bytes> entries_;
  std::unique_ptr<storage::SimDisk> disk_ = storage::SimDisk::make(1);
  SeededEntropy entropy_{1};
  std::unique_ptr<Log> log_;
};

TEST_F(LogTest, begins_with_nothing_signed_and_published) {
  ASSERT_TRUE(start().ok());
  EXPECT_EQ(log_->size(), 0u);
  const auto published = open_checkpoint(text("log/checkpoint"), origin, log_->verifiers());
  ASSERT_TRUE(published.ok());
  EXPECT_EQ(published->checkpoint, (Checkpoint{origin, 0, empty_root()}));
  EXPECT_EQ(parse_vkey(text("log/log.vkey").substr(0, text("log/log.vkey").size() - 1)).value(), log_->verifiers()[0]);
  EXPECT_EQ(start({.folder = "no/such"}).error().kind, ErrorKind::not_found);
}

TEST_F(LogTest, its_tiles_and_roots_are_those_of_the_definition) {
  ASSERT_TRUE(start().ok());
  for (const std::size_t count : {1, 1, 254, 1, 255, 300, 0, 700, 512, 900}) {
    ASSERT_NO_FATAL_FAILURE(grow_and_publish(count));
    ASSERT_EQ(log_->checkpoint().root, twin_root());
    const twin::MemoryTiles wanted(entries_, entries_.size());
    for (const auto& [path, bytes] : wanted.files) ASSERT_EQ(text("log/" + path), as_text(bytes)) << path;
    ASSERT_TRUE(log_->verify().ok());
    const auto published = open_checkpoint(text("log/checkpoint"), origin, log_->verifiers());
    ASSERT_EQ(published->checkpoint, log_->checkpoint());
  }
}

TEST_F(LogTest, proves_what_it_holds) {
  ASSERT_TRUE(start().ok());
  grow_and_publish(1'000);
  auto reader = log_->reader().value();
  for (const std::uint64_t index : {0, 1, 255, 256, 999}) {
    const ProofFile proof{{}, index, reader.inclusion(index).value(), text("log/checkpoint")};
    const auto again = parse_proof_file(to_text(proof)).value();
    EXPECT_TRUE(verify_proof_file(again, leaf_hash(entries_[index]), trust_one_log(log_->verifiers()[0])).ok());
    EXPECT_EQ(reader.entry(index).value(), entries_[index]);
  }
}

TEST_F(LogTest, goes_on_after_a_restart) {
  for (const std::size_t count : {1, 300, 256, 255, 512}) {
    ASSERT_TRUE(start().ok());
    EXPECT_EQ(log_->size(), entries_.size());
    grow_and_publish(count);
    EXPECT_EQ(log_->checkpoint().root, twin_root());
  }
  ASSERT_TRUE(log_->settle().ok());
  ASSERT_TRUE(start().ok());
  EXPECT_EQ(log_->checkpoint().root, twin_root());
}

TEST_F(LogTest, a_checkpoint_that_was_signed_and_not_published_is_published_by_the_next_start) {
  ASSERT_TRUE(start().ok());
  grow(10);
  EXPECT_EQ(log_->published_size(), 0u);
  ASSERT_TRUE(start().ok());
  EXPECT_EQ(parse_signed_checkpoint(text("log/checkpoint"))->checkpoint.size, 10u);
}

TEST_F(LogTest, batches_are_bounded) {
  EntryBatch batch;
  EXPECT_EQ(batch.add(Bytes(entry_bytes_max + 1)).error().kind, ErrorKind::invalid);
  for (std::size_t i = 0; i < batch_bytes_max / (entry_bytes_max + entry_length_bytes); ++i)
    ASSERT_TRUE(batch.add(Bytes(entry_bytes_max)).ok());
  EXPECT_EQ(batch.add(Bytes(entry_bytes_max)).error().kind, ErrorKind::limited);
  ASSERT_TRUE(start().ok());
  ASSERT_TRUE(log_->integrate(batch).ok());
  EXPECT_EQ(log_->reader()->entry(0).value().size(), entry_bytes_max);
  batch.clear();
  for (std::size_t i = 0; i < batch_entries_max; ++i) ASSERT_TRUE(batch.add({}).ok());
  EXPECT_EQ(batch.add({}).error().kind, ErrorKind::limited);
}

TEST_F(LogTest, partial_tiles_go_once_the_full_ones_are_there_and_a_later_checkpoint_is_published) {
  ASSERT_TRUE(start({.partial_files_max = 1'000'000}).ok());
  for (int i = 0; i < 20; ++i) grow_and_publish(10);
  EXPECT_EQ(disk_->list("log/tile/0/000.p")->size(), 20u);
  grow_and_publish(100);
  ASSERT_TRUE(log_->settle().ok());
  // The checkpoint before the last one still needs it.
  EXPECT_TRUE(*disk_->exists("log/tile/0/000.p/200"));
  grow_and_publish(1);
  ASSERT_TRUE(log_->settle().ok());
  EXPECT_FALSE(*disk_->exists("log/tile/0/000.p"));
  EXPECT_FALSE(*disk_->exists("log/tile/entries/000.p"));
  EXPECT_EQ(*disk_->list("log/tile/0/001.p"), (std::vector<std::string>{"44", "45"}));
  ASSERT_TRUE(log_->verify().ok());
  grow_and_publish(300);
  ASSERT_TRUE(start().ok());
  grow_and_publish(1);
  grow_and_publish(1);
  ASSERT_TRUE(log_->settle().ok());
  EXPECT_FALSE(*disk_->exists("log/tile/0/001.p"));
}

TEST_F(LogTest, partial_files_never_pile_up) {
  ASSERT_TRUE(start({.partial_files_max = 50}).ok());
  for (int i = 0; i < 150; ++i) grow_and_publish(13);
  std::size_t partial = 0;
  for (const std::string& path : files("log/tile")) partial += path.find(".p/") != std::string::npos ? 1 : 0;
  EXPECT_LT(partial, 110u);
}

TEST_F(LogTest, staging_is_bounded) {
  ASSERT_TRUE(start({.staging_bytes_max = 10'000}).ok());
  for (int i = 0; i < 100; ++i) {
    grow_and_publish(20);
    ASSERT_LT(text("evidence/staging").size(), 10'200u);
  }
}

TEST_F(LogTest, one_process_at_a_time) {
  ASSERT_TRUE(start().ok());
  SeededEntropy entropy(2);
  EXPECT_EQ(Log::open(*disk_, entropy, {.origin = origin}).error().kind, ErrorKind::conflict);
}

TEST_F(LogTest, refuses_to_sign_when_somebody_else_has) {
  ASSERT_TRUE(start().ok());
  grow_and_publish(5);
  ASSERT_TRUE(storage::write_file(*disk_, "evidence/signed", as_bytes(text("evidence/signed") + " ")).ok());
  EntryBatch batch;
  ASSERT_TRUE(batch.add(as_bytes("one too many")).ok());
  EXPECT_EQ(log_->integrate(batch).error().kind, ErrorKind::conflict);
  EXPECT_TRUE(log_->broken());
  EXPECT_EQ(log_->integrate(batch).error().kind, ErrorKind::unavailable);
  EXPECT_EQ(log_->publish().error().kind, ErrorKind::unavailable);
}

// A bit that flips between memory and file is noticed before the signature, and the batch was never there.
TEST_F(LogTest, does_not_sign_what_the_disk_gives_back_otherwise) {
  ASSERT_TRUE(start().ok());
  grow_and_publish(5);
  ASSERT_TRUE(log_->settle().ok());
  bool flipped = false;
  disk_->set_faults({.before_call = [&] {
    if (!flipped) flipped = disk_->flip("evidence/staging", 140, 3).ok();
  }});
  EntryBatch batch;
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(batch.add(as_bytes("an entry of some length")).ok());
  EXPECT_EQ(log_->integrate(batch).error().kind, ErrorKind::corrupt);
  EXPECT_TRUE(flipped);
  EXPECT_TRUE(log_->broken());
  disk_->set_faults({});
  ASSERT_TRUE(start().ok());
  EXPECT_EQ(log_->size(), 5u);
  grow_and_publish(5);
  EXPECT_EQ(log_->checkpoint().root, twin_root());
}

// What a backup holds: every file of the folders `log` and `evidence`.
using Backup = std::map<std::string, std::string>;

class RestoredLogTest : public LogTest {
 protected:
  Backup backup() {
    Backup copy;
    for (const char* folder : {"log", "evidence"}) {
      for (const std::string& path : files(folder)) copy[path] = text(path);
    }
    return copy;
  }
  void restore(const Backup& copy, std::string_view part) {
    log_.reset();
    for (const std::string& path : files(std::string(part))) ASSERT_TRUE(disk_->remove(path).ok());
    for (const auto& [path, content] : copy) {
      if (!path.starts_with(part)) continue;
      ASSERT_TRUE(storage::write_file(*disk_, path, as_bytes(content)).ok());
    }
  }
};

TEST_F(RestoredLogTest, refuses_to_sign_over_parts_of_an_old_backup) {
  ASSERT_TRUE(start().ok());
  grow_and_publish(700);
  ASSERT_TRUE(log_->settle().ok());
  const Backup old = backup();
  grow_and_publish(700);
  ASSERT_TRUE(log_->settle().ok());
  grow_and_publish(20);
  const Backup newer = backup();
  for (const std::string part : {"log", "evidence", "evidence/signed", "evidence/staging", "log/tile"}) {
    ASSERT_NO_FATAL_FAILURE(restore(newer, "log"));
    ASSERT_NO_FATAL_FAILURE(restore(newer, "evidence"));
    ASSERT_TRUE(start().ok());
    ASSERT_NO_FATAL_FAILURE(restore(old, part));
    const auto started = start();
    ASSERT_FALSE(started.ok()) << part;
    EXPECT_TRUE(started.error().kind == ErrorKind::conflict || started.error().kind == ErrorKind::corrupt) << part;
  }
  // The published checkpoint alone may be old: so a crash leaves it.
  restore(newer, "log");
  restore(newer, "evidence");
  restore(old, "log/checkpoint");
  EXPECT_TRUE(start().ok());
}

TEST_F(RestoredLogTest, a_lock_file_on_another_disk_shows_that_everything_was_restored) {
  const auto lock_disk = storage::SimDisk::make(7);
  ASSERT_TRUE(start({.lock_disk = lock_disk.get()}).ok());
  EXPECT_FALSE(*disk_->exists("evidence/signed"));
  grow_and_publish(300);
  const Backup old = backup();
  grow_and_publish(300);
  const Checkpoint seen = log_->checkpoint();
  restore(old, "log");
  restore(old, "evidence");
  const auto started = start({.lock_disk = lock_disk.get()});
  EXPECT_EQ(started.error().kind, ErrorKind::conflict);
  EXPECT_NE(started.error().message.find("600"), std::string::npos) << started.error().message;
  EXPECT_NE(started.error().message.find("300"), std::string::npos) << started.error().message;
  EXPECT_EQ(seen.size, 600u);
}

TEST_F(RestoredLogTest, a_checkpoint_seen_elsewhere_shows_it_too) {
  ASSERT_TRUE(start().ok());
  grow_and_publish(300);
  const Backup old = backup();
  grow_and_publish(300);
  const Checkpoint seen = log_->checkpoint();
  EXPECT_TRUE(log_->check_seen(seen).ok());
  restore(old, "log");
  restore(old, "evidence");
  ASSERT_TRUE(start().ok());
  EXPECT_EQ(log_->check_seen(seen).error().kind, ErrorKind::conflict);
  entries_.resize(300);
  entries_.push_back(all_[2'999]);
  grow(400);
  EXPECT_EQ(log_->check_seen(seen).error().kind, ErrorKind::conflict);
  EXPECT_EQ(log_->check_seen({"example.com/other", 0, empty_root()}).error().kind, ErrorKind::conflict);
  EXPECT_TRUE(log_->check_seen({origin, 0, empty_root()}).ok());
}

TEST_F(LogTest, refuses_to_start_without_what_it_needs) {
  for (const char* lost :
       {"evidence/signed", "evidence/staging", "evidence/log.key", "log/checkpoint", "log/tile/0/001.p/44"}) {
    disk_ = storage::SimDisk::make(1);
    entries_.clear();
    ASSERT_TRUE(start().ok());
    grow_and_publish(300);
    ASSERT_TRUE(log_->settle().ok());
    log_.reset();
    ASSERT_TRUE(disk_->remove(lost).ok());
    EXPECT_FALSE(start().ok()) << lost;
    EXPECT_FALSE(start().ok()) << lost << ", again";
  }
}

class DamagedLogTest : public LogTest {
 protected:
  // 600 entries that are settled and 30 more in staging.
  void make() {
    log_.reset();
    disk_ = storage::SimDisk::make(1);
    entropy_ = SeededEntropy(1);
    entries_.clear();
    ASSERT_TRUE(start().ok());
    grow_and_publish(600);
    ASSERT_TRUE(log_->settle().ok());
    grow_and_publish(30);
    log_.reset();
  }
};

// One flipped bit in any file: found by the start before anything can be signed over it, or, where it lies in a full
// tile that the right edge does not need, by verify(). Files that can be made again are made again.
TEST_F(DamagedLogTest, a_flipped_bit_in_any_file_is_found) {
  make();
  Rng rng(3);
  // The partial tiles of 600 are what staging starts from; those of 630 are written again from it.
  const std::set<std::string> harmless = {"log/log.vkey", "log/tile/0/002.p/118", "log/tile/entries/002.p/118"};
  const std::vector<std::string> paths = files("");
  EXPECT_GE(paths.size(), 13u);
  for (const std::string& path : paths) {
    const std::size_t bytes = text(path).size();
    for (int i = 0; i < 10; ++i) {
      const std::uint64_t at = i == 0 ? 0 : i == 1 ? bytes - 1 : rng.below(bytes);
      const unsigned bit = static_cast<unsigned>(rng.below(8));
      // A start changes files: each flip has a disk of its own.
      ASSERT_NO_FATAL_FAILURE(make());
      ASSERT_TRUE(disk_->flip(path, at, bit).ok()) << path;
      const auto started = start();
      const bool found = !started.ok() || !log_->verify().ok();
      EXPECT_EQ(found, !harmless.contains(path)) << path << " " << at << " " << bit;
    }
  }
}

TEST_F(DamagedLogTest, its_public_keys_are_written_again) {
  make();
  ASSERT_TRUE(disk_->flip("log/log.vkey", 3, 1).ok());
  ASSERT_TRUE(start().ok());
  EXPECT_EQ(text("log/log.vkey"), to_vkey(log_->verifiers()[0]) + "\n");
}

TEST_F(LogTest, keys_are_changed_with_both_signing_for_a_while) {
  ASSERT_TRUE(start().ok());
  grow_and_publish(10);
  const VerifierKey old_key = log_->verifiers()[0];
  ASSERT_TRUE(log_->add_key(entropy_).ok());
  const VerifierKey new_key = log_->verifiers()[0];
  ASSERT_NE(old_key, new_key);
  EXPECT_EQ(text("log/log.vkey"), to_vkey(new_key) + "\n" + to_vkey(old_key) + "\n");
  for (const VerifierKey& key : {old_key, new_key})
    EXPECT_TRUE(open_checkpoint(text("log/checkpoint"), origin, {&key, 1}).ok());
  ASSERT_TRUE(start().ok());
  grow_and_publish(10);
  EXPECT_TRUE(open_checkpoint(text("log/checkpoint"), origin, {&old_key, 1}).ok());
  ASSERT_TRUE(log_->retire_old_keys().ok());
  EXPECT_EQ(text("log/log.vkey"), to_vkey(new_key) + "\n");
  EXPECT_EQ(open_checkpoint(text("log/checkpoint"), origin, {&old_key, 1}).error().kind, ErrorKind::refused);
  ASSERT_TRUE(start().ok());
  EXPECT_EQ(log_->verifiers(), std::vector<VerifierKey>{new_key});
  for (std::size_t i = 1; i < LogKeys::keys_max; ++i) ASSERT_TRUE(log_->add_key(entropy_).ok());
  EXPECT_EQ(log_->add_key(entropy_).error().kind, ErrorKind::limited);
  EXPECT_TRUE(text("evidence/log.key").starts_with("PRIVATE+KEY+example.com/log+"));
}

TEST_F(LogTest, belongs_to_one_origin) {
  ASSERT_TRUE(start().ok());
  log_.reset();
  EXPECT_EQ(Log::open(*disk_, entropy_, {.origin = "example.com/other"}).error().kind, ErrorKind::conflict);
  EXPECT_EQ(Log::open(*disk_, entropy_, {.origin = "has space"}).error().kind, ErrorKind::invalid);
  EXPECT_EQ(Log::open(*disk_, entropy_, {}).error().kind, ErrorKind::invalid);
}

TEST_F(LogTest, publishes_cosignatures_behind_its_own_line) {
  ASSERT_TRUE(start().ok());
  grow(3);
  SeededEntropy entropy(5);
  const SignerKey witness = SignerKey::make("witness.example/w", SignatureType::cosignature_v1, entropy);
  const std::vector<NoteSignature> lines{cosign(witness, to_text(log_->checkpoint()), 1'700'000'000)};
  ASSERT_TRUE(log_->publish(lines).ok());
  const Note note = parse_note(text("log/checkpoint")).value();
  ASSERT_EQ(note.signatures.size(), 2u);
  EXPECT_EQ(note.signatures[0].key_name, origin);
  EXPECT_EQ(note.signatures[1], lines[0]);
  // A start has no reason to take them away.
  ASSERT_TRUE(start().ok());
  EXPECT_EQ(parse_note(text("log/checkpoint")).value(), note);
}

TEST(LogOnTheMachine, has_files_that_only_the_owner_reads) {
  const std::string folder = testing::TempDir() + "/zan-log-test";
  std::filesystem::remove_all(folder);
  const auto disk = storage::open_machine_disk(folder).value();
  {
    auto log = Log::open(*disk, machine_entropy(), {.origin = origin}).value();
    EntryBatch batch;
    for (int i = 0; i < 700; ++i) ASSERT_TRUE(batch.add(as_bytes(std::to_string(i))).ok());
    ASSERT_TRUE(log->integrate(batch).ok());
    ASSERT_TRUE(log->publish().ok());
    ASSERT_TRUE(log->settle().ok());
    ASSERT_TRUE(log->verify().ok());
  }
  struct stat status {};
  ASSERT_EQ(::stat((folder + "/evidence/log.key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  ASSERT_EQ(::stat((folder + "/evidence").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700u);
  EXPECT_EQ(Log::open(*disk, machine_entropy(), {.origin = origin}).value()->size(), 700u);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace zan::evidence
