// LinkFilter: one step of a graph filter - items that share users with mine, however common item and user are.
//
// score(u, j) = d_j^-target * sum over my items i of d_i^-source * (Xᵀ W X)_ij, with d the number of users of an item
// and W the user weights of the graph. Without exponents these are common neighbours, with 1/2, 1, 1/2 the linear
// filter of GF-CF (Shen et al., CIKM 2021); free exponents are LinkProp (Fu et al., WWW 2022).
#pragma once

#include <memory>

#include "matching/models/item_graph.h"
#include "matching/models/model.h"

namespace zan::matching {

struct LinkFilterOptions {
  double source_exponent = 0.5;
  double target_exponent = 0.5;
};

// Lifetime: refers to `matrix`. REQUIRES: the graph is one of the matrix.
std::unique_ptr<Model> link_filter(const Interactions& matrix, std::shared_ptr<const ItemGraph> graph,
                                   const LinkFilterOptions& options);

}  // namespace zan::matching
