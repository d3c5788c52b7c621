// Problem: memory and disk of many likes (100 M by default). Reports resident memory while and
// after they come in, bytes on disk a like by part of the data folder before and after compaction,
// and the rate of the first tenth against the whole.
#pragma once

#include <cstdint>

#include "problems/context.h"

namespace zan::bench {

struct FootprintOptions {
  std::uint64_t likes = 100'000'000;
};

void run_footprint(Context& context, const FootprintOptions& options);

}  // namespace zan::bench
