// Tiles: how the hashes of a log, and its entries, are cut into files (C2SP tlog-tiles).
//
// Hash i of tile (L, N) is the root of the 256^L leaves from (N * 256 + i) * 256^L on: level 0 holds leaf hashes, level
// L the roots of the full tiles of L - 1. A tile holds 256 hashes, the last of a level may hold fewer and is then a
// file of its own name. A bundle (entries = true, level 0) holds the entries behind the hashes of the level-0 tile of
// the same number, each as a big-endian 16-bit length and its bytes.
//
// Threads: plain values and functions.
// Errors:  invalid (no path, no bundle).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "evidence/merkle.h"

namespace zan::evidence {

inline constexpr unsigned tile_height = 8;
inline constexpr unsigned tile_width = 256;
inline constexpr unsigned tile_levels = 8;  // of a tree below 2^63 leaves; the format has 64
inline constexpr std::size_t hash_bytes = sizeof(Hash);
inline constexpr std::size_t entry_bytes_max = 65'535;
inline constexpr std::size_t entry_length_bytes = 2;
inline constexpr std::size_t bundle_bytes_max = tile_width * (entry_length_bytes + entry_bytes_max);

struct TileId {
  bool entries = false;
  unsigned level = 0;
  std::uint64_t index = 0;
  unsigned width = tile_width;  // 1 .. 256; less than 256: a partial tile

  auto operator<=>(const TileId&) const = default;
  [[nodiscard]] bool full() const { return width == tile_width; }
};

// "tile/1/x001/234.p/5", "tile/entries/000"; below the log's prefix.
std::string tile_path(const TileId& tile);
// Only what tile_path() gives: no other way to write a number is taken.
Result<TileId> parse_tile_path(std::string_view path);
// The folder of the partial tiles of that place: "tile/1/x001/234.p".
std::string partial_folder(const TileId& tile);

// Hashes that the level has in a tree of `size`.
constexpr std::uint64_t level_size(unsigned level, std::uint64_t size) {
  return level >= tile_levels ? 0 : size >> (level * tile_height);
}
// Leaves below one hash of the level. REQUIRES: level < tile_levels.
constexpr std::uint64_t leaves_below(unsigned level) {
  return std::uint64_t{1} << (level * tile_height);
}

// The tile that holds hash number `hash` of the level, as a tree of `size` has it: full, or partial at the right edge.
// REQUIRES: hash < level_size(level, size).
TileId tile_of(unsigned level, std::uint64_t hash, std::uint64_t size);
// Partial tiles of a tree of `size`, lowest level first; no bundle. None where a level ends with a full tile.
std::vector<TileId> partial_tiles(std::uint64_t size);
// Tiles and bundles a tree of `size` has and one of `old_size` has not, partial ones included.
std::vector<TileId> new_tiles(std::uint64_t old_size, std::uint64_t size);

// The entries of a bundle, viewing `bytes`. invalid: not exactly `count` entries.
Result<std::vector<ByteSpan>> parse_bundle(ByteSpan bytes, unsigned count);
// REQUIRES: at most entry_bytes_max.
void put_entry(Bytes& bundle, ByteSpan entry);

// Where tiles come from: a folder, a server, a test. What it gives is not trusted.
class TileSource {
 public:
  virtual ~TileSource() = default;
  // The bytes under tile_path(tile). not_found: there is none.
  virtual Result<Bytes> read_tile(const TileId& tile) = 0;
};

}  // namespace zan::evidence
