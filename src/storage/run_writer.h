// Writes one run: rows in key order go in, a synced file and its open RunFile come out.
//
// Blocks are encoded into one buffer of about a megabyte and written in order; fences and filter
// stay in memory and become those of the open run, so nothing is read back. A long file is synced
// as it grows, so that the disk is never handed gigabytes at once while the journal waits behind
// them.
//
// Threads: one.
// Errors:  unavailable (disk). A writer that is destroyed unfinished removes its file.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "storage/disk.h"
#include "storage/run_file.h"
#include "storage/runs.h"

namespace zan::storage {

// Whether every key is above the one before.
bool in_key_order(std::span<const Row> rows, unsigned key_columns);

class RunWriter {
 public:
  // `rows_max`: no more rows than this will come; the filter is sized for it.
  static Result<std::unique_ptr<RunWriter>> create(Disk& disk, const RunSchema& schema, std::string path,
                                                   std::uint64_t number, std::uint64_t rows_max);
  ~RunWriter();
  RunWriter(const RunWriter&) = delete;
  RunWriter& operator=(const RunWriter&) = delete;

  // REQUIRES: in_key_order(), also with the rows that came before.
  Result<void> add(std::span<const Row> rows);
  // Writes the rest and syncs the file (not its folder). Null when no row came: then there is no
  // file either.
  Result<std::shared_ptr<const RunFile>> finish();

 private:
  RunWriter(Disk& disk, const RunSchema& schema, std::string path, std::uint64_t number, std::uint64_t rows_max);

  Result<void> add_block(std::span<const Row> rows);
  void add_to_filter(std::span<const Row> rows);
  Result<void> append(ByteSpan bytes);
  Result<void> flush_buffer();

  Disk& disk_;
  const RunSchema& schema_;
  std::string path_;
  std::unique_ptr<File> file_;
  RunFooter footer_;
  RunFences fences_;
  Filter filter_;
  std::vector<Row> partial_;  // fewer than a block, waiting for more
  const std::size_t buffer_bytes_;
  std::unique_ptr<std::byte[]> buffer_;
  std::size_t buffered_ = 0;
  std::uint64_t written_ = 0;  // bytes that left the buffer
  std::uint64_t synced_ = 0;
  bool finished_ = false;
};

}  // namespace zan::storage
