// What chance would give.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

namespace zan::integrity {

// -ln of Chernoff's bound on P(X >= seen) for a Poisson variable of that mean: how surprising it is to see so many, in nats.
inline double surprise(double seen, double mean) {
  if (mean < 1e-6) mean = 1e-6;
  return seen <= mean ? 0 : seen * std::log(seen / mean) - seen + mean;
}

// The same for a binomial variable of that mean out of `cells` (Chernoff 1952: cells times the relative entropy).
inline double binomial_surprise(double seen, double cells, double mean) {
  if (seen <= mean || cells <= 0) return 0;
  mean = std::max(mean, 1e-6);
  seen = std::min(seen, cells);
  const double missing = cells - seen;
  return seen * std::log(seen / mean) + (missing > 0 ? missing * std::log(missing / (cells - mean)) : 0);
}

// ln of a bound on the ways in which `picked` can be picked out of `all`: (e all / picked)^picked.
inline double ln_ways(double all, double picked) {
  return picked <= 0 ? 0 : picked * (1 + std::log(std::max(all, picked) / picked));
}

// ln(count), for the small counts that are asked for millions of times. REQUIRES: not zero.
inline double ln_count(std::uint32_t count) {
  static const auto small = [] {
    std::array<double, 4096> table{};
    for (std::uint32_t i = 1; i < table.size(); ++i) table[i] = std::log(i);
    return table;
  }();
  return count < small.size() ? small[count] : std::log(count);
}

}  // namespace zan::integrity
