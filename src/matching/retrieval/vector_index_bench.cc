// A million works of 64 dimensions: the largest products, a person folded in, people near a work. Checked for recall and
// against the exact scan before anything is timed.
#include <benchmark/benchmark.h>

#include <algorithm>

#include "base/require.h"
#include "matching/retrieval/collaborative.h"
#include "matching/retrieval/products.h"
#include "matching/retrieval/sim_vectors.h"

namespace zan::matching {
namespace {

constexpr std::size_t works = 1'000'000, people = 1000, dimension = 64, wanted = 100;

const SimVectors& sim() {
  static const SimVectors made = sim_vectors(works, people, dimension, 300, 5);
  return made;
}

std::span<const float> person(std::size_t at) {
  return {sim().people.data() + at % people * dimension, dimension};
}

const VectorIndex& index() {
  static const VectorIndex made(sim().works, dimension, {.threads = 2});
  return made;
}

double recall(std::size_t asked) {
  std::size_t hits = 0;
  std::vector<Ranked> found, truth;
  for (std::size_t at = 0; at < asked; ++at) {
    index().nearest(person(at), wanted, found);
    index().nearest_exact(person(at), wanted, truth);
    for (const Ranked& entry : found)
      hits += std::any_of(truth.begin(), truth.end(), [&](const Ranked& one) { return one.item == entry.item; });
  }
  return static_cast<double>(hits) / static_cast<double>(asked * wanted);
}

void nearest_of_a_million(benchmark::State& state) {
  static const double found = recall(200);
  require(found >= 0.97, "97 of 100 are found");
  state.counters["recall"] = found;
  std::vector<Ranked> best;
  std::size_t at = 0;
  for (auto _ : state) {
    index().nearest(person(at++), wanted, best);
    benchmark::DoNotOptimize(best.data());
  }
}
BENCHMARK(nearest_of_a_million)->Unit(benchmark::kMicrosecond)->Repetitions(3);

void exact_of_a_million(benchmark::State& state) {
  std::vector<Ranked> best;
  std::size_t at = 0;
  for (auto _ : state) {
    best_rows(person(at++), sim().works, wanted, best);
    require(best.size() == wanted, "so many are found");
  }
}
BENCHMARK(exact_of_a_million)->Unit(benchmark::kMillisecond)->Repetitions(3);

void fold_in(benchmark::State& state) {
  static const FoldIn fold = fold_in_of(sim().works, {.dimension = dimension, .unobserved_weight = 1e-4}, 20);
  std::vector<Weighted> taken;
  for (std::uint32_t k = 0; k < state.range(0); ++k) taken.push_back({k * 10'007 % 1'000'000, 1});
  std::vector<float> vector(dimension);
  for (auto _ : state) require(fold.solve(sim().works, taken, vector), "there is something to go by");
}
BENCHMARK(fold_in)->Arg(10)->Arg(50)->Arg(64)->Unit(benchmark::kMicrosecond)->Repetitions(3);

void index_built(benchmark::State& state) {
  for (auto _ : state) {
    const VectorIndex made(sim().works, dimension, {.threads = 2});
    require(!made.list_of().empty(), "it has lists");
  }
}
BENCHMARK(index_built)->Unit(benchmark::kMillisecond)->Iterations(1)->Repetitions(3);

}  // namespace
}  // namespace zan::matching
