#include "matching/retrieval/vector_index.h"

#include <algorithm>
#include <cmath>

#include "base/require.h"
#include "matching/parallel.h"
#include "matching/retrieval/products.h"
#include "matching/retrieval/vector_lists.h"

namespace zan::matching {
namespace {

// A list and what it may hope for.
struct Hope {
  float product;
  std::uint32_t list;
};
bool is_less(const Hope& a, const Hope& b) {
  return a.product != b.product ? a.product < b.product : a.list > b.list;
}

// The best so many so far; the worst of them in front.
class Found {
 public:
  Found(std::vector<Ranked>& heap, std::size_t limit) : heap_(heap), limit_(limit) { heap_.clear(); }

  [[nodiscard]] bool is_full() const { return heap_.size() == limit_; }
  [[nodiscard]] float worst() const { return heap_.front().score; }
  void add(const Ranked& entry) {
    if (!is_full()) {
      heap_.push_back(entry);
    } else {
      std::pop_heap(heap_.begin(), heap_.end(), is_better);
      heap_.back() = entry;
    }
    std::push_heap(heap_.begin(), heap_.end(), is_better);
  }

 private:
  std::vector<Ranked>& heap_;
  std::size_t limit_;
};

// Bytes blur products a little; the best by exact products are among these. Each more makes the bar lower that lists have
// to hope for: with twice as many and 64 half as much again was read, and nothing more was found.
std::size_t looked_at_for(std::size_t k) { return k + k / 4 + 32; }

}  // namespace

std::size_t list_count(std::size_t rows, const VectorIndexOptions& options) {
  if (rows <= options.exact_rows_max) return 0;
  return std::max<std::size_t>(1, rows / std::max<std::size_t>(1, options.rows_per_list));
}

VectorIndex::VectorIndex(std::vector<float> vectors, std::size_t dimension, const VectorIndexOptions& options)
    : dimension_(dimension), options_(options), vectors_(std::move(vectors)) {
  require(dimension == 0 ? vectors_.empty() : vectors_.size() % dimension == 0, "whole rows");
  const std::size_t lists = list_count(size(), options);
  if (lists == 0) return;
  list_of_ = lists_of(vectors_, dimension, {.lists = lists, .threads = options.threads, .seed = options.seed});
  put_in_lists(options.threads);
}

VectorIndex::VectorIndex(std::vector<float> vectors, std::size_t dimension, std::vector<std::uint32_t> list_of,
                         const VectorIndexOptions& options)
    : dimension_(dimension), options_(options), vectors_(std::move(vectors)), list_of_(std::move(list_of)) {
  require(dimension == 0 ? vectors_.empty() : vectors_.size() % dimension == 0, "whole rows");
  require(list_of_.empty() || list_of_.size() == size(), "a list for each row");
  if (!list_of_.empty()) put_in_lists(options.threads);
}

void VectorIndex::put_in_lists(std::size_t threads) {
  lists_.assign(std::size_t{*std::max_element(list_of_.begin(), list_of_.end())} + 1, {});
  for (const std::uint32_t list : list_of_) ++lists_[list].count;
  std::size_t places = 0;
  constexpr std::size_t together = SmallRows::together;
  for (List& list : lists_) {
    list.begin = static_cast<std::uint32_t>(places);
    places += (list.count + together - 1) / together * together;
    list.count = 0;
  }
  row_at_.assign(places, 0);
  for (std::uint32_t row = 0; row < list_of_.size(); ++row) {
    List& list = lists_[list_of_[row]];
    row_at_[list.begin + list.count++] = row;
  }
  means_.assign(lists_.size() * dimension_, 0.0F);
  variances_.assign(lists_.size() * dimension_, 0.0F);
  along_.assign(lists_.size(), 0.0F);
  small_.emplace(places, dimension_);
  in_chunks(threads, lists_.size(), 16, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t list = begin; list < end; ++list) learn_list(list);
  });
}

