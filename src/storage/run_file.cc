#include "storage/run_file.h"

#include <algorithm>

#include "base/hash.h"

namespace zan::storage {
namespace {

constexpr std::uint64_t footer_magic = 0x0a31'6e75'726e'617aULL;  // "zanrun1\n"

bool consistent(const RunFooter& f) {
  if (f.columns < 1 || f.columns > row_columns_max) return false;
  if (f.key_columns < 1 || f.key_columns > key_columns_max || f.key_columns > f.columns) return false;
  if (f.filtered ? f.key_columns < 2 || f.filter_lines == 0 : f.filter_lines != 0) return false;
  // Bounds that keep the sums below from wrapping round.
  constexpr std::uint64_t count_max = std::uint64_t{1} << 48;
  if (f.rows == 0 || f.rows > count_max || f.blocks_bytes > count_max || f.filter_lines > count_max / 64) return false;
  return f.block_count == (f.rows + row_block_rows - 1) / row_block_rows &&
         f.blocks_bytes >= f.block_count * block_bytes_min(f.columns) &&
         f.blocks_bytes <= f.block_count * block_bytes_max(f.columns);
}

Error corrupt_file(const std::string& path, std::string_view what) {
  return corrupt(path + ": " + std::string(what));
}

Result<void> read_exactly(const File& file, const std::string& path, std::uint64_t offset, std::span<std::byte> into) {
  ZAN_ASSIGN(const std::size_t got, file.read_at(offset, into));
  if (got != into.size()) return corrupt_file(path, "cut short");
  return {};
}

}  // namespace

std::uint64_t RunFooter::file_bytes() const {
  return blocks_bytes + fences_bytes() + filter_bytes() + run_footer_bytes;
}

Bytes encode_run_footer(const RunFooter& f) {
  Bytes out;
  put_fixed(out, footer_magic);
  put_fixed(out, run_format_version);
  put_fixed(out, f.columns);
  put_fixed(out, f.key_columns);
  put_fixed(out, static_cast<std::uint8_t>(f.filtered));
  put_fixed(out, std::uint8_t{0});
  for (const std::uint64_t value : {f.run, f.rows, f.block_count, f.blocks_bytes, f.filter_lines, f.blocks_checksum,
                                    f.fences_checksum, f.filter_checksum})
    put_fixed(out, value);
  for (const std::uint64_t value : f.last_key) put_fixed(out, value);
  put_fixed(out, checksum64(out));
  require(out.size() == run_footer_bytes, "footer size");
  return out;
}

std::uint64_t run_footer_identity(ByteSpan bytes) {
  ByteReader reader(bytes.last(8));
  return reader.fixed<std::uint64_t>();
}

Result<RunFooter> parse_run_footer(ByteSpan bytes) {
  if (bytes.size() != run_footer_bytes) return corrupt("footer cut short");
  ByteReader reader(bytes);
  if (reader.fixed<std::uint64_t>() != footer_magic) return corrupt("not a run file, or its end is missing");
  if (checksum64(bytes.first(run_footer_bytes - 8)) != run_footer_identity(bytes)) return corrupt("footer damaged");
  if (reader.fixed<std::uint32_t>() != run_format_version) return unsupported("unknown version of the run format");
  RunFooter f;
  f.columns = reader.fixed<std::uint8_t>();
  f.key_columns = reader.fixed<std::uint8_t>();
  const auto filtered = reader.fixed<std::uint8_t>();
  const auto zero = reader.fixed<std::uint8_t>();
  f.filtered = filtered == 1;
  for (std::uint64_t* field : {&f.run, &f.rows, &f.block_count, &f.blocks_bytes, &f.filter_lines, &f.blocks_checksum,
                               &f.fences_checksum, &f.filter_checksum})
    *field = reader.fixed<std::uint64_t>();
  for (std::uint64_t& value : f.last_key) value = reader.fixed<std::uint64_t>();
  if (filtered > 1 || zero != 0 || !consistent(f)) return corrupt("footer contradicts itself");
  return f;
}

void RunFences::reserve(std::uint64_t blocks) {
  for (unsigned c = 0; c < key_columns_; ++c) keys_[c].reserve(blocks);
  offsets_.reserve(blocks);
}

void RunFences::add(const Row& first, std::uint64_t offset) {
  for (unsigned c = 0; c < key_columns_; ++c) keys_[c].push_back(first.column[c]);
  offsets_.push_back(offset);
}

void RunFences::append_to(Bytes& out) const {
  for (unsigned c = 0; c < key_columns_; ++c) put_bytes(out, std::as_bytes(std::span(keys_[c])));
  put_bytes(out, std::as_bytes(std::span(offsets_)));
}

bool RunFences::parse(ByteSpan bytes, const RunFooter& footer) {
  key_columns_ = footer.key_columns;
  ByteReader reader(bytes);
  const auto take = [&](std::vector<std::uint64_t>& into) {
    into.resize(footer.block_count);
    const ByteSpan column = reader.take(footer.block_count * 8);
    if (reader.ok()) std::memcpy(into.data(), column.data(), column.size());
  };
  for (unsigned c = 0; c < key_columns_; ++c) take(keys_[c]);
  take(offsets_);
  if (!reader.ok() || !reader.done() || offsets_[0] != 0) return false;
  for (std::uint64_t b = 0; b < footer.block_count; ++b) {
    const std::uint64_t end = b + 1 < footer.block_count ? offsets_[b + 1] : footer.blocks_bytes;
    if (end < offsets_[b] || end > footer.blocks_bytes) return false;
    const std::uint64_t size = end - offsets_[b];
    if (size < block_bytes_min(footer.columns) || size > block_bytes_max(footer.columns)) return false;
    if (b > 0 && !less(b - 1, first(b))) return false;
  }
  return true;
}

Row RunFences::first(std::uint64_t block) const {
  Row row;
  for (unsigned c = 0; c < key_columns_; ++c) row.column[c] = keys_[c][block];
  return row;
}

bool RunFences::less(std::uint64_t block, const Row& key) const {
  for (unsigned c = 0; c < key_columns_; ++c)
    if (keys_[c][block] != key.column[c]) return keys_[c][block] < key.column[c];
  return false;
}

std::uint64_t RunFences::blocks_below(const Row& key) const {
  std::uint64_t first = 0;
  for (std::uint64_t count = size(); count > 0;) {
    const std::uint64_t half = count / 2;
    const bool below = less(first + half, key);
    first = below ? first + half + 1 : first;
    count = below ? count - half - 1 : half;
  }
  return first;
}

std::uint64_t RunFences::block_of(const Row& key) const {
  const std::uint64_t below = blocks_below(key);
  if (below < size() && key_equal(first(below), key, key_columns_)) return below;
  return below == 0 ? 0 : below - 1;
}

std::size_t RunFences::memory_bytes() const {
  std::size_t bytes = offsets_.capacity() * 8;
  for (const auto& keys : keys_) bytes += keys.capacity() * 8;
  return bytes;
}

Result<std::shared_ptr<const RunFile>> RunFile::open(Disk& disk, std::string path) {
  ZAN_ASSIGN(auto file, disk.open(path, OpenMode::read));
  ZAN_ASSIGN(const std::uint64_t size, file->size());
  if (size < run_footer_bytes) return corrupt_file(path, "shorter than a footer");
  std::array<std::byte, run_footer_bytes> footer_bytes;
  ZAN_TRY(read_exactly(*file, path, size - run_footer_bytes, footer_bytes));
  const Result<RunFooter> footer = parse_run_footer(footer_bytes);
  if (!footer.ok()) return Error{footer.error().kind, path + ": " + footer.error().message, {}};
  if (footer->file_bytes() != size) return corrupt_file(path, "has another length than its footer says");

  RunFences fences;
  Bytes fence_bytes(footer->fences_bytes());
  ZAN_TRY(read_exactly(*file, path, footer->blocks_bytes, fence_bytes));
  if (checksum64(fence_bytes) != footer->fences_checksum) return corrupt_file(path, "fences damaged");
  if (!fences.parse(fence_bytes, *footer)) return corrupt_file(path, "fences contradict themselves");

  Filter filter(footer->filter_lines);
  ZAN_TRY(read_exactly(*file, path, footer->blocks_bytes + footer->fences_bytes(), filter.content()));
  if (checksum64(filter.content()) != footer->filter_checksum) return corrupt_file(path, "filter damaged");

  return std::make_shared<const RunFile>(Parts{std::move(path), std::move(file), *footer,
                                               run_footer_identity(footer_bytes), std::move(fences),
                                               std::move(filter)});
}

std::size_t RunFile::memory_bytes() const {
  return sizeof(RunFile) + parts_.fences.memory_bytes() + parts_.filter.bytes();
}

std::uint64_t RunFile::block_end(std::uint64_t block) const {
  return block + 1 < parts_.fences.size() ? parts_.fences.offset(block + 1) : parts_.footer.blocks_bytes;
}

unsigned RunFile::block_rows(std::uint64_t block) const {
  const std::uint64_t before = block * row_block_rows;
  return static_cast<unsigned>(std::min<std::uint64_t>(row_block_rows, parts_.footer.rows - before));
}

bool RunFile::key_in_range(const Row& key) const {
  const unsigned key_columns = parts_.footer.key_columns;
  Row last;
  std::copy(parts_.footer.last_key.begin(), parts_.footer.last_key.end(), last.column.begin());
  return !key_less(key, parts_.fences.first(0), key_columns) && !key_less(last, key, key_columns);
}

Error RunFile::corrupt_block(std::uint64_t block, std::string_view what) const {
  return corrupt(parts_.path + ": block " + std::to_string(block) + ' ' + std::string(what));
}

Result<void> RunFile::read_blocks(std::uint64_t offset, std::span<std::byte> into) const {
  return read_exactly(*parts_.file, parts_.path, offset, into);
}

Result<void> RunFile::check_block(std::uint64_t block, ByteSpan bytes, BlockView& view) const {
  if (block_checksum(bytes, {parts_.footer.run, block}) != stored_block_checksum(bytes)) [[unlikely]]
    return corrupt_block(block, "damaged");
  if (!view.parse(bytes, parts_.footer.columns, block_rows(block))) [[unlikely]]
    return corrupt_block(block, "contradicts itself");
  return {};
}

Result<void> RunFile::read_block(std::uint64_t block, BlockBuffer& buffer, BlockView& view) const {
  const std::uint64_t offset = parts_.fences.offset(block);
  const std::span<std::byte> bytes(buffer.data(), block_end(block) - offset);
  ZAN_TRY(read_blocks(offset, bytes));
  std::memset(buffer.data() + bytes.size(), 0, pack_slack);
  return check_block(block, bytes, view);
}

Result<bool> RunFile::find(const Row& key, Row& row) const {
  if (!key_in_range(key)) return false;
  BlockBuffer buffer;
  BlockView view;
  ZAN_TRY(read_block(parts_.fences.block_of(key), buffer, view));
  const unsigned key_columns = parts_.footer.key_columns;
  const unsigned at = view.lower_bound(key, key_columns);
  if (at == view.rows()) return false;
  row = view.row(at);
  return key_equal(row, key, key_columns);
}

Result<void> RunFile::verify_block(std::uint64_t block, const BlockView& view, Row& last) const {
  const unsigned key_columns = parts_.footer.key_columns;
  if (!key_equal(view.row(0), parts_.fences.first(block), key_columns))
    return corrupt_block(block, "does not begin with its fence key");
  for (unsigned i = 0; i < view.rows(); ++i) {
    const Row row = view.row(i);
    if ((block > 0 || i > 0) && !key_less(last, row, key_columns)) return corrupt_block(block, "is out of order");
    if (parts_.footer.filtered && !filter().may_contain(filter_hash(row.column[0], row.column[1])))
      return corrupt_block(block, "has a key that the filter denies");
    last = row;
  }
  return {};
}

Result<void> RunFile::verify() const {
  BlockBuffer buffer;
  BlockView view;
  Row last;
  std::uint64_t blocks_checksum = 0;
  for (std::uint64_t block = 0; block < parts_.footer.block_count; ++block) {
    ZAN_TRY(read_block(block, buffer, view));
    const ByteSpan bytes(buffer.data(), block_end(block) - parts_.fences.offset(block));
    blocks_checksum = mix64(blocks_checksum ^ stored_block_checksum(bytes));
    ZAN_TRY(verify_block(block, view, last));
  }
  if (blocks_checksum != parts_.footer.blocks_checksum)
    return corrupt_file(parts_.path, "blocks are not those its footer was written for");
  Row recorded;
  std::copy(parts_.footer.last_key.begin(), parts_.footer.last_key.end(), recorded.column.begin());
  if (!key_equal(recorded, last, parts_.footer.key_columns))
    return corrupt_file(parts_.path, "does not end with the key its footer says");
  return {};
}

}  // namespace zan::storage
