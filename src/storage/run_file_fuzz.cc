// Foreign bytes as a manifest, as a block, and as a whole run file.
//
// Checksums would keep the fuzzer at the door, so a file is a good one with bytes of the input
// written over it and then sealed again: what is tried is what the decoders do with content that
// someone meant. Wanted: no step outside the buffers, no stop, no endless loop; an error, or rows
// in order.

#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

#include "base/hash.h"
#include "base/require.h"
#include "storage/run_file.h"
#include "storage/run_manifest.h"
#include "storage/run_merge.h"
#include "storage/run_writer.h"
#include "storage/runs.h"
#include "storage/sim_disk.h"

namespace zan::storage {
namespace {

constexpr const char* path = "a.run";
constexpr std::uint64_t run_number = 1;

void seal_last_8(std::span<std::byte> bytes) {
  const std::uint64_t sum = checksum64(bytes.first(bytes.size() - 8));
  std::memcpy(&bytes[bytes.size() - 8], &sum, sizeof sum);
}

void try_manifest(ByteSpan input) {
  Bytes bytes(input.begin(), input.end());
  if (bytes.size() >= 8) seal_last_8(bytes);
  const auto manifest = parse_manifest(bytes, "runs/MANIFEST");
  if (manifest.ok()) {
    const auto again = parse_manifest(encode_manifest(*manifest), "runs/MANIFEST");
    require(again.ok() && *again == *manifest, "a manifest that was read is written the same");
  }
}

void try_block(ByteSpan input) {
  if (input.size() < 2) return;
  const unsigned columns = 1 + static_cast<unsigned>(input[0]) % row_columns_max;
  const unsigned rows = 1 + static_cast<unsigned>(input[1]);
  const ByteSpan block = input.subspan(2);
  std::vector<std::byte> bytes(block.begin(), block.end());
  bytes.resize(block.size() + pack_slack);
  BlockView view;
  if (!view.parse({bytes.data(), block.size()}, columns, rows)) return;
  std::array<Row, row_block_rows> decoded;
  view.decode(0, (rows + pack_group - 1) / pack_group, decoded.data());
  for (unsigned i = 0; i < rows; ++i)
    require(view.row(i) == decoded[i], "a row is the same by itself and in its block");
  require(view.lower_bound(decoded[rows / 2], columns) <= rows, "a place in the block");
}

RunSchema schema_of(bool filtered) {
  RunSchema schema;
  schema.name = "a";
  schema.key_columns = filtered ? 2 : 3;
  schema.filtered = filtered;
  return schema;
}

Bytes good_file(bool filtered) {
  std::vector<Row> rows(700);
  for (std::uint64_t i = 0; i < rows.size(); ++i)
    rows[i] = Row{{i / 9, i, 1'650'000'000'000'000 + i * i * 1000, i % 3}};
  const auto disk = SimDisk::make(1);
  const RunSchema schema = schema_of(filtered);
  auto writer = RunWriter::create(*disk, schema, path, run_number, rows.size()).value();
  require(writer->add(rows).ok() && writer->finish().ok(), "a good file");
  return read_file(*disk, path).value();
}

// Where a sealed footer says the parts are, as far as they lie within the file.
void seal_file(Bytes& bytes) {
  const std::span<std::byte> footer = std::span(bytes).last(run_footer_bytes);
  constexpr std::size_t blocks_bytes_at = 16 + 3 * 8, filter_lines_at = 16 + 4 * 8;
  constexpr std::size_t fences_checksum_at = 16 + 6 * 8, filter_checksum_at = 16 + 7 * 8;
  const std::uint64_t blocks_bytes = load64(&footer[blocks_bytes_at]);
  const std::uint64_t filter_bytes = load64(&footer[filter_lines_at]) * filter_line_bytes;
  const std::uint64_t size = bytes.size() - run_footer_bytes;
  if (filter_bytes <= size && blocks_bytes <= size - filter_bytes) {
    const ByteSpan all(bytes);
    const std::uint64_t fences_bytes = size - filter_bytes - blocks_bytes;
    const std::uint64_t fences_sum = checksum64(all.subspan(blocks_bytes, fences_bytes));
    const std::uint64_t filter_sum = checksum64(all.subspan(size - filter_bytes, filter_bytes));
    std::memcpy(&footer[fences_checksum_at], &fences_sum, sizeof fences_sum);
    std::memcpy(&footer[filter_checksum_at], &filter_sum, sizeof filter_sum);
  }
  seal_last_8(footer);
}

// Seals the blocks of a file whose footer and fences are whole.
void seal_blocks(const RunFile& run, Bytes& bytes) {
  for (std::uint64_t block = 0; block < run.footer().block_count; ++block) {
    const std::uint64_t from = run.fences().offset(block);
    const std::span<std::byte> whole(&bytes[from], run.block_end(block) - from);
    const std::uint32_t sum = block_checksum(whole, {run.footer().run, block});
    std::memcpy(&whole[whole.size() - block_checksum_bytes], &sum, sizeof sum);
  }
}

void put(Disk& disk, const Bytes& bytes) {
  const auto file = disk.open(path, OpenMode::write).value();
  require(file->write_at(0, bytes).ok(), "a file in memory");
}

void read_everything(const std::shared_ptr<const RunFile>& run, bool filtered) {
  const RunSchema schema = schema_of(filtered);
  (void)run->verify().ok();
  for (std::uint64_t i = 0; i < 700; i += 50) {
    Row row;
    (void)run->find(Row{{i / 9, i, 1'650'000'000'000'000 + i * i * 1000}}, row).ok();
  }
  for (const MergeRange& range : {MergeRange{}, MergeRange{Row{{5}}, Row{{40, 7}}}}) {
    const std::array<std::shared_ptr<const RunFile>, 2> runs{run, run};
    const auto merger = make_merger(schema, runs, range, ReadAhead{});
    std::vector<Row> rows(100);
    Row last;
    bool any = false;
    for (;;) {
      const auto count = merger->next(rows);
      if (!count.ok() || *count == 0) break;
      for (std::size_t i = 0; i < *count; ++i) {
        require(!any || key_less(last, rows[i], schema.key_columns), "rows come in order or not at all");
        last = rows[i];
        any = true;
      }
    }
  }
}

// Three bytes of the input say where one byte goes and which.
void try_file(ByteSpan input, bool filtered) {
  static const std::array<Bytes, 2> good = {good_file(false), good_file(true)};
  Bytes bytes = good[filtered];
  for (; input.size() >= 3; input = input.subspan(3)) {
    const std::size_t at = static_cast<std::size_t>(input[0]) << 8 | static_cast<std::size_t>(input[1]);
    // Counted from the end: footer, filter and fences are what most is to be learnt from.
    bytes[bytes.size() - 1 - at % bytes.size()] = input[2];
  }
  seal_file(bytes);
  const auto disk = SimDisk::make(1);
  put(*disk, bytes);
  const auto run = RunFile::open(*disk, path);
  if (!run.ok()) return;
  // The columns may say otherwise than the schema: then a set would not have taken it.
  if ((*run)->footer().columns != 4 || (*run)->footer().key_columns != schema_of(filtered).key_columns) return;
  read_everything(*run, filtered);
  seal_blocks(**run, bytes);
  put(*disk, bytes);
  read_everything(*run, filtered);
}

}  // namespace
}  // namespace zan::storage

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace zan::storage;
  if (size == 0) return 0;
  const zan::ByteSpan input(reinterpret_cast<const std::byte*>(data) + 1, size - 1);
  switch (data[0] % 4) {
    case 0:
      try_manifest(input);
      break;
    case 1:
      try_block(input);
      break;
    default:
      try_file(input, data[0] % 4 == 3);
  }
  return 0;
}
