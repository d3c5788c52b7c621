#include "matching/ranking/ranker.h"

#include <algorithm>
#include <cmath>

#include "base/require.h"

namespace zan::matching {
namespace {

constexpr auto place_feature = static_cast<std::uint16_t>(Feature::place);

// Copies the subtree at `next`, with every question about the place answered as when serving.
void fold_place(const trees::Tree& tree, std::size_t& next, trees::Tree& out, bool keep) {
  const trees::Node node = tree[next++];
  const bool answered = !node.is_leaf && node.feature == place_feature;
  if (keep && !answered) out.push_back(node);
  if (node.is_leaf) return;
  const bool left = 0.0F < node.value;
  fold_place(tree, next, out, keep && (!answered || left));
  fold_place(tree, next, out, keep && (!answered || !left));
}

std::shared_ptr<const trees::Forest> forest_of(const SignalTrees& signal) {
  if (signal.trees.empty()) return nullptr;
  std::vector<trees::Tree> folded;
  for (const trees::Tree& tree : signal.trees) {
    std::size_t next = 0;
    fold_place(tree, next, folded.emplace_back(), true);
  }
  return std::make_shared<const trees::Forest>(row_width, folded, signal.calibration);
}

Result<void> check(const SignalTrees& signal) {
  if (!(signal.rate >= 0 && signal.rate <= 1)) return invalid("a rate is from 0 to 1");
  if (signal.trees.size() > trees::trees_max) return invalid("too many trees");
  if (signal.trees.empty() != signal.calibration.empty())
    return invalid("trees have a calibration, a constant has none");
  if (!signal.calibration.empty() && !trees::check_calibration(signal.calibration))
    return invalid("the calibration is too long or does not ascend");
  for (const trees::Tree& tree : signal.trees) {
    if (!trees::check_tree(tree, row_width))
      return invalid("a tree is not whole, too deep, or asks for what is not there");
  }
  return {};
}

}  // namespace

Ranker::Ranker(RankerParts parts) : parts_(std::move(parts)) {
  for (std::size_t i = 0; i < signal_count; ++i) forests_[i] = forest_of(parts_.signals[i]);
}

Ranker Ranker::of_rates(const Rates& rates) {
  RankerParts parts;
  for (std::size_t i = 0; i < signal_count; ++i) parts.signals[i].rate = rates[i];
  auto made = of_parts(std::move(parts));
  require(made.ok(), "rates are from 0 to 1");
  return std::move(made).value();
}

Result<Ranker> Ranker::of_parts(RankerParts parts) {
  for (const SignalTrees& signal : parts.signals) ZAN_TRY(check(signal));
  return Ranker(std::move(parts));
}

void Ranker::predict(std::span<const FeatureRow> rows, std::span<Rates> out) const {
  require(rows.size() == out.size(), "rates for each row");
  for (std::size_t i = 0; i < signal_count; ++i) {
    for (std::size_t k = 0; k < rows.size(); ++k)
      out[k][i] = forests_[i] ? static_cast<float>(forests_[i]->probability(rows[k])) : parts_.signals[i].rate;
  }
}

Rates Ranker::predict(const FeatureRow& row) const {
  Rates rates;
  predict({&row, 1}, {&rates, 1});
  return rates;
}

}  // namespace zan::matching
