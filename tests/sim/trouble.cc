#include "sim/trouble.h"

#include "sim/workload.h"

namespace zan::sim {

const std::vector<TroubleKind>& trouble_kinds() {
  static const std::vector<TroubleKind> all = {
      {.name = "none"},
      {.name = "crash", .crash = true},
      {.name = "full_disk", .full_disk = true},
      {.name = "failing_sync", .failing_sync = true},
      {.name = "failing_write", .failing_write = true},
      {.name = "slow_disk", .slow_disk = true},
      {.name = "clock_jumps", .clock_jumps = true},
      {"all", true, true, true, true, true, true},
  };
  return all;
}

void Trouble::stir() {
  clock_.now_us += static_cast<std::int64_t>(rng_.below(20'000));
  if (kind_.clock_jumps && rng_.chance(0.1))
    clock_.now_us = base_us - us_per_day + static_cast<std::int64_t>(rng_.below(30)) * us_per_day;
  if (active_ || !rng_.chance(0.08)) return;
  storage::SimFaults faults;
  faults.before_call = [this] { before_call(); };
  if (kind_.crash && rng_.chance(0.8)) calls_until_crash_ = 1 + rng_.below(rng_.chance(0.5) ? 8 : 60);
  if (kind_.full_disk && rng_.chance(0.5)) faults.bytes_max = disk_.bytes_used() + rng_.below(6'000);
  if (kind_.failing_sync && rng_.chance(0.5)) faults.sync_failure = 0.3;
  if (kind_.failing_write && rng_.chance(0.5)) faults.write_failure = 0.2;
  slow_ = kind_.slow_disk;
  active_ = true;
  faults_ = std::move(faults);
  disk_.set_faults(faults_);
}

void Trouble::calm() {
  active_ = slow_ = false;
  calls_until_crash_ = 0;
  faults_ = {};
  disk_.set_faults({});
}

bool Trouble::take_crash() {
  disk_.set_faults(faults_);  // power is back
  return std::exchange(crashed_, false);
}

void Trouble::before_call() {
  if (slow_) clock_.now_us += static_cast<std::int64_t>(rng_.below(300'000));
  if (calls_until_crash_ == 0 || --calls_until_crash_ > 0) return;
  crashed_ = true;
  disk_.crash();
  // What still runs of the program must not reach the disk any more.
  storage::SimFaults off = faults_;
  off.no_power = true;
  disk_.set_faults(std::move(off));
}

}  // namespace zan::sim
