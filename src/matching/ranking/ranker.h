// Ranker: how likely each of the seven things becomes of a showing - calibrated probabilities, learned by gradient
// boosted trees, one forest a signal.
//
// Rows are learned from in the order of their time: the early part grows the trees, what came next calibrates them,
// what came last judges them. A signal that was rare gets fewer and flatter trees; one that was hardly ever seen, or
// whose trees say no more than its rate does on the rows they are calibrated on, gets its smoothed rate. The place of a
// showing is a feature while learning and 0 when asked, so that what stood first does not look good for standing first.
//
// Threads: immutable; may be shared. Errors: decode: corrupt, unsupported (another version, other features).
// Cost: some 0.4 ms for 120 rows and seven signals (docs/matching_ranking.md).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "matching/ranking/features.h"
#include "matching/ranking/harvest.h"
#include "trees/trees.h"

namespace zan::matching {

inline constexpr std::size_t ranker_bytes_max = 64U << 20;

// What is known of one signal. Without trees it is a constant.
struct SignalTrees {
  float rate = 0;  // in the rows it was learned from, smoothed
  std::vector<trees::Tree> trees;
  std::vector<trees::CalibrationPoint> calibration;  // empty where there are no trees
  bool operator==(const SignalTrees&) const = default;
};

// A ranker as data.
struct RankerParts {
  std::uint32_t version = 0;       // the engine's number for it
  std::int64_t trained_until_us = 0;
  std::uint64_t training_rows = 0;
  std::array<SignalTrees, signal_count> signals;
  bool operator==(const RankerParts&) const = default;
};

class Ranker {
 public:
  // What serves before anything was learned: the same rates for everything. REQUIRES: rates from 0 to 1.
  static Ranker of_rates(const Rates& rates);
  // invalid: what decode would not take.
  static Result<Ranker> of_parts(RankerParts parts);
  static Result<Ranker> decode(ByteSpan bytes);
  [[nodiscard]] Bytes encode() const;

  [[nodiscard]] const RankerParts& parts() const { return parts_; }

  // The place is taken as 0 whatever the row says. REQUIRES: as many of both.
  void predict(std::span<const FeatureRow> rows, std::span<Rates> out) const;
  [[nodiscard]] Rates predict(const FeatureRow& row) const;

 private:
  explicit Ranker(RankerParts parts);

  RankerParts parts_;
  std::array<std::shared_ptr<const trees::Forest>, signal_count> forests_;  // null: a constant
};

struct RankerOptions {
  unsigned trees = 100;  // of a signal with many positives
  unsigned depth = 5;
  double learning_rate = 0.095;
  double min_child_weight = 20;
  double row_share = 0.8;
  double feature_share = 0.5;
  double leaf_penalty = 5;
  std::uint32_t seed = 1;
  double fit_share = 0.7;  // of the rows by time; then:
  double calibrate_share = 0.15;
  bool refit = true;  // grow them again from the rows that calibrated; the curve stays that of the trees before
  std::size_t threads = 1;
};

// How good the probabilities of one signal are, on rows that came after all that was learned from.
struct Judgement {
  std::size_t rows = 0, positives = 0;
  double auc = 0.5;
  double log_loss = 0;
  double constant_log_loss = 0;  // of always saying the rate of the rows that it was learned from
  double calibration_error = 0;
  std::vector<trees::ReliabilityBin> bins;  // ten
};

struct TrainedRanker {
  Ranker ranker;
  std::array<Judgement, signal_count> judged;
};

// Of probabilities; `rate`: what the constant says.
Judgement judgement_of(const std::vector<trees::Scored>& said, double rate);

inline constexpr std::size_t ranker_rows_min = 1'000;

// The same rows, options and seed give the same ranker, for any number of threads.
// limited: fewer than ranker_rows_min rows; invalid: rows that do not fit together.
Result<TrainedRanker> train_ranker(const Showings& rows, const RankerOptions& options);

// Of rows from `begin` on, with the place as when serving.
std::array<Judgement, signal_count> judge_ranker(const Ranker& ranker, const Showings& rows, std::size_t begin);

}  // namespace zan::matching
