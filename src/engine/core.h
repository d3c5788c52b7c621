// Core: the engine without its threads. Everything that decides, writes, applies, flushes and recovers is here and runs
// on a Disk, a Clock and an Entropy that are handed in, so that the simulation drives the very code that serves.
//
// Threads: commit/freeze by one thread (the writer); flush by one other, compact by a third; questions from any.
// Errors:  open: corrupt (names what), unsupported (a newer format), conflict (another process holds the folder),
//          unavailable. After a failed sync the Core is broken(): it commits nothing more, reads go on.
// Order of writes, and why a crash between any two of them is harmless: see docs/life_of_a_like.md.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "audience/audience.h"
#include "engagement/engagement.h"
#include "engine/engine.h"
#include "engine/rule_shelf.h"
#include "integrity/integrity.h"
#include "matching/events.h"
#include "storage/storage.h"

namespace zan::engine {

struct CoreOptions {
  std::size_t memtable_acts_max = 1'000'000;
  unsigned fan_in = 8;
  storage::JournalOptions journal;
  engagement::ActJudge* judge = nullptr;  // outlives the Core; null: nothing is judged
  // Told by the writer behind every change of the rules that is durable, and by open() when the journal has been replayed.
  std::function<void(const integrity::rules::RuleBook&)> rules_changed;
};

class Core {
 public:
  // disk, clock and entropy outlive the Core.
  static Result<std::unique_ptr<Core>> open(storage::Disk& disk, const Clock& clock, Entropy& entropy,
                                            CoreOptions options = {});
  ~Core();
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;

  // Commits a group: acts and attributes of many commands together, or one erasure alone. One answer a command, in
  // order. When the group could not be written, every answer is the error and nothing has changed.
  std::vector<Result<Answer>> commit(std::span<const Command> commands);
  // As EraseUser, by number; for a restore. not_found: never given or already erased.
  Result<Answer> erase(PersonId person);

  // A table full of acts waits to be moved to the runs.
  [[nodiscard]] bool full() const;
  // Makes the active table the frozen one; false while another one still waits.
  bool freeze();
  Result<void> flush();
  Result<bool> compact(std::stop_token stop);
  Result<void> compact_all(std::stop_token stop);
  // Everything in memory goes to the runs; the journal is closed. Nothing can be committed afterwards.
  Result<void> close();

  [[nodiscard]] bool broken() const { return broken_.load(std::memory_order_relaxed); }
  [[nodiscard]] const HashKey& secret() const { return secret_; }
  [[nodiscard]] const Clock& clock() const { return clock_; }
  [[nodiscard]] storage::Journal& journal() { return *journal_; }
  [[nodiscard]] storage::Registry& registry() { return *registry_; }
  [[nodiscard]] storage::Runs& runs() { return *runs_; }
  [[nodiscard]] storage::Kv& kv() { return *kv_; }
  [[nodiscard]] storage::Disk& disk() { return disk_; }
  [[nodiscard]] engagement::Store& store() { return *store_; }
  [[nodiscard]] engagement::Trending& trending() { return trending_; }
  [[nodiscard]] const engagement::Reads& reads() const { return *reads_; }
  // As of the last change that is durable; any thread.
  [[nodiscard]] BookPtr rules() const { return shelf_.book(); }

 private:
  Core(storage::Disk& disk, const Clock& clock, Entropy& entropy, CoreOptions options);

  Result<void> recover();
  Result<void> check_watermarks();
  Result<void> replay();
  Result<void> finish_erasures();
  Result<void> replay_group(const storage::Group& group, Position known);
  Result<void> show_judge(const storage::Group& group);
  Result<void> replay_erasure(PersonId person);
  Result<Answer> decide(const Command& command);
  Result<Answer> commit_erasure(const EraseUser& command);
  Result<Answer> commit_rules(const ChangeRules& command);
  Result<Position> write_group();
  Result<Position> write_or_drop();
  Result<void> apply_group(Position last);
  Result<void> finish_erasure(PersonId person);
  Error break_down(const Error& cause);

  storage::Disk& disk_;
  const Clock& clock_;
  Entropy& entropy_;
  const CoreOptions options_;
  HashKey secret_{};
  std::unique_ptr<storage::FolderLock> lock_;
  std::unique_ptr<storage::Registry> registry_;
  std::unique_ptr<storage::Runs> runs_;
  std::unique_ptr<storage::Kv> kv_;
  std::unique_ptr<storage::Journal> journal_;
  std::unique_ptr<engagement::Store> store_;
  std::unique_ptr<engagement::Decider> decider_;
  engagement::Trending trending_;
  RuleShelf shelf_;
  std::unique_ptr<engagement::Reads> reads_;
  Timestamp stamp_;  // last time ever given
  std::atomic<bool> broken_ = false;
  std::string broken_reason_;  // the writer's
};

inline bool changes_rules(ByteSpan record) {
  return !record.empty() && record.front() == integrity::rule_change_tag;
}
// Notes on cases stand in the journal for the integrity view alone, saved segments for the audience's, showings for matching's.
inline bool changes_engagement(ByteSpan record) {
  return record.empty() || (record.front() != integrity::case_note_tag && !changes_rules(record) &&
                            !audience::is_audience_change(record) && !matching::is_matching_change(record));
}

// The invariants of a folder that nobody commits to meanwhile; see check.cc for the list.
Result<std::vector<Finding>> check(Core& core, const std::function<void(double)>& progress);

// The data folder's own files, opened or made. `secret`: 16 random bytes that never leave the folder.
Result<HashKey> open_folder(storage::Disk& disk, Entropy& entropy);

inline constexpr const char* format_path = "FORMAT";
inline constexpr const char* secret_path = "secret";
inline constexpr const char* lock_path = "LOCK";
inline constexpr const char* erasures_path = "erasures";
inline constexpr const char* watermarks_path = "watermarks";

// The file `watermarks`: what the registry and kv held for certain when the runs last grew. Both can lose their end to a
// damaged file and still look whole; the runs' position then says that nothing is missing.
struct Watermarks {
  std::uint32_t names = 0;
  Position kv;
};
// Zeros when there is none, as in a folder that was just restored.
Result<Watermarks> read_watermarks(storage::Disk& disk);
Result<void> write_watermarks(storage::Disk& disk, const Watermarks& marks);

// The file `erasures`: numbers of everybody who was erased, one a line. No name, no key: only good for erasing them
// again in what an old backup brings back.
Result<std::vector<PersonId>> read_erasures(storage::Disk& disk, std::string_view path);
Result<void> add_erasure(storage::Disk& disk, PersonId person);

}  // namespace zan::engine
