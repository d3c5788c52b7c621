// A run: some days of a world in which one recommender shows everything, and what came of it.
//
// Each visit gets one feed. Births, fakes' acts and visits come in the order of their times; what is observed of a
// visit is observed before the next. With verdicts on, what the detector holds is never observed: a caught account's
// acts, and the few genuine acts that it holds wrongly.
//
// On the first `past_days` the recommender only looks on: people find works themselves, half by chance, half among what
// is about their topics. So every recommender starts from the same past, in which each work has been seen a little, as
// one has that comes to a platform that is there already. None of that is in the log but `counts`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cold_start/recommender.h"
#include "simulation/simulation.h"

namespace zan::cold_start {

struct Attack {
  simulation::ShillingOptions shilling;
  bool verdicts = false;  // else they are ignored
  simulation::Detector detector;
};

struct RunOptions {
  std::size_t places = 10;  // of a feed
  std::uint32_t days = 0;   // 0: all the world has
  std::uint32_t past_days = 3;
  std::optional<Attack> attack;
};

struct Showing {
  std::int64_t at_us = 0;
  std::uint64_t platform = 0;  // impressions of everything before it
  std::uint32_t person = 0;
  std::uint8_t answers = 0;
};

struct RunLog {
  std::string recommender;
  std::uint64_t impressions = 0, clicks = 0, long_views = 0, likes = 0;
  double expected_long_views = 0;  // by the truth, at the places they had: without the chance of the draw
  std::vector<std::vector<Showing>> showings;    // by work, to genuine people
  std::vector<std::uint64_t> platform_at_birth;  // by work
  std::vector<std::uint64_t> platform_at_day;    // impressions before each day, and at the end
  std::vector<simulation::PublicCounts> counts;  // by work, of genuine people, the past included
};

RunLog run(const simulation::Tastes& world, Recommender& recommender, const RunOptions& options);

}  // namespace zan::cold_start
