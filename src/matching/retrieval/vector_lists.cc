#include "matching/retrieval/vector_lists.h"

#include <algorithm>
#include <utility>

#include "base/random.h"
#include "base/require.h"
#include "matching/models/dense.h"
#include "matching/parallel.h"
#include "matching/retrieval/products.h"

namespace zan::matching {
namespace {

constexpr std::size_t rows_at_a_time = 256;
constexpr float band_square = 0.8F * 0.8F;
constexpr std::size_t lists_in_band_min = 8;
// A list that holds several topics spreads far; small bands get lists enough for many, of rows enough to tell a spread.
constexpr std::size_t topics_in_band = 64, rows_in_list_min = 32;

// For each row the centre c with the largest x·c - |c|^2 / 2; of equal ones the first.
void assign(std::span<const float> vectors, std::span<const float> centres, std::size_t d, std::size_t threads,
            std::vector<std::uint32_t>& list_of) {
  const std::size_t rows = vectors.size() / d, lists = centres.size() / d;
  std::vector<float> halves(lists, 0.0F);
  for (std::size_t list = 0; list < lists; ++list) {
    for (std::size_t c = 0; c < d; ++c) halves[list] += centres[list * d + c] * centres[list * d + c] / 2;
  }
  list_of.resize(rows);
  std::vector<std::vector<float>> rooms(threads, std::vector<float>(rows_at_a_time * lists));
  in_chunks(threads, rows, rows_at_a_time, [&](std::size_t begin, std::size_t end, std::size_t worker) {
    float* near = rooms[worker].data();
    multiply(ConstBlock(vectors.data() + begin * d, end - begin, d, d), Turn::as_is,
             ConstBlock(centres.data(), lists, d, d), Turn::transposed, Block{near, end - begin, lists, lists});
    for (std::size_t row = begin; row < end; ++row, near += lists) {
      for (std::size_t list = 0; list < lists; ++list) near[list] -= halves[list];
      list_of[row] = static_cast<std::uint32_t>(std::max_element(near, near + lists) - near);
    }
  });
}

// A list without rows keeps its centre.
void move_to_means(std::span<const float> vectors, std::size_t d, const std::vector<std::uint32_t>& list_of,
                   std::vector<float>& centres) {
  std::vector<double> sums(centres.size(), 0.0);
  std::vector<std::size_t> counts(centres.size() / d, 0);
  for (std::size_t row = 0; row < list_of.size(); ++row) {
    ++counts[list_of[row]];
    for (std::size_t c = 0; c < d; ++c) sums[list_of[row] * d + c] += static_cast<double>(vectors[row * d + c]);
  }
  for (std::size_t list = 0; list < counts.size(); ++list) {
    if (counts[list] == 0) continue;
    for (std::size_t c = 0; c < d; ++c)
      centres[list * d + c] = static_cast<float>(sums[list * d + c] / static_cast<double>(counts[list]));
  }
}

// So many different rows, in a random order.
std::vector<float> some_rows(std::span<const float> vectors, std::size_t d, std::size_t count, std::uint64_t seed) {
  std::vector<std::uint32_t> order(vectors.size() / d);
  for (std::uint32_t row = 0; row < order.size(); ++row) order[row] = row;
  Rng rng(seed);
  std::vector<float> some;
  some.reserve(count * d);
  for (std::size_t k = 0; k < count; ++k) {
    std::swap(order[k], order[k + rng.below(order.size() - k)]);
    const auto from = vectors.subspan(order[k] * d, d);
    some.insert(some.end(), from.begin(), from.end());
  }
  return some;
}

// Of one band: the list of each row, < lists.
std::vector<std::uint32_t> lists_of_band(std::span<const float> vectors, std::size_t d, std::size_t lists,
                                         const ListOptions& options) {
  const std::vector<float> sample =
      some_rows(vectors, d, std::min(vectors.size() / d, lists * options.sample_per_list), options.seed);
  std::vector<float> centres(sample.begin(), sample.begin() + static_cast<std::ptrdiff_t>(lists * d));
  std::vector<std::uint32_t> list_of;
  for (std::size_t round = 0; round < options.rounds; ++round) {
    assign(sample, centres, d, options.threads, list_of);
    move_to_means(sample, d, list_of, centres);
  }
  assign(vectors, centres, d, options.threads, list_of);
  return list_of;
}

// Rows, longest first, and where a band of them ends: where the length has fallen by a fifth, if there are enough.
struct Bands {
  std::vector<std::uint32_t> order;
  std::vector<std::size_t> ends;
};

Bands bands_of(std::span<const float> vectors, std::size_t d, std::size_t rows_min) {
  std::vector<std::pair<float, std::uint32_t>> lengths(vectors.size() / d);
  for (std::uint32_t row = 0; row < lengths.size(); ++row) {
    const float* vector = vectors.data() + row * d;
    lengths[row] = {-product({vector, d}, vector), row};
  }
  std::sort(lengths.begin(), lengths.end());
  Bands bands;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < lengths.size(); ++at) {
    bands.order.push_back(lengths[at].second);
    const bool shorter = lengths[at].first > lengths[begin].first * band_square;
    if (shorter && at - begin >= rows_min && lengths.size() - at >= rows_min) {
      bands.ends.push_back(at);
      begin = at;
    }
  }
  bands.ends.push_back(lengths.size());
  return bands;
}

}  // namespace

std::vector<std::uint32_t> lists_of(std::span<const float> vectors, std::size_t dimension, const ListOptions& options) {
  const std::size_t d = dimension, rows = d == 0 ? 0 : vectors.size() / d;
  require(options.lists > 0 && options.lists <= rows, "no more lists than rows");
  const Bands bands = bands_of(vectors, d, rows / options.lists * lists_in_band_min);
  std::vector<std::uint32_t> list_of(rows);
  std::vector<float> of_band;
  std::uint32_t first = 0;
  for (std::size_t band = 0, begin = 0; band < bands.ends.size(); begin = bands.ends[band++]) {
    const std::size_t count = bands.ends[band] - begin;
    of_band.resize(count * d);
    for (std::size_t k = 0; k < count; ++k)
      std::copy_n(vectors.data() + bands.order[begin + k] * d, d, of_band.data() + k * d);
    const std::size_t lists = std::max<std::size_t>(
        {1, count * options.lists / rows, std::min(topics_in_band, count / rows_in_list_min)});
    const auto lists_here = lists_of_band(of_band, d, lists, options);
    for (std::size_t k = 0; k < count; ++k) list_of[bands.order[begin + k]] = first + lists_here[k];
    first += static_cast<std::uint32_t>(lists);
  }
  return list_of;
}

}  // namespace zan::matching
