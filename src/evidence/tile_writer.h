// TileWriter: the right edge of the log, and what it leaves behind when it moves: tiles and bundles, as files.
//
// Of a log of any size it holds one partial tile a level and one partial bundle: what the next entries continue.
//
// Owns:    the folder `tile` of the log.
// Threads: one.
// Errors:  unavailable. After one, files are missing: the batch is to be written again by another TileWriter.
// Durable: with the next Disk::sync_all(), not before.
// Cost:    three system calls a file.
#pragma once

#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "evidence/tree_reader.h"
#include "storage/storage.h"

namespace zan::evidence {

class TileWriter {
 public:
  TileWriter(storage::Disk& disk, std::string folder) : disk_(disk), folder_(std::move(folder)) {}

  // Takes the right edge of a tree that was verified, its last bundle included.
  Result<void> load(TreeReader& reader);

  // Writes the tiles that the entries complete, and the partial ones of the new size. `entries`: as in an EntryBatch;
  // `leaves`: their hashes.
  Result<void> extend(ByteSpan entries, std::span<const Hash> leaves);

  // Places whose tile is full and which have had partial tiles. The caller removes what nobody needs, with clean().
  [[nodiscard]] const std::vector<TileId>& litter() const { return litter_; }
  void add_litter(const std::vector<TileId>& tiles) { litter_.insert(litter_.end(), tiles.begin(), tiles.end()); }
  // Removes the partial tiles of all places whose full tile a tree of `size` has.
  Result<void> clean(std::uint64_t size);

  [[nodiscard]] std::uint64_t size() const { return size_; }
  // Partial tiles and bundles written since the last clean().
  [[nodiscard]] std::size_t partial_files() const { return partial_files_; }

 private:
  Result<void> put(const TileId& tile, ByteSpan head, ByteSpan body);
  Result<void> put_full(unsigned level, std::span<const Hash> hashes);
  Result<void> put_partials(std::uint64_t old_size);
  Result<void> push(const Hash& hash, unsigned level);
  Result<void> make_folder(const std::string& path);
  Result<void> clean_place(const TileId& place);

  storage::Disk& disk_;
  const std::string folder_;
  std::uint64_t size_ = 0;
  std::array<std::vector<Hash>, tile_levels> edge_;  // fewer than tile_width each
  Bytes bundle_;                                     // the entries behind edge_[0]
  std::set<TileId> begun_;                           // places with partial tiles and no full one; widths are all full
  std::vector<TileId> litter_;
  std::set<std::string> made_;  // folders that are there
  std::size_t partial_files_ = 0;
};

}  // namespace zan::evidence
