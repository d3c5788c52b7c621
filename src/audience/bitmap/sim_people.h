// A made-up population with tags of all densities, for tests and benchmarks: the same seed, the same people.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "audience/bitmap/plan.h"
#include "base/random.h"

namespace zan::audience {

// The i-th of `tags` densities from 0.01 % to 50 %, evenly spaced on a logarithmic scale.
inline double sim_density(std::uint32_t i, std::uint32_t tags) {
  return 0.0001 * std::pow(5000.0, tags < 2 ? 1.0 : static_cast<double>(i) / (tags - 1));
}

// Users of one value: each with the same chance, by skips, so that rare values are quick to draw.
inline std::vector<std::uint32_t> sim_users(std::uint32_t users, double density, std::uint64_t seed) {
  std::vector<std::uint32_t> out;
  Rng rng(seed);
  const double scale = 1.0 / std::log1p(-density);
  double at = -1;
  while (true) {
    at += 1 + std::floor(std::log(1 - rng.unit()) * scale);
    if (at >= users) return out;
    out.push_back(static_cast<std::uint32_t>(at));
  }
}

// Values 0 .. tags-1 by density, and everybody as value `tags`.
inline void fill_people(TagStore& store, std::uint32_t users, std::uint32_t tags) {
  for (std::uint32_t i = 0; i < tags; ++i) store.assign({i}, sim_users(users, sim_density(i, tags), 1000 + i));
  std::vector<std::uint32_t> all(users);
  for (std::uint32_t i = 0; i < users; ++i) all[i] = i;
  store.assign({tags}, all);
}

// A tree of `terms` different values with and, or, and not here and there.
inline Plan sim_expression(Rng& rng, std::uint32_t terms, std::uint32_t tags) {
  std::vector<Plan> parts;
  for (std::uint32_t i = 0; i < terms; ++i) {
    Plan leaf = Plan::of(ValueId{static_cast<std::uint32_t>(rng.below(tags))});
    parts.push_back(rng.chance(0.2) ? Plan::negate(std::move(leaf)) : std::move(leaf));
  }
  while (parts.size() > 1) {
    const auto at = static_cast<std::size_t>(rng.below(parts.size() - 1));
    std::vector<Plan> pair;
    pair.push_back(std::move(parts[at]));
    pair.push_back(std::move(parts[at + 1]));
    parts[at] = rng.chance(0.5) ? Plan::both(std::move(pair)) : Plan::either(std::move(pair));
    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(at) + 1);
  }
  return std::move(parts.front());
}

}  // namespace zan::audience
