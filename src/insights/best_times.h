// Best times: when those who like a creator, or a work, are there, and whether that can be told at all.
//
// A week is looked at by weekday and by blocks of three hours that stand fixed, so that none is chosen after the fact. People act in
// spells, so acts are not independent: each person counts once, by the share of their acts in a block. The mean of such shares over n
// people has at most the variance of a proportion of n, so Wilson's score interval (Wilson 1927, "Probable inference, the law of
// succession, and statistical inference") is on the safe side. Over the 8 blocks, and over the 7 weekdays, it is widened so that all
// of them hold together 19 times in 20 (Bonferroni).
//
// The best are those that cannot be told from the one with the largest share. When that is all of them, no difference can be told.
// Nothing is said of fewer than people_min; shares are rounded to half a percent and people to tens, so that one person's coming and
// going tells nothing of them.
// Threads: pure function.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "insights/habits.h"

namespace zan::insights {

inline constexpr std::size_t people_min = 50;
inline constexpr std::size_t weekdays = 7, blocks_a_day = 8, hours_a_block = 3;

struct TimeShare {
  double share = 0, low = 0, high = 0;
  bool best = false;  // cannot be told from the best; none is when no difference can be told
};

struct BestTimes {
  std::size_t people = 0;  // 0: fewer than people_min
  std::array<TimeShare, blocks_a_day> blocks{};  // of the day: from 0, 3, ... 21 o'clock
  std::array<TimeShare, weekdays> days{};        // from Monday
  std::array<std::array<double, blocks_a_day>, weekdays> week{};
  bool blocks_differ = false, days_differ = false;
};

BestTimes best_times(const Presence& presence);

// Of a share of n. REQUIRES: n > 0.
struct Interval {
  double low = 0, high = 0;
};
Interval wilson(double share, std::size_t n, double z);

}  // namespace zan::insights
