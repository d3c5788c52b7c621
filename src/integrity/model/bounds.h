// Trees with bounds on what they may say: for small models that are read by people, as that of groups.
//
// Threads: one. Errors: as grow(); invalid: not a direction for every feature.
#pragma once

#include <span>
#include <vector>

#include "integrity/model/train.h"

namespace zan::integrity::model {

struct Bounds {
  double leaf_penalty = 1;  // on the square of what a leaf adds (lambda)
  // By feature: 1: more of it never lowers the margin; -1: never raises it; 0: either. Empty: all either.
  std::vector<int> monotone;
};

Result<Model> grow_bounded(const Rows& rows, std::span<const std::size_t> of, const TrainOptions& options,
                           const Bounds& bounds);

}  // namespace zan::integrity::model
