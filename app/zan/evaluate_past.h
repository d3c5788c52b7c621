// How well feeds would have foretold what a data folder's journal has on record, by time.
#pragma once

#include <string>

#include "engine/engine.h"

namespace zan::app {

struct EvaluatePast {
  std::string data;
  matching::PastOptions past;
  bool json = false;
};

// An exit code.
int run_evaluate_past(const EvaluatePast& options);

// The table, and the figures as one line of JSON.
std::string to_text(const matching::PastEvaluation& past, std::size_t places);
std::string to_json(const matching::PastEvaluation& past);

}  // namespace zan::app
