// Troubles: what goes wrong around the engine, by seed. Named, as workloads are.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "engine/fake.h"
#include "storage/storage.h"

namespace zan::sim {

struct TroubleKind {
  std::string_view name;
  bool crash = false, full_disk = false, failing_sync = false, failing_write = false, slow_disk = false,
       clock_jumps = false;
};

// "none", one of each, and "all"
const std::vector<TroubleKind>& trouble_kinds();

class Trouble {
 public:
  Trouble(const TroubleKind& kind, std::uint64_t seed, storage::SimDisk& disk, engine::FakeClock& clock)
      : kind_(kind), rng_(seed), disk_(disk), clock_(clock) {}

  // Before each step: perhaps something begins to go wrong.
  void stir();
  // Nothing is wrong any more, for now. The clock stays where it is.
  void calm();
  // The power went since the last call.
  bool take_crash();
  [[nodiscard]] bool crashed() const { return crashed_; }
  [[nodiscard]] bool active() const { return active_; }

 private:
  void before_call();

  const TroubleKind kind_;
  Rng rng_;
  storage::SimDisk& disk_;
  engine::FakeClock& clock_;
  storage::SimFaults faults_;  // that are set while the power is on
  bool active_ = false;
  bool slow_ = false;
  std::uint64_t calls_until_crash_ = 0;  // zero: none is due
  bool crashed_ = false;
};

}  // namespace zan::sim
