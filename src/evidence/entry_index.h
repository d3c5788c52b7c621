// EntryIndex: which event is which entry, and where it stands in the journal: by event, by subject, by creator.
//
// A view: all of it can be made again from the journal. New rows wait in memory until flush() moves them into sorted runs, all
// sets and the journal position in one step; a start replays what is behind that position. Days need no rows: entries
// are in the order in which they were received.
//
// Owns:    `<folder>/`: runs with the sets places, subjects, creators, names and extent.
// Threads: add/flush by one; compact by one other; the questions from any.
// Errors:  unavailable, corrupt, from storage.
// Cost:    a row a set: about 10 to 30 bytes an entry on disk, 48 while it waits.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "base/hash.h"
#include "base/ids.h"
#include "base/result.h"
#include "storage/storage.h"

namespace zan::evidence {

inline constexpr std::size_t waiting_rows_max = 256 * 1024;        // full() from there on,
inline constexpr std::uint64_t waiting_positions_max = 8'000'000;  // or when a start would read so much of the journal

struct IndexedEntry {
  Position position;         // of the event in the journal
  std::uint64_t index = 0;   // of the entry in the log
  storage::GroupPlace lead;  // storage::Group::lead of its group
};

class EntryIndex {
 public:
  // The folder's own folder exists.
  static Result<std::unique_ptr<EntryIndex>> open(storage::Disk& disk, const std::string& folder);

  // The journal is indexed up to here, and has so many entries. Like full() and waiting(), for the one who adds.
  [[nodiscard]] Position position() const { return position_; }
  [[nodiscard]] std::uint64_t entries() const { return flushed_entries_ + waiting(); }

  struct NewEntry {
    IndexedEntry entry;
    std::uint32_t subject = 0;  // ids of the registry; zero: none
    std::uint32_t creator = 0;
    std::optional<Hash128> name;  // keyed hash of the event's own id
  };
  // In order of positions and indexes.
  void add(const NewEntry& entry);
  // All entries up to this position of the journal have been added.
  void reached(Position position) { position_ = position; }
  [[nodiscard]] std::size_t waiting() const { return waiting_.positions.size(); }
  [[nodiscard]] bool full() const {
    return waiting() >= waiting_rows_max || position_.value - runs_->position().value >= waiting_positions_max;
  }
  // Moves what waits into the runs, and position() with it. On an error it goes on waiting.
  Result<void> flush();
  Result<bool> compact(std::stop_token stop) { return runs_->compact(stop); }

  Result<std::optional<IndexedEntry>> find(Position event) const;
  Result<std::optional<Position>> find(const Hash128& name) const;
  // The first entry whose event is at `from` or behind it.
  Result<std::optional<IndexedEntry>> first_from(Position from) const;
  // Entries of a subject or creator with positions below `before`, newest first, at most `max`.
  Result<std::vector<Position>> newest_of_subject(std::uint32_t subject, Position before, std::size_t max) const;
  Result<std::vector<Position>> newest_of_creator(std::uint32_t creator, Position before, std::size_t max) const;

  [[nodiscard]] std::uint64_t bytes() const;
  Result<void> verify() const { return runs_->verify(); }

 private:
  // Columns, so that a search reads nothing else.
  struct Waiting {
    std::vector<Position> positions;
    std::vector<std::uint64_t> indexes;
    std::vector<storage::GroupPlace> leads;
    std::vector<std::uint32_t> subjects, creators;
    std::vector<Position> named;  // positions of the entries that have a name
    std::vector<Hash128> names;
    void clear();
  };
  explicit EntryIndex(std::unique_ptr<storage::Runs> runs) : runs_(std::move(runs)) {}

  [[nodiscard]] std::shared_ptr<const storage::RunView> view(std::size_t set) const { return runs_->view(set); }
  Result<std::vector<Position>> newest_of(std::size_t set, const std::vector<std::uint32_t>& waiting_ids,
                                          std::uint32_t id, Position before, std::size_t max) const;
  [[nodiscard]] IndexedEntry waiting_entry(std::size_t at) const;

  std::unique_ptr<storage::Runs> runs_;
  std::uint64_t flushed_entries_ = 0;
  Position position_;
  mutable std::shared_mutex mutex_;
  Waiting waiting_;
};

}  // namespace zan::evidence
