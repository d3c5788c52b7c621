// Measures: what the log of a run says of newcomers, of everybody, and of who gets shown.
//
// A work's audience is the tenth of the people with the highest true chance of watching it long. It has reached its
// audience when so many of those as `reach_share` of them have watched it long. Showing it to everybody a little does
// not do that soon: nine impressions of ten then go to people who care less. And it is enough for any recommender to go
// on by itself, as it now has acts of the right people. Only the truth knows the audience; no recommender sees it.
//
// How many impressions that needs is told in two ways. `platform`: of everything that is shown from the birth of the
// work until it has reached its audience; which is how long a newcomer waits, on a clock that runs with the traffic.
// `own`: of the work itself. A work that does not reach its audience while it is followed counts with what there was
// until then, which is less than it would need: a recommender under which works reach nobody looks better here than it
// is, and what is compared with it worse. That weighs on the mean most; the median, as usual for waiting times that are
// cut off, is the true one wherever half of the works reached.
#pragma once

#include <vector>

#include "cold_start/run.h"

namespace zan::cold_start {

inline constexpr double reach_share = 0.1;
inline constexpr std::int64_t follow_us = 5 * us_per_day;  // each work, since its birth; works with less are left out

// Of good newcomers' works, until they reached their audience.
struct Reach {
  std::size_t works = 0, reached = 0;
  double platform = 0;                   // mean
  double platform_median = 0;            // what half of them needed at most; if less reached: a bound from below
  std::vector<double> platforms;         // of each work, ascending
  double own = 0, views = 0, likes = 0;  // sums over all works, by works that reached; infinite if none did
  double own_of_reached = 0;             // mean of those alone that reached
  double to_audience = 0;                // the share of their own impressions that went to their audience
};

struct Measures {
  Reach good;
  double good_share = 0, bad_share = 0;  // of all impressions since the first newcomer, to good and bad newcomers
  double long_views = 0;                 // an impression, by the truth
  double gini = 0, top_share = 0;        // over works
};

// The lower one of two in the middle. 0 of nothing.
double median_of(std::vector<double> values);

Measures measure(const simulation::Tastes& world, const RunLog& log);

// Works of middling quality by no newcomer, born before: what an attacker might push.
std::vector<std::uint32_t> targets_for(const simulation::Tastes& world, std::int64_t born_before_us, std::size_t count);

// Impressions of the works in the first days.
std::uint64_t impressions_of(const RunLog& log, const std::vector<std::uint32_t>& works, std::uint32_t days);

}  // namespace zan::cold_start
