// What it costs to foretell seven signals of 120 candidates.
#include <benchmark/benchmark.h>

#include "base/random.h"
#include "matching/ranking/ranker.h"
#include "matching/ranking/sim_showings.h"

namespace zan::matching {
namespace {

void add_nodes(trees::Tree& tree, unsigned depth, Rng& rng) {
  const auto value = static_cast<float>(rng.unit());
  if (depth == 0) return tree.push_back({true, false, 0, value - 0.5F});
  tree.push_back({false, rng.chance(0.5), static_cast<std::uint16_t>(rng.below(feature_count)), value});
  add_nodes(tree, depth - 1, rng);
  add_nodes(tree, depth - 1, rng);
}

// As many trees as the defaults give where nothing is rare but four of the seven.
void predict(benchmark::State& state) {
  Rng rng(1);
  RankerParts parts;
  const RankerOptions options;
  for (std::size_t i = 0; i < signal_count; ++i) {
    const bool rare = i >= 3;
    const unsigned trees = i < 2 ? options.trees : rare ? options.trees / 4 : options.trees * 2 / 3;
    for (unsigned k = 0; k < trees; ++k)
      add_nodes(parts.signals[i].trees.emplace_back(), i < 2 ? options.depth : rare ? 2 : 4, rng);
    parts.signals[i].calibration = {{-3, 0.05F}, {0, 0.5F}, {3, 0.95F}};
  }
  const auto ranker = Ranker::of_parts(std::move(parts));
  std::vector<FeatureRow> rows(120, empty_row());
  for (FeatureRow& row : rows)
    for (std::size_t i = 0; i < feature_count; ++i) row[i] = static_cast<float>(rng.unit());
  std::vector<Rates> rates(rows.size());
  for (auto step : state) {
    ranker->predict(rows, rates);
    benchmark::DoNotOptimize(rates.data());
  }
}
BENCHMARK(predict);

}  // namespace
}  // namespace zan::matching
