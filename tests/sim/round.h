// One round: a seeded workload on the engine's core, with trouble around it, compared with the model as it goes.
//
// What is conserved, whatever goes wrong:
//   - what was answered is there after every restart, and counts once however often it is sent again
//   - what was not answered is there as a whole group or not at all, and goes in when it is sent again
//   - counters equal relations, lists and the journal's acts (engine/check.cc), and all of them the model
//   - nothing is ever `corrupt` on a disk that only loses what was not synced
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "sim/trouble.h"
#include "sim/workload.h"

namespace zan::sim {

struct RoundOptions {
  Mix mix;
  TroubleKind trouble;
  std::uint64_t seed = 1;
  int steps = 150;
  std::function<void(const std::string&)> trace;  // hears of every start, failure and erasure
};

struct RoundReport {
  std::string failure;  // empty: all held
  std::uint64_t acts = 0, failures_met = 0, restarts = 0;
  std::uint64_t cases = 0;  // of run_integrity_round()
};

RoundReport run_round(const RoundOptions& options);

}  // namespace zan::sim
