#include "storage/journal.h"

#include <fmt/format.h>

#include <atomic>
#include <optional>
#include <utility>

#include "base/hash.h"
#include "base/require.h"
#include "storage/append_file.h"
#include "storage/end_file.h"
#include "storage/journal_cursor.h"
#include "storage/journal_recovery.h"
#include "storage/journal_segments.h"

namespace zan::storage {
namespace {

constexpr std::size_t header_window_bytes = 64 << 10;  // where payloads are skipped
constexpr std::uint64_t first_reserve_divisor = 8;     // a new segment starts with so much of a step

Result<std::vector<Position>> find_segments(Disk& disk) {
  ZAN_ASSIGN(const std::vector<std::string> names, disk.list(journal_folder));
  std::vector<Position> found;
  for (const std::string& name : names) {
    if (const Position first = segment_position(name); first.value != 0) found.push_back(first);
  }
  return found;
}

// Makes the segment under another name and renames it when it is whole and synced, so that a segment's header is never
// torn.
Result<std::unique_ptr<File>> make_segment(Disk& disk, const SegmentHeader& header, const JournalOptions& options) {
  ZAN_ASSIGN(auto file, disk.open(journal_next_path, OpenMode::write));
  ZAN_TRY(file->truncate(0));
  ZAN_TRY(file->write_at(0, encode_segment_header(header)));
  const std::uint64_t reserve = std::min(options.reserve_bytes / first_reserve_divisor, options.segment_bytes);
  ZAN_TRY(write_zeros(*file, segment_header_bytes, reserve));
  ZAN_TRY(file->sync());
  ZAN_TRY(disk.rename(journal_next_path, segment_path(header.first)));
  ZAN_TRY(disk.sync_folder(journal_folder));
  return file;
}

// Opens every segment and compares what it says of the one before with what is there. Leaves the last one open.
Result<std::vector<SegmentExtent>> link_segments(Disk& disk, const std::vector<Position>& found, OpenSegment& last) {
  std::vector<SegmentExtent> extents;
  SegmentHeader before;
  std::uint64_t bytes_before = 0;
  for (const Position first : found) {
    const bool is_last = first == found.back();
    ZAN_ASSIGN(OpenSegment segment, open_segment(disk, first, is_last ? OpenMode::write : OpenMode::read));
    const SegmentHeader& header = segment.header;
    if (header.previous_first != before.first || (extents.empty() && first.value != 1))
      return damaged_at(segment_path(first), 0, "the segment before this one is missing");
    if (bytes_before < header.previous_bytes)
      return damaged_at(segment_path(before.first), bytes_before,
                        fmt::format("the file ends here instead of at {}", header.previous_bytes));
    // It may be longer: when the sync behind its truncation failed, zeros may have come back.
    if (!extents.empty()) extents.back() = {before, header.previous_bytes, true};
    ZAN_ASSIGN(bytes_before, segment.file->size());
    extents.push_back({header, bytes_before, false});
    before = header;
    if (is_last) last = std::move(segment);
  }
  return extents;
}

class JournalImpl final : public Journal {
 public:
  JournalImpl(Disk& disk, JournalOptions options, AppendFile file, std::vector<SegmentExtent> extents,
              const JournalTail& tail, bool closed_on_disk)
      : disk_(disk),
        options_(options),
        file_(std::move(file)),
        first_(extents.back().header.first),
        last_(tail.last),
        chain_(tail.chain),
        newest_(tail.newest),
        end_(journal_end_path, closed_on_disk) {
    std::uint64_t bytes = 0;
    for (const SegmentExtent& extent : extents) {
      bytes += (extent.sealed ? extent.bytes : tail.end) - segment_header_bytes;
    }
    bytes_ = bytes;
    table_ = std::make_shared<SegmentTable>(std::move(extents));
    publish();
  }

  Result<Position> append(const GroupBuilder& group, Timestamp at) override {
    const ByteSpan payload = group.payload();
    require(group.count() > 0 && payload.size() <= journal_group_bytes_max, "a group out of bounds");
    ZAN_TRY(ready(group_header_bytes + payload.size()));
    const GroupHeader header{.first = {last_.value + 1},
                             .count = group.count(),
                             .payload_bytes = static_cast<std::uint32_t>(payload.size()),
                             .at = at,
                             .checksum = checksum64(payload, chain_),
                             .unsynced = static_cast<std::uint32_t>(last_.value - synced_.value)};
    ZAN_TRY(file_.append(encode_group_header(header), payload));
    last_ = header.last();
    chain_ = header.checksum;
    newest_ = std::max(newest_, at);
    bytes_ += header.bytes();
    return last_;
  }

  Result<void> sync() override {
    if (file_.synced_end() != file_.end()) ++syncs_;
    ZAN_TRY(file_.sync());
    publish();
    return {};
  }

  Result<void> close() override {
    if (closed_) return {};
    if (rolling_) ZAN_TRY(roll());  // the next segment may be there already, and must be the last
    ZAN_TRY(sync());
    if (!end_.is_current()) {
      ZAN_TRY(file_.seal());
      ZAN_TRY(end_.write(disk_, encode_journal_end({first_, file_.end(), last_, chain_})));
    }
    closed_ = true;
    return {};
  }

  Position last() const override { return last_; }
  Position synced() const override { return table_->synced(); }
  std::uint64_t bytes() const override { return bytes_.load(); }
  std::uint64_t syncs() const override { return syncs_.load(); }

