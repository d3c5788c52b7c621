// RocksDB behind the Kv door.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "storage/kv.h"

namespace rocksdb {
class Env;
}

namespace zan::storage {

// `env`: files for RocksDB to use instead of the machine's, for tests; null: the machine's. Outlives the Kv.
Result<std::unique_ptr<Kv>> open_rocks_kv(const std::string& path, const std::vector<std::string>& families,
                                          rocksdb::Env* env);

}  // namespace zan::storage
