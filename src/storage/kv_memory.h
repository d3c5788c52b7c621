// The twin of Kv for simulated disks: a std::map a family. flush() writes all of it to the file `kv/twin`, so that crashes,
// full disks and failing syncs treat it like every other file.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "storage/disk.h"
#include "storage/kv.h"

namespace zan::storage {

Result<std::unique_ptr<Kv>> open_memory_kv(Disk& disk, const std::vector<std::string>& families);

}  // namespace zan::storage
