// The learned scorer of a data folder: trained from what its journal says by now, kept in versions, put into service and taken out of it.
//
// Training reads the journal of a folder that nobody serves, or of a backup of one that is served, and changes nothing there. It learns
// from labels.h's rows, whose inputs are what the intake knew at that moment; calibrates and judges on later stretches; and puts the
// model into service unless it is worse, on the last stretch, than the one that serves now. A server takes up the model that is in
// service when it starts.
//
// Threads: any; one at a time a folder. Errors: not_found (no data folder, no such version), conflict (served, or somebody else is
// changing the models), invalid (too little to learn from, with the numbers), corrupt, unavailable.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "engine/label_counts.h"
#include "integrity/integrity.h"

namespace zan::engine {

struct TrainingOrder {
  std::string data_folder;  // whose journal is read
  std::string into_folder;  // whose models are compared with and added to; empty: the same
  bool install = true;      // false: judged, and given back; nothing is written
  std::string by;
  LabelOptions labels;
  std::uint64_t accounts = 1'000'000;  // as the server's intake has room for (integrity::IntakeOptions::for_folder)
  integrity::model::TrainOptions trees;
  std::function<void(double)> progress;  // 0..1, of the reading
};

struct TrainingReport {
  LabelCounts counts;
  Position position;                                 // of the journal, up to which it was read
  Timestamp calibrate_from, judge_from;              // where the parts begin
  integrity::model::Trained trained;                 // the model, and how it is judged on the last part
  std::vector<integrity::model::Importance> topics;  // integrity::model::Topic, what speaks most first
  std::uint32_t served = 0;                          // the version it was compared with; 0: none
  bool refused = false;
  std::string why;            // refused or not, with the numbers
  std::uint32_t version = 0;  // under which it is in service now; 0: it is not
};

Result<TrainingReport> train_model(const TrainingOrder& order);

Result<integrity::model::Manifest> list_models(const std::string& data_folder);
// 0: none is in service. A server takes it up at its next start.
Result<void> activate_model(const std::string& data_folder, std::uint32_t version, const std::string& by);
// Back to what was in service before what is now; returns its version, 0 for none. conflict: there was nothing else.
Result<std::uint32_t> roll_back_model(const std::string& data_folder, const std::string& by);

}  // namespace zan::engine
