// The monotonic clock of all measurements.
#pragma once

#include <chrono>
#include <cstdint>

namespace zan::bench {

inline std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

class Stopwatch {
 public:
  double seconds() const { return static_cast<double>(now_ns() - start_ns_) * 1e-9; }

 private:
  std::int64_t start_ns_ = now_ns();
};

}  // namespace zan::bench
