// What is usual for a creator: of the other works' genuine organic likes, as they stood at the same age, the quartiles.
//
// A work's age is counted in days from its publication, or from the first act on it where that is not known. At each age those works
// count that are that old already and of which the days are still known; under usual_works_min nothing is said of that age. The
// quartiles are values that occurred: the smallest at or below which there are a quarter, half, three quarters of the works (the
// inverse of the distribution, definition 1 of Hyndman and Fan 1996).
// Threads: pure functions.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "insights/day_counts.h"

namespace zan::insights {

inline constexpr std::size_t usual_works_min = 3;
inline constexpr std::size_t usual_works_max = 300;  // the newest

struct AgedWork {
  const DayCounts* counts = nullptr;
  Day published = 0;
};

struct UsualAt {
  std::size_t works = 0;
  std::int64_t low = 0, median = 0, high = 0;  // 25, 50, 75 %
};

// One for each age from `age` on; nothing for an age of which too little is known. `today`: no work is older.
std::vector<std::optional<UsualAt>> usual(const std::vector<AgedWork>& works, std::size_t age, std::size_t ages,
                                          Day today);

}  // namespace zan::insights
