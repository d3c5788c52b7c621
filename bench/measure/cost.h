// What a server costs: CPU seconds of a process and all its descendants, memory, bytes handed to
// the disk. From /proc.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace zan::bench {

struct Cost {
  double cpu_seconds = 0;           // user and system, ended children included
  std::uint64_t rss_bytes = 0;      // VmRSS of the process itself
  std::uint64_t peak_bytes = 0;     // VmHWM of the process itself
  std::uint64_t written_bytes = 0;  // write_bytes of /proc/PID/io, whole family as far as it still lives
};

Cost cost_of(pid_t pid);

// CPU seconds of this very process: what the client side took.
double own_cpu_seconds();

// Waits until the family of `pid` takes less than 3 % of a core for a second, at most
// `seconds_max`. Returns the seconds waited.
double wait_until_idle(pid_t pid, double seconds_max);

}  // namespace zan::bench
