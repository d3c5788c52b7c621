#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "matching/parallel.h"
#include "matching/ranking/ranker.h"

namespace zan::matching {
namespace {

using trees::Scored;

constexpr double positives_for_trees = 30, positives_for_many_trees = 200;
constexpr std::size_t positives_for_steps = 1000;

// The features that are ever known, side by side.
struct Columns {
  std::vector<std::size_t> features;
  std::vector<float> values;
};

Columns columns_of(const Showings& rows) {
  Columns columns;
  for (std::size_t feature = 0; feature < rows.width(); ++feature) {
    bool known = false;
    for (std::size_t i = 0; i < rows.size() && !known; ++i) known = !std::isnan(rows.row(i)[feature]);
    if (known) columns.features.push_back(feature);
  }
  columns.values.reserve(rows.size() * columns.features.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (const std::size_t feature : columns.features) columns.values.push_back(rows.row(i)[feature]);
  }
  return columns;
}

FeatureRow as_served(const Showings& rows, std::size_t i) {
  FeatureRow row;
  row.fill(std::numeric_limits<float>::quiet_NaN());
  const auto from = rows.row(i);
  std::copy(from.begin(), from.end(), row.begin());
  at(row, Feature::place) = 0;
  return row;
}

// One signal's labels and their sums by weight over the first rows.
struct Labels {
  std::vector<std::uint8_t> of;
  double positives = 0, weight = 0, positive_weight = 0;

  Labels(const Showings& rows, Signal signal, std::size_t count) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      of.push_back(has(rows.outcomes[i], signal) ? 1 : 0);
      if (i >= count) continue;
      positives += of[i];
      weight += static_cast<double>(rows.weights[i]);
      positive_weight += of[i] != 0 ? static_cast<double>(rows.weights[i]) : 0;
    }
  }
  [[nodiscard]] double rate() const { return (positive_weight + 0.5) / (weight + 1); }
};

// The rarer the signal, the fewer and flatter the trees, and the smaller their leaves may be.
trees::GrowOptions grow_options(const RankerOptions& options, const Labels& labels) {
  const double positives = std::min(labels.positives, labels.weight - labels.positives);
  trees::GrowOptions grow;
  grow.trees = options.trees;
  grow.depth = options.depth;
  if (positives < 3000) {
    grow.trees = std::max(1U, options.trees * 2 / 3);
    grow.depth = std::min(options.depth, 4U);
  }
  if (positives < 1000) grow.depth = std::min(options.depth, 3U);
  if (positives < positives_for_many_trees) {
    grow.trees = std::max(1U, options.trees / 4);
    grow.depth = std::min(options.depth, 2U);
  }
  grow.learning_rate = options.learning_rate;
  grow.min_child_weight = std::clamp(positives / 200, 1.0, options.min_child_weight);
  grow.row_share = options.row_share;
  grow.feature_share = options.feature_share;
  grow.leaf_penalty = options.leaf_penalty;
  grow.base_score = labels.rate();
  grow.seed = options.seed;
  return grow;
}

// The mean of isotonic steps, which are free of any shape, and a logistic curve, which a few odd rows do not bend. Of
// later rows it foretold a little better than either alone. Where there are few, the curve.
std::vector<trees::CalibrationPoint> calibrated(const std::vector<Scored>& margins) {
  std::vector<trees::CalibrationPoint> logistic = trees::calibrate(margins, trees::CalibrationMethod::platt);
  const auto yes = static_cast<std::size_t>(
      std::count_if(margins.begin(), margins.end(), [](const Scored& row) { return row.is_positive; }));
  if (std::min(yes, margins.size() - yes) < positives_for_steps) return logistic;
  const std::vector<trees::CalibrationPoint> steps =
      trees::calibrate(margins, trees::CalibrationMethod::isotonic);
  const trees::Forest smooth(1, {}, logistic), free(1, {}, steps);
  std::vector<float> places;
  for (const trees::CalibrationPoint& point : logistic) places.push_back(point.margin);
  for (std::size_t i = 0; i < steps.size(); i += 1 + steps.size() / 120) places.push_back(steps[i].margin);
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  std::vector<trees::CalibrationPoint> points;
  for (const float place : places) {
    auto probability = static_cast<float>((smooth.calibrated(place) + free.calibrated(place)) / 2);
    if (!points.empty()) probability = std::max(probability, points.back().probability);
    points.push_back({place, probability});
  }
  return points;
}

struct Parts {
  std::size_t fit = 0, calibrate = 0;  // where they end
};

Result<std::vector<trees::Tree>> grow(const Columns& columns, const Showings& rows, const Labels& labels,
                                      std::size_t count, const trees::GrowOptions& options) {
  std::vector<std::size_t> of(count);
  std::iota(of.begin(), of.end(), std::size_t{0});
  const trees::RowsView view{columns.features.size(), columns.values, labels.of, rows.weights};
  ZAN_ASSIGN(trees::Grown grown, trees::boost(view, of, options));
  for (trees::Tree& tree : grown.trees) {
    for (trees::Node& node : tree)
      if (!node.is_leaf) node.feature = static_cast<std::uint16_t>(columns.features[node.feature]);
  }
  const double base = std::log(options.base_score / (1 - options.base_score));
  grown.trees.push_back({{true, false, 0, static_cast<float>(base)}});
  return std::move(grown.trees);
}

