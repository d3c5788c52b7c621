// SimulatedAttack: the red team of a demo. The project's own simulator sends a small community with an attack in it through the
// door of the engine it runs beside; every name in it begins with sim-, so that nobody of the community acts or is acted for.
//
// Threads: any. Errors: as api::RedTeam. One attack at a time; destruction ends one that is under way.
#pragma once

#include <functional>
#include <mutex>
#include <thread>

#include "api/api.h"
#include "engine/engine.h"
#include "simulation/simulation.h"

namespace zan::app {

// The usual sizes are such that the detectors find a burst in a demo that holds little else: what chance would give is known
// only of a community that is large beside the attack.
struct AttackOptions {
  std::uint32_t groups = 2, accounts = 50, targets = 12;  // of the attack
  std::uint64_t likes = 30'000;                           // of the community and the attack together
  std::uint32_t people = 8'000, subjects = 2'000;
  std::uint64_t events_per_second = 4'000;                // 0: as fast as it goes
};

class SimulatedAttack final : public api::RedTeam {
 public:
  // The engine and the clock outlive it.
  SimulatedAttack(engine::Engine& engine, const AttackOptions& options, const Clock& clock = machine_clock())
      : engine_(engine), options_(options), clock_(clock) {}

  Result<std::string> start(const std::string& kind) override;
  [[nodiscard]] api::AttackStatus status() const override;
  // Until none is under way; stop() does not let it come to its end. By one thread, when no more are started.
  void wait();
  void stop();

 private:
  [[nodiscard]] Result<simulation::Stream> make(simulation::Family family, std::uint64_t seed) const;
  void run(simulation::Family family, std::uint64_t seed, const std::stop_token& stop);
  Result<void> send(simulation::Family family, std::uint64_t seed, const std::stop_token& stop);
  void note_targets(const simulation::Stream& stream, const std::string& mark);
  template <typename Change>
  void change(Change change);

  engine::Engine& engine_;
  const AttackOptions options_;
  const Clock& clock_;
  mutable std::mutex mutex_;  // guards what follows
  api::AttackStatus status_;
  std::uint64_t started_ = 0;
  std::jthread thread_;
};

}  // namespace zan::app
