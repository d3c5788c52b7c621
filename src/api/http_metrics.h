// What the HTTP side counts: requests by call and status class, how long they took, connections; and /metrics itself.
//
// Each io thread counts in its own block without a lock; a scrape adds the blocks up.
//
// Threads: count() by the block's own thread, everything else by any.
// Units:   microseconds inside, seconds in the text (Prometheus 0.0.4).
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "api/routes.h"
#include "engine/engine.h"

namespace zan::api {

inline constexpr std::array<std::int64_t, 12> latency_bounds_us{
    100, 250, 500, 1'000, 2'500, 5'000, 10'000, 25'000, 100'000, 500'000, 2'500'000, 10'000'000,
};

class HttpMetrics {
 public:
  void count(Call call, int status, std::int64_t took_us);

  struct CallCounts {
    std::array<std::uint64_t, 6> by_class{};  // [4]: 4xx
    std::array<std::uint64_t, latency_bounds_us.size() + 1> by_latency{};
    std::uint64_t sum_us = 0;
  };
  // Adds this block to `sums`, one element a Call.
  void add_to(std::array<CallCounts, call_count>& sums) const;

 private:
  struct Counters {
    std::array<std::atomic<std::uint64_t>, 6> by_class{};
    std::array<std::atomic<std::uint64_t>, latency_bounds_us.size() + 1> by_latency{};
    std::atomic<std::uint64_t> sum_us{0};
  };
  std::array<Counters, call_count> calls_;
};

// What is read at the moment of a scrape.
struct Gauges {
  std::uint64_t connections = 0;
  std::uint64_t connections_accepted = 0;
  std::uint64_t connections_refused = 0;
  std::uint64_t streams = 0;
};

std::string render_metrics(const std::vector<std::unique_ptr<HttpMetrics>>& blocks, const Gauges& gauges,
                           const engine::Status& status);
// What the detectors have found.
void append_metrics(std::string& out, const engine::IntegrityStatus& status);
void append_metrics(std::string& out, const engine::AudienceStatus& status);
void append_metrics(std::string& out, const engine::MatchingStatus& status);
void append_metrics(std::string& out, const engine::InsightsStatus& status);

}  // namespace zan::api
