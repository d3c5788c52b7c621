// One run on disk: blocks, then fence keys, then the filter, then a footer that says where all of
// it is.
//
// What is open of a run is small: a fence key and an offset a block, and the filter. Blocks are
// read with one pread each and checked against their checksum every time; the page cache is the
// cache.
//
// Threads: any; a RunFile never changes.
// Errors:  corrupt (names file and block), unavailable (read error).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "storage/disk.h"
#include "storage/run_block.h"
#include "storage/run_filter.h"
#include "storage/run_key.h"
#include "storage/runs.h"

namespace zan::storage {

inline constexpr std::uint32_t run_format_version = 1;

// The end of every run file, of fixed size.
struct RunFooter {
  std::uint64_t run = 0;  // the number in the file's name
  std::uint8_t columns = 0;
  std::uint8_t key_columns = 0;
  bool filtered = false;
  std::uint64_t rows = 0;
  std::uint64_t block_count = 0;
  std::uint64_t blocks_bytes = 0;
  std::uint64_t filter_lines = 0;
  std::uint64_t blocks_checksum = 0;  // of the blocks' own checksums, in order
  std::uint64_t fences_checksum = 0;
  std::uint64_t filter_checksum = 0;
  std::array<std::uint64_t, key_columns_max> last_key{};

  [[nodiscard]] std::uint64_t fences_bytes() const { return block_count * (key_columns + 1) * 8; }
  [[nodiscard]] std::uint64_t filter_bytes() const { return filter_lines * filter_line_bytes; }
  [[nodiscard]] std::uint64_t file_bytes() const;
};

inline constexpr std::size_t run_footer_bytes = 112;

// The bytes of the footer, its own checksum last. That checksum is the run's identity: through the
// other checksums it stands for every byte of the file.
Bytes encode_run_footer(const RunFooter& footer);
// corrupt or unsupported (message without the file's name).
Result<RunFooter> parse_run_footer(ByteSpan bytes);
std::uint64_t run_footer_identity(ByteSpan bytes);

// First key and offset of every block, column by column.
class RunFences {
 public:
  RunFences() = default;
  explicit RunFences(unsigned key_columns) : key_columns_(key_columns) {}

  void reserve(std::uint64_t blocks);
  void add(const Row& first, std::uint64_t offset);
  // False: not what a writer writes (offsets or keys out of order, blocks of impossible size).
  [[nodiscard]] bool parse(ByteSpan bytes, const RunFooter& footer);
  void append_to(Bytes& out) const;

  [[nodiscard]] std::uint64_t size() const { return offsets_.size(); }
  [[nodiscard]] std::uint64_t offset(std::uint64_t block) const { return offsets_[block]; }
  [[nodiscard]] Row first(std::uint64_t block) const;
  // The last block whose first key is not above `key` (0 if there is none): where `key` is, if
  // anywhere.
  [[nodiscard]] std::uint64_t block_of(const Row& key) const;
  // How many blocks begin below `key`.
  [[nodiscard]] std::uint64_t blocks_below(const Row& key) const;
  [[nodiscard]] std::size_t memory_bytes() const;

 private:
  [[nodiscard]] bool less(std::uint64_t block, const Row& key) const;

  unsigned key_columns_ = 0;
  std::array<std::vector<std::uint64_t>, key_columns_max> keys_;
  std::vector<std::uint64_t> offsets_;
};

// Room for one block as read from disk.
using BlockBuffer = std::array<std::byte, block_bytes_max(row_columns_max) + pack_slack>;

class RunFile {
 public:
  struct Parts {
    std::string path;
    std::unique_ptr<File> file;
    RunFooter footer;
    std::uint64_t identity = 0;
    RunFences fences;
    Filter filter;
  };
  explicit RunFile(Parts parts) : parts_(std::move(parts)) {}

  // Reads footer, fences and filter.
  static Result<std::shared_ptr<const RunFile>> open(Disk& disk, std::string path);

  [[nodiscard]] const std::string& path() const { return parts_.path; }
  [[nodiscard]] const RunFooter& footer() const { return parts_.footer; }
  [[nodiscard]] std::uint64_t identity() const { return parts_.identity; }
  [[nodiscard]] const RunFences& fences() const { return parts_.fences; }
  [[nodiscard]] FilterView filter() const { return parts_.filter.view(); }
  [[nodiscard]] std::size_t memory_bytes() const;

  [[nodiscard]] std::uint64_t block_end(std::uint64_t block) const;
  [[nodiscard]] unsigned block_rows(std::uint64_t block) const;
  [[nodiscard]] bool key_in_range(const Row& key) const;

  // Reads `bytes` from `offset` of the block area; all of them or corrupt.
  Result<void> read_blocks(std::uint64_t offset, std::span<std::byte> into) const;
  // Checks and parses a block that was read.
  Result<void> check_block(std::uint64_t block, ByteSpan bytes, BlockView& view) const;
  // Both, of one block; `view` views `buffer`.
  Result<void> read_block(std::uint64_t block, BlockBuffer& buffer, BlockView& view) const;

  // The row with that key (all key columns of `key` are set).
  Result<bool> find(const Row& key, Row& row) const;

  // Reads every byte: checksums, order, fences, filter.
  Result<void> verify() const;

 private:
  Error corrupt_block(std::uint64_t block, std::string_view what) const;
  Result<void> verify_block(std::uint64_t block, const BlockView& view, Row& last) const;

  const Parts parts_;
};

}  // namespace zan::storage
