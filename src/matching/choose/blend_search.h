// Finds the weights of a blend on held-out items.
//
// The users' best items of every member are looked up once; their union, a few hundred items a user, stands for the
// whole ranking, so that thousands of weightings can be tried. Weights climb from the best single member, one at a
// time, up or down by halving steps, as long as the mean of recall and NDCG rises; members that hardly help are left
// out.
#pragma once

#include <memory>
#include <vector>

#include "matching/choose/recipe.h"
#include "matching/evaluate/ranking.h"
#include "matching/models/model.h"

namespace zan::matching {

struct BlendSearchOptions {
  std::size_t k = 20;
  std::size_t threads = 1;
  double least_gain = 0.002;  // relative; a member that adds less than this is left out
};

struct BlendFound {
  std::vector<double> weights;  // of the models, in their order; 0: left out
  Spread spread = Spread::deviation;
  Quality quality;
};

// `users`: rows of both matrices, not none, each with something held out. Memory: users * models^2 * 240 bytes.
BlendFound search_blend(const std::vector<std::unique_ptr<Model>>& models, const Interactions& taken,
                        const Interactions& wanted, const std::vector<std::uint32_t>& users,
                        const BlendSearchOptions& options);

}  // namespace zan::matching
