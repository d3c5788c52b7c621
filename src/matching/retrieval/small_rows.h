// SmallRows: vectors in a byte a dimension, laid out so that products with one query are made eight rows at a time.
//
// Each row has its own scale, its largest number being 127; a query has 12 bits. Products are whole numbers until they
// are scaled, so they are the same on every processor. Eight rows stand together, two dimensions of each side by side.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace zan::matching {

// Owns: d + 4 bytes a row. Threads: const is. Cost: a few ns a row of 64, some twice that without AVX2.
class SmallRows {
 public:
  static constexpr std::size_t together = 8;

  // Room for `rows` rows, a multiple of eight, all of them nothing.
  SmallRows(std::size_t rows, std::size_t dimension);

  // Different rows may be set by different threads. REQUIRES: vector has `dimension` finite numbers.
  void set(std::size_t row, const float* vector);

  struct Query {
    std::vector<std::int16_t> numbers;  // an even count
    float scale = 0;
  };
  [[nodiscard]] Query query_of(std::span<const float> vector) const;

  // out[k] = about query . row (begin + k). REQUIRES: begin and out.size() are multiples of eight.
  void products(const Query& query, std::size_t begin, std::span<float> out) const;

 private:
  std::size_t dimension_, pairs_;
  std::vector<std::int8_t> cells_;
  std::vector<float> scales_;
};

}  // namespace zan::matching