Result<SignalTrees> learn(const Columns& columns, const Showings& rows, Signal signal, const Parts& parts,
                          const RankerOptions& options) {
  const Labels labels(rows, signal, parts.fit);
  SignalTrees learned;
  learned.rate = static_cast<float>(labels.rate());
  const SignalTrees constant = learned;
  if (std::min(labels.positives, labels.weight - labels.positives) < positives_for_trees) return constant;
  ZAN_ASSIGN(learned.trees, grow(columns, rows, labels, parts.fit, grow_options(options, labels)));
  const trees::Forest forest(row_width, learned.trees, {{0, 0.5F}});
  std::vector<Scored> margins;
  for (std::size_t i = parts.fit; i < parts.calibrate; ++i)
    margins.push_back({static_cast<double>(forest.margin(as_served(rows, i))), labels.of[i] != 0,
                       static_cast<double>(rows.weights[i])});
  learned.calibration = calibrated(margins);
  const trees::Forest curve(row_width, {}, learned.calibration);
  std::vector<Scored> said = margins, same = margins;
  for (std::size_t i = 0; i < margins.size(); ++i) {
    said[i].score = curve.calibrated(static_cast<float>(margins[i].score));
    same[i].score = labels.rate();
  }
  if (!(trees::log_loss(said) < trees::log_loss(same))) return constant;
  if (!options.refit) return learned;
  const Labels all(rows, signal, parts.calibrate);
  ZAN_ASSIGN(learned.trees, grow(columns, rows, all, parts.calibrate, grow_options(options, labels)));
  learned.rate = static_cast<float>(all.rate());
  return learned;
}

Result<void> check_rows(const Showings& rows) {
  const std::size_t count = rows.size();
  if (rows.raw_count > raw_max) return invalid("too many numbers of the operator's own");
  if (rows.values.size() != count * rows.width() || rows.weights.size() != count || rows.times_us.size() != count)
    return invalid("rows that do not fit together");
  if (!std::is_sorted(rows.times_us.begin(), rows.times_us.end())) return invalid("rows in the order of their time");
  if (std::any_of(rows.values.begin(), rows.values.end(), [](float v) { return std::isinf(v); }))
    return invalid("values are finite or NaN");
  if (!std::all_of(rows.weights.begin(), rows.weights.end(), [](float w) { return w > 0 && std::isfinite(w); }))
    return invalid("weights are above 0");
  if (count < ranker_rows_min) return limited("too few showings to learn from");
  return {};
}

}  // namespace

Judgement judgement_of(const std::vector<trees::Scored>& said, double rate) {
  Judgement judged;
  judged.rows = said.size();
  std::vector<Scored> constant = said;
  for (Scored& row : constant) {
    judged.positives += row.is_positive ? 1 : 0;
    row.score = rate;
  }
  judged.auc = trees::auc(said);
  judged.log_loss = trees::log_loss(said);
  judged.constant_log_loss = trees::log_loss(constant);
  judged.bins = trees::reliability(said);
  judged.calibration_error = trees::calibration_error(judged.bins);
  return judged;
}

std::array<Judgement, signal_count> judge_ranker(const Ranker& ranker, const Showings& rows, std::size_t begin) {
  std::array<std::vector<Scored>, signal_count> said;
  for (std::size_t i = begin; i < rows.size(); ++i) {
    const Rates rates = ranker.predict(as_served(rows, i));
    for (std::size_t k = 0; k < signal_count; ++k)
      said[k].push_back({static_cast<double>(rates[k]), has(rows.outcomes[i], static_cast<Signal>(k)),
                         static_cast<double>(rows.weights[i])});
  }
  std::array<Judgement, signal_count> judged;
  for (std::size_t k = 0; k < signal_count; ++k)
    judged[k] = judgement_of(said[k], static_cast<double>(ranker.parts().signals[k].rate));
  return judged;
}

Result<TrainedRanker> train_ranker(const Showings& rows, const RankerOptions& options) {
  ZAN_TRY(check_rows(rows));
  const auto count = static_cast<double>(rows.size());
  const double fit = std::clamp(options.fit_share, 0.1, 0.9);
  const double calibrate = std::clamp(options.fit_share + options.calibrate_share, 0.2, 1.0);
  const Parts parts{static_cast<std::size_t>(count * fit), static_cast<std::size_t>(count * calibrate)};
  if (parts.fit >= parts.calibrate || options.depth == 0 || options.depth > trees::depth_max || options.trees == 0 ||
      options.trees >= trees::trees_max || options.threads == 0)
    return invalid("options that leave nothing to learn or to calibrate with");
  const Columns columns = columns_of(rows);
  std::array<std::optional<Result<SignalTrees>>, signal_count> learned;
  in_chunks(options.threads, signal_count, 1, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t k = begin; k < end; ++k) learned[k] = learn(columns, rows, static_cast<Signal>(k), parts, options);
  });
  RankerParts made;
  made.trained_until_us = rows.times_us[parts.calibrate - 1];
  made.training_rows = parts.calibrate;
  for (std::size_t k = 0; k < signal_count; ++k) {
    ZAN_ASSIGN(made.signals[k], *std::move(learned[k]));
  }
  ZAN_ASSIGN(Ranker ranker, Ranker::of_parts(std::move(made)));
  auto judged = judge_ranker(ranker, rows, parts.calibrate);
  return TrainedRanker{std::move(ranker), std::move(judged)};
}

}  // namespace zan::matching
