// What an operator may do to a log while its data folder is not being served.
//
// Threads: one; each opens and closes the folder.
// Errors:  not_found (no data folder, no log), conflict (served; the log does not allow it, and why), invalid, corrupt,
//          unavailable.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/result.h"

namespace zan::engine {

// Makes the index beside the log again, from the journal. Returns how many entries it has.
Result<std::uint64_t> reindex_log(const std::string& data_folder);

// Key rotation: a new key signs beside the old one; and when those who trust the old one have been told, alone. Both
// return the log's vkey lines.
Result<std::string> add_log_key(const std::string& data_folder);
Result<std::string> retire_log_keys(const std::string& data_folder);

// A folder that was restored signs nothing until somebody has shown the newest checkpoint that is known anywhere, or has
// said (nullopt) that none is newer than what was restored. conflict: it is newer, or of another tree.
Result<void> resume_log(const std::string& data_folder, const std::optional<std::string>& newest_checkpoint);
// Puts the log aside, for good; the next start begins another one, under another name, with every event again. Returns
// where it lies now.
Result<std::string> abandon_log(const std::string& data_folder);

// Tiles and bundles that end at `minimum_index` or before are not served any more. `policy`: where the retention policy is
// written down, for all to read. The index never goes down.
Result<void> retain_log(const std::string& data_folder, std::uint64_t minimum_index, const std::string& policy);

}  // namespace zan::engine
