// Problem: kill -9 with 10 M likes in, then the seconds until /health/ready says 200 (Redis: until
// PING is answered) with everything still right. Killed at once after the last answer, and once
// more when the server had come to rest.
#pragma once

#include <cstdint>

#include "problems/context.h"

namespace zan::bench {

struct RestartOptions {
  std::uint64_t likes = 10'000'000;
};

void run_restart(Context& context, const RestartOptions& options);

}  // namespace zan::bench
