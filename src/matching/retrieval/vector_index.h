// VectorIndex: the rows with the largest products with a query, without looking at all of them.
//
// Up to some ten thousand rows all are looked at. Beyond, rows stand in lists of near ones (an inverted file: Jégou,
// Douze, Schmid, TPAMI 2011), a byte a dimension. A list's products with a query spread about that with its mean: by how
// its rows differ in length along the mean, and by their deviations along each axis besides. Lists are read in the order
// of mean + 5 deviations, and no further once that falls below what has been found. So an easy query reads a hundredth of all rows and a hard one some tenth. What
// was found is ranked by exact products.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "matching/evaluate/ranking.h"
#include "matching/retrieval/small_rows.h"

namespace zan::matching {

struct VectorIndexOptions {
  std::size_t exact_rows_max = 30'000;
  std::size_t rows_per_list = 500;
  float deviations = 5.0F;   // how far above its mean a list may hope to reach
  double read_share_max = 0.15;  // of all rows, for a query that nothing is near to
  std::size_t threads = 1;
  std::uint64_t seed = 1;
};

// Owns: the vectors, and d + 12 bytes a row besides. Threads: immutable. The same whatever the number of threads.
class VectorIndex {
 public:
  VectorIndex() = default;
  // `vectors`: rows of `dimension` finite numbers. Cost: some ten seconds a million of 64, with two threads.
  VectorIndex(std::vector<float> vectors, std::size_t dimension, const VectorIndexOptions& options);
  // As saved: `list_of` is that of another with the same vectors and options, or empty where that was.
  VectorIndex(std::vector<float> vectors, std::size_t dimension, std::vector<std::uint32_t> list_of,
              const VectorIndexOptions& options);

  // At most k rows, largest products first, equal ones by row. A query of nothing finds rows with product 0.
  // REQUIRES: query.size() == dimension().
  void nearest(std::span<const float> query, std::size_t k, std::vector<Ranked>& best) const;
  // The same without any approximation.
  void nearest_exact(std::span<const float> query, std::size_t k, std::vector<Ranked>& best) const;

  [[nodiscard]] std::size_t dimension() const { return dimension_; }
  [[nodiscard]] std::size_t size() const { return dimension_ == 0 ? 0 : vectors_.size() / dimension_; }
  [[nodiscard]] std::span<const float> row(std::size_t at) const {
    return {vectors_.data() + at * dimension_, dimension_};
  }
  [[nodiscard]] std::span<const float> vectors() const { return vectors_; }
  // Empty: all are looked at.
  [[nodiscard]] std::span<const std::uint32_t> list_of() const { return list_of_; }
  [[nodiscard]] std::size_t bytes() const;

 private:
  struct List {
    std::uint32_t begin = 0, count = 0;  // in places, which are rows by lists; begin is a multiple of eight
  };

  void put_in_lists(std::size_t threads);
  void learn_list(std::size_t list);

  std::size_t dimension_ = 0;
  VectorIndexOptions options_;
  std::vector<float> vectors_;
  std::vector<std::uint32_t> list_of_;
  std::vector<List> lists_;
  std::vector<std::uint32_t> row_at_;    // of a place
  std::vector<float> means_, variances_;  // of lists, dimension_ each; without what is along the mean
  std::vector<float> along_;              // of lists: variance along the mean, by the square of its length
  std::optional<SmallRows> small_;
};

// How many lists an index of so many rows has; 0: none.
std::size_t list_count(std::size_t rows, const VectorIndexOptions& options);

}  // namespace zan::matching
