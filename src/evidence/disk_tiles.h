// DiskTiles: the tiles of a log that lies in a folder.
//
// Threads: any; the log may be written meanwhile (tiles of a published checkpoint never change).
#pragma once

#include <string>
#include <utility>

#include "evidence/tile.h"
#include "storage/storage.h"

namespace zan::evidence {

class DiskTiles final : public TileSource {
 public:
  // `folder`: of the log, relative to the disk's; empty: the disk's own. The disk outlives it.
  DiskTiles(storage::Disk& disk, const std::string& folder)
      : disk_(disk), prefix_(folder.empty() ? "" : folder + "/") {}

  Result<Bytes> read_tile(const TileId& tile) override { return storage::read_file(disk_, prefix_ + tile_path(tile)); }

 private:
  storage::Disk& disk_;
  const std::string prefix_;
};

}  // namespace zan::evidence
