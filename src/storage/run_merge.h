// Merges the rows of several runs into one sequence in key order: what a scan shows and a
// compaction writes.
//
// RunStream decodes one run block by block; RunMerger plays the streams off against each other in a
// tree of losers (Knuth, TAOCP vol. 3, 5.4.1): log2(k) comparisons a row, without branches. Rows of
// one key come out of the tree oldest run first and are folded with the schema's `merge`.
//
//          0  winner 2              A node holds the head of the stream that lost there; node 0 the
//             |                     overall winner. When stream 2 gives its next row, only the
//          1  loser 1               nodes above it play again: 3, then 1.
//          /     .
//    2 loser 0   3 loser 3
//     / .         / .
//    0   1       2   3   streams
//
// Threads: one. Streams keep their run alive.
// Errors:  corrupt (also for rows out of order in a file whose checksums hold), unavailable.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "storage/run_file.h"
#include "storage/runs.h"

namespace zan::storage {

// from <= key < to over the key columns; all keys without bounds.
struct MergeRange {
  std::optional<Row> from;
  std::optional<Row> to;
};

// How much a stream reads (one block at least) and decodes (within a block) at a time: little at
// first, since most readers want a page, and each time twice as much.
struct ReadAhead {
  std::size_t first_bytes = 0;
  std::size_t most_bytes = 64 << 10;
  unsigned first_rows = 32;  // a multiple of pack_group
};
inline constexpr ReadAhead read_ahead_whole{256 << 10, 256 << 10, row_block_rows};

class RunStream {
 public:
  RunStream(std::shared_ptr<const RunFile> run, const MergeRange& range, ReadAhead ahead);

  // The next rows, one block's at most; empty at the end. Valid until the next call.
  Result<std::span<const Row>> load();

 private:
  Result<void> read_more();
  Result<void> load_block();

  std::shared_ptr<const RunFile> run_;
  MergeRange range_;
  ReadAhead ahead_;
  std::uint64_t block_ = 0;  // next to load
  std::uint64_t blocks_end_ = 0;
  std::uint64_t buffer_blocks_end_ = 0;
  std::uint64_t buffer_offset_ = 0;  // in the file
  std::unique_ptr<std::byte[]> buffer_;
  std::size_t buffer_capacity_ = 0;
  BlockView view_;                        // of the block loaded last
  unsigned next_row_ = 0, rows_end_ = 0;  // of it, those to decode yet
  std::array<Row, row_block_rows> rows_;
};

class RunMerger {
 public:
  virtual ~RunMerger() = default;
  // Fills `rows` from the front; returns how many, zero at the end only.
  virtual Result<std::size_t> next(std::span<Row> rows) = 0;
};

// `runs`: oldest first. The schema outlives the merger.
std::unique_ptr<RunMerger> make_merger(const RunSchema& schema, std::span<const std::shared_ptr<const RunFile>> runs,
                                       const MergeRange& range, ReadAhead ahead);

}  // namespace zan::storage
