// What it costs to foretell seven signals of 120 candidates: the rows, the forests, the online part.
#include <benchmark/benchmark.h>

#include "base/random.h"
#include "matching/live/community.h"
#include "matching/ranking/online.h"
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

constexpr std::uint32_t works = 2'000;

// Somebody with all that is remembered of a person.
void live(Community& community) {
  Rng rng(2);
  for (std::uint32_t i = 1; i <= works; ++i) {
    WorkFacts facts;
    facts.subject = {i};
    facts.creator = {i % 300 + 1};
    facts.tags = {i % 40 + 1, i % 7 + 50};
    facts.duration_ms = 10'000 + i;
    community.put(facts, {us_per_day});
  }
  for (std::uint32_t i = 0; i < 600; ++i) {
    Deed deed;
    deed.person = {1};
    deed.subject = {static_cast<std::uint32_t>(1 + rng.below(works))};
    deed.at = {2 * us_per_day + i * us_per_second};
    deed.watch_ms = 20'000;
    deed.duration_ms = 30'000;
    community.take(deed);
  }
}

void rows(benchmark::State& state) {
  Community community({works, 100});
  live(community);
  const Baselines baselines;
  const Person person = community.people().read({1});
  for (auto step : state) {
    const RowMaker maker(person, {{3 * us_per_day}, {}, {}}, community.works(), baselines);
    for (WorkRow work = 0; work < 120; ++work) {
      Candidate candidate;
      candidate.work = work;
      const FeatureRow row = maker.row(candidate, community.works().read(work));
      benchmark::DoNotOptimize(row.data());
    }
  }
}
BENCHMARK(rows);

void correct(benchmark::State& state) {
  OnlinePart online;
  Rates rates = {0.4F, 0.2F, 0.02F, 0.01F, 0.01F, 0.01F, 0.02F};
  const FeatureRow row = empty_row();
  for (std::uint32_t i = 0; i < 10'000; ++i) online.shown({i % 500, {i % 50 + 1}, {i % 100 + 1}}, row, rates, i);
  for (auto step : state) {
    for (WorkRow work = 0; work < 120; ++work) online.correct({work, {work % 50 + 1}, {1}}, row, 10'000, rates);
    benchmark::DoNotOptimize(rates.data());
  }
}
BENCHMARK(correct);

void learn(benchmark::State& state) {
  OnlinePart online;
  const Rates rates = {0.4F, 0.2F, 0.02F, 0.01F, 0.01F, 0.01F, 0.02F};
  const FeatureRow row = empty_row();
  std::uint32_t i = 0;
  for (auto step : state) {
    ++i;
    online.shown({i % 500, {i % 50 + 1}, {i % 100 + 1}}, row, rates, i);
    online.came({i % 100 + 1}, i % 500, bit(Signal::click), i);
  }
}
BENCHMARK(learn);

}  // namespace
}  // namespace zan::matching
