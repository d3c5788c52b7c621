// Lift: what a shilling attack does to the impressions of its targets, measured by living the same days again.
#pragma once

#include <functional>
#include <memory>

#include "cold_start/measures.h"

namespace zan::cold_start {

using Make = std::function<std::unique_ptr<Recommender>()>;

struct AttackPlan {
  std::uint32_t day = 4;   // it begins, and takes a day
  std::uint32_t days = 8;  // of the world that are lived
  std::size_t targets = 8;
  simulation::Detector detector;
};

// Impressions of the targets by genuine people, of all days.
struct Lift {
  double usual = 0;          // without an attack
  double ignored = 0;        // more than usual, when verdicts are ignored
  double with_verdicts = 0;  // more than usual, when what the detector holds is not observed
};

// `quiet`: the log of the same recommender in the same world without an attack, of as many days or more.
Lift lift_of(const simulation::Tastes& world, const Make& make, const RunLog& quiet, simulation::ShillingKind kind,
             const AttackPlan& plan);

}  // namespace zan::cold_start
