#include "matching/models/item_graph.h"

#include <algorithm>
#include <cmath>

#include "matching/parallel.h"

namespace zan::matching {
namespace {

constexpr std::size_t rows_at_a_time = 64;

struct Entry {
  std::uint32_t item;
  float weight;
};

// The rows of one chunk, one after another.
struct Rows {
  std::vector<std::uint32_t> sizes, neighbours;
  std::vector<float> weights;
};

// Sums up one row at a time; what was touched is cleared for the next one.
class RowSum {
 public:
  explicit RowSum(std::uint32_t item_count) : sums_(item_count, 0.0F) {}

  void add(std::span<const std::uint32_t> items, float weight) {
    for (const std::uint32_t item : items) {
      if (sums_[item] == 0) touched_.push_back(item);
      sums_[item] += weight;
    }
  }
  float take_diagonal(std::uint32_t item) { return std::exchange(sums_[item], 0.0F); }
  void move_to(Rows& rows, std::size_t entries_max) {
    entries_.clear();
    for (const std::uint32_t item : touched_) {
      if (const float weight = std::exchange(sums_[item], 0.0F); weight > 0) entries_.push_back({item, weight});
    }
    touched_.clear();
    const auto item_order = [](const Entry& a, const Entry& b) { return a.item < b.item; };
    if (entries_.size() > entries_max) {
      std::nth_element(
          entries_.begin(), entries_.begin() + static_cast<std::ptrdiff_t>(entries_max), entries_.end(),
          [](const Entry& a, const Entry& b) { return a.weight != b.weight ? a.weight > b.weight : a.item < b.item; });
      entries_.resize(entries_max);
    }
    std::sort(entries_.begin(), entries_.end(), item_order);
    rows.sizes.push_back(static_cast<std::uint32_t>(entries_.size()));
    for (const Entry& entry : entries_) {
      rows.neighbours.push_back(entry.item);
      rows.weights.push_back(entry.weight);
    }
  }

 private:
  std::vector<float> sums_;
  std::vector<std::uint32_t> touched_;
  std::vector<Entry> entries_;
};

void join(std::vector<Rows>& parts, ItemGraph& graph) {
  std::size_t total = 0;
  for (const Rows& rows : parts) total += rows.neighbours.size();
  graph.neighbours.reserve(total);
  graph.weights.reserve(total);
  for (Rows& rows : parts) {
    for (const std::uint32_t size : rows.sizes) graph.offsets.push_back(graph.offsets.back() + size);
    graph.neighbours.insert(graph.neighbours.end(), rows.neighbours.begin(), rows.neighbours.end());
    graph.weights.insert(graph.weights.end(), rows.weights.begin(), rows.weights.end());
    rows = {};
  }
}

}  // namespace

std::vector<float> user_weights(const Interactions& matrix, double exponent) {
  std::vector<float> weights(matrix.user_count(), 0.0F);
  for (std::uint32_t user = 0; user < matrix.user_count(); ++user) {
    const auto size = static_cast<double>(matrix.of(user).size());
    if (size > 0) weights[user] = static_cast<float>(std::pow(size, -exponent));
  }
  return weights;
}

ItemGraph item_graph(const Interactions& matrix, const ItemGraphOptions& options) {
  const Interactions users_of = transposed(matrix);
  const std::vector<float> weights = user_weights(matrix, options.user_exponent);
  ItemGraph graph;
  graph.diagonal.assign(matrix.item_count, 0.0F);
  std::vector<Rows> parts((matrix.item_count + rows_at_a_time - 1) / rows_at_a_time);
  std::vector<RowSum> sums(options.threads, RowSum(matrix.item_count));
  in_chunks(options.threads, matrix.item_count, rows_at_a_time,
            [&](std::size_t begin, std::size_t end, std::size_t worker) {
              RowSum& sum = sums[worker];
              for (std::size_t item = begin; item < end; ++item) {
                const auto number = static_cast<std::uint32_t>(item);
                for (const std::uint32_t user : users_of.of(number)) sum.add(matrix.of(user), weights[user]);
                graph.diagonal[item] = sum.take_diagonal(number);
                sum.move_to(parts[begin / rows_at_a_time], options.row_entries_max);
              }
            });
  join(parts, graph);
  return graph;
}

}  // namespace zan::matching
