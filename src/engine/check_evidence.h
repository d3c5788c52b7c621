// The part of check() that is about the log.
#pragma once

#include <vector>

#include "engine/core.h"

namespace zan::engine {

inline constexpr std::size_t findings_max = 100;

// Nothing where there is no log. An Error only when the disk does not answer.
Result<void> check_evidence(Core& core, std::vector<Finding>& findings);

}  // namespace zan::engine
