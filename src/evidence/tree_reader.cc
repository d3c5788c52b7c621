#include "evidence/tree_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>

namespace zan::evidence {
namespace {

constexpr std::uint64_t tiles_between_reports = 256;

// The same place, grown to a full tile.
TileId grown(TileId tile) {
  tile.width = tile_width;
  return tile;
}

Error wrong(const TileId& tile, std::string_view what) {
  return conflict(fmt::format("{}: {}", tile_path(tile), what));
}

// Leaves of the left half of a range (RFC 6962: the largest power of two below its length).
std::uint64_t left_leaves(std::uint64_t count) {
  return std::bit_floor(count - 1);
}

}  // namespace

Result<TreeReader> TreeReader::open(TileSource& source, std::uint64_t size, const Hash& root) {
  TreeReader reader(source, size, root);
  ZAN_TRY(reader.load_edge());
  return reader;
}

Result<void> TreeReader::load_edge() {
  if (size_ >> (tile_levels * tile_height - 1) != 0) return invalid("a tree of more than 2^63 leaves");
  Frontier frontier;
  std::string read;
  const auto tiles = partial_tiles(size_);
  for (auto tile = tiles.rbegin(); tile != tiles.rend(); ++tile) {
    ZAN_ASSIGN(Hashes hashes, fetch(*tile));
    for (const Hash& hash : hashes) frontier.append_subtree(tile->level * tile_height, hash);
    edge_.emplace(tile->level, std::move(hashes));
    read += (read.empty() ? "" : ", ") + tile_path(*tile);
  }
  // Which of them is damaged nobody can say.
  if (frontier.root() != root_)
    return conflict(fmt::format("the right edge ({}) does not hash to the root of size {}", read, size_));
  return {};
}

std::span<const Hash> TreeReader::edge(unsigned level) const {
  const auto found = edge_.find(level);
  return found == edge_.end() ? std::span<const Hash>{} : std::span<const Hash>(found->second);
}

Result<TreeReader::Hashes> TreeReader::fetch(const TileId& tile) {
  Result<Bytes> bytes = source_->read_tile(tile);
  if (!bytes.ok() && bytes.error().kind == ErrorKind::not_found && !tile.full()) {
    bytes = source_->read_tile(grown(tile));
    if (bytes.ok() && bytes->size() == tile_width * hash_bytes) bytes->resize(tile.width * hash_bytes);
  }
  if (!bytes.ok()) return bytes.error();
  if (bytes->size() != tile.width * hash_bytes) return wrong(tile, fmt::format("{} bytes are no tile", bytes->size()));
  Hashes hashes(tile.width);
  std::memcpy(hashes.data(), bytes->data(), bytes->size());
  return hashes;
}

Result<const TreeReader::Hashes*> TreeReader::tile(unsigned level, std::uint64_t index) {
  const TileId id = tile_of(level, index * tile_width, size_);
  if (!id.full()) return &edge_.find(level)->second;
  const auto kept = kept_.find({level, index});
  if (kept != kept_.end()) return &kept->second;
  ZAN_ASSIGN(const Hash expected, hash(level + 1, index));
  ZAN_ASSIGN(Hashes hashes, fetch(id));
  Hashes scratch = hashes;
  if (fold_complete(scratch) != expected) return wrong(id, "does not hash to the tile above it");
  if (kept_.size() >= tiles_kept_max) kept_.clear();
  return &kept_.insert_or_assign({level, index}, std::move(hashes)).first->second;
}

Result<Hash> TreeReader::hash(unsigned level, std::uint64_t index) {
  if (index >= level_size(level, size_))
    return not_found(fmt::format("hash {} of level {} is outside a tree of {}", index, level, size_));
  ZAN_ASSIGN(const Hashes* const hashes, tile(level, index / tile_width));
  return (*hashes)[index % tile_width];
}

// The complete subtree number `index` of 2^height leaves.
Result<Hash> TreeReader::subtree(unsigned height, std::uint64_t index) {
  const unsigned level = height / tile_height;
  const unsigned above = height % tile_height;
  const std::uint64_t first = index << above;
  ZAN_ASSIGN(const Hashes* const hashes, tile(level, first / tile_width));
  const auto begin = hashes->begin() + static_cast<std::ptrdiff_t>(first % tile_width);
  Hashes scratch(begin, begin + (std::ptrdiff_t{1} << above));
  return fold_complete(scratch);
}

// Ranges are those of RFC 6962: they start at a multiple of a power of two that is not less than their length.
Result<Hash> TreeReader::root_of(Range range) {
  if (range.begin == range.end) return empty_root();
  std::vector<Hash> parts;
  for (std::uint64_t at = range.begin; at < range.end;) {
    const auto height = static_cast<unsigned>(std::bit_width(range.end - at)) - 1;
    ZAN_ASSIGN(Hash part, subtree(height, at >> height));
    parts.push_back(part);
    at += std::uint64_t{1} << height;
  }
  Hash root = parts.back();
  for (auto part = parts.rbegin() + 1; part != parts.rend(); ++part) root = node_hash(*part, root);
  return root;
}

Result<std::vector<Hash>> TreeReader::roots_upwards(const std::vector<Range>& ranges) {
  std::vector<Hash> roots;
  roots.reserve(ranges.size());
  for (auto range = ranges.rbegin(); range != ranges.rend(); ++range) {
    ZAN_ASSIGN(Hash root, root_of(*range));
    roots.push_back(root);
  }
  return roots;
}

Result<Hash> TreeReader::root_at(std::uint64_t old_size) {
  if (old_size > size_) return not_found(fmt::format("size {} is outside a tree of {}", old_size, size_));
  return root_of({0, old_size});
}

Result<std::vector<Hash>> TreeReader::inclusion(std::uint64_t index) {
  if (index >= size_) return not_found(fmt::format("index {} is outside a tree of {}", index, size_));
  std::vector<Range> siblings;
  for (Range range{0, size_}; range.end - range.begin > 1;) {
    const std::uint64_t middle = range.begin + left_leaves(range.end - range.begin);
    const bool left = index < middle;
    siblings.push_back(left ? Range{middle, range.end} : Range{range.begin, middle});
    (left ? range.end : range.begin) = middle;
  }
  return roots_upwards(siblings);
}

// RFC 6962 section 2.1.2, SUBPROOF without its recursion.
Result<std::vector<Hash>> TreeReader::consistency(std::uint64_t old_size) {
  if (old_size > size_) return not_found(fmt::format("size {} is outside a tree of {}", old_size, size_));
  if (old_size == 0) return std::vector<Hash>{};
  std::vector<Range> parts;
  Range range{0, size_};
  bool is_old_root = true;
  while (range.end != old_size) {
    const std::uint64_t middle = range.begin + left_leaves(range.end - range.begin);
    const bool left = old_size <= middle;
    parts.push_back(left ? Range{middle, range.end} : Range{range.begin, middle});
    (left ? range.end : range.begin) = middle;
    is_old_root = is_old_root && left;
  }
  if (!is_old_root) parts.push_back(range);
  return roots_upwards(parts);
}

Result<Bundle> TreeReader::bundle(std::uint64_t index) {
  const std::uint64_t count = level_size(0, size_);
  if (index >= count / tile_width + (count % tile_width != 0 ? 1 : 0))
    return not_found(fmt::format("bundle {} is outside a tree of {}", index, size_));
  TileId id = tile_of(0, index * tile_width, size_);
  id.entries = true;
  Bundle bundle;
  Result<Bytes> bytes = source_->read_tile(id);
  const bool replaced = !bytes.ok() && bytes.error().kind == ErrorKind::not_found && !id.full();
  if (replaced) bytes = source_->read_tile(grown(id));
  if (!bytes.ok()) return bytes.error();
  bundle.bytes = std::move(bytes).value();
  auto entries = parse_bundle(bundle.bytes, replaced ? tile_width : id.width);
  if (!entries.ok()) return wrong(id, entries.error().message);
  bundle.entries = std::move(entries).value();
  bundle.entries.resize(id.width);
  ZAN_ASSIGN(const Hashes* const hashes, tile(0, index));
  for (std::size_t i = 0; i < bundle.entries.size(); ++i) {
    if (leaf_hash(bundle.entries[i]) != (*hashes)[i])
      return wrong(id, fmt::format("entry {} does not hash to its leaf", i));
  }
  return bundle;
}

Result<Bytes> TreeReader::entry(std::uint64_t index) {
  ZAN_ASSIGN(const Bundle found, bundle(index / tile_width));
  const std::size_t at = index % tile_width;
  if (at >= found.entries.size()) return not_found(fmt::format("index {} is outside a tree of {}", index, size_));
  return Bytes(found.entries[at].begin(), found.entries[at].end());
}

Result<void> verify_all(TreeReader& reader, const std::function<void(double)>& progress) {
  const std::uint64_t size = reader.size();
  for (std::uint64_t at = 0; at < size; at += tile_width) {
    ZAN_TRY(reader.bundle(at / tile_width));
    if (progress && at / tile_width % tiles_between_reports == 0)
      progress(static_cast<double>(at) / static_cast<double>(size));
  }
  if (progress) progress(1);
  return {};
}

}  // namespace zan::evidence
