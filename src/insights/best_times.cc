#include "insights/best_times.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace zan::insights {
namespace {

// Two-sided 95 % over that many intervals at once: the normal quantile of 1 - 0.025 / n.
constexpr double z_of_blocks = 2.7344, z_of_days = 2.6901;
constexpr double share_step = 0.005;
constexpr std::size_t people_step = 10;

double rounded(double share) { return std::round(share / share_step) * share_step; }

// False: none can be told from the best.
bool compare(std::span<TimeShare> times, std::size_t people, double z) {
  for (TimeShare& time : times) {
    const Interval interval = wilson(time.share, people, z);
    time.low = interval.low;
    time.high = interval.high;
  }
  const auto top = std::max_element(times.begin(), times.end(),
                                    [](const TimeShare& a, const TimeShare& b) { return a.share < b.share; });
  const double bar = top->low;
  const auto as_good = [&](const TimeShare& time) { return time.high >= bar; };
  const bool differ = !std::all_of(times.begin(), times.end(), as_good);
  for (TimeShare& time : times) {
    time.best = differ && as_good(time);
    time = {rounded(time.share), rounded(time.low), rounded(time.high), time.best};
  }
  return differ;
}

}  // namespace

Interval wilson(double share, std::size_t n, double z) {
  const auto people = static_cast<double>(n);
  const double z2 = z * z;
  const double middle = (share + z2 / (2 * people)) / (1 + z2 / people);
  const double half = z / (1 + z2 / people) * std::sqrt(share * (1 - share) / people + z2 / (4 * people * people));
  return {std::max(0.0, middle - half), std::min(1.0, middle + half)};
}

BestTimes best_times(const Presence& presence) {
  BestTimes times;
  if (presence.people < people_min) return times;
  times.people = presence.people / people_step * people_step;
  for (std::size_t hour = 0; hour < hours_a_week; ++hour) {
    const std::size_t day = hour / 24, block = hour % 24 / hours_a_block;
    times.days[day].share += presence.share[hour];
    times.blocks[block].share += presence.share[hour];
    times.week[day][block] += presence.share[hour];
  }
  // Sums of shares may be a breath above one.
  for (TimeShare& time : times.days) time.share = std::min(1.0, time.share);
  for (TimeShare& time : times.blocks) time.share = std::min(1.0, time.share);
  for (auto& day : times.week)
    for (double& share : day) share = rounded(share);
  times.blocks_differ = compare(times.blocks, presence.people, z_of_blocks);
  times.days_differ = compare(times.days, presence.people, z_of_days);
  return times;
}

}  // namespace zan::insights
