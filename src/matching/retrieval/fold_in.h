// FoldIn: the vector of a person who is known by a few works alone, without learning again.
//
// It is the row that iALS would solve for them (Hu, Koren, Volinsky, ICDM 2008), entries with weights c_n:
//   u = (w VᵀV + Σ c_n v_n v_nᵀ + penalty I)^-1 Σ c_n v_n.
// Items stand on the axes of VᵀV (models/ials.cc leaves them there), so what all people share is a diagonal D, and with
// A the n rows √c_n v_n it is D^-1 Aᵀ (1 + A D^-1 Aᵀ)^-1 √c (Woodbury): n^2 d + n^3 / 3 steps instead of d^3.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "matching/models/ials.h"
#include "matching/retrieval/weighted.h"

namespace zan::matching {

inline constexpr std::size_t fold_in_entries_max = 64;

// Owns: a number a dimension. Threads: immutable. Cost: 16 µs for 50 entries of 64 dimensions.
struct FoldIn {
  std::vector<float> squares;  // of each dimension, over all items
  double unobserved_weight = 0;
  double penalty = 0, penalty_exponent = 0;
  double weight_of_all = 0;  // unobserved_weight * items
  double mean_weight = 1;    // of the mean row

  // False, and `vector` all zero: nothing to go by (no entry of positive weight, or the system is singular). Entries
  // after the 64th, and those outside of `vectors` or with a weight that is not a positive number, are not looked at.
  // REQUIRES: vector.size() == squares.size(); vectors has rows of that.
  bool solve(std::span<const float> vectors, std::span<const Weighted> entries, std::span<float> vector) const;
};

// Of items as ials() returned them. `rows_mean`: items that the mean user had.
FoldIn fold_in_of(std::span<const float> items, const IalsOptions& options, double rows_mean);

}  // namespace zan::matching
