// JournalTail: the journal as a view reads it on, some thousand records a step. And the records of a group, one by one.
//
// Threads: one. Errors: of the journal, or what `take` says; corrupt: a group whose records do not end where it does.
#pragma once

#include <cstddef>
#include <memory>

#include "storage/storage.h"

namespace zan::engine {

class JournalTail {
 public:
  // take(group) -> Result<void>. At most some `records_max` records, whole groups; the first time from after `seen`.
  // True: there is more at once.
  template <typename Take>
  Result<bool> read(storage::Journal& journal, Position seen, std::size_t records_max, const Take& take) {
    if (reader_ == nullptr) {
      ZAN_ASSIGN(reader_, journal.read(seen));
    }
    bool more = true;
    storage::Group group;
    for (std::size_t records = 0; records < records_max; records += group.count) {
      ZAN_ASSIGN(more, reader_->next(group));
      if (!more) break;
      ZAN_TRY(take(group));
    }
    return more;
  }
  [[nodiscard]] bool begun() const { return reader_ != nullptr; }
  // It is read from a position again.
  void reset() { reader_.reset(); }

 private:
  std::unique_ptr<storage::JournalReader> reader_;
};

// take(record) -> Result<void>.
template <typename Take>
Result<void> each_record(const storage::Group& group, const Take& take) {
  ByteSpan record;
  storage::RecordReader records(group.payload);
  while (records.next(record)) ZAN_TRY(take(record));
  return records.ok() ? Result<void>() : corrupt("a journal group is malformed");
}

// The position of a group's last record.
inline Position last_of(const storage::Group& group) { return {group.first.value + group.count - 1}; }

}  // namespace zan::engine
