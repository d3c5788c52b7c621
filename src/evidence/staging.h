// Staging: the batches that are in the log and whose tiles may not have reached the disk yet.
//
// One file, synced after every batch, is what makes a batch durable. The thousands of tile files that follow from it
// are written without a sync each: as long as their batch is staged, a start writes them again. Not the tiles are
// staged but the entries, half as many bytes: tiles are computed from them, and the root after each batch says whether
// rightly.
//
//   file    base, batches
//   base    [magic][u64 size][32-byte root][u32 count of litter][litter: u8 level or 0xff, u64 index, each][u64 check]
//   batch   [u32 magic][u32 entries][u64 first index][u64 bytes][32-byte root after it][u64 check of the bytes]
//           [u64 check] bytes
//
// The tiles of the base are on the disk. Litter: places whose partial tiles may still lie about though the full tile is
// there.
//
// Threads: one.
// Errors:  unavailable, corrupt (names what).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "evidence/tile.h"
#include "storage/storage.h"

namespace zan::evidence {

struct StagingBase {
  std::uint64_t size = 0;
  Hash root = empty_root();
  std::vector<TileId> litter;
};

struct StagedBatch {
  std::uint64_t first = 0;  // index of its first entry
  std::uint32_t count = 0;
  Hash root_after{};
  ByteSpan entries;  // as in an EntryBatch

  [[nodiscard]] std::uint64_t end() const { return first + count; }
};

Bytes encode_staging_base(const StagingBase& base);
Bytes encode_batch_head(const StagedBatch& batch);

// Walks the bytes of a staging file.
class StagingReader {
 public:
  static Result<StagingReader> open(ByteSpan file);
  [[nodiscard]] const StagingBase& base() const { return base_; }
  // Empty: nothing more that is whole. Views the file's bytes.
  std::optional<StagedBatch> next();
  // The file goes on behind what next() gave.
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  StagingBase base_;
  ByteSpan rest_;
};

class Staging {
 public:
  // Replaces the file, durably. All before `base` must be on the disk.
  static Result<Staging> start(storage::Disk& disk, const std::string& path, const StagingBase& base);

  // Durable when it returns. On an error `file_is_known` says whether all is as before, or nothing is known of the file
  // any more.
  Result<void> append(const StagedBatch& batch, bool& file_is_known);
  // What the disk holds of the last batch's entries.
  Result<Bytes> read_back() const;

  [[nodiscard]] std::uint64_t bytes() const { return end_; }
  [[nodiscard]] bool has_batches() const { return end_ > base_bytes_; }

 private:
  Staging(std::unique_ptr<storage::File> file, std::uint64_t base_bytes)
      : file_(std::move(file)), base_bytes_(base_bytes), end_(base_bytes) {}

  std::unique_ptr<storage::File> file_;
  std::uint64_t base_bytes_;
  std::uint64_t end_;
  std::uint64_t last_bytes_ = 0;  // of the entries of the last batch
};

}  // namespace zan::evidence
