// One block of a run: up to row_block_rows rows, column by column, with a checksum.
// docs/formats/runs.md has the bytes.
//
// A column is its least value, a width, and the packed differences from the least; where all
// differences are multiples of 1000 (microseconds that come as milliseconds) they are divided by it
// first. A value can be read alone, so a point lookup decodes a dozen values and not the block.
//
// Errors:  parse() tells a malformed block from a good one by itself, checksum or not, and never
//          reads outside it (but for pack_slack bytes behind its end, which must be readable).
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "storage/run_pack.h"
#include "storage/runs.h"

namespace zan::storage {

// What a damaged or misplaced block is told by: the run's number and the block's place in it go
// into the checksum.
struct BlockPlace {
  std::uint64_t run = 0;
  std::uint64_t block = 0;
};

inline constexpr std::size_t block_checksum_bytes = 4;
inline constexpr std::size_t block_column_header_bytes = 1 + 8;

constexpr std::size_t block_bytes_max(unsigned columns) {
  return columns * (block_column_header_bytes + row_block_rows * 8) + block_checksum_bytes;
}
constexpr std::size_t block_bytes_min(unsigned columns) {
  return columns * block_column_header_bytes + block_checksum_bytes;
}

// Writes the block of `rows` (1 to row_block_rows) at `out`, which has room for block_bytes_max +
// pack_slack bytes. Returns its size.
std::size_t encode_block(std::span<const Row> rows, unsigned columns, BlockPlace place, std::byte* out);

// The checksum that a block must end with, and the one it ends with. REQUIRES: block_bytes_min
// bytes at least.
std::uint32_t block_checksum(ByteSpan block, BlockPlace place);
std::uint32_t stored_block_checksum(ByteSpan block);

// A block in its packed form. Views the bytes it was parsed from.
class BlockView {
 public:
  // False: not a well-formed block of that shape. The checksum is the caller's business.
  [[nodiscard]] bool parse(ByteSpan block, unsigned columns, unsigned rows);

  [[nodiscard]] unsigned rows() const { return rows_; }
  [[nodiscard]] std::uint64_t at(unsigned column, unsigned row) const {
    const Column& c = columns_[column];
    return c.base + c.step * packed_at(c.width, c.mask, c.bits, row);
  }
  [[nodiscard]] Row row(unsigned index) const;

  // The first row that is not below `key`, over the first `key_columns` columns; rows() if there is
  // none.
  [[nodiscard]] unsigned lower_bound(const Row& key, unsigned key_columns) const;

  // Decodes the groups of eight rows [from_group, to_group) to rows[from_group * 8 ...], columns
  // that the block does not have excepted.
  void decode(unsigned from_group, unsigned to_group, Row* rows) const;

 private:
  struct Column {
    std::uint64_t base = 0;
    std::uint64_t step = 1;
    std::uint64_t mask = 0;
    const std::byte* bits = nullptr;
    unsigned width = 0;
  };

  std::array<Column, row_columns_max> columns_;
  unsigned columns_used_ = 0;
  unsigned rows_ = 0;
};

}  // namespace zan::storage
