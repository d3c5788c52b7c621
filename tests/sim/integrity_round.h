// One round of the detectors under trouble: a town with groups that move together, cases that people decide and appeal, and the
// power goes, or the disk fails, between any two steps.
//
// What is conserved, whatever goes wrong: in the end every like stands as detectors that read the same journal from its
// beginning, with nothing else to go by, would have it stand. No late verdict is lost, and none is given twice.
#pragma once

#include "sim/round.h"

namespace zan::sim {

inline constexpr std::string_view integrity_workload = "attacks";

// `mix` is not asked.
RoundReport run_integrity_round(const RoundOptions& options);

}  // namespace zan::sim
