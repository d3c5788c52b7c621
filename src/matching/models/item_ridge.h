// ItemRidge: predicts whether a user takes up an item from the other items they took up, by ridge regression per item.
//
// With all other items as predictors this is EASE^R (Steck, WWW 2019), solved for all items at once by one inverse.
// Where there are too many items for that, each item is regressed on its nearest neighbours alone, which is the same
// normal equations cut to a block. What the plain form lacks, and matters: users are weighed by activity (the graph's
// user exponent), the penalty grows with popularity as denoising does (Steck, NeurIPS 2020), and scores are divided by
// a power of popularity (Park et al., WWW 2025).
#pragma once

#include <memory>

#include "base/result.h"
#include "matching/models/item_graph.h"
#include "matching/models/model.h"

namespace zan::matching {

struct ItemRidgeOptions {
  double penalty = 4;             // of the mean item, in units of the mean of the graph's diagonal
  double penalty_exponent = 0.5;  // penalty_i = penalty * mean diagonal * (diagonal_i / mean diagonal)^exponent
  std::uint32_t neighbours_max = 200;
  std::size_t threads = 1;
};

// Item-to-item weights: row i lists what having item i says about others. Sparse, or item_count x item_count where
// `targets` is empty.
struct ItemWeights {
  std::vector<std::uint64_t> offsets;
  std::vector<std::uint32_t> targets;
  std::vector<float> weights;
};

// The regression on the nearest neighbours by cosine. unavailable: a block is singular in single precision (penalty too
// small). Cost: items * neighbours^3 / 3 for solving, and for gathering a step for each entry of the neighbours' rows.
Result<ItemWeights> sparse_item_ridge(const ItemGraph& graph, const ItemRidgeOptions& options);

// The regression on all items. Memory: 4 bytes for each pair of items. Cost: items^3. unavailable: as above.
Result<ItemWeights> full_item_ridge(const ItemGraph& graph, const ItemRidgeOptions& options);

// score(u, j) = d_j^-target * sum over my items i of d_i^target * weight(i, j), d being the number of users of an item.
// Lifetime: refers to `matrix`.
std::unique_ptr<Model> item_model(const Interactions& matrix, std::shared_ptr<const ItemWeights> weights,
                                  double target_exponent);

}  // namespace zan::matching
