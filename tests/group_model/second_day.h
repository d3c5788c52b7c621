// The second simulator, which shares nothing with the room simulation but its dice: written only so that what the trees learn is not
// the first one's habits. A plain community (activity and popularity by power laws or log-normal, interests or none), five kinds of
// decoys, and bursts, farms and slow rings with camouflage, hijacked members, changing devices and hosts of their own.
//
// Threads: one.
#pragma once

#include "group_model/labelled_day.h"

namespace zan::group_model {

struct SecondDay {
  std::uint64_t seed = 1;
  std::uint32_t likes = 400'000, users = 100'000, subjects = 30'000, families = 3000;
  double popularity = 1.05;  // of the subject at rank r: r to the minus that
  double spread = 1.2;       // sigma of the users' log-normal activity; from 2.5 on a power law instead
  bool tastes = false, by_night = false;
  // attacks
  std::uint32_t bursts = 8, farms = 8, rings = 6;
  double burst_members = 120, burst_targets = 12, ring_members = 60, ring_targets = 30;
  double burst_s = 300, farm_s = 7200;  // a target's fakes take
  double participation = 0.8, camouflage = 0.05, hijacked = 0;
  bool churn = false, uneven_camouflage = false, own_host = false, new_targets = false;
  // decoys
  std::uint32_t fan_clubs = 3, classes = 5, virals = 6, celebrities = 2, live_minutes = 3;
  std::uint32_t fans = 300, fan_works = 8;
  double fan_share = 0.5, fan_lag_s = 1800;
  bool any_fans = false;  // of whatever activity
};

// Drawn from the seed, each value out of a few.
SecondDay draw_second_day(std::uint64_t seed);
LabelledDay second_day(const SecondDay& plan);

}  // namespace zan::group_model
