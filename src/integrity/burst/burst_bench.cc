// How well the detector finds the attacks of the DARPA stream, and how fast: a sweep over its parameters. One pass over
// the 4.5 M edges an iteration; items/s are edges, `auc` is the area under the ROC curve. Needs the dataset, see
// darpa_test.cc. docs/integrity_burst.md keeps what it printed.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "integrity/burst/burst_detector.h"
#include "integrity/burst/darpa_stream.h"

namespace zan::integrity {
namespace {

const DarpaStream& darpa() {
  static const DarpaStream stream = [] {
    const char* given = std::getenv("ZAN_DATASETS");
    std::ifstream file((given != nullptr ? std::string(given) : "../shared/datasets") + "/darpa/darpa_original.zip",
                       std::ios::binary);
    const std::string zip{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    return DarpaReader::read(as_bytes(zip));
  }();
  return stream;
}

void sweep(benchmark::State& state, BurstOptions options) {
  const DarpaStream& stream = darpa();
  if (stream.size() == 0) return state.SkipWithError("no DARPA stream: set ZAN_DATASETS");
  std::vector<float> scores(stream.size());
  for (auto _ : state) {
    BurstDetector detector(options);
    for (std::size_t i = 0; i < scores.size(); ++i)
      scores[i] = static_cast<float>(detector.score(stream.source[i], stream.target[i], stream.tick[i]));
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(stream.size()) * state.iterations());
  state.counters["auc"] = area_under_curve(scores, stream.attack);
}

void add(const std::string& name, const BurstOptions& options) {
  benchmark::RegisterBenchmark(name.c_str(), sweep, options)->Unit(benchmark::kMillisecond)->Iterations(1);
}

BurstOptions papers_form() {
  return {.statistic = BurstStatistic::chi_square, .columns = 1024, .fading = 0.5, .filter_score = 1000};
}

void add_both(const std::string& name, auto change) {
  BurstOptions deviance, chi_square = papers_form();
  change(deviance);
  change(chi_square);
  add("deviance/" + name, deviance);
  add("chi_square/" + name, chi_square);
}

const bool registered = [] {
  for (const std::uint64_t seed : {1, 2, 3, 4, 5})
    add_both("seed:" + std::to_string(seed), [&](BurstOptions& options) { options.seed = seed; });
  for (const std::uint32_t columns : {256, 512, 1024, 2048, 4096, 16384})
    add_both("columns:" + std::to_string(columns), [&](BurstOptions& options) { options.columns = columns; });
  for (const std::uint32_t rows : {1, 2, 3, 4})
    add_both("rows:" + std::to_string(rows), [&](BurstOptions& options) { options.rows = rows; });
  for (const int percent : {0, 50, 70, 80, 90, 95, 98})
    add_both("fading:0." + std::to_string(percent), [&](BurstOptions& options) { options.fading = percent / 100.0; });
  for (const int score : {30, 100, 200, 300, 500, 1000, 3000, 10000})
    add_both("filter_score:" + std::to_string(score), [&](BurstOptions& options) { options.filter_score = score; });
  for (const int percent : {1, 3, 10, 30, 100}) {
    BurstOptions options;
    options.prior = percent / 100.0;
    add("deviance/prior_percent:" + std::to_string(percent), options);
  }
  return true;
}();

}  // namespace
}  // namespace zan::integrity