void VectorIndex::learn_list(std::size_t number) {
  const List& list = lists_[number];
  if (list.count == 0) return;
  const double count = list.count;
  std::vector<double> mean(dimension_, 0.0), squares(dimension_, 0.0);
  for (std::size_t at = list.begin; at < list.begin + list.count; ++at) {
    const float* vector = vectors_.data() + row_at_[at] * dimension_;
    small_->set(at, vector);
    for (std::size_t c = 0; c < dimension_; ++c) mean[c] += static_cast<double>(vector[c]) / count;
  }
  double square = 0, along = 0;
  for (const double value : mean) square += value * value;
  // Each row is (1 + its share) of the mean, and a rest across it.
  for (std::size_t at = list.begin; at < list.begin + list.count; ++at) {
    const float* vector = vectors_.data() + row_at_[at] * dimension_;
    double share = 0;
    for (std::size_t c = 0; c < dimension_; ++c) share += (static_cast<double>(vector[c]) - mean[c]) * mean[c];
    share = square > 0 ? share / square : 0;
    along += share * share / count;
    for (std::size_t c = 0; c < dimension_; ++c) {
      const double rest = static_cast<double>(vector[c]) - (1 + share) * mean[c];
      squares[c] += rest * rest / count;
    }
  }
  along_[number] = static_cast<float>(along);
  for (std::size_t c = 0; c < dimension_; ++c) {
    means_[number * dimension_ + c] = static_cast<float>(mean[c]);
    variances_[number * dimension_ + c] = static_cast<float>(squares[c]);
  }
}

void VectorIndex::nearest(std::span<const float> query, std::size_t k, std::vector<Ranked>& best) const {
  require(query.size() == dimension_, "a query has as many numbers as a row");
  best.clear();
  if (lists_.empty() || k >= size() / 16) return nearest_exact(query, k, best);
  if (k == 0) return;
  std::vector<float> squares(dimension_), hoped(lists_.size()), spread(lists_.size()), some;
  for (std::size_t c = 0; c < dimension_; ++c) squares[c] = query[c] * query[c];
  products(query, means_.data(), hoped);
  products(squares, variances_.data(), spread);
  std::vector<Hope> hopes;
  for (std::uint32_t list = 0; list < lists_.size(); ++list)
    hopes.push_back({hoped[list] + options_.deviations *
                                       std::sqrt(spread[list] + hoped[list] * hoped[list] * along_[list]),
                     list});
  std::make_heap(hopes.begin(), hopes.end(), is_less);
  Found found(best, looked_at_for(k));
  const SmallRows::Query small_query = small_->query_of(query);
  auto left = static_cast<std::ptrdiff_t>(options_.read_share_max * static_cast<double>(size()));
  while (!hopes.empty() && (!found.is_full() || (left > 0 && hopes.front().product > found.worst()))) {
    const List& list = lists_[hopes.front().list];
    std::pop_heap(hopes.begin(), hopes.end(), is_less);
    hopes.pop_back();
    some.resize((list.count + SmallRows::together - 1) / SmallRows::together * SmallRows::together);
    small_->products(small_query, list.begin, some);
    for (std::size_t at = 0; at < list.count; ++at) {
      if (found.is_full() ? some[at] > found.worst() : !std::isnan(some[at])) found.add({some[at], row_at_[list.begin + at]});
    }
    left -= static_cast<std::ptrdiff_t>(list.count);
  }
  for (Ranked& entry : best) entry.score = product(query, vectors_.data() + entry.item * dimension_);
  std::erase_if(best, [](const Ranked& entry) { return std::isnan(entry.score); });
  std::sort(best.begin(), best.end(), is_better);
  best.resize(std::min(best.size(), k));
}

void VectorIndex::nearest_exact(std::span<const float> query, std::size_t k, std::vector<Ranked>& best) const {
  best.clear();
  if (dimension_ != 0) best_rows(query, vectors_, k, best);
}

std::size_t VectorIndex::bytes() const {
  return (vectors_.size() + means_.size() + variances_.size()) * sizeof(float) +
         (list_of_.size() + row_at_.size()) * sizeof(std::uint32_t) + row_at_.size() * (dimension_ + sizeof(float));
}

}  // namespace zan::matching
