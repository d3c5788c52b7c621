// The part of the evidence problem that waits: from a like's answer to the first published checkpoint that has it.
#pragma once

#include "problems/context.h"
#include "problems/evidence.h"

namespace zan::bench {

void measure_freshness(Context& context, const EvidenceOptions& options, double likes_per_s, int repetition);

}  // namespace zan::bench
