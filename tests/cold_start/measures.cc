#include "cold_start/measures.h"

#include <algorithm>
#include <cmath>

#include "matching/experiment/exposure.h"

namespace zan::cold_start {
namespace {

using simulation::Answer;
using simulation::Newcomer;

bool has(const Showing& showing, Answer answer) {
  return (showing.answers >> static_cast<unsigned>(answer) & 1U) != 0;
}

// Who is of the work's audience, by person.
std::vector<bool> audience_of(const simulation::Tastes& world, std::uint32_t work) {
  std::vector<std::pair<double, std::uint32_t>> chances;
  for (std::uint32_t person = 0; person < world.people().size(); ++person)
    chances.emplace_back(-world.truth(person, work)[static_cast<std::size_t>(Answer::long_view)], person);
  const auto tenth = static_cast<std::ptrdiff_t>((chances.size() + 9) / 10);
  std::nth_element(chances.begin(), chances.begin() + tenth - 1, chances.end());
  std::vector<bool> audience(chances.size());
  for (auto at = chances.begin(); at != chances.begin() + tenth; ++at) audience[at->second] = true;
  return audience;
}

// What the platform had shown by then; between midnights as if evenly.
std::uint64_t platform_at(const RunLog& log, std::int64_t at_us) {
  const auto day = static_cast<std::size_t>(at_us / us_per_day);
  if (day + 1 >= log.platform_at_day.size()) return log.platform_at_day.back();
  const auto low = static_cast<double>(log.platform_at_day[day]);
  const auto high = static_cast<double>(log.platform_at_day[day + 1]);
  return static_cast<std::uint64_t>(low + (high - low) * static_cast<double>(at_us % us_per_day) / us_per_day);
}

struct OneWork {
  bool reached = false;
  double platform = 0, impressions = 0, views = 0, likes = 0, to_audience = 0;
};

OneWork follow(const simulation::Tastes& world, const RunLog& log, std::uint32_t work) {
  const std::vector<bool> audience = audience_of(world, work);
  const auto enough =
      static_cast<std::size_t>(std::ceil(reach_share * static_cast<double>((audience.size() + 9) / 10)));
  OneWork one;
  std::size_t long_views = 0;
  const std::int64_t end_us = world.works()[work].born_us + follow_us;
  std::uint64_t until = platform_at(log, end_us);
  for (const Showing& showing : log.showings[work]) {
    if (showing.at_us > end_us) break;
    one.impressions += 1;
    one.views += has(showing, Answer::click) ? 1 : 0;
    one.likes += has(showing, Answer::like) ? 1 : 0;
    if (!audience[showing.person]) continue;
    one.to_audience += 1;
    if (!has(showing, Answer::long_view) || ++long_views < enough) continue;
    one.reached = true;
    until = showing.platform + 1;
    break;
  }
  one.platform = static_cast<double>(until - log.platform_at_birth[work]);
  return one;
}

Reach reach_of_good(const simulation::Tastes& world, const RunLog& log) {
  const std::int64_t end_us = std::int64_t{world.options().days} * us_per_day;
  Reach reach;
  double to_audience = 0, own_of_reached = 0;
  for (std::uint32_t work = 0; work < world.works().size(); ++work) {
    if (world.newcomer(work) != Newcomer::good || world.works()[work].born_us > end_us - follow_us) continue;
    const OneWork one = follow(world, log, work);
    ++reach.works;
    reach.reached += one.reached ? 1 : 0;
    reach.platform += one.platform;
    reach.platforms.push_back(one.platform);
    reach.own += one.impressions;
    reach.views += one.views;
    reach.likes += one.likes;
    to_audience += one.to_audience;
    own_of_reached += one.reached ? one.impressions : 0;
  }
  std::sort(reach.platforms.begin(), reach.platforms.end());
  reach.platform_median = median_of(reach.platforms);
  const auto reached = static_cast<double>(reach.reached);
  reach.platform /= std::max(1.0, static_cast<double>(reach.works));
  reach.to_audience = reach.own == 0 ? 0 : to_audience / reach.own;
  reach.own_of_reached = reached == 0 ? HUGE_VAL : own_of_reached / reached;
  for (double* sum : {&reach.own, &reach.views, &reach.likes}) *sum = reached == 0 ? HUGE_VAL : *sum / reached;
  return reach;
}

}  // namespace

double median_of(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[(values.size() - 1) / 2];
}

Measures measure(const simulation::Tastes& world, const RunLog& log) {
  Measures found;
  found.good = reach_of_good(world, log);
  found.long_views = log.expected_long_views / std::max(1.0, static_cast<double>(log.impressions));
  matching::Exposure exposure(world.works().size());
  double good = 0, bad = 0, first = static_cast<double>(log.impressions);
  for (std::uint32_t work = 0; work < world.works().size(); ++work) {
    const auto shown = static_cast<double>(log.showings[work].size());
    exposure.add(work, static_cast<std::uint32_t>(shown));
    if (world.newcomer(work) == Newcomer::no) continue;
    first = std::min(first, static_cast<double>(log.platform_at_birth[work]));
    (world.newcomer(work) == Newcomer::good ? good : bad) += shown;
  }
  const double since = std::max(1.0, static_cast<double>(log.impressions) - first);
  found.good_share = good / since;
  found.bad_share = bad / since;
  const matching::Evenness evenness = exposure.summary(world.works().size());
  found.gini = evenness.gini;
  found.top_share = evenness.top_share;
  return found;
}

std::vector<std::uint32_t> targets_for(const simulation::Tastes& world, std::int64_t born_before_us,
                                       std::size_t count) {
  std::vector<std::uint32_t> works;
  for (std::uint32_t work = 0; work < world.works().size(); ++work)
    if (world.newcomer(work) == Newcomer::no && world.works()[work].born_us < born_before_us) works.push_back(work);
  std::stable_sort(works.begin(), works.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::abs(world.works()[a].quality) < std::abs(world.works()[b].quality);
  });
  works.resize(std::min(count, works.size()));
  return works;
}

std::uint64_t impressions_of(const RunLog& log, const std::vector<std::uint32_t>& works, std::uint32_t days) {
  std::uint64_t sum = 0;
  for (const std::uint32_t work : works)
    for (const Showing& showing : log.showings[work]) sum += showing.at_us < std::int64_t{days} * us_per_day ? 1 : 0;
  return sum;
}

}  // namespace zan::cold_start
