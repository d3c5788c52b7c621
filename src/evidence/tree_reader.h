// TreeReader: hashes, proofs and entries of one tree, out of tiles that nobody needs to trust.
//
// Given size and root of a checkpoint, it fetches the partial tiles of the right edge, which must fold to the root;
// every full tile must then fold to its place in the tile above it. So nothing is answered that was not hashed up to
// the root first. A partial tile that is gone may be replaced by the full one that grew out of it (its first hashes).
//
// Threads: one at a time.
// Errors:  conflict (a tile or entry does not hash to the root; names it), not_found (a tile is missing, index outside
//          the tree), and what the source says.
// Cost:    255 node hashes a tile, about 30 us; keeps at most tiles_kept_max tiles.
#pragma once

#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "evidence/tile.h"

namespace zan::evidence {

struct Bundle {
  Bytes bytes;
  std::vector<ByteSpan> entries;  // view bytes
};

class TreeReader {
 public:
  static constexpr std::size_t tiles_kept_max = 64;

  // Fetches and checks the right edge. The source outlives the reader.
  static Result<TreeReader> open(TileSource& source, std::uint64_t size, const Hash& root);

  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] const Hash& root() const { return root_; }

  // Hash number `index` of a level.
  Result<Hash> hash(unsigned level, std::uint64_t index);
  // Root of the same tree when it had `old_size` leaves.
  Result<Hash> root_at(std::uint64_t old_size);
  Result<std::vector<Hash>> inclusion(std::uint64_t index);
  // From old_size to size(); empty where there is nothing to prove.
  Result<std::vector<Hash>> consistency(std::uint64_t old_size);
  // All entries of the bundle, each hashed against its leaf.
  Result<Bundle> bundle(std::uint64_t index);
  Result<Bytes> entry(std::uint64_t index);
  // Hashes of the partial tile that ends the level; empty where it ends with a full one.
  [[nodiscard]] std::span<const Hash> edge(unsigned level) const;

 private:
  using Hashes = std::vector<Hash>;
  using Place = std::pair<unsigned, std::uint64_t>;  // level, index
  struct Range {
    std::uint64_t begin;
    std::uint64_t end;
  };

  TreeReader(TileSource& source, std::uint64_t size, const Hash& root) : source_(&source), size_(size), root_(root) {}

  Result<void> load_edge();
  Result<Hashes> fetch(const TileId& tile);
  // Valid until the next call.
  Result<const Hashes*> tile(unsigned level, std::uint64_t index);
  Result<Hash> subtree(unsigned height, std::uint64_t index);
  Result<Hash> root_of(Range range);
  Result<std::vector<Hash>> roots_upwards(const std::vector<Range>& ranges);

  TileSource* source_;
  std::uint64_t size_;
  Hash root_;
  std::map<unsigned, Hashes> edge_;
  std::map<Place, Hashes> kept_;
};

// Every tile and every entry. `progress`: the share that is done, now and then.
Result<void> verify_all(TreeReader& reader, const std::function<void(double)>& progress = {});

}  // namespace zan::evidence
