#include "cold_start/lift.h"

namespace zan::cold_start {

Lift lift_of(const simulation::Tastes& world, const Make& make, const RunLog& quiet, simulation::ShillingKind kind,
             const AttackPlan& plan) {
  Attack attack;
  attack.shilling.kind = kind;
  attack.shilling.seed = world.options().seed;
  attack.shilling.begin_us = std::int64_t{plan.day} * us_per_day;
  attack.shilling.targets = targets_for(world, attack.shilling.begin_us, plan.targets);
  attack.detector = plan.detector;
  Lift lift;
  lift.usual = static_cast<double>(impressions_of(quiet, attack.shilling.targets, plan.days));
  for (const bool verdicts : {false, true}) {
    attack.verdicts = verdicts;
    RunOptions options;
    options.attack = attack;
    options.days = plan.days;
    const RunLog log = run(world, *make(), options);
    const auto impressions = static_cast<double>(impressions_of(log, attack.shilling.targets, plan.days));
    (verdicts ? lift.with_verdicts : lift.ignored) = impressions - lift.usual;
  }
  return lift;
}

}  // namespace zan::cold_start
