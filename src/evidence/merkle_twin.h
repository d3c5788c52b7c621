// Test support: the Merkle tree as RFC 6962 section 2.1 writes it down, by recursion over all leaves, and the tiles of
// a log held in memory. Slow, and with nothing in it to get wrong.
//
// Threads: one.
#pragma once

#include <bit>
#include <cstring>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/random.h"
#include "evidence/merkle.h"
#include "evidence/tile.h"

namespace zan::evidence::twin {

using Leaves = std::span<const Hash>;

inline std::size_t split(std::size_t count) {
  return std::bit_floor(count - 1);
}

inline Hash root(Leaves leaves) {
  if (leaves.empty()) return sha256({});
  if (leaves.size() == 1) return leaves[0];
  const std::size_t k = split(leaves.size());
  return node_hash(root(leaves.first(k)), root(leaves.subspan(k)));
}

inline std::vector<Hash> path(std::size_t index, Leaves leaves) {
  if (leaves.size() == 1) return {};
  const std::size_t k = split(leaves.size());
  std::vector<Hash> hashes = index < k ? path(index, leaves.first(k)) : path(index - k, leaves.subspan(k));
  hashes.push_back(index < k ? root(leaves.subspan(k)) : root(leaves.first(k)));
  return hashes;
}

inline std::vector<Hash> subproof(std::size_t old_size, Leaves leaves, bool is_old_root) {
  if (old_size == leaves.size()) return is_old_root ? std::vector<Hash>{} : std::vector<Hash>{root(leaves)};
  const std::size_t k = split(leaves.size());
  const bool left = old_size <= k;
  std::vector<Hash> hashes =
      left ? subproof(old_size, leaves.first(k), is_old_root) : subproof(old_size - k, leaves.subspan(k), false);
  hashes.push_back(left ? root(leaves.subspan(k)) : root(leaves.first(k)));
  return hashes;
}

// Entries of 0 to 60 random bytes.
inline std::vector<Bytes> random_entries(std::size_t count, std::uint64_t seed) {
  Rng rng(seed);
  std::vector<Bytes> entries(count);
  for (Bytes& entry : entries) {
    entry.resize(rng.below(61));
    for (std::byte& byte : entry) byte = static_cast<std::byte>(rng.next());
  }
  return entries;
}

inline std::vector<Hash> leaves_of(const std::vector<Bytes>& entries) {
  std::vector<Hash> leaves;
  leaves.reserve(entries.size());
  for (const Bytes& entry : entries) leaves.push_back(leaf_hash(entry));
  return leaves;
}

class MemoryTiles final : public TileSource {
 public:
  // The tiles of a tree of the first `size` entries, and no others.
  MemoryTiles(const std::vector<Bytes>& entries, std::size_t size) {
    const std::vector<Hash> leaves = leaves_of({entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(size)});
    for (const TileId& tile : new_tiles(0, size)) {
      Bytes& bytes = files[tile_path(tile)];
      for (std::size_t i = 0; i < tile.width; ++i) {
        const std::size_t at = tile.index * tile_width + i;
        if (tile.entries) {
          put_entry(bytes, entries[at]);
        } else {
          const std::size_t below = leaves_below(tile.level);
          put_bytes(bytes, root(Leaves(leaves).subspan(at * below, below)));
        }
      }
    }
  }

  Result<Bytes> read_tile(const TileId& tile) override {
    ++reads;
    const auto found = files.find(tile_path(tile));
    if (found == files.end()) return not_found("no such tile");
    return found->second;
  }

  std::map<std::string, Bytes> files;
  std::size_t reads = 0;
};

}  // namespace zan::evidence::twin
