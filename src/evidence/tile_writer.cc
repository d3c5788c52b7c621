#include "evidence/tile_writer.h"

#include <algorithm>

#include "base/require.h"
#include "evidence/entry_batch.h"

namespace zan::evidence {
namespace {

constexpr std::size_t folders_kept_max = 64;

ByteSpan bytes_of(std::span<const Hash> hashes) {
  return std::as_bytes(hashes);
}

TileId place_of(TileId tile) {
  tile.width = tile_width;
  return tile;
}

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

}  // namespace

Result<void> TileWriter::load(TreeReader& reader) {
  size_ = reader.size();
  for (unsigned level = 0; level < tile_levels; ++level) {
    const auto hashes = reader.edge(level);
    edge_[level].assign(hashes.begin(), hashes.end());
  }
  bundle_.clear();
  if (size_ > 0) {
    // Read in any case: the last entries must be those that were signed.
    ZAN_ASSIGN(Bundle last, reader.bundle((size_ - 1) / tile_width));
    if (!edge_[0].empty()) {
      bundle_.clear();
      for (const ByteSpan entry : last.entries) put_entry(bundle_, entry);
    }
  }
  begun_.clear();
  for (TileId tile : partial_tiles(size_)) {
    begun_.insert(place_of(tile));
    tile.entries = true;
    if (tile.level == 0) begun_.insert(place_of(tile));
  }
  return {};
}

Result<void> TileWriter::extend(ByteSpan entries, std::span<const Hash> leaves) {
  const std::uint64_t old_size = size_;
  while (!leaves.empty()) {
    std::vector<Hash>& tile = edge_[0];
    const std::size_t count = std::min(leaves.size(), tile_width - tile.size());
    ByteSpan rest = entries;
    for (std::size_t i = 0; i < count; ++i) take_entry(rest);
    const ByteSpan taken = entries.first(entries.size() - rest.size());
    tile.insert(tile.end(), leaves.begin(), leaves.begin() + static_cast<std::ptrdiff_t>(count));
    size_ += count;
    entries = rest;
    leaves = leaves.subspan(count);
    if (tile.size() < tile_width) {
      put_bytes(bundle_, taken);
      continue;
    }
    const TileId bundle{.entries = true, .index = size_ / tile_width - 1};
    ZAN_TRY(put(bundle, bundle_, taken));
    bundle_.clear();
    ZAN_TRY(put_full(0, tile));
    Hash root = fold_complete(tile);
    tile.clear();
    ZAN_TRY(push(root, 1));
  }
  return put_partials(old_size);
}

// The root of a full tile goes into the level above it, and may fill that one too.
Result<void> TileWriter::push(const Hash& hash, unsigned level) {
  Hash root = hash;
  for (; level < tile_levels; ++level) {
    std::vector<Hash>& tile = edge_[level];
    tile.push_back(root);
    if (tile.size() < tile_width) return {};
    ZAN_TRY(put_full(level, tile));
    root = fold_complete(tile);
    tile.clear();
  }
  return {};
}

Result<void> TileWriter::put_full(unsigned level, std::span<const Hash> hashes) {
  return put({.level = level, .index = level_size(level, size_) / tile_width - 1}, bytes_of(hashes), {});
}

Result<void> TileWriter::put_partials(std::uint64_t old_size) {
  for (unsigned level = 0; level_size(level, size_) > level_size(level, old_size); ++level) {
    if (edge_[level].empty()) continue;
    TileId tile = tile_of(level, level_size(level, size_) - 1, size_);
    ZAN_TRY(put(tile, bytes_of(edge_[level]), {}));
    tile.entries = true;
    if (level == 0) ZAN_TRY(put(tile, bundle_, {}));
  }
  return {};
}

// Written in place and whole: a tile of that name never has other bytes, and its batch is staged.
Result<void> TileWriter::put(const TileId& tile, ByteSpan head, ByteSpan body) {
  if (!tile.full()) {
    begun_.insert(place_of(tile));
    ++partial_files_;
  } else if (begun_.erase(tile) > 0) {
    litter_.push_back(tile);
  }
  const std::string path = folder_ + "/" + tile_path(tile);
  ZAN_TRY(make_folder(folder_of(path)));
  ZAN_ASSIGN(const auto file, disk_.open(path, storage::OpenMode::write));
  return body.empty() ? file->write_at(0, head) : file->write_pair_at(0, head, body);
}

Result<void> TileWriter::make_folder(const std::string& path) {
  if (path.empty() || made_.contains(path)) return {};
  ZAN_TRY(make_folder(folder_of(path)));
  ZAN_TRY(disk_.make_folder(path));
  if (made_.size() >= folders_kept_max) made_.clear();
  made_.insert(path);
  return {};
}

Result<void> TileWriter::clean(std::uint64_t size) {
  partial_files_ = 0;
  while (!litter_.empty()) {
    const auto found = std::ranges::find_if(
        litter_, [&](const TileId& place) { return level_size(place.level, size) / tile_width > place.index; });
    if (found == litter_.end()) return {};
    ZAN_TRY(clean_place(*found));
    litter_.erase(found);
  }
  return {};
}

Result<void> TileWriter::clean_place(const TileId& place) {
  const std::string path = folder_ + "/" + partial_folder(place);
  made_.erase(path);
  const auto names = disk_.list(path);
  if (!names.ok()) return names.error().kind == ErrorKind::not_found ? Result<void>() : names.error();
  for (const std::string& name : *names) ZAN_TRY(disk_.remove(path + "/" + name));
  return disk_.remove_folder(path);
}

}  // namespace zan::evidence
