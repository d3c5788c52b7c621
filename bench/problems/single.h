// Problem: one like in one POST, 64 keep-alive connections, each durable before its answer; against
// a Beast server that only answers. Headline: requests per second; then the latency quantiles and
// the syncs that one like costs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

#include "load/population.h"
#include "problems/context.h"

namespace zan::bench {

struct SingleOptions {
  std::size_t connections = 64;
  double seconds = 10;
  double warmup_s = 2;
  std::uint64_t likes = 3'000'000;  // more than can be sent in that time
};

// One run of `zan` as `server` says. `afterwards` sees the server when all is checked, and how many likes it has.
Record run_single_once(const Context& context, const ZanOptions& server, const SingleOptions& options,
                       const Population& population, int repetition,
                       const std::function<void(ZanServer&, std::size_t likes)>& afterwards = {});

void run_single(Context& context, const SingleOptions& options);

}  // namespace zan::bench
