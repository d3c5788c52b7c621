// Made-up interactions for tests: people of a few circles, who mostly take up what belongs to their circle.
#pragma once

#include "base/random.h"
#include "matching/interactions.h"

namespace zan::matching {

// About `each` items a user, somebody for each item; an item belongs to circle (item % circles). Same seed, same
// matrix.
inline Interactions sim_clusters(std::uint32_t users, std::uint32_t items, std::uint32_t circles, std::uint32_t each,
                                 std::uint64_t seed) {
  Rng rng(seed);
  std::vector<Pair> pairs;
  for (std::uint32_t user = 0; user < users; ++user) {
    for (std::uint32_t k = 0; k < each; ++k) {
      // The smaller of two numbers: some items are common, most are rare.
      const std::uint64_t item = std::min(rng.below(items), rng.below(items));
      const std::uint64_t in_circle = item - item % circles + user % circles;
      pairs.emplace_back(user, static_cast<std::uint32_t>(rng.chance(0.8) && in_circle < items ? in_circle : item));
    }
  }
  for (std::uint32_t item = 0; item < items; ++item) pairs.emplace_back(item % users, item);
  return interactions_of(std::move(pairs), users, items);
}

}  // namespace zan::matching
