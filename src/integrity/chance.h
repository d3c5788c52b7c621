// What chance would give.
#pragma once

#include <cmath>

namespace zan::integrity {

// -ln of Chernoff's bound on P(X >= seen) for a Poisson variable of that mean: how surprising it is to see so many, in nats.
inline double surprise(double seen, double mean) {
  if (mean < 1e-6) mean = 1e-6;
  return seen <= mean ? 0 : seen * std::log(seen / mean) - seen + mean;
}

}  // namespace zan::integrity
