// Neighbours: for each item the few others that having it speaks for most.
//
// By ridge regression of each item on its nearest (models/item_ridge.h) where that can be afforded; else by the link
// filter's weight, (Xᵀ W X)_ij / (d_i^source d_j^target), with no graph ever held: row by row, the users of a very
// common item being a sample of them. The weights of a row, summed over the mean row, are 1: a history of n works adds
// up to n, whatever they were made by.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "matching/interactions.h"
#include "matching/models/item_ridge.h"
#include "matching/retrieval/weighted.h"

namespace zan::matching {

// Owns: 8 bytes an entry and item. Threads: immutable.
struct Neighbours {
  std::vector<std::uint64_t> offsets{0};
  std::vector<Weighted> entries;  // heaviest first in a row; positive, equal ones by row

  [[nodiscard]] std::span<const Weighted> of(std::uint32_t row) const {
    return {entries.data() + offsets[row], entries.data() + offsets[row + 1]};
  }
};

struct LinkOptions {
  double user_exponent = 0.75, source_exponent = 0.5, target_exponent = 0.5;
  std::uint32_t row_max = 40;
  std::uint32_t steps_max = 20'000;  // of an item: users are left out, evenly, until the sum of their items is less
  std::size_t threads = 1;
};

// Cost: for each item the items of its users, at most steps_max, some 20 ns each.
Neighbours link_neighbours(const Interactions& matrix, const LinkOptions& options);

// The heaviest of sparse weights, times (users of the item / users of the neighbour)^target.
// REQUIRES: sparse weights of the matrix.
Neighbours ridge_neighbours(const Interactions& matrix, const ItemWeights& weights, double target_exponent,
                            std::uint32_t row_max);

}  // namespace zan::matching