  Result<std::unique_ptr<JournalReader>> read(Position after) const override { return read_from(after, std::nullopt); }
  Result<std::unique_ptr<JournalReader>> read_near(Position after, GroupPlace lead) const override {
    return read_from(after, lead);
  }

  Result<Position> before(Timestamp at) const override {
    const std::size_t index = table_->last_with([&](const SegmentHeader& h) { return h.newest < at; });
    const SegmentExtent extent = table_->at(index);
    ZAN_ASSIGN(OpenSegment segment, open_segment(disk_, extent.header.first, OpenMode::read));
    GroupCursor cursor(std::move(segment.file), segment_path(extent.header.first), segment.header, extent.bytes,
                       header_window_bytes);
    for (;;) {
      GroupHeader header;
      ZAN_ASSIGN(const bool there, cursor.peek(header));
      if (!there || header.at >= at) return Position{cursor.next_position().value - 1};
      cursor.skip(header);
    }
  }

  Result<void> verify() const override {
    const Position until = table_->synced();
    ZAN_ASSIGN(const auto reader, read({}));
    Group group;
    for (Position seen; seen < until;) {
      ZAN_ASSIGN(const bool there, reader->next(group));
      if (!there) return corrupt(fmt::format("the journal ends at {} instead of {}", seen.value, until.value));
      std::uint32_t count = 0;
      ByteSpan record;
      RecordReader records(group.payload);
      while (records.next(record)) ++count;
      if (!records.ok() || count != group.count)
        return corrupt(fmt::format("the group at position {} holds other records than it says", group.first.value));
      seen = {group.first.value + group.count - 1};
    }
    return {};
  }

  Result<std::vector<FileExtent>> extents() const override {
    std::vector<FileExtent> files;
    for (const SegmentExtent& extent : table_->all())
      files.push_back({segment_path(extent.header.first), extent.bytes});
    return files;
  }

 private:
  Result<std::unique_ptr<JournalReader>> read_from(Position after, std::optional<GroupPlace> lead) const {
    if (after > table_->synced()) return not_found(fmt::format("the journal ends before position {}", after.value));
    const std::size_t index =
        table_->last_with([&](const SegmentHeader& h) { return h.first.value <= after.value + 1; });
    return read_segments(disk_, table_, index, after, lead);
  }

  // Makes sure that a group of `bytes` may go behind end().
  Result<void> ready(std::uint64_t bytes) {
    if (closed_) return unavailable("the journal is closed");
    ZAN_TRY(end_.remove(disk_));
    const bool empty = file_.end() == segment_header_bytes;
    if (!empty && file_.end() + bytes > options_.segment_bytes) rolling_ = true;
    return rolling_ ? roll() : Result<void>{};
  }

  // Once begun it must be ended before anything is appended: the next segment may be there already, and says how long
  // this one is.
  Result<void> roll() {
    ZAN_TRY(sync());
    ZAN_TRY(file_.seal());
    const SegmentHeader header{{last_.value + 1}, first_, file_.end(), chain_, newest_};
    ZAN_ASSIGN(auto file, make_segment(disk_, header, options_));
    ZAN_ASSIGN(file_, AppendFile::adopt(std::move(file), segment_path(header.first), segment_header_bytes,
                                        {options_.reserve_bytes, options_.segment_bytes}));
    first_ = header.first;
    table_->add(header);
    rolling_ = false;
    return {};
  }

  void publish() {
    synced_ = last_;
    table_->synced(file_.synced_end(), last_);
  }

  Disk& disk_;
  const JournalOptions options_;
  AppendFile file_;
  Position first_;  // of the segment that is written
  Position last_;
  std::uint64_t chain_;
  Timestamp newest_;
  EndFile end_;
  bool rolling_ = false;
  bool closed_ = false;
  Position synced_;  // as the table has it
  std::atomic<std::uint64_t> bytes_;
  std::atomic<std::uint64_t> syncs_ = 0;
  std::shared_ptr<SegmentTable> table_;
};

}  // namespace

Result<std::unique_ptr<Journal>> Journal::open(Disk& disk, JournalOptions options) {
  ZAN_TRY(disk.make_folder(journal_folder));
  ZAN_TRY(disk.sync_folder(""));
  // The last program may have been stopped between making a segment and making its name durable.
  ZAN_TRY(disk.sync_folder(journal_folder));
  ZAN_ASSIGN(std::vector<Position> found, find_segments(disk));
  ZAN_ASSIGN(const std::optional<JournalEnd> closed, read_end_file(disk, journal_end_path, decode_journal_end));
  if (found.empty()) {
    if (closed) return corrupt("journal/END is there, but no segment is");
    ZAN_TRY(make_segment(disk, {.first = {1}}, options));
    found.push_back({1});
  }
  OpenSegment last;
  ZAN_ASSIGN(std::vector<SegmentExtent> extents, link_segments(disk, found, last));
  ZAN_ASSIGN(const JournalTail tail, find_journal_tail(last, closed));
  ZAN_ASSIGN(const std::uint64_t size, last.file->size());
  if (!closed || size > tail.end) ZAN_TRY(settle(*last.file, tail.settle_from, tail.end));
  ZAN_ASSIGN(AppendFile file, AppendFile::adopt(std::move(last.file), segment_path(last.header.first), tail.end,
                                                {options.reserve_bytes, options.segment_bytes}));
  return std::unique_ptr<Journal>(
      std::make_unique<JournalImpl>(disk, options, std::move(file), std::move(extents), tail, closed.has_value()));
}

}  // namespace zan::storage
