// A copy of a log as of its published checkpoint, made beside the log that goes on: opened where it was copied to, it is that
// log at that size.
//
// Threads: any, beside the log's own.
// Errors:  corrupt (the checkpoint, or a tile, is not what it should be), unavailable.
// Durable: not before the target's sync_all().
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "storage/storage.h"

namespace zan::evidence {

// Copies `log/` and what a log needs of `evidence/`, keys included. Returns the paths; none: there is no log.
Result<std::vector<std::string>> copy_log(storage::Disk& from, storage::Disk& to);

}  // namespace zan::evidence
