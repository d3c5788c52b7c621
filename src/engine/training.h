// From a journal to rows, and from rows to a model that is judged: what models.h does, without the folder around it.
//
// The rows' inputs are read off an Intake that is shown the journal as at a start, before the like itself is counted: what serving would
// have read, bit for bit.
//
// Threads: one. Memory: the intake's, and four bytes an input of a row.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "engine/labels.h"
#include "engine/models.h"

namespace zan::engine {

class RowGatherer {
 public:
  RowGatherer(const HashKey& secret, std::uint64_t accounts, std::vector<integrity::FeatureId> features);

  Result<void> read(storage::Journal& journal, Labels& labels, const std::function<void(double)>& progress);
  [[nodiscard]] const integrity::model::Parts& rows() const { return rows_; }

 private:
  std::array<integrity::model::Rows*, label_parts> parts();
  Result<void> read_group(const storage::Group& group, Labels& labels);
  void show(const engagement::RecordedAct& act, Labels& labels);
  void add(const engagement::RecordedAct& act, const TrainingLabel& label);

  std::vector<integrity::FeatureId> features_;
  std::unique_ptr<integrity::Intake> intake_;
  integrity::model::Parts rows_;
};

// Reads the journal twice. Nothing is written: report.version and report.served stay 0.
Result<TrainingReport> train_from(storage::Journal& journal, const HashKey& secret, const TrainingOrder& order,
                                  const std::optional<integrity::model::Model>& served);

}  // namespace zan::engine
