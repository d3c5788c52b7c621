#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/require.h"
#include "integrity/model/train.h"

namespace zan::integrity::model {
namespace {

// Where each feature of the model stands in a row.
Result<std::vector<std::size_t>> columns_of(const Model& model, const Rows& rows) {
  std::vector<std::size_t> columns;
  for (const std::string& name : model.features) {
    const auto at = std::find(rows.features.begin(), rows.features.end(), name);
    if (at == rows.features.end()) return not_found("the rows do not have this feature", name);
    columns.push_back(static_cast<std::size_t>(at - rows.features.begin()));
  }
  return columns;
}

// What is held, of genuine rows [0] and of fakes [1], by weight.
struct Holds {
  std::array<double, 2> all{}, held{};

  void add(const Scored& row, bool is_held) {
    all[row.is_positive ? 1 : 0] += row.weight;
    if (is_held) held[row.is_positive ? 1 : 0] += row.weight;
  }
  void tell(Evaluation& result) const {
    const auto share = [](double part, double whole) { return whole > 0 ? part / whole : 0; };
    result.false_holds = share(held[0], all[0]);
    result.held_fakes = share(held[1], all[1]);
    result.hold_precision = share(held[1], held[0] + held[1]);
  }
};

}  // namespace

Result<void> check_rows(const Rows& rows) {
  const std::size_t count = rows.size();
  if (count == 0 || rows.features.empty() || rows.features.size() > features_max)
    return invalid("no rows, no features, or too many");
  if (rows.values.size() != count * rows.features.size())
    return invalid("a row has a value for every feature", "values");
  if (!rows.weights.empty() && rows.weights.size() != count)
    return invalid("a weight for every row or none", "weights");
  if (!rows.times_ms.empty() && rows.times_ms.size() != count)
    return invalid("a time for every row or none", "times_ms");
  if (!rows.groups.empty() && rows.groups.size() != count) return invalid("a group for every row or none", "groups");
  for (const std::uint8_t label : rows.fake) {
    if (label > 1) return invalid("a label is 0 or 1", "fake");
  }
  for (const float value : rows.values) {
    if (std::isinf(value)) return invalid("values are finite or NaN", "values");
  }
  for (const float weight : rows.weights) {
    if (!(weight > 0 && std::isfinite(weight))) return invalid("weights are above 0", "weights");
  }
  return {};
}

Result<Evaluation> evaluate(const Model& model, const Rows& rows) {
  ZAN_TRY(check_rows(rows));
  ZAN_ASSIGN(const auto columns, columns_of(model, rows));
  const Scorer scorer(model);
  std::vector<Scored> scored(rows.size());
  std::vector<float> row(columns.size());
  Evaluation result;
  Holds holds;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t k = 0; k < columns.size(); ++k) row[k] = rows.row(i)[columns[k]];
    const double weight = rows.weights.empty() ? 1 : static_cast<double>(rows.weights[i]);
    const float margin = scorer.margin(row);
    scored[i] = {scorer.calibrated(margin), rows.fake[i] != 0, weight};
    holds.add(scored[i], scorer.holds(margin));
    result.fakes += rows.fake[i];
  }
  holds.tell(result);
  result.rows = rows.size();
  result.auc = auc(scored);
  result.log_loss = trees::log_loss(scored);
  for (const double recall : {0.5, 0.8, 0.9}) result.precision.push_back(trees::precision_at(scored, recall));
  result.reliability = trees::reliability(scored);
  result.calibration_error = trees::calibration_error(result.reliability);
  return result;
}

Result<Comparison> compare(const Model& candidate, const Model& in_service, const Rows& rows, Tolerance tolerance) {
  Comparison result;
  ZAN_ASSIGN(result.candidate, evaluate(candidate, rows));
  ZAN_ASSIGN(result.in_service, evaluate(in_service, rows));
  if (result.candidate.fakes == 0 || result.candidate.fakes == result.candidate.rows)
    return invalid("a comparison needs rows of both kinds");
  const bool ranks_worse = result.candidate.auc < result.in_service.auc - tolerance.auc;
  const bool says_worse = result.candidate.log_loss > result.in_service.log_loss + tolerance.log_loss;
  result.is_refused = ranks_worse || says_worse;
  result.why = fmt::format("{}: AUC {:.4f} after {:.4f}, log loss {:.4f} after {:.4f}, on {} rows with {} fakes",
                           result.is_refused ? "refused, worse than the model in service" : "may take over",
                           result.candidate.auc, result.in_service.auc, result.candidate.log_loss,
                           result.in_service.log_loss, result.candidate.rows, result.candidate.fakes);
  return result;
}

Result<std::vector<Importance>> importance(const Model& model, const Rows& rows, std::span<const std::size_t> topics) {
  ZAN_TRY(check_rows(rows));
  require(topics.size() == model.features.size() && model.features == rows.features, "a topic for each feature");
  const Scorer scorer(model);
  const std::size_t count = rows.size();
  std::vector<float> row(topics.size());
  // The values of `topic` come from another row, always the same one.
  const auto auc_without = [&](std::optional<std::size_t> topic) {
    std::vector<Scored> scored(count);
    for (std::size_t i = 0; i < count; ++i) {
      const auto other = rows.row(mix64(i + 1) % count);
      std::copy(rows.row(i).begin(), rows.row(i).end(), row.begin());
      for (std::size_t k = 0; topic && k < row.size(); ++k)
        if (topics[k] == *topic) row[k] = other[k];
      const double weight = rows.weights.empty() ? 1 : static_cast<double>(rows.weights[i]);
      scored[i] = {static_cast<double>(scorer.margin(row)), rows.fake[i] != 0, weight};
    }
    return auc(std::move(scored));
  };
  const double whole = auc_without(std::nullopt);
  std::vector<std::size_t> different(topics.begin(), topics.end());
  std::sort(different.begin(), different.end());
  different.erase(std::unique(different.begin(), different.end()), different.end());
  std::vector<Importance> found;
  for (const std::size_t topic : different) found.push_back({topic, whole - auc_without(topic)});
  std::stable_sort(found.begin(), found.end(), [](auto a, auto b) { return a.auc_lost > b.auc_lost; });
  return found;
}

}  // namespace zan::integrity::model
