// Learning a model, honestly: from the past, calibrated on what came next, judged on what came last.
//
// XGBoost grows the trees (Chen, Guestrin 2016); nothing of it is left in the Model. Rows are split by their time, and
// rows of one time are never split; a group (an actor, an owner) that an earlier part has seen is left out of the later
// ones, so that nothing is judged on whom it was learned from.
//
// Threads: one; XGBoost is told to use one as well, so that the same rows give the same model.
// Errors:  invalid: rows that do not fit together, or a part without both kinds; unavailable: XGBoost fails.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "integrity/model/model.h"

namespace zan::integrity::model {

using trees::auc;
using trees::CalibrationMethod;
using trees::PrecisionAt;
using trees::ReliabilityBin;
using trees::Scored;

struct Rows {
  std::vector<std::string> features;
  std::vector<float> values;           // row after row; NaN: not known
  std::vector<std::uint8_t> fake;      // 1: confirmed fake; 0: genuine
  std::vector<float> weights;          // empty: all 1
  std::vector<std::int64_t> times_ms;  // empty: the order of the rows is their time
  std::vector<std::uint64_t> groups;   // empty: every row by itself

  [[nodiscard]] std::size_t size() const { return fake.size(); }
  [[nodiscard]] std::span<const float> row(std::size_t i) const {
    return std::span(values).subspan(i * features.size(), features.size());
  }
};
Result<void> check_rows(const Rows& rows);

struct TrainOptions {
  unsigned trees = 100;
  unsigned depth = 6;
  double learning_rate = 0.1;
  double min_child_weight = 5;
  double row_share = 0.8;  // of the rows, for each tree
  std::uint32_t seed = 1;
  double train_share = 0.6;  // of the rows by time; then:
  double calibrate_share = 0.2;
  CalibrationMethod calibration = CalibrationMethod::automatic;
  double false_holds_max = 0.001;  // share of the genuine rows that the model alone may hold
};

struct Evaluation {
  std::size_t rows = 0;
  std::size_t fakes = 0;
  double auc = 0;
  double log_loss = 0;
  double calibration_error = 0;
  std::vector<PrecisionAt> precision;  // at a recall of 0.5, 0.8, 0.9
  std::vector<ReliabilityBin> reliability;
  // Of what the model alone would hold; zeros if it never does.
  double false_holds = 0;     // share of the genuine rows
  double held_fakes = 0;      // share of the fakes
  double hold_precision = 0;  // share of fakes in it
};

struct Trained {
  Model model;
  Evaluation evaluation;  // on the last part
  std::size_t trained_rows = 0;
  std::size_t calibrated_rows = 0;
  std::size_t left_out = 0;  // rows of groups that an earlier part had seen
};

Result<Trained> train(const Rows& rows, const TrainOptions& options);
// The same of parts that were made elsewhere: nobody, and no group, is in two of them.
struct Parts {
  Rows train, calibrate, judge;
};
Result<Trained> train(const Parts& parts, const TrainOptions& options);

// Trees from the rows named by `of`, with a calibration of one point; the parts that train() is made of, for
// experiments.
Result<Model> grow(const Rows& rows, std::span<const std::size_t> of, const TrainOptions& options);
// Margins of all rows, each from a model that has not seen its group: `folds` models, groups dealt out by their hash.
Result<std::vector<float>> out_of_fold(const Rows& rows, unsigned folds, const TrainOptions& options);

// What a model loses when the columns of one `topic` are dealt out anew among the rows: by topic, the greatest loss of AUC first.
struct Importance {
  std::size_t topic = 0;
  double auc_lost = 0;
};
// REQUIRES: a topic for each feature of the model; the rows have these features in the same order.
Result<std::vector<Importance>> importance(const Model& model, const Rows& rows, std::span<const std::size_t> topics);

// not_found: the model wants a feature that the rows do not have.
Result<Evaluation> evaluate(const Model& model, const Rows& rows);

// Whether a new model may take over from the one in service, judged on the same rows.
struct Comparison {
  Evaluation candidate;
  Evaluation in_service;
  bool is_refused = false;
  std::string why;  // with the numbers, either way
};
struct Tolerance {
  double auc = 0.002;       // it may be lower by so much
  double log_loss = 0.005;  // it may be higher by so much
};
Result<Comparison> compare(const Model& candidate, const Model& in_service, const Rows& rows, Tolerance tolerance = {});

}  // namespace zan::integrity::model
