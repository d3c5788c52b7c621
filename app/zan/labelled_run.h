// What `zan simulate --scenario` and `--attack` do: a labelled stream into files, or to a server as a Source.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connectors/connectors.h"
#include "simulation/simulation.h"
#include "zan/interrupts.h"

namespace zan::app {

struct LabelledOptions {
  std::string scenario;
  std::vector<std::string> attacks;
  simulation::Community community;
  std::optional<Timestamp> end;  // the last midnight before it ends the stream; none: default_start begins it
  std::string out;
  std::string labels;
  std::string columns = "five";
  bool plain = false;
  std::size_t batch_events = 0;  // of a Source, at most; 0: as many as a batch holds
  std::string mark;  // in the names of a Source: "" makes sim-user-17, "a1-" sim-a1-user-17

  [[nodiscard]] bool wanted() const { return !scenario.empty() || !attacks.empty(); }
};

Result<simulation::Stream> make_labelled(const LabelledOptions& options);

// The stream and its labels, each as CSV, as far as a file is named for it. expired: interrupted.
Result<void> write_labelled(const simulation::Stream& stream, const LabelledOptions& options,
                            const Interrupts& interrupts);

// The same events as lines of JSON, with ids that depend on the options and their place.
std::unique_ptr<connectors::Source> labelled_source(simulation::Stream stream, const LabelledOptions& options);

}  // namespace zan::app
