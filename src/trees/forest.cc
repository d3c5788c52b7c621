#include "trees/forest.h"

#include <algorithm>
#include <array>

#include "base/require.h"

namespace zan::trees {
namespace {

unsigned depth_of(const Tree& tree, std::size_t& next) {
  const Node& node = tree[next++];
  if (node.is_leaf) return 0;
  const unsigned left = depth_of(tree, next);
  const unsigned right = depth_of(tree, next);
  return 1 + std::max(left, right);
}

}  // namespace

Forest::Forest(std::size_t feature_count, std::span<const Tree> trees, std::vector<CalibrationPoint> calibration)
    : feature_count_(feature_count), tree_count_(trees.size()), calibration_(std::move(calibration)) {
  for (const Tree& tree : trees) {
    std::size_t next = 0;
    depth_ = std::max(depth_, depth_of(tree, next));
  }
  steps_.resize(level_start(depth_));
  leaves_.resize(tree_count_ << depth_);
  for (std::size_t i = 0; i < tree_count_; ++i) {
    std::size_t next = 0;
    fill(trees[i], next, i, 0);
  }
}

void Forest::fill(const Tree& tree, std::size_t& next, std::size_t at, unsigned level) {
  const Node& node = tree[next++];
  if (node.is_leaf) return spread(node.value, at, level);
  steps_[level_start(level) + at] = {node.value, node.feature, static_cast<std::uint16_t>(node.missing_left ? 0 : 1)};
  fill(tree, next, 2 * at, level + 1);
  fill(tree, next, 2 * at + 1, level + 1);
}

// Below a leaf that is not at the bottom every way leads to its value.
void Forest::spread(float value, std::size_t at, unsigned level) {
  const unsigned below = depth_ - level;
  std::fill_n(leaves_.begin() + static_cast<std::ptrdiff_t>(at << below), std::size_t{1} << below, value);
}

template <std::size_t lanes, bool has_missing>
void Forest::walk(std::size_t tree, const float* row, float& sum) const {
  std::array<std::size_t, lanes> at;
  for (std::size_t lane = 0; lane < lanes; ++lane) at[lane] = tree + lane;
  const Step* steps = steps_.data();
  std::size_t width = tree_count_;
  for (unsigned level = 0; level < depth_; ++level, steps += width, width *= 2) {
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      const Step step = steps[at[lane]];
      const float value = row[step.feature];
      std::size_t right = static_cast<std::size_t>(value >= step.value);
      if constexpr (has_missing) right |= static_cast<std::size_t>(value != value) & step.missing_right;
      at[lane] = 2 * at[lane] + right;
    }
  }
  for (std::size_t lane = 0; lane < lanes; ++lane) sum += leaves_[at[lane]];
}

template <bool has_missing>
float Forest::sum(const float* row) const {
  constexpr std::size_t side_by_side = 8;
  float total = 0;
  std::size_t tree = 0;
  for (; tree + side_by_side <= tree_count_; tree += side_by_side) walk<side_by_side, has_missing>(tree, row, total);
  for (; tree < tree_count_; ++tree) walk<1, has_missing>(tree, row, total);
  return total;
}

float Forest::margin(std::span<const float> row) const {
  require(row.size() == feature_count_, "a row has a value for every feature");
  bool has_missing = false;
  for (const float value : row) has_missing |= value != value;
  return has_missing ? sum<true>(row.data()) : sum<false>(row.data());
}

double Forest::calibrated(float margin) const {
  const auto above = std::upper_bound(calibration_.begin(), calibration_.end(), margin,
                                      [](float m, const CalibrationPoint& point) { return m < point.margin; });
  if (above == calibration_.begin()) return static_cast<double>(calibration_.front().probability);
  if (above == calibration_.end()) return static_cast<double>(calibration_.back().probability);
  const CalibrationPoint& low = *(above - 1);
  const double width = static_cast<double>(above->margin) - static_cast<double>(low.margin);
  const double part = (static_cast<double>(margin) - static_cast<double>(low.margin)) / width;
  const double from = static_cast<double>(low.probability);
  return from + part * (static_cast<double>(above->probability) - from);
}

}  // namespace zan::trees
