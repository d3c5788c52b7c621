#include "matching/retrieval/neighbours.h"

#include <algorithm>
#include <cmath>

#include "base/require.h"
#include "matching/models/item_graph.h"
#include "matching/parallel.h"

namespace zan::matching {
namespace {

constexpr std::size_t rows_at_a_time = 256;

std::vector<float> powers(const Interactions& matrix, double exponent) {
  std::vector<float> result;
  result.reserve(matrix.item_count);
  for (const std::uint32_t degree : item_degrees(matrix))
    result.push_back(static_cast<float>(std::pow(std::max(1.0, static_cast<double>(degree)), exponent)));
  return result;
}

void keep_heaviest(std::vector<Weighted>& row, std::size_t row_max) {
  const auto heavier = [](const Weighted& a, const Weighted& b) {
    return a.weight != b.weight ? a.weight > b.weight : a.row < b.row;
  };
  std::erase_if(row, [](const Weighted& entry) { return !(entry.weight > 0) || !std::isfinite(entry.weight); });
  if (row.size() > row_max) {
    std::nth_element(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(row_max), row.end(), heavier);
    row.resize(row_max);
  }
  std::sort(row.begin(), row.end(), heavier);
}

// Makes all rows, each by `fill(item, worker, row)`, and joins them.
template <typename Fill>
Neighbours rows_of(std::uint32_t count, std::size_t threads, std::uint32_t row_max, const Fill& fill) {
  struct Part {
    std::vector<std::uint32_t> sizes;
    std::vector<Weighted> entries;
  };
  std::vector<Part> parts((count + rows_at_a_time - 1) / rows_at_a_time);
  std::vector<std::vector<Weighted>> rows(threads);
  in_chunks(threads, count, rows_at_a_time, [&](std::size_t begin, std::size_t end, std::size_t worker) {
    Part& part = parts[begin / rows_at_a_time];
    std::vector<Weighted>& row = rows[worker];
    for (std::size_t item = begin; item < end; ++item) {
      row.clear();
      fill(static_cast<std::uint32_t>(item), worker, row);
      keep_heaviest(row, row_max);
      part.sizes.push_back(static_cast<std::uint32_t>(row.size()));
      part.entries.insert(part.entries.end(), row.begin(), row.end());
    }
    part.entries.shrink_to_fit();
  });
  Neighbours made;
  std::size_t total = 0;
  for (const Part& part : parts) total += part.entries.size();
  made.entries.reserve(total);
  made.offsets.reserve(std::size_t{count} + 1);
  for (Part& part : parts) {
    for (const std::uint32_t size : part.sizes) made.offsets.push_back(made.offsets.back() + size);
    made.entries.insert(made.entries.end(), part.entries.begin(), part.entries.end());
    part = {};
  }
  return made;
}

void scale(Neighbours& made) {
  double sum = 0;
  std::size_t rows = 0;
  for (const Weighted& entry : made.entries) sum += static_cast<double>(entry.weight);
  for (std::size_t row = 0; row + 1 < made.offsets.size(); ++row) rows += made.offsets[row] < made.offsets[row + 1];
  if (!(sum > 0) || !std::isfinite(sum)) return;
  const double by = static_cast<double>(rows) / sum;
  for (Weighted& entry : made.entries) entry.weight = static_cast<float>(static_cast<double>(entry.weight) * by);
}

// Adds up one row at a time.
class LinkRow {
 public:
  LinkRow(const Interactions& matrix, const Interactions& users_of, std::span<const float> user_weights,
          std::uint32_t steps_max)
      : matrix_(matrix), users_of_(users_of), user_weights_(user_weights), steps_max_(steps_max),
        sums_(matrix.item_count, 0.0F) {}

  // Every user, or every second, third ... so that the steps stay below their limit.
  void fill(std::uint32_t item, std::vector<Weighted>& row) {
    const auto users = users_of_.of(item);
    std::uint64_t steps = 0;
    for (const std::uint32_t user : users) steps += matrix_.of(user).size();
    const std::uint64_t stride = steps / steps_max_ + 1;
    for (std::uint64_t at = 0; at < users.size(); at += stride) add(users[at]);
    for (const std::uint32_t other : touched_) {
      const float weight = std::exchange(sums_[other], 0.0F);
      if (other != item) row.push_back({other, weight});
    }
    touched_.clear();
  }

 private:
  void add(std::uint32_t user) {
    const float weight = user_weights_[user];
    const auto items = matrix_.of(user);
    // One person's list longer than all that may be looked at says next to nothing of any two.
    if (items.size() > steps_max_) return;
    for (const std::uint32_t other : items) {
      if (sums_[other] == 0) touched_.push_back(other);
      sums_[other] += weight;
    }
  }

  const Interactions& matrix_;
  const Interactions& users_of_;
  std::span<const float> user_weights_;
  std::uint64_t steps_max_;
  std::vector<float> sums_;
  std::vector<std::uint32_t> touched_;
};

}  // namespace

Neighbours link_neighbours(const Interactions& matrix, const LinkOptions& options) {
  require(options.steps_max > 0 && options.threads > 0, "some steps and a thread");
  const Interactions users_of = transposed(matrix);
  const std::vector<float> by_user = user_weights(matrix, options.user_exponent);
  const std::vector<float> source = powers(matrix, -options.source_exponent);
  const std::vector<float> target = powers(matrix, -options.target_exponent);
  std::vector<LinkRow> workers(options.threads, LinkRow(matrix, users_of, by_user, options.steps_max));
  Neighbours made = rows_of(matrix.item_count, options.threads, options.row_max,
                            [&](std::uint32_t item, std::size_t worker, std::vector<Weighted>& row) {
                              workers[worker].fill(item, row);
                              for (Weighted& entry : row) entry.weight *= source[item] * target[entry.row];
                            });
  scale(made);
  return made;
}

Neighbours ridge_neighbours(const Interactions& matrix, const ItemWeights& weights, double target_exponent,
                            std::uint32_t row_max) {
  require(weights.offsets.size() == std::size_t{matrix.item_count} + 1, "sparse weights of this matrix");
  const std::vector<float> in = powers(matrix, target_exponent), out = powers(matrix, -target_exponent);
  Neighbours made = rows_of(matrix.item_count, 1, row_max,
                            [&](std::uint32_t item, std::size_t, std::vector<Weighted>& row) {
                              for (std::uint64_t k = weights.offsets[item]; k < weights.offsets[item + 1]; ++k) {
                                const std::uint32_t other = weights.targets[k];
                                row.push_back({other, weights.weights[k] * in[item] * out[other]});
                              }
                            });
  scale(made);
  return made;
}

}  // namespace zan::matching
