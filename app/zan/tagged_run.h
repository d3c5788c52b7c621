// What `zan simulate --scenario audience` does: made-up people with tags as rows of CSV (user,tag,value), and the tags' catalogue.
#pragma once

#include <string>

#include "base/result.h"
#include "simulation/simulation.h"
#include "zan/interrupts.h"

namespace zan::app {

struct TaggedRun {
  simulation::TaggedOptions people;
  std::string out;
  std::string catalogue_out;  // empty: not written
};

// expired: interrupted; a file that is not whole is removed.
Result<void> write_tagged(const TaggedRun& run, const Interrupts& interrupts);

}  // namespace zan::app
