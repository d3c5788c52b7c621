#include "evidence/staging.h"

#include <algorithm>
#include <array>

#include "base/hash.h"
#include "base/require.h"

namespace zan::evidence {
namespace {

constexpr std::array<char, 8> file_magic{'Z', 'A', 'N', 'S', 'T', 'A', 'G', '\1'};
constexpr std::uint32_t batch_magic = 0x48435442;  // "BTCH"
constexpr std::size_t batch_head_bytes = 4 + 4 + 8 + 8 + sizeof(Hash) + 8 + 8;
constexpr std::uint8_t entries_mark = 0xff;
constexpr std::size_t litter_bytes = 1 + 8;

ByteSpan magic_bytes() {
  return as_bytes(std::string_view(file_magic.data(), file_magic.size()));
}

Hash take_hash(ByteReader& reader) {
  Hash hash{};
  const ByteSpan bytes = reader.take(sizeof hash);
  std::copy(bytes.begin(), bytes.end(), hash.begin());
  return hash;
}

}  // namespace

Bytes encode_staging_base(const StagingBase& base) {
  Bytes bytes;
  put_fixed(bytes, file_magic);
  put_fixed(bytes, base.size);
  put_fixed(bytes, base.root);
  put_fixed(bytes, static_cast<std::uint32_t>(base.litter.size()));
  for (const TileId& tile : base.litter) {
    put_fixed(bytes, tile.entries ? entries_mark : static_cast<std::uint8_t>(tile.level));
    put_fixed(bytes, tile.index);
  }
  put_fixed(bytes, checksum64(bytes));
  return bytes;
}

Bytes encode_batch_head(const StagedBatch& batch) {
  Bytes bytes;
  put_fixed(bytes, batch_magic);
  put_fixed(bytes, batch.count);
  put_fixed(bytes, batch.first);
  put_fixed(bytes, std::uint64_t{batch.entries.size()});
  put_fixed(bytes, batch.root_after);
  put_fixed(bytes, checksum64(batch.entries));
  put_fixed(bytes, checksum64(bytes));
  return bytes;
}

Result<StagingReader> StagingReader::open(ByteSpan file) {
  ByteReader in(file);
  StagingReader reader;
  const ByteSpan magic = in.take(file_magic.size());
  if (!std::ranges::equal(magic, magic_bytes())) return corrupt("staging: not such a file");
  reader.base_.size = in.fixed<std::uint64_t>();
  reader.base_.root = take_hash(in);
  const auto count = in.fixed<std::uint32_t>();
  if (!in.ok() || in.left() < count * litter_bytes + sizeof(std::uint64_t))
    return corrupt("staging: its head is cut short");
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto level = in.fixed<std::uint8_t>();
    TileId tile{.entries = level == entries_mark, .level = level == entries_mark ? 0U : level};
    tile.index = in.fixed<std::uint64_t>();
    reader.base_.litter.push_back(tile);
  }
  const std::size_t checked = file.size() - in.left();
  if (in.fixed<std::uint64_t>() != checksum64(file.first(checked))) return corrupt("staging: its head fails its check");
  reader.rest_ = file.subspan(checked + sizeof(std::uint64_t));
  return reader;
}

std::optional<StagedBatch> StagingReader::next() {
  if (rest_.size() < batch_head_bytes) return std::nullopt;
  const ByteSpan head = rest_.first(batch_head_bytes);
  ByteReader in(head);
  const auto magic = in.fixed<std::uint32_t>();
  StagedBatch batch{.count = in.fixed<std::uint32_t>()};
  batch.first = in.fixed<std::uint64_t>();
  const auto bytes = in.fixed<std::uint64_t>();
  batch.root_after = take_hash(in);
  const auto body_check = in.fixed<std::uint64_t>();
  const auto head_check = in.fixed<std::uint64_t>();
  if (magic != batch_magic || head_check != checksum64(head.first(batch_head_bytes - sizeof head_check)) ||
      rest_.size() - batch_head_bytes < bytes)
    return std::nullopt;
  batch.entries = rest_.subspan(batch_head_bytes, bytes);
  if (checksum64(batch.entries) != body_check || !parse_bundle(batch.entries, batch.count).ok()) return std::nullopt;
  rest_ = rest_.subspan(batch_head_bytes + bytes);
  return batch;
}

Result<Staging> Staging::start(storage::Disk& disk, const std::string& path, const StagingBase& base) {
  const Bytes bytes = encode_staging_base(base);
  ZAN_TRY(storage::write_file(disk, path, bytes));
  ZAN_ASSIGN(auto file, disk.open(path, storage::OpenMode::write));
  return Staging(std::move(file), bytes.size());
}

Result<void> Staging::append(const StagedBatch& batch, bool& file_is_known) {
  const Bytes head = encode_batch_head(batch);
  file_is_known = true;
  ZAN_TRY(file_->write_pair_at(end_, head, batch.entries));
  file_is_known = false;
  ZAN_TRY(file_->sync());
  file_is_known = true;
  end_ += head.size() + batch.entries.size();
  last_bytes_ = batch.entries.size();
  return {};
}

Result<Bytes> Staging::read_back() const {
  Bytes bytes(last_bytes_);
  ZAN_ASSIGN(const std::size_t got, file_->read_at(end_ - last_bytes_, bytes));
  if (got != bytes.size()) return corrupt("staging: ends before its last batch");
  return bytes;
}

}  // namespace zan::evidence
