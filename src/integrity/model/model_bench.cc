// What it costs to score a row with complete trees of depth 6.
#include <benchmark/benchmark.h>

#include "base/random.h"
#include "integrity/model/model.h"

namespace zan::integrity::model {
namespace {

void add_nodes(Tree& tree, unsigned depth, Rng& rng) {
  const auto value = static_cast<float>(rng.unit());
  if (depth == 0) return tree.push_back({true, false, 0, value - 0.5F});
  tree.push_back({false, rng.chance(0.5), static_cast<std::uint16_t>(rng.below(40)), value});
  add_nodes(tree, depth - 1, rng);
  add_nodes(tree, depth - 1, rng);
}

void score(benchmark::State& state) {
  Rng rng(1);
  Model model;
  for (int i = 0; i < 40; ++i) model.features.push_back("f" + std::to_string(i));
  model.calibration = {{-3, 0.05F}, {0, 0.5F}, {3, 0.95F}};
  for (int i = 0; i < state.range(0); ++i) add_nodes(model.trees.emplace_back(), 6, rng);
  const Scorer scorer(model);
  constexpr std::size_t rows = 1000;
  std::vector<float> values(rows * 40);
  for (float& value : values) value = static_cast<float>(rng.unit());
  std::size_t next = 0;
  for (auto step : state) {
    benchmark::DoNotOptimize(scorer.probability({values.data() + next * 40, 40}));
    next = (next + 1) % rows;
  }
}
BENCHMARK(score)->Arg(20)->Arg(100)->Arg(400);

}  // namespace
}  // namespace zan::integrity::model
