#include "integrity/model/train.h"

#include <algorithm>
#include <numeric>
#include <unordered_set>

#include "integrity/model/bounds.h"

namespace zan::integrity::model {
namespace {

using Places = std::vector<std::size_t>;

struct SplitPlaces {
  Places train, calibrate, judge;
  std::size_t left_out = 0;
};

Places by_time(const Rows& rows) {
  Places order(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (!rows.times_ms.empty())
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return rows.times_ms[a] < rows.times_ms[b]; });
  return order;
}

// The first place at or behind `wanted` where the time changes.
std::size_t cut_at(const Rows& rows, const Places& order, double share) {
  auto at = static_cast<std::size_t>(share * static_cast<double>(order.size()));
  if (rows.times_ms.empty()) return at;
  while (at > 0 && at < order.size() && rows.times_ms[order[at]] == rows.times_ms[order[at - 1]]) ++at;
  return at;
}

SplitPlaces split(const Rows& rows, const TrainOptions& options) {
  const Places order = by_time(rows);
  const std::size_t first = cut_at(rows, order, options.train_share);
  const std::size_t second = std::max(first, cut_at(rows, order, options.train_share + options.calibrate_share));
  SplitPlaces parts;
  std::unordered_set<std::uint64_t> seen;
  const auto take = [&](std::size_t from, std::size_t to, Places& part) {
    for (std::size_t i = from; i < to; ++i) {
      const bool known = !rows.groups.empty() && seen.contains(rows.groups[order[i]]);
      if (!known) part.push_back(order[i]);
      parts.left_out += known ? 1 : 0;
    }
    if (rows.groups.empty()) return;
    for (const std::size_t i : part) seen.insert(rows.groups[i]);
  };
  take(0, first, parts.train);
  take(first, second, parts.calibrate);
  take(second, order.size(), parts.judge);
  return parts;
}

Result<void> has_both_kinds(const Rows& rows, const Places& part, const char* name) {
  const auto is_fake = [&](std::size_t i) { return rows.fake[i] != 0; };
  if (std::any_of(part.begin(), part.end(), is_fake) && !std::all_of(part.begin(), part.end(), is_fake)) return {};
  return invalid("a part of the rows has not both fakes and genuine ones", name);
}

Rows only(const Rows& rows, const Places& part) {
  Rows some;
  some.features = rows.features;
  for (const std::size_t i : part) {
    const auto row = rows.row(i);
    some.values.insert(some.values.end(), row.begin(), row.end());
    some.fake.push_back(rows.fake[i]);
    if (!rows.weights.empty()) some.weights.push_back(rows.weights[i]);
    if (!rows.times_ms.empty()) some.times_ms.push_back(rows.times_ms[i]);
  }
  return some;
}

Places everything(const Rows& rows) {
  Places all(rows.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  return all;
}

std::vector<Scored> margins_of(const Model& model, const Rows& rows) {
  const Scorer scorer(model);
  std::vector<Scored> scored;
  for (std::size_t i = 0; i < rows.size(); ++i)
    scored.push_back({static_cast<double>(scorer.margin(rows.row(i))), rows.fake[i] != 0,
                      rows.weights.empty() ? 1 : static_cast<double>(rows.weights[i])});
  return scored;
}

void note_window(Model& model, const Rows& rows, std::span<const std::size_t> of) {
  model.training_rows = of.size();
  if (rows.times_ms.empty() || of.empty()) return;
  const auto earlier = [&](std::size_t a, std::size_t b) { return rows.times_ms[a] < rows.times_ms[b]; };
  model.trained_from_ms = rows.times_ms[*std::min_element(of.begin(), of.end(), earlier)];
  model.trained_until_ms = rows.times_ms[*std::max_element(of.begin(), of.end(), earlier)];
}

trees::GrowOptions grow_options(const TrainOptions& options, const Bounds& bounds) {
  return {.trees = options.trees,
          .depth = options.depth,
          .learning_rate = options.learning_rate,
          .min_child_weight = options.min_child_weight,
          .row_share = options.row_share,
          .leaf_penalty = bounds.leaf_penalty,
          .seed = options.seed,
          .monotone = bounds.monotone};
}

}  // namespace

Result<Model> grow(const Rows& rows, std::span<const std::size_t> of, const TrainOptions& options) {
  return grow_bounded(rows, of, options, {});
}

Result<Model> grow_bounded(const Rows& rows, std::span<const std::size_t> of, const TrainOptions& options,
                           const Bounds& bounds) {
  ZAN_TRY(check_rows(rows));
  if (!bounds.monotone.empty() && bounds.monotone.size() != rows.features.size())
    return invalid("a direction for every feature or none", "monotone");
  if (options.depth == 0 || options.depth > depth_max || options.trees == 0 || options.trees > trees_max)
    return invalid("too many trees, too deep ones, or none");
  const trees::RowsView view{rows.features.size(), rows.values, rows.fake, rows.weights};
  ZAN_ASSIGN(trees::Grown grown, trees::boost(view, of, grow_options(options, bounds)));
  Model model;
  model.features = rows.features;
  model.trees = std::move(grown.trees);
  model.calibration = {{0, 0.5F}};
  note_window(model, rows, of);
  ZAN_TRY(check_model(model));
  return model;
}

Result<Trained> train(const Rows& rows, const TrainOptions& options) {
  ZAN_TRY(check_rows(rows));
  const SplitPlaces split_rows = split(rows, options);
  const Parts parts{only(rows, split_rows.train), only(rows, split_rows.calibrate), only(rows, split_rows.judge)};
  ZAN_ASSIGN(Trained result, train(parts, options));
  result.left_out = split_rows.left_out;
  return result;
}

Result<Trained> train(const Parts& parts, const TrainOptions& options) {
  const std::pair<const Rows*, const char*> named[] = {
      {&parts.train, "train"}, {&parts.calibrate, "calibrate"}, {&parts.judge, "judge"}};
  for (const auto& [rows, name] : named) ZAN_TRY(has_both_kinds(*rows, everything(*rows), name));
  Trained result;
  ZAN_ASSIGN(result.model, grow(parts.train, everything(parts.train), options));
  std::vector<Scored> margins = margins_of(result.model, parts.calibrate);
  result.model.calibration = trees::calibrate(margins, options.calibration);
  if (const auto score = trees::score_for(std::move(margins), options.false_holds_max))
    result.model.hold_margin = static_cast<float>(*score);
  ZAN_TRY(check_model(result.model));
  ZAN_ASSIGN(result.evaluation, evaluate(result.model, parts.judge));
  result.trained_rows = parts.train.size();
  result.calibrated_rows = parts.calibrate.size();
  return result;
}

Result<std::vector<float>> out_of_fold(const Rows& rows, unsigned folds, const TrainOptions& options) {
  ZAN_TRY(check_rows(rows));
  if (folds < 2) return invalid("two folds or more");
  const auto fold_of = [&](std::size_t i) { return mix64(rows.groups.empty() ? i + 1 : rows.groups[i] + 1) % folds; };
  std::vector<float> margins(rows.size());
  for (unsigned fold = 0; fold < folds; ++fold) {
    Places learn;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (fold_of(i) != fold) learn.push_back(i);
    }
    ZAN_TRY(has_both_kinds(rows, learn, "fold"));
    ZAN_ASSIGN(const Model model, grow(rows, learn, options));
    const Scorer scorer(model);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (fold_of(i) == fold) margins[i] = scorer.margin(rows.row(i));
    }
  }
  return margins;
}

}  // namespace zan::integrity::model
