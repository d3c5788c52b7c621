#include "trees/forest.h"

#include <algorithm>
#include <array>
#include <limits>

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
  const std::size_t half = node.missing_left ? 0 : feature_count_;
  steps_[level_start(level) + at] = {node.value, static_cast<std::uint32_t>(half + node.feature)};
  fill(tree, next, 2 * at, level + 1);
  fill(tree, next, 2 * at + 1, level + 1);
}

// Below a leaf that is not at the bottom every way leads to its value.
void Forest::spread(float value, std::size_t at, unsigned level) {
  const unsigned below = depth_ - level;
  std::fill_n(leaves_.begin() + static_cast<std::ptrdiff_t>(at << below), std::size_t{1} << below, value);
}

template <std::size_t lanes>
void Forest::walk(std::size_t tree, const float* halves, float& sum) const {
  std::array<std::size_t, lanes> at;
  for (std::size_t lane = 0; lane < lanes; ++lane) at[lane] = tree + lane;
  const Step* steps = steps_.data();
  std::size_t width = tree_count_;
  for (unsigned level = 0; level < depth_; ++level, steps += width, width *= 2) {
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      const Step step = steps[at[lane]];
      at[lane] = 2 * at[lane] + static_cast<std::size_t>(halves[step.place] >= step.value);
    }
  }
  for (std::size_t lane = 0; lane < lanes; ++lane) sum += leaves_[at[lane]];
}

float Forest::sum(const float* halves) const {
  constexpr std::size_t side_by_side = 8;
  float total = 0;
  std::size_t tree = 0;
  for (; tree + side_by_side <= tree_count_; tree += side_by_side) walk<side_by_side>(tree, halves, total);
  for (; tree < tree_count_; ++tree) walk<1>(tree, halves, total);
  return total;
}

float Forest::margin(std::span<const float> row) const {
  require(row.size() == feature_count_, "a row has a value for every feature");
  constexpr float above = std::numeric_limits<float>::infinity();
  std::array<float, 512> few{};
  std::vector<float> many(2 * feature_count_ > few.size() ? 2 * feature_count_ : 0);
  float* const halves = many.empty() ? few.data() : many.data();
  for (std::size_t i = 0; i < feature_count_; ++i) {
    const float value = row[i];
    halves[i] = value != value ? -above : value;
    halves[feature_count_ + i] = value != value ? above : value;
  }
  return sum(halves);
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
