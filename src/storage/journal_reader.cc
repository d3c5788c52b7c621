#include <optional>

#include "storage/journal_cursor.h"
#include "storage/journal_segments.h"

namespace zan::storage {
namespace {

constexpr std::size_t window_bytes = 1 << 20;
constexpr std::size_t near_window_bytes = 16 << 10;  // where one group is wanted

class SegmentsReader final : public JournalReader {
 public:
  SegmentsReader(Disk& disk, std::shared_ptr<const SegmentTable> table, std::size_t index, std::size_t window)
      : disk_(disk), table_(std::move(table)), index_(index), window_bytes_(window) {}

  Result<void> start(Position after, std::optional<GroupPlace> lead) {
    ZAN_TRY(enter(index_));
    GroupHeader header;
    if (lead && lead->offset > segment_header_bytes) {
      cursor_->jump(*lead);
      ZAN_ASSIGN(const bool there, cursor_->peek(header));
      if (!there)
        return damaged_at(segment_path(table_->at(index_).header.first), lead->offset, "no group stands here");
      cursor_->skip(header);
    }
    for (;;) {
      ZAN_ASSIGN(const bool there, cursor_->peek(header));
      if (!there || header.last() > after) return {};
      cursor_->skip(header);
    }
  }

  Result<bool> next(Group& group) override {
    GroupHeader header;
    for (;;) {
      ZAN_ASSIGN(const bool there, cursor_->peek(header));
      if (there) break;
      ZAN_ASSIGN(const bool more, advance());
      if (!more) return false;
    }
    ZAN_ASSIGN(group.payload, cursor_->payload(header));
    group.first = header.first;
    group.count = header.count;
    group.at = header.at;
    group.lead = cursor_->lead();
    cursor_->skip(header);
    return true;
  }

 private:
  // Catches up with what was synced since, or goes on to the next segment.
  Result<bool> advance() {
    const SegmentExtent extent = table_->at(index_);
    if (extent.bytes > cursor_->offset()) {
      cursor_->extend(extent.bytes);
      return true;
    }
    if (!extent.sealed) return false;
    const Position expected = cursor_->next_position();
    const std::uint64_t chain = cursor_->chain();
    const SegmentHeader& next = table_->at(index_ + 1).header;
    if (next.first != expected || next.chain != chain)
      return damaged_at(segment_path(extent.header.first), cursor_->offset(), "does not lead to the next segment");
    ZAN_TRY(enter(index_ + 1));
    return true;
  }

  Result<void> enter(std::size_t index) {
    const SegmentExtent extent = table_->at(index);
    ZAN_ASSIGN(OpenSegment segment, open_segment(disk_, extent.header.first, OpenMode::read));
    cursor_.emplace(std::move(segment.file), segment_path(extent.header.first), segment.header, extent.bytes,
                    window_bytes_);
    index_ = index;
    return {};
  }

  Disk& disk_;
  std::shared_ptr<const SegmentTable> table_;
  std::size_t index_;
  const std::size_t window_bytes_;
  std::optional<GroupCursor> cursor_;
};

}  // namespace

Result<std::unique_ptr<JournalReader>> read_segments(Disk& disk, std::shared_ptr<const SegmentTable> table,
                                                     std::size_t index, Position after,
                                                     std::optional<GroupPlace> lead) {
  auto reader =
      std::make_unique<SegmentsReader>(disk, std::move(table), index, lead ? near_window_bytes : window_bytes);
  ZAN_TRY(reader->start(after, lead));
  return std::unique_ptr<JournalReader>(std::move(reader));
}

}  // namespace zan::storage
