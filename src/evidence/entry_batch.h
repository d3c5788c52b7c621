// EntryBatch: entries on their way into the log, behind each other in the form of a bundle (evidence/tile.h), so that
// they are copied once and staged as they are.
//
// Threads: one.
// Errors:  invalid (an entry that is too long), limited (the batch is full).
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"
#include "evidence/tile.h"

namespace zan::evidence {

inline constexpr std::size_t batch_bytes_max = 16ULL << 20;
inline constexpr std::size_t batch_entries_max = 256 * 1024;

class EntryBatch {
 public:
  Result<void> add(ByteSpan entry) {
    if (entry.size() > entry_bytes_max) return invalid("an entry of more than 65,535 bytes");
    if (count_ == batch_entries_max || bytes_.size() + entry_length_bytes + entry.size() > batch_bytes_max)
      return limited("the batch is full");
    put_entry(bytes_, entry);
    ++count_;
    return {};
  }
  // Keeps its memory.
  void clear() {
    bytes_.clear();
    count_ = 0;
  }

  [[nodiscard]] std::size_t count() const { return count_; }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] ByteSpan bytes() const { return bytes_; }

 private:
  Bytes bytes_;
  std::size_t count_ = 0;
};

// Takes the first entry, with its length, off the front of `bytes`. REQUIRES: whole entries, as an EntryBatch holds
// them.
inline ByteSpan take_entry(ByteSpan& bytes) {
  const std::size_t length = static_cast<std::size_t>(bytes[0]) << 8 | static_cast<std::size_t>(bytes[1]);
  const ByteSpan entry = bytes.first(entry_length_bytes + length);
  bytes = bytes.subspan(entry.size());
  return entry;
}

}  // namespace zan::evidence
