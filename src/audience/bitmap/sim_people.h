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

inline Plan sim_tree(Rng& rng, std::vector<Plan> parts) {
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

// A tree of `terms` values with and, or, and not here and there.
inline Plan sim_expression(Rng& rng, std::uint32_t terms, std::uint32_t tags) {
  std::vector<Plan> parts;
  for (std::uint32_t i = 0; i < terms; ++i) {
    Plan leaf = Plan::of(ValueId{static_cast<std::uint32_t>(rng.below(tags))});
    parts.push_back(rng.chance(0.2) ? Plan::negate(std::move(leaf)) : std::move(leaf));
  }
  return sim_tree(rng, std::move(parts));
}

// Numbers beside the flags: each known of some users, small ones the more common, as bit slices behind value `tags`.
inline constexpr std::uint32_t sim_numbers = 4, sim_number_bits = 6;
inline Slices sim_slices(std::uint32_t number, std::uint32_t tags) {
  return {{tags + 1 + number * (sim_number_bits + 1)}, sim_number_bits};
}
inline void fill_numbers(TagStore& store, std::uint32_t users, std::uint32_t tags) {
  constexpr double known[sim_numbers] = {0.5, 0.2, 0.05, 0.01};
  for (std::uint32_t i = 0; i < sim_numbers; ++i) {
    const Slices slices = sim_slices(i, tags);
    const std::vector<std::uint32_t> some = sim_users(users, known[i], 2000 + i);
    std::vector<std::vector<std::uint32_t>> bits(sim_number_bits);
    Rng rng(3000 + i);
    for (const std::uint32_t user : some) {
      const std::uint64_t number = rng.below(1 + rng.below(1 + slices.greatest()));
      for (std::uint32_t bit = 0; bit < sim_number_bits; ++bit)
        if ((number >> bit & 1) != 0) bits[bit].push_back(user);
    }
    store.assign(slices.known(), some);
    for (std::uint32_t bit = 0; bit < sim_number_bits; ++bit) store.assign(slices.bit(bit), bits[bit]);
  }
}

// A term as people write them: a flag, one of up to four values, or a number between two bounds.
inline Plan sim_term(Rng& rng, std::uint32_t tags) {
  const auto any = [&] { return Plan::of(ValueId{static_cast<std::uint32_t>(rng.below(tags))}); };
  const double kind = rng.unit();
  if (kind < 0.5) return any();
  if (kind < 0.8) {
    std::vector<Plan> values;
    for (std::uint64_t left = 2 + rng.below(3); left > 0; --left) values.push_back(any());
    return Plan::either(std::move(values));
  }
  const Slices slices = sim_slices(static_cast<std::uint32_t>(rng.below(sim_numbers)), tags);
  const std::uint64_t low = rng.below(slices.greatest());
  return Plan::range(slices, low, rng.chance(0.5) ? slices.greatest() : low + rng.below(slices.greatest() - low + 1));
}

// A tree of such terms with and, or, and not here and there.
inline Plan sim_question(Rng& rng, std::uint32_t terms, std::uint32_t tags) {
  std::vector<Plan> parts;
  for (std::uint32_t i = 0; i < terms; ++i) {
    Plan leaf = sim_term(rng, tags);
    parts.push_back(rng.chance(0.2) ? Plan::negate(std::move(leaf)) : std::move(leaf));
  }
  return sim_tree(rng, std::move(parts));
}

}  // namespace zan::audience
