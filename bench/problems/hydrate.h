// Problem: counts of 50 subjects and what the viewer did to each, in one call, while likes stream
// in at a fixed rate; against Redis with one pipelined round trip for the same 50. Headline:
// subjects per second; then the quantiles.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "problems/context.h"

namespace zan::bench {

struct HydrateOptions {
  std::uint64_t preload = 2'000'000;
  double stream_per_s = 20'000;
  double seconds = 10;
  double warmup_s = 2;
  std::size_t subjects_each = 50;
  std::vector<std::size_t> connections = {1, 4};
};

void run_hydrate(Context& context, const HydrateOptions& options);

}  // namespace zan::bench
