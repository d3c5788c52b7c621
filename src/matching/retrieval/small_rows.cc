#include "matching/retrieval/small_rows.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/require.h"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace zan::matching {
namespace {

constexpr float row_max = 127, query_max = 2047;
constexpr std::size_t together = SmallRows::together;

struct Job {
  const std::int16_t* query;
  std::size_t pairs;
  const std::int8_t* cells;
  const float* scales;
  float query_scale;
  float* out;
  std::size_t blocks;
};

void run_plain(const Job& job) {
  for (std::size_t block = 0; block < job.blocks; ++block) {
    std::int32_t sums[together] = {};
    const std::int8_t* cells = job.cells + block * job.pairs * together * 2;
    for (std::size_t pair = 0; pair < job.pairs; ++pair) {
      for (std::size_t row = 0; row < together; ++row)
        sums[row] += job.query[pair * 2] * cells[(pair * together + row) * 2] +
                     job.query[pair * 2 + 1] * cells[(pair * together + row) * 2 + 1];
    }
    for (std::size_t row = 0; row < together; ++row)
      job.out[block * together + row] =
          static_cast<float>(sums[row]) * (job.scales[block * together + row] * job.query_scale);
  }
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) void run_avx2(const Job& job) {
  const __m256 query_scale = _mm256_set1_ps(job.query_scale);
  for (std::size_t block = 0; block < job.blocks; ++block) {
    const std::int8_t* cells = job.cells + block * job.pairs * together * 2;
    __m256i sums[2] = {_mm256_setzero_si256(), _mm256_setzero_si256()};
    for (std::size_t pair = 0; pair < job.pairs; ++pair) {
      std::int32_t two;
      std::memcpy(&two, job.query + pair * 2, sizeof two);
      const __m128i small = _mm_loadu_si128(reinterpret_cast<const __m128i*>(cells + pair * together * 2));
      const __m256i products = _mm256_madd_epi16(_mm256_cvtepi8_epi16(small), _mm256_set1_epi32(two));
      sums[pair % 2] = _mm256_add_epi32(sums[pair % 2], products);
    }
    const __m256 scale = _mm256_mul_ps(_mm256_loadu_ps(job.scales + block * together), query_scale);
    const __m256 all = _mm256_cvtepi32_ps(_mm256_add_epi32(sums[0], sums[1]));
    _mm256_storeu_ps(job.out + block * together, _mm256_mul_ps(all, scale));
  }
}
#endif

using Runner = void (*)(const Job&);

Runner runner() {
#if defined(__x86_64__)
  static const Runner chosen = __builtin_cpu_supports("avx2") ? run_avx2 : run_plain;
  return chosen;
#else
  return run_plain;
#endif
}

float largest(std::span<const float> vector) {
  float most = 0;
  for (const float value : vector) most = std::max(most, std::abs(value));
  return most;
}

}  // namespace

SmallRows::SmallRows(std::size_t rows, std::size_t dimension)
    : dimension_(dimension), pairs_((dimension + 1) / 2), cells_(rows * pairs_ * 2, 0), scales_(rows, 0.0F) {
  require(rows % together == 0, "rows by the eight");
}

void SmallRows::set(std::size_t row, const float* vector) {
  const float most = largest({vector, dimension_});
  if (!(most > 0)) return;
  scales_[row] = most / row_max;
  std::int8_t* block = cells_.data() + row / together * together * pairs_ * 2;
  for (std::size_t c = 0; c < dimension_; ++c)
    block[(c / 2 * together + row % together) * 2 + c % 2] =
        static_cast<std::int8_t>(std::lround(vector[c] / most * row_max));
}

SmallRows::Query SmallRows::query_of(std::span<const float> vector) const {
  require(vector.size() == dimension_, "a query has as many numbers as a row");
  Query query{std::vector<std::int16_t>(pairs_ * 2, 0), 0};
  const float most = largest(vector);
  if (!(most > 0) || !std::isfinite(most)) return query;
  query.scale = most / query_max;
  for (std::size_t c = 0; c < dimension_; ++c)
    query.numbers[c] = static_cast<std::int16_t>(std::lround(vector[c] / most * query_max));
  return query;
}

void SmallRows::products(const Query& query, std::size_t begin, std::span<float> out) const {
  require(begin % together == 0 && out.size() % together == 0 && begin + out.size() <= scales_.size(), "whole blocks");
  runner()({query.numbers.data(), pairs_, cells_.data() + begin * pairs_ * 2, scales_.data() + begin, query.scale,
            out.data(), out.size() / together});
}

}  // namespace zan::matching
