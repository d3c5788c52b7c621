#include "storage/journal_recovery.h"

#include <algorithm>
#include <cstring>

namespace zan::storage {
namespace {

constexpr std::size_t window_bytes = 1 << 20;

// Whether a group header in [from, size) proves that the record at `lost` was synced.
Result<bool> proven_later(const File& file, std::uint64_t from, std::uint64_t size, Position lost) {
  Bytes window(std::min<std::uint64_t>(window_bytes, size - from));
  for (std::uint64_t at = from; at + group_header_bytes <= size;) {
    ZAN_ASSIGN(const std::size_t got, file.read_at(at, window));
    if (got < group_header_bytes) break;
    const std::size_t starts = got - group_header_bytes + 1;
    for (std::size_t i = 0; i < starts; ++i) {
      const void* const found = std::memchr(window.data() + i, group_magic & 0xff, starts - i);
      if (found == nullptr) break;
      i = static_cast<std::size_t>(static_cast<const std::byte*>(found) - window.data());
      GroupHeader header;
      if (!decode_group_header(ByteSpan(window).subspan(i, group_header_bytes), header)) continue;
      if (header.first.value - header.unsynced > lost.value) return true;
    }
    at += starts;
  }
  return false;
}

// Walks whole groups; stops before the first that is not.
Result<std::optional<Error>> walk(GroupCursor& cursor, JournalTail& tail) {
  for (;;) {
    GroupHeader header;
    auto there = cursor.peek(header);
    if (there.ok() && !*there) return std::optional<Error>{};
    Result<ByteSpan> payload = there.ok() ? cursor.payload(header) : Result<ByteSpan>(there.error());
    if (!payload.ok()) {
      if (payload.error().kind != ErrorKind::corrupt) return payload.error();
      return std::optional<Error>(payload.error());
    }
    if (header.unsynced == 0) tail.settle_from = cursor.offset();
    tail.newest = std::max(tail.newest, header.at);
    cursor.skip(header);
  }
}

}  // namespace

Result<JournalTail> find_journal_tail(const OpenSegment& segment, const std::optional<JournalEnd>& closed) {
  const std::string path = segment_path(segment.header.first);
  ZAN_ASSIGN(const std::uint64_t size, segment.file->size());
  // Behind a closed end there may be zeros: see settle().
  const std::uint64_t limit = closed ? std::min(size, closed->segment_bytes) : size;
  GroupCursor cursor(segment.file, path, segment.header, limit, window_bytes);
  JournalTail tail{.settle_from = segment_header_bytes, .newest = segment.header.newest};
  ZAN_ASSIGN(const std::optional<Error> damage, walk(cursor, tail));
  tail.end = cursor.offset();
  tail.last = {cursor.next_position().value - 1};
  tail.chain = cursor.chain();

  if (closed) {
    if (damage) return *damage;
    const bool same = closed->segment_first == segment.header.first && closed->segment_bytes == tail.end &&
                      closed->last == tail.last && closed->chain == tail.chain;
    if (!same) return damaged_at(path, tail.end, "the journal ends here, but was closed elsewhere");
    return tail;
  }
  ZAN_ASSIGN(const bool lost, proven_later(*segment.file, tail.end, size, cursor.next_position()));
  if (lost) return damage ? *damage : damaged_at(path, tail.end, "group is missing");
  return tail;
}

}  // namespace zan::storage
