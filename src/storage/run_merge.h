// Merges the rows of several runs into one sequence in key order: what a scan shows and a
// compaction writes.
//
// RunStream decodes one run block by block; RunMerger plays the streams off against each other in a
// tree of losers (Knuth, TAOCP vol. 3, 5.4.1): log2(k) comparisons a row, without branches. Rows of
// one key come out of the tree oldest run first and are folded with the schema's `merge`.
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

// How many bytes a stream asks the disk for at a time: doubled from `first` up to `most`, at least
// one block.
struct ReadAhead {
  std::size_t first_bytes = 0;
  std::size_t most_bytes = 64 << 10;
};
inline constexpr ReadAhead read_ahead_whole{256 << 10, 256 << 10};

class RunStream {
 public:
  RunStream(std::shared_ptr<const RunFile> run, const MergeRange& range, ReadAhead ahead);

  // Decodes the next rows; false at the end. Afterwards rows [position, end) are there.
  Result<bool> load();

  unsigned position = 0;
  unsigned end = 0;
  [[nodiscard]] std::uint64_t column(unsigned c, unsigned row) const { return columns_[c][row]; }

 private:
  Result<void> read_more();

  std::shared_ptr<const RunFile> run_;
  MergeRange range_;
  ReadAhead ahead_;
  std::uint64_t block_ = 0;  // next to decode
  std::uint64_t blocks_end_ = 0;
  std::uint64_t buffer_blocks_end_ = 0;
  std::uint64_t buffer_offset_ = 0;  // in the file
  std::unique_ptr<std::byte[]> buffer_;
  std::size_t buffer_capacity_ = 0;
  std::array<std::array<std::uint64_t, row_block_rows>, row_columns_max> columns_;
};

class RunMerger {
 public:
  virtual ~RunMerger() = default;
  // Fills `rows` from the front; returns how many, zero at the end only.
  virtual Result<std::size_t> next(std::span<Row> rows) = 0;
};

// `runs`: oldest first. The schema outlives the merger.
std::unique_ptr<RunMerger> make_merger(const RunSchema& schema,
                                       std::span<const std::shared_ptr<const RunFile>> runs,
                                       const MergeRange& range, ReadAhead ahead);

}  // namespace zan::storage
