// SimClock: a clock that tests turn. Threads: any.
#pragma once

#include <atomic>

#include "base/clock.h"

namespace zan::accounts {

class SimClock final : public Clock {
 public:
  Timestamp now() const override { return {us_.load()}; }
  std::int64_t monotonic_us() const override { return us_.load(); }
  void forward(std::int64_t us) { us_ += us; }

 private:
  std::atomic<std::int64_t> us_{1'700'000'000 * us_per_second};
};

}  // namespace zan::accounts
