#include "storage/kv.h"

#include "storage/kv_memory.h"
#include "storage/kv_rocks.h"

namespace zan::storage {

Result<std::unique_ptr<Kv>> open_kv(Disk& disk, const std::vector<std::string>& families) {
  if (disk.root().empty()) return open_memory_kv(disk, families);
  ZAN_TRY(disk.make_folder("kv"));  // RocksDB would make it too, and complain first
  return open_rocks_kv(disk.root() + "/kv", families, nullptr);
}

}  // namespace zan::storage
