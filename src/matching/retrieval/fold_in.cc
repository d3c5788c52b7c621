#include "matching/retrieval/fold_in.h"

#include <algorithm>
#include <cmath>

#include "base/require.h"
#include "matching/models/dense.h"

namespace zan::matching {

bool FoldIn::solve(std::span<const float> vectors, std::span<const Weighted> entries, std::span<float> vector) const {
  const std::size_t d = squares.size(), rows = d == 0 ? 0 : vectors.size() / d;
  require(vector.size() == d, "a number a dimension");
  std::fill(vector.begin(), vector.end(), 0.0F);
  if (rows == 0) return false;
  std::vector<float> taken, roots;
  double sum = 0;
  taken.reserve(std::min(entries.size(), fold_in_entries_max) * d);
  for (const Weighted& entry : entries.first(std::min(entries.size(), fold_in_entries_max))) {
    if (entry.row >= rows || !(entry.weight > 0) || !std::isfinite(entry.weight)) continue;
    roots.push_back(std::sqrt(entry.weight));
    sum += static_cast<double>(entry.weight);
    const float* from = vectors.data() + entry.row * d;
    for (std::size_t c = 0; c < d; ++c) taken.push_back(from[c] * roots.back());
  }
  const std::size_t n = roots.size();
  if (n == 0) return false;
  const double of_this = penalty * mean_weight * std::pow((sum + weight_of_all) / mean_weight, penalty_exponent);
  std::vector<float> scaled(n * d), inner(n * n), inverse(d);
  for (std::size_t c = 0; c < d; ++c)
    inverse[c] = static_cast<float>(1 / (unobserved_weight * static_cast<double>(squares[c]) + of_this));
  for (std::size_t k = 0; k < n; ++k) {
    for (std::size_t c = 0; c < d; ++c) scaled[k * d + c] = taken[k * d + c] * inverse[c];
  }
  multiply(ConstBlock(scaled.data(), n, d, d), Turn::as_is, ConstBlock(taken.data(), n, d, d), Turn::transposed,
           Block{inner.data(), n, n, n});
  for (std::size_t k = 0; k < n; ++k) inner[k * n + k] += 1;
  if (!solve_in_place({inner.data(), n, n, n}, roots)) return false;
  for (std::size_t k = 0; k < n; ++k) {
    for (std::size_t c = 0; c < d; ++c) vector[c] += roots[k] * scaled[k * d + c];
  }
  if (std::all_of(vector.begin(), vector.end(), [](float value) { return std::isfinite(value); })) return true;
  std::fill(vector.begin(), vector.end(), 0.0F);
  return false;
}

FoldIn fold_in_of(std::span<const float> items, const IalsOptions& options, double rows_mean) {
  FoldIn fold;
  const std::size_t d = options.dimension, count = d == 0 ? 0 : items.size() / d;
  std::vector<double> sums(d, 0.0);
  for (std::size_t row = 0; row < count; ++row) {
    for (std::size_t c = 0; c < d; ++c) sums[c] += std::pow(static_cast<double>(items[row * d + c]), 2);
  }
  for (const double sum : sums) fold.squares.push_back(static_cast<float>(sum));
  fold.unobserved_weight = options.unobserved_weight;
  fold.penalty = options.penalty;
  fold.penalty_exponent = options.penalty_exponent;
  fold.weight_of_all = options.unobserved_weight * static_cast<double>(count);
  fold.mean_weight = std::max(rows_mean + fold.weight_of_all, 1e-9);
  return fold;
}

}  // namespace zan::matching
