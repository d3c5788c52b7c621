// FolderLook: a data folder that is only read: nothing is written to it, and a server may be serving it meanwhile.
//
// Errors: not_found: no data folder; corrupt, unavailable: it cannot be read.
#pragma once

#include <memory>
#include <string>

#include "base/hash.h"
#include "base/result.h"
#include "storage/storage.h"

namespace zan::engine {

struct FolderLook {
  std::unique_ptr<storage::Disk> disk, look;
  HashKey secret{};
  std::unique_ptr<storage::Journal> journal;
  std::unique_ptr<storage::Registry> registry;
};

Result<FolderLook> look_at_folder(const std::string& data_folder);

}  // namespace zan::engine
