// XGBoost behind one call of ours (Chen, Guestrin 2016): rows in, trees out. Its types stay in booster.cc, and nothing
// of it is left in the trees.
//
// Threads: one; XGBoost is told to use one as well, so that the same rows give the same trees.
// Errors:  unavailable: XGBoost fails.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "trees/tree.h"

namespace zan::trees {

struct GrowOptions {
  unsigned trees = 100;
  unsigned depth = 6;
  double learning_rate = 0.1;
  double min_child_weight = 5;
  double row_share = 0.8;      // of the rows, for each tree
  double feature_share = 1;    // of the features, for each tree
  double leaf_penalty = 1;     // on the square of what a leaf adds (lambda)
  double base_score = 0.5;     // the probability that the trees start from; its margin is not in the leaves
  std::uint32_t seed = 1;
  // By feature: 1: more of it never lowers the margin; -1: never raises it; 0: either. Empty: all either.
  std::vector<int> monotone;
};

// Rows that belong to the caller. REQUIRES: values.size() == labels.size() * feature_count, no infinite value; as many
// weights as labels, or none.
struct RowsView {
  std::size_t feature_count = 0;
  std::span<const float> values;         // row after row; NaN: not known
  std::span<const std::uint8_t> labels;  // 0 or 1
  std::span<const float> weights;        // empty: all 1

  [[nodiscard]] std::span<const float> row(std::size_t i) const {
    return values.subspan(i * feature_count, feature_count);
  }
};

struct Grown {
  std::vector<Tree> trees;
  std::vector<float> margins;  // XGBoost's own, of the rows it learned from; only if they were asked for
};

// From the rows named by `of`. The sum of leaves and the base score's margin is the margin.
Result<Grown> boost(const RowsView& rows, std::span<const std::size_t> of, const GrowOptions& options,
                    bool with_margins = false);

}  // namespace zan::trees
