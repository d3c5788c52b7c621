#include "storage/journal_cursor.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/hash.h"

namespace zan::storage {

Error damaged_at(std::string_view path, std::uint64_t offset, std::string_view what) {
  return corrupt(fmt::format("{}, offset {}: {}", path, offset, what));
}

Result<OpenSegment> open_segment(Disk& disk, Position first, OpenMode mode) {
  const std::string path = segment_path(first);
  ZAN_ASSIGN(std::shared_ptr<File> file, disk.open(path, mode));
  std::array<std::byte, segment_header_bytes> bytes{};
  ZAN_ASSIGN(const std::size_t got, file->read_at(0, bytes));
  auto header = decode_segment_header(ByteSpan(bytes).first(got));
  if (!header.ok()) {
    Error error = std::move(header).error();
    error.message = fmt::format("{}, offset 0: {}", path, error.message);
    return error;
  }
  if (header->first != first) return damaged_at(path, 0, "is not the segment its name says");
  return OpenSegment{std::move(file), *header};
}

GroupCursor::GroupCursor(std::shared_ptr<const File> file, std::string path, const SegmentHeader& header,
                         std::uint64_t limit, std::size_t window_bytes)
    : file_(std::move(file)),
      path_(std::move(path)),
      limit_(limit),
      next_(header.first),
      lead_{header.first, segment_header_bytes},
      chain_(header.chain),
      window_bytes_(window_bytes) {}

Error GroupCursor::damaged(const char* what) const {
  return damaged_at(path_, offset_, what);
}

Result<ByteSpan> GroupCursor::bytes_at(std::uint64_t offset, std::size_t count) {
  const bool inside = offset >= window_offset_ && offset + count <= window_offset_ + window_used_;
  if (!inside) {
    const std::size_t wanted = std::min<std::uint64_t>(std::max(count, window_bytes_), limit_ - offset);
    if (window_.size() < wanted) window_.resize(wanted);
    window_used_ = 0;
    ZAN_ASSIGN(window_used_, file_->read_at(offset, std::span(window_).first(wanted)));
    window_offset_ = offset;
    if (window_used_ < count) return damaged("the file is cut short");
  }
  return ByteSpan(window_).subspan(offset - window_offset_, count);
}

Result<bool> GroupCursor::peek(GroupHeader& header) {
  if (offset_ >= limit_) return false;
  if (limit_ - offset_ < group_header_bytes) return damaged("no room for a group header");
  ZAN_ASSIGN(const ByteSpan bytes, bytes_at(offset_, group_header_bytes));
  if (!decode_group_header(bytes, header)) return damaged("group header fails its check");
  if (header.first != next_) return damaged("group out of order");
  if (header.bytes() > limit_ - offset_) return damaged("group is longer than the file");
  return true;
}

Result<ByteSpan> GroupCursor::payload(const GroupHeader& header) {
  ZAN_ASSIGN(const ByteSpan bytes, bytes_at(offset_, header.bytes()));
  const ByteSpan payload = bytes.subspan(group_header_bytes);
  if (checksum64(payload, chain_) != header.checksum) return damaged("group fails its checksum");
  return payload;
}

void GroupCursor::skip(const GroupHeader& header) {
  lead_ = {header.first, offset_};
  offset_ += header.bytes();
  next_.value += header.count;
  chain_ = header.checksum;
}

}  // namespace zan::storage
