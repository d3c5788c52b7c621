#include "storage/run_writer.h"

#include <algorithm>
#include <array>

#include "base/hash.h"
#include "storage/run_key.h"

namespace zan::storage {
namespace {

constexpr std::size_t buffer_bytes_max = 1 << 20;
constexpr std::uint64_t sync_step_bytes = 32ULL << 20;

template <unsigned key_columns>
bool rising(std::span<const Row> rows) {
  bool all = true;
  for (std::size_t i = 1; i < rows.size(); ++i) all &= key_below<key_columns>(rows[i - 1].column, rows[i].column);
  return all;
}

// For a small run no more than it can need.
std::size_t buffer_size(const RunSchema& schema, std::uint64_t rows_max) {
  const std::uint64_t blocks = rows_max / row_block_rows + 1;
  const std::uint64_t needed = blocks * block_bytes_max(schema.columns) + pack_slack;
  return std::min<std::uint64_t>(needed, buffer_bytes_max);
}

}  // namespace

bool in_key_order(std::span<const Row> rows, unsigned key_columns) {
  return key_columns == 1 ? rising<1>(rows) : key_columns == 2 ? rising<2>(rows) : rising<3>(rows);
}

RunWriter::RunWriter(Disk& disk, const RunSchema& schema, std::string path, std::uint64_t number,
                     std::uint64_t rows_max)
    : disk_(disk),
      schema_(schema),
      path_(std::move(path)),
      fences_(schema.key_columns),
      filter_(schema.filtered ? Filter::lines_for(rows_max) : 0),
      buffer_bytes_(buffer_size(schema, rows_max)),
      buffer_(std::make_unique_for_overwrite<std::byte[]>(buffer_bytes_)) {
  footer_.run = number;
  footer_.columns = static_cast<std::uint8_t>(schema.columns);
  footer_.key_columns = static_cast<std::uint8_t>(schema.key_columns);
  footer_.filtered = schema.filtered;
  footer_.filter_lines = filter_.line_count();
  fences_.reserve((rows_max + row_block_rows - 1) / row_block_rows);
  partial_.reserve(row_block_rows);
}

Result<std::unique_ptr<RunWriter>> RunWriter::create(Disk& disk, const RunSchema& schema, std::string path,
                                                     std::uint64_t number, std::uint64_t rows_max) {
  std::unique_ptr<RunWriter> writer(new RunWriter(disk, schema, std::move(path), number, rows_max));
  ZAN_ASSIGN(writer->file_, disk.open(writer->path_, OpenMode::create));
  return writer;
}

RunWriter::~RunWriter() {
  if (finished_ || file_ == nullptr) return;
  file_.reset();
  // What cannot be removed now is not in the manifest, and goes at the next open.
  [[maybe_unused]] const Result<void> removed = disk_.remove(path_);
}

Result<void> RunWriter::add(std::span<const Row> rows) {
  if (!partial_.empty()) {
    const std::size_t taken = std::min(rows.size(), row_block_rows - partial_.size());
    partial_.insert(partial_.end(), rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(taken));
    rows = rows.subspan(taken);
    if (partial_.size() == row_block_rows) {
      ZAN_TRY(add_block(partial_));
      partial_.clear();
    }
  }
  for (; rows.size() >= row_block_rows; rows = rows.subspan(row_block_rows))
    ZAN_TRY(add_block(rows.first(row_block_rows)));
  partial_.insert(partial_.end(), rows.begin(), rows.end());
  return {};
}

Result<void> RunWriter::add_block(std::span<const Row> rows) {
  if (buffer_bytes_ - buffered_ < block_bytes_max(schema_.columns) + pack_slack) ZAN_TRY(flush_buffer());

  const std::uint64_t offset = written_ + buffered_;
  std::byte* const to = buffer_.get() + buffered_;
  const std::size_t size = encode_block(rows, schema_.columns, {footer_.run, footer_.block_count}, to);
  buffered_ += size;
  fences_.add(rows.front(), offset);
  footer_.blocks_checksum = mix64(footer_.blocks_checksum ^ stored_block_checksum({to, size}));
  footer_.rows += rows.size();
  ++footer_.block_count;
  std::copy_n(rows.back().column.begin(), schema_.key_columns, footer_.last_key.begin());
  if (schema_.filtered) add_to_filter(rows);
  return {};
}

void RunWriter::add_to_filter(std::span<const Row> rows) {
  std::array<std::uint64_t, row_block_rows> hashes;
  for (std::size_t i = 0; i < rows.size(); ++i) hashes[i] = filter_hash(rows[i].column[0], rows[i].column[1]);
  filter_.add(std::span(hashes).first(rows.size()));
}

Result<void> RunWriter::append(ByteSpan bytes) {
  ZAN_TRY(file_->write_at(written_, bytes));
  written_ += bytes.size();
  if (written_ - synced_ < sync_step_bytes) return {};
  ZAN_TRY(file_->sync());
  synced_ = written_;
  return {};
}

Result<void> RunWriter::flush_buffer() {
  ZAN_TRY(append({buffer_.get(), buffered_}));
  buffered_ = 0;
  return {};
}

Result<std::shared_ptr<const RunFile>> RunWriter::finish() {
  if (!partial_.empty()) ZAN_TRY(add_block(partial_));
  if (footer_.rows == 0) return std::shared_ptr<const RunFile>();
  ZAN_TRY(flush_buffer());
  footer_.blocks_bytes = written_;

  Bytes tail;
  fences_.append_to(tail);
  footer_.fences_checksum = checksum64(tail);
  ZAN_TRY(append(tail));
  footer_.filter_checksum = checksum64(filter_.content());
  for (ByteSpan left = filter_.content(); !left.empty();) {
    const ByteSpan piece = left.first(std::min(left.size(), buffer_bytes_max));
    ZAN_TRY(append(piece));
    left = left.subspan(piece.size());
  }
  const Bytes footer = encode_run_footer(footer_);
  ZAN_TRY(append(footer));
  ZAN_TRY(file_->sync());
  finished_ = true;
  return std::make_shared<const RunFile>(RunFile::Parts{path_, std::move(file_), footer_, run_footer_identity(footer),
                                                        std::move(fences_), std::move(filter_)});
}

}  // namespace zan::storage
