// The file integrity/position: up to where in the journal what the detectors found is durable as late verdicts. A hint: without it
// the journal is read to its end before anything is commanded, and what stands already is void.
//
// Errors: corrupt: the file is not what was written, or says more than the journal has.
#pragma once

#include <optional>

#include "base/ids.h"
#include "base/result.h"
#include "storage/storage.h"

namespace zan::engine {

inline constexpr const char* integrity_folder = "integrity";
inline constexpr const char* integrity_position_path = "integrity/position";

// Nothing: there is no such file. `last`: where the journal ends.
Result<std::optional<Position>> read_integrity_position(storage::Disk& disk, Position last);
Result<void> write_integrity_position(storage::Disk& disk, Position position);

}  // namespace zan::engine
