#include "matching/retrieval/products.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "base/require.h"

namespace zan::matching {
namespace {

constexpr std::size_t width = 8, lanes = 4 * width;
using Wide = float __attribute__((vector_size(width * sizeof(float))));

// Everything that says anything below is inlined into functions that are compiled for one kind of processor each.
[[gnu::always_inline]] inline void add_block(const float* a, const float* b, Wide* sums) {
  for (std::size_t part = 0; part < 4; ++part) {
    Wide x, y;
    std::memcpy(&x, a + part * width, sizeof x);
    std::memcpy(&y, b + part * width, sizeof y);
    sums[part] += x * y;
  }
}

[[gnu::always_inline]] inline float dot(const float* a, const float* b, std::size_t size) {
  Wide sums[4] = {};
  std::size_t at = 0;
  for (; at + lanes <= size; at += lanes) add_block(a + at, b + at, sums);
  if (at < size) {
    float rest_a[lanes] = {}, rest_b[lanes] = {};
    std::memcpy(rest_a, a + at, (size - at) * sizeof(float));
    std::memcpy(rest_b, b + at, (size - at) * sizeof(float));
    add_block(rest_a, rest_b, sums);
  }
  const Wide all = (sums[0] + sums[1]) + (sums[2] + sums[3]);
  return ((all[0] + all[4]) + (all[2] + all[6])) + ((all[1] + all[5]) + (all[3] + all[7]));
}

struct Job {
  const float* query;
  std::size_t size;
  const float* rows;
  const std::uint32_t* which;  // null: one after another
  float* out;
  std::size_t count;

  [[gnu::always_inline]] const float* row(std::size_t k) const {
    return rows + (which == nullptr ? k : std::size_t{which[k]}) * size;
  }
};

[[gnu::always_inline]] inline void run(const Job& job) {
  constexpr std::size_t ahead = 4, line = 16;
  for (std::size_t k = 0; k < job.count; ++k) {
    if (job.which != nullptr && k + ahead < job.count) {
      const float* next = job.row(k + ahead);
      for (std::size_t at = 0; at < job.size; at += line) __builtin_prefetch(next + at);
    }
    job.out[k] = dot(job.query, job.row(k), job.size);
  }
}

void run_plain(const Job& job) {
  run(job);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) void run_avx2(const Job& job) {
  run(job);
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

}  // namespace

void products(std::span<const float> query, const float* rows, std::span<float> out) {
  runner()({query.data(), query.size(), rows, nullptr, out.data(), out.size()});
}

void products_of(std::span<const float> query, const float* rows, std::span<const std::uint32_t> which,
                 std::span<float> out) {
  require(which.size() == out.size(), "a product for each row");
  runner()({query.data(), query.size(), rows, which.data(), out.data(), which.size()});
}

float product(std::span<const float> a, const float* b) {
  float out = 0;
  products(a, b, {&out, 1});
  return out;
}

void best_rows(std::span<const float> query, std::span<const float> rows, std::size_t k, std::vector<Ranked>& best) {
  best.clear();
  const std::size_t size = query.size();
  require(size > 0 && rows.size() % size == 0, "whole rows");
  const std::size_t count = rows.size() / size;
  if (k == 0) return;
  std::array<float, 512> part;
  for (std::size_t begin = 0; begin < count; begin += part.size()) {
    const std::size_t some = std::min(part.size(), count - begin);
    products(query, rows.data() + begin * size, {part.data(), some});
    for (std::size_t at = 0; at < some; ++at) {
      const Ranked entry{part[at], static_cast<std::uint32_t>(begin + at)};
      if (std::isnan(entry.score)) continue;
      if (best.size() < k) {
        best.push_back(entry);
        std::push_heap(best.begin(), best.end(), is_better);
      } else if (entry.score > best.front().score) {
        std::pop_heap(best.begin(), best.end(), is_better);
        best.back() = entry;
        std::push_heap(best.begin(), best.end(), is_better);
      }
    }
  }
  std::sort_heap(best.begin(), best.end(), is_better);
}

}  // namespace zan::matching
