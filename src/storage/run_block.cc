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

// True, and every difference divided: all are multiples of `scale`.
bool divide(std::uint64_t* differences, unsigned count) {
  std::array<std::uint64_t, row_block_rows> quotients;
  for (unsigned i = 0; i < count; ++i) {
    quotients[i] = std::rotr(differences[i] * inverse_of_125, 3);
    if (quotients[i] > quotient_max) return false;
  }
  std::copy_n(quotients.begin(), count, differences);
  return true;
}

struct ColumnRange {
  std::uint64_t least;
  std::uint64_t greatest;
};

ColumnRange column_range(std::span<const Row> rows, unsigned column) {
  std::uint64_t least = rows[0].column[column];
  std::uint64_t greatest = least;
  for (const Row& row : rows) {
    least = std::min(least, row.column[column]);
    greatest = std::max(greatest, row.column[column]);
  }
  return {least, greatest};
}

// Packs one column behind `to`, its header to `width_at` and `least_at`; returns past its last
// byte.
std::byte* encode_column(std::span<const Row> rows, unsigned column, std::byte* width_at,
                         std::byte* least_at, std::byte* to) {
  const auto [least, greatest] = column_range(rows, column);
  std::memcpy(least_at, &least, sizeof least);
  const auto count = static_cast<unsigned>(rows.size());
  std::uint64_t range = greatest - least;
  if (range == 0) {
    *width_at = std::byte{0};
    return to;
  }
  std::array<std::uint64_t, row_block_rows> differences;
  for (unsigned i = 0; i < count; ++i) differences[i] = rows[i].column[column] - least;
  const bool scaled = range >= scale && divide(differences.data(), count);
  if (scaled) range /= scale;
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

std::size_t encode_block(std::span<const Row> rows, unsigned columns, BlockPlace place,
                         std::byte* out) {
  std::byte* const leasts = out + columns;
  std::byte* to = leasts + std::size_t{columns} * 8;
  for (unsigned c = 0; c < columns; ++c)
    to = encode_column(rows, c, out + c, leasts + std::size_t{c} * 8, to);
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

void BlockView::decode(unsigned column, unsigned from_group, unsigned to_group,
                       std::uint64_t* out) const {
  const Column& c = columns_[column];
  unpack(c.width, c.bits + std::size_t{from_group} * c.width, to_group - from_group, c.base, c.step,
         out + std::size_t{from_group} * pack_group);
}

}  // namespace zan::storage
