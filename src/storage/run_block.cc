#include "storage/run_block.h"

#include <algorithm>
#include <bit>

#include "base/hash.h"

namespace zan::storage {
namespace {

constexpr std::uint64_t scale = 1000;
constexpr std::byte scaled_flag{0x80};

// 1000 = 8 * 125: x is a multiple of it exactly when x times the inverse of 125 modulo 2^64, turned
// right by three bits, is small enough, and then that is the quotient (Warren, Hacker's Delight,
// 10-17).
constexpr std::uint64_t inverse_of_125 = 0x1cac083126e978d5ULL;
static_assert(inverse_of_125 * 125 == 1);
constexpr std::uint64_t quotient_max = ~std::uint64_t{0} / scale;

// True, every difference divided, and `range` theirs: all are multiples of `scale`.
bool divide(std::uint64_t* differences, unsigned count, std::uint64_t& range) {
  std::array<std::uint64_t, row_block_rows> quotients;
  std::uint64_t quotients_range = 0;
  for (unsigned i = 0; i < count; ++i) {
    quotients[i] = std::rotr(differences[i] * inverse_of_125, 3);
    if (quotients[i] > quotient_max) return false;
    quotients_range |= quotients[i];
  }
  range = quotients_range;
  std::copy_n(quotients.begin(), count, differences);
  return true;
}

// In four strands, since each comparison waits for the one before it.
std::uint64_t least_of(std::span<const Row> rows, unsigned column) {
  std::array<std::uint64_t, 4> least;
  least.fill(rows[0].column[column]);
  std::size_t i = 0;
  for (; i + least.size() <= rows.size(); i += least.size())
    for (std::size_t s = 0; s < least.size(); ++s) least[s] = std::min(least[s], rows[i + s].column[column]);
  for (; i < rows.size(); ++i) least[0] = std::min(least[0], rows[i].column[column]);
  return std::ranges::min(least);
}

// Packs one column behind `to`, its header to `width_at` and `least_at`; returns past its last
// byte.
std::byte* encode_column(std::span<const Row> rows, unsigned column, std::byte* width_at, std::byte* least_at,
                         std::byte* to) {
  // The first column leads the order (were it not so, the differences would wrap round, and back).
  const std::uint64_t least = column == 0 ? rows[0].column[0] : least_of(rows, column);
  std::memcpy(least_at, &least, sizeof least);
  const auto count = static_cast<unsigned>(rows.size());
  std::array<std::uint64_t, row_block_rows> differences;
  std::uint64_t range = 0;  // bits that any difference has
  for (unsigned i = 0; i < count; ++i) {
    differences[i] = rows[i].column[column] - least;
    range |= differences[i];
  }
  if (range == 0) {
    *width_at = std::byte{0};
    return to;
  }
  const bool scaled = range >= scale && divide(differences.data(), count, range);
  const unsigned width = pack_width(range);
  const unsigned groups = (count + pack_group - 1) / pack_group;
  std::fill(differences.data() + count, differences.data() + std::size_t{groups} * pack_group, 0);
  pack(width, differences.data(), groups, to);
  *width_at = static_cast<std::byte>(width) | (scaled ? scaled_flag : std::byte{0});
  return to + packed_bytes(width, count);
}

}  // namespace

std::uint32_t block_checksum(ByteSpan block, BlockPlace place) {
  const ByteSpan body = block.first(block.size() - block_checksum_bytes);
  const std::uint64_t salt = mix64(place.run * 0x9e3779b97f4a7c15ULL + place.block);
  return checksum32(body) ^ static_cast<std::uint32_t>(salt);
}

std::uint32_t stored_block_checksum(ByteSpan block) {
  std::uint32_t checksum;
  std::memcpy(&checksum, block.data() + block.size() - block_checksum_bytes, sizeof checksum);
  return checksum;
}

std::size_t encode_block(std::span<const Row> rows, unsigned columns, BlockPlace place, std::byte* out) {
  std::byte* const leasts = out + columns;
  std::byte* to = leasts + std::size_t{columns} * 8;
  for (unsigned c = 0; c < columns; ++c) to = encode_column(rows, c, out + c, leasts + std::size_t{c} * 8, to);
  const auto size = static_cast<std::size_t>(to - out) + block_checksum_bytes;
  const std::uint32_t checksum = block_checksum({out, size}, place);
  std::memcpy(to, &checksum, sizeof checksum);
  return size;
}

bool BlockView::parse(ByteSpan block, unsigned columns, unsigned rows) {
  if (block.size() < block_bytes_min(columns)) return false;
  const std::byte* const leasts = block.data() + columns;
  std::size_t offset = columns * block_column_header_bytes;
  for (unsigned c = 0; c < columns; ++c) {
    Column& column = columns_[c];
    column.width = static_cast<unsigned>(block[c] & ~scaled_flag);
    if (!pack_width_valid(column.width)) return false;
    column.step = (block[c] & scaled_flag) != std::byte{0} ? scale : 1;
    column.base = load64(leasts + std::size_t{c} * 8);
    column.mask = pack_mask(column.width);
    column.bits = block.data() + offset;
    offset += packed_bytes(column.width, rows);
    if (offset + block_checksum_bytes > block.size()) return false;
  }
  columns_used_ = columns;
  rows_ = rows;
  return offset + block_checksum_bytes == block.size();
}

Row BlockView::row(unsigned index) const {
  Row row;
  for (unsigned c = 0; c < columns_used_; ++c) row.column[c] = at(c, index);
  return row;
}

unsigned BlockView::lower_bound(const Row& key, unsigned key_columns) const {
  unsigned first = 0;
  unsigned count = rows_;
  while (count > 0) {
    const unsigned half = count / 2;
    const unsigned middle = first + half;
    bool less = false;
    for (unsigned c = 0; c < key_columns; ++c) {
      const std::uint64_t value = at(c, middle);
      less = value < key.column[c];
      if (value != key.column[c]) break;
    }
    if (less) first = middle + 1;
    count = less ? count - half - 1 : half;
  }
  return first;
}

void BlockView::decode(unsigned from_group, unsigned to_group, Row* rows) const {
  for (unsigned c = 0; c < columns_used_; ++c) {
    const Column& column = columns_[c];
    unpack(column.width, column.bits + std::size_t{from_group} * column.width, to_group - from_group, column.base,
           column.step, &rows[std::size_t{from_group} * pack_group].column[c]);
  }
}

}  // namespace zan::storage
