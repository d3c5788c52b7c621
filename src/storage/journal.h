// The journal: every accepted change, in one order, append-only. Everything else in the data folder can be rebuilt from
// it together with the registry (names and person keys live there, never here: see docs/decisions/0001).
//
// A group is what one commit wrote: many records, one checksum, one sync. Files `journal/<first position, 20
// digits>.zj` of about segment_bytes each; space is zero-filled ahead in steps, so that a sync writes data blocks and no file
// system metadata. docs/formats/journal.md has every byte.
//
// Threads: append/sync/roll by one thread; readers from any thread, each its own, may run beside the writer and see
//          only groups that were synced.
// Errors:  unavailable (disk), corrupt (names file and offset). Recovery cuts off a torn last group (it was never
//          answered); damage anywhere before it is `corrupt`, never skipped.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "storage/disk.h"

namespace zan::storage {

struct JournalOptions {
  std::uint64_t segment_bytes = 128ULL << 20;
  std::uint64_t reserve_bytes = 8ULL << 20;  // zero-filled ahead at a time
};

inline constexpr std::size_t journal_group_bytes_max = 64ULL << 20;

// Builds one group: records are appended one by one, each a run of bytes whose first byte is its tag. No record is
// empty. The owner keeps payload().size() below journal_group_bytes_max.
class GroupBuilder {
 public:
  void clear();
  // Starts a record of at most `bytes_max` bytes and returns where to write it; finish with commit_record(end), or begin
  // again and nothing happened.
  std::byte* begin_record(std::size_t bytes_max);
  void commit_record(const std::byte* end);
  void add(ByteSpan record);
  [[nodiscard]] std::uint32_t count() const { return count_; }
  [[nodiscard]] ByteSpan payload() const { return {bytes_.data(), used_}; }

 private:
  Bytes bytes_;
  std::size_t used_ = 0;
  std::size_t length_size_ = 0;  // room kept for the length of the record that was begun
  std::size_t record_start_ = 0;
  std::uint32_t count_ = 0;
};

// Where a group begins in its segment; lets read_near() come to a record without walking the segment's headers.
struct GroupPlace {
  Position first;
  std::uint64_t offset = 0;
  bool operator==(const GroupPlace&) const = default;
};

struct Group {
  Position first;           // of its first record
  std::uint32_t count = 0;  // records
  Timestamp at;             // server time of the commit
  ByteSpan payload;         // valid until the reader's next call
  // Of the group before it in the segment, whose checksum seeds this one's; of itself where it is the first there.
  GroupPlace lead;
};

// Walks a group's payload: for (RecordReader r(group.payload); r.next(record);)
class RecordReader {
 public:
  explicit RecordReader(ByteSpan payload) : reader_(payload) {}
  // False at the end, or when the payload is malformed (then ok() is false).
  bool next(ByteSpan& record);
  [[nodiscard]] bool ok() const { return reader_.ok(); }

 private:
  ByteReader reader_;
};

// Threads: one. May outlive the Journal, not the Disk.
class JournalReader {
 public:
  virtual ~JournalReader() = default;
  // The next group, or false when the reader has caught up with what is synced (call again later).
  virtual Result<bool> next(Group& group) = 0;
};

class Journal {
 public:
  // Opens or makes the journal; verifies the last segment whole, and how the others are linked by their headers. A
  // journal that was closed must end exactly where it was closed: then nothing is cut off, all damage is corrupt.
  static Result<std::unique_ptr<Journal>> open(Disk& disk, JournalOptions options = {});
  virtual ~Journal() = default;

  // Writes one group behind the last. Not durable, and not seen by readers, before sync(). On an error the group is as
  // if it had never been written; after a failed sync() every further append is refused (unavailable).
  // REQUIRES: 1 .. journal_group_bytes_max bytes of payload.
  virtual Result<Position> append(const GroupBuilder& group, Timestamp at) = 0;  // position of the last record
  virtual Result<void> sync() = 0;
  // Syncs, gives back the space filled ahead and writes down where the journal ends (`journal/END`, taken away before
  // the next append), so that the next open() can tell damage from a torn tail. Appends are refused from then on.
  // Without it (a crash) nothing durable is lost. Done again it changes nothing.
  virtual Result<void> close() = 0;

  virtual Position last() const = 0;        // last appended record
  virtual Position synced() const = 0;      // last durable record; any thread
  virtual std::uint64_t bytes() const = 0;  // of all groups, headers included; any thread
  virtual std::uint64_t syncs() const = 0;  // how often the disk was asked; any thread

  // From the group that holds `after + 1` on (its earlier records included: the caller compares positions).
  // not_found: `after` lies beyond synced().
  virtual Result<std::unique_ptr<JournalReader>> read(Position after) const = 0;
  // The same, when `lead` is that of the group that holds `after + 1`, or of an earlier one in its segment: reads two groups
  // instead of a segment's headers. corrupt: no group stands there.
  virtual Result<std::unique_ptr<JournalReader>> read_near(Position after, GroupPlace lead) const = 0;
  // The last record before the first group that was committed at `at` or later, for views that need only the last day:
  // whatever was committed since `at` lies behind it, even if the clock went back in between. Reads the group headers
  // of one segment.
  virtual Result<Position> before(Timestamp at) const = 0;

  // Verifies every byte up to synced(). corrupt names the file and offset.
  virtual Result<void> verify() const = 0;
  // Files that hold records up to synced(), with the length that counts, for a backup. Bytes below that length never
  // change; a copy of them opens as a journal that was not closed.
  struct FileExtent {
    std::string path;
    std::uint64_t bytes = 0;
  };
  virtual Result<std::vector<FileExtent>> extents() const = 0;
};

}  // namespace zan::storage
