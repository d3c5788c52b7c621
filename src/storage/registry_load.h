// Reads `registry.zr` at start: checks every record, fills the table and the index, and finds where the file ends.
//
// The rule for damage is the journal's: what a later mark, or a clean close, says was synced must be whole; the last
// commit may be torn, and is cut off where it is.
//   record head or mark damaged   corrupt when promised, else cut
//   body damaged                  a suspect when promised (an erasure may have been cut short), else cut
//   body all zeros                erased when promised (an erasure seals its commit first), else cut
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.h"
#include "storage/disk.h"
#include "storage/name_index.h"
#include "storage/name_table.h"
#include "storage/registry_format.h"

namespace zan::storage {

struct RegistryTail {
  std::uint64_t end = 0;
  std::uint64_t commit_start = 0;  // where the last commit begins, which may not have been synced
  std::uint32_t commit_first = 1;  // its first id
  std::vector<EntityId> suspects;
};

// Leaves the index pushed, not published.
Result<RegistryTail> load_registry(const File& file, const HashKey& secret, const std::optional<RegistryEnd>& closed,
                                   NameTable& table, NameIndex& index);

}  // namespace zan::storage
