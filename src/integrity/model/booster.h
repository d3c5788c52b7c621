// XGBoost behind a few calls of ours: rows in, trees out. Its types stay in booster.cc.
//
// Threads: one.
#pragma once

#include <span>
#include <vector>

#include "base/result.h"
#include "integrity/model/bounds.h"
#include "integrity/model/train.h"

namespace zan::integrity::model {

struct Grown {
  std::vector<Tree> trees;
  std::vector<float> margins;  // XGBoost's own, of the rows it learned from; only if they were asked for
};

Result<Grown> boost(const Rows& rows, std::span<const std::size_t> of, const TrainOptions& options, bool with_margins,
                    const Bounds& bounds = {});

}  // namespace zan::integrity::model
