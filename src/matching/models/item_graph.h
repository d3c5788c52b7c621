// ItemGraph: which items share users, and how much - the sparse matrix Xᵀ W X that all item-to-item models start from.
//
// X is the matrix of interactions and W weighs each user by 1 / (items of the user)^user_exponent: whoever has taken
// up everything says little about any two things. Each row keeps its heaviest entries, without the diagonal; the whole is
// symmetric where none had to go.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "matching/interactions.h"

namespace zan::matching {

struct ItemGraphOptions {
  double user_exponent = 0;  // 0: users count alike; 1: a user's weights sum to about 1
  std::uint32_t row_entries_max = 4000;
  std::size_t threads = 1;
};

// Owns: 8 bytes an entry. Threads: immutable. Cost: sum over users of (items of the user)^2 steps.
struct ItemGraph {
  std::vector<std::uint64_t> offsets{0};
  std::vector<std::uint32_t> neighbours;  // ascending in a row
  std::vector<float> weights;
  std::vector<float> diagonal;  // of Xᵀ W X: the weight of an item's users

  [[nodiscard]] std::uint32_t item_count() const { return static_cast<std::uint32_t>(offsets.size() - 1); }
  [[nodiscard]] std::span<const std::uint32_t> neighbours_of(std::uint32_t item) const {
    return {neighbours.data() + offsets[item], neighbours.data() + offsets[item + 1]};
  }
  [[nodiscard]] std::span<const float> weights_of(std::uint32_t item) const {
    return {weights.data() + offsets[item], weights.data() + offsets[item + 1]};
  }
};

// Where weights are alike at the limit of a row, lower item numbers stay.
ItemGraph item_graph(const Interactions& matrix, const ItemGraphOptions& options);

// Weight of each user: (items of the user)^-exponent; 0 for one without items.
std::vector<float> user_weights(const Interactions& matrix, double exponent);

}  // namespace zan::matching
