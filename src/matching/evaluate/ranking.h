// Ranking: the best items for a user, and how good a ranking was - the protocol of LightGCN (He et al., SIGIR 2020).
//
// All items that the user has not in training are ranked against each other; nothing is sampled. Recall@K is the
// share of the user's test items among the first K, NDCG@K their discounted gain over that of the best ranking
// possible. A test item that is in training, too, cannot be ranked and still counts as missed, as it does there.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "matching/interactions.h"
#include "matching/models/model.h"

namespace zan::matching {

struct Ranked {
  float score;
  std::uint32_t item;
};

// Higher scores first, then lower item numbers.
inline bool is_better(const Ranked& a, const Ranked& b) {
  return a.score != b.score ? a.score > b.score : a.item < b.item;
}

// The k best of `scores` without those in `taken` (ascending), best first; equal scores by item number. Fewer if there
// are fewer. Cost: a pass over the scores, and a heap of k for those that come in.
void best_items(std::span<const float> scores, std::span<const std::uint32_t> taken, std::size_t k,
                std::vector<Ranked>& best);

struct Quality {
  double recall = 0;  // means over users, 0 where there are none
  double ndcg = 0;
  std::uint32_t users = 0;

  [[nodiscard]] double mean() const { return (recall + ndcg) / 2; }
};

// Of one user: hits at the places of `best` (the first k count) against the wanted items, ascending and not empty.
Quality quality_of(std::span<const Ranked> best, std::span<const std::uint32_t> wanted, std::size_t k);

// Sums are made in the order given.
Quality mean_of(std::span<const Quality> of_users);

// Users with an item in the matrix, ascending; if there are more than `count_max`, so many evenly from among them.
std::vector<std::uint32_t> users_with_items(const Interactions& matrix, std::size_t count_max = ~std::size_t{0});

// Over `users`, each with an item in `wanted`. REQUIRES: both matrices are of one shape.
Quality evaluate(const Model& model, const Interactions& taken, const Interactions& wanted,
                 std::span<const std::uint32_t> users, std::size_t k, std::size_t threads);

}  // namespace zan::matching
