// TokenBucket: so many a second, with a burst of one second's worth; one atomic number.
//
// The generic cell rate algorithm (ITU-T I.371): instead of counting tokens it keeps the time at which the bucket would
// be full again. A charge may be larger than the burst; the bucket is then in debt until time has paid it.
//
// Threads: all methods from any thread. Time is handed in.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "base/clock.h"

namespace zan::api {

class TokenBucket {
 public:
  // `rate`: a second, above zero.
  explicit TokenBucket(std::uint32_t rate) : rate_(rate) {}

  struct Level {
    std::uint32_t remaining = 0;
    std::int64_t full_in_us = 0;
    std::int64_t next_in_us = 0;  // until one is there; zero: now
  };

  // Takes `count` if at least one is there; false, and nothing taken, if none is.
  bool take(std::uint64_t count, std::int64_t now_us) {
    const auto cost_ns = static_cast<std::int64_t>(count * ns_per_second / rate_);
    const std::int64_t now_ns = now_us * 1000;
    std::int64_t full_at = full_at_ns_.load(std::memory_order_relaxed);
    for (;;) {
      const std::int64_t from = std::max(full_at, now_ns);
      if (count > 0 && from + one_ns() > now_ns + ns_per_second) return false;
      if (full_at_ns_.compare_exchange_weak(full_at, from + cost_ns, std::memory_order_relaxed)) return true;
    }
  }

  // Takes even what is not there, for work that is already done.
  void owe(std::uint64_t count, std::int64_t now_us) {
    const auto cost_ns = static_cast<std::int64_t>(count * ns_per_second / rate_);
    std::int64_t full_at = full_at_ns_.load(std::memory_order_relaxed);
    while (!full_at_ns_.compare_exchange_weak(full_at, std::max(full_at, now_us * 1000) + cost_ns,
                                              std::memory_order_relaxed)) {
    }
  }

  [[nodiscard]] Level level(std::int64_t now_us) const {
    const std::int64_t used = std::max<std::int64_t>(0, full_at_ns_.load(std::memory_order_relaxed) - now_us * 1000);
    const std::int64_t left = std::max<std::int64_t>(0, ns_per_second - used);
    return {static_cast<std::uint32_t>(left / one_ns()), used / 1000,
            std::max<std::int64_t>(0, used + one_ns() - ns_per_second) / 1000};
  }

  [[nodiscard]] std::uint32_t rate() const { return rate_; }

 private:
  static constexpr std::int64_t ns_per_second = 1'000'000'000;
  [[nodiscard]] std::int64_t one_ns() const { return std::max<std::int64_t>(1, ns_per_second / rate_); }

  const std::uint32_t rate_;
  std::atomic<std::int64_t> full_at_ns_ = 0;
};

}  // namespace zan::api
