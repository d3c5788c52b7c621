// GroupCursor: walks the groups of one segment file, header by header, through a window of its own.
//
// Threads: one; the file may grow beyond `limit` meanwhile.
// Errors:  unavailable, corrupt (names file and offset). After an error it stays where it was.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "storage/disk.h"
#include "storage/journal_format.h"

namespace zan::storage {

class GroupCursor {
 public:
  // Groups lie below `limit`. `window_bytes`: how much is read at once; small when payloads are skipped.
  GroupCursor(std::shared_ptr<const File> file, std::string path, const SegmentHeader& header, std::uint64_t limit,
              std::size_t window_bytes);

  // Header of the next group, which follows the last one skipped; false at the limit.
  Result<bool> peek(GroupHeader& header);
  // Payload of the group that was peeked, verified; valid until the next peek() or payload().
  Result<ByteSpan> payload(const GroupHeader& header);
  // Moves behind the group that was peeked.
  void skip(const GroupHeader& header);
  // Moves to where a group stands. Its own payload cannot be verified from here: skip it first.
  void jump(GroupPlace place) {
    offset_ = place.offset;
    next_ = place.first;
  }

  void extend(std::uint64_t limit) { limit_ = limit; }
  [[nodiscard]] std::uint64_t offset() const { return offset_; }
  [[nodiscard]] std::uint64_t limit() const { return limit_; }
  // Of the last group skipped; of the segment's first before that.
  [[nodiscard]] GroupPlace lead() const { return lead_; }
  [[nodiscard]] Position next_position() const { return next_; }
  [[nodiscard]] std::uint64_t chain() const { return chain_; }  // checksum of the last group skipped

 private:
  Result<ByteSpan> bytes_at(std::uint64_t offset, std::size_t count);
  [[nodiscard]] Error damaged(const char* what) const;

  std::shared_ptr<const File> file_;
  std::string path_;
  std::uint64_t offset_ = segment_header_bytes;
  std::uint64_t limit_;
  Position next_;
  GroupPlace lead_;
  std::uint64_t chain_;
  std::size_t window_bytes_;
  Bytes window_;
  std::uint64_t window_offset_ = 0;
  std::size_t window_used_ = 0;
};

// Opens a segment and reads its header. corrupt: fails its check, or is not the segment its name says.
struct OpenSegment {
  std::shared_ptr<File> file;
  SegmentHeader header;
};
Result<OpenSegment> open_segment(Disk& disk, Position first, OpenMode mode);

// corrupt, with file and offset in the message.
Error damaged_at(std::string_view path, std::uint64_t offset, std::string_view what);

}  // namespace zan::storage
