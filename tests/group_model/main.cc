// train_group_model: lives days of both simulators, trains the trees that weigh groups, and judges them beside the trees of this program on
// days that neither has seen.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <numeric>

#include "group_model/harvest.h"
#include "group_model/second_day.h"
#include "integrity/model/bounds.h"

namespace zan::group_model {
namespace {

struct Options {
  std::uint64_t seed = 1, judge_seed = 1001, likes = 400'000;
  unsigned days = 8, judge_days = 3;  // of each simulator
  std::string out;
};

using Weighings = std::vector<Weighing>;

// The scenarios in turn; most of them drawn at random.
Weighings of_first(const Options& options, std::uint64_t seed, unsigned days) {
  constexpr const char* scenarios[] = {"random", "day", "random", "hard_day", "random", "decoys_only"};
  Weighings all;
  for (unsigned i = 0; i < days; ++i) {
    const auto day = first_day(scenarios[i % std::size(scenarios)], seed + i, options.likes);
    require(day.ok(), "a scenario of this program");
    const Weighings some = harvest(*day);
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

Weighings of_second(std::uint64_t seed, unsigned days) {
  Weighings all;
  for (unsigned i = 0; i < days; ++i) {
    const Weighings some = harvest(second_day(draw_second_day(seed + i)));
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

Result<integrity::model::Model> train(const Weighings& weighings, std::uint64_t seed) {
  integrity::model::TrainOptions options;
  options.trees = 120;
  options.depth = 4;
  options.learning_rate = 0.12;
  options.row_share = 0.7;
  options.min_child_weight = 50;
  options.seed = static_cast<std::uint32_t>(seed);
  integrity::model::Bounds bounds;
  bounds.leaf_penalty = 5;
  for (const auto& info : integrity::group_input_infos) bounds.monotone.push_back(info.direction);
  const integrity::model::Rows rows = rows_of(weighings);
  std::vector<std::size_t> all(rows.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  return grow_bounded(rows, all, options, bounds);
}

void print(std::string_view days, std::string_view trees, const Quality& quality) {
  fmt::print("| {} | {} | {} | {:.4f} | {:.4f} | {:.5f} |\n", days, trees, quality.groups, quality.auc,
             quality.attacks_found, quality.decoys_taken);
  std::fflush(stdout);
}

int run(const Options& options) {
  Weighings first = of_first(options, options.seed, options.days);
  const Weighings second = of_second(options.seed, options.days);
  const std::size_t of_the_first = first.size();
  first.insert(first.end(), second.begin(), second.end());
  const auto model = train(first, options.seed);
  if (!model.ok()) {
    std::cerr << model.error().message << "\n";
    return 1;
  }
  fmt::print("{} weighings of the first simulator's {} days, {} of the second's\n", of_the_first, options.days,
             second.size());
  fmt::print(
      "| fresh days of | trees | groups | AUC | attacks' likes found | decoys' likes taken "
      "|\n|---|---|---|---|---|---|\n");
  const Weighings fresh_first = of_first(options, options.judge_seed, options.judge_days);
  const Weighings fresh_second = of_second(options.judge_seed, options.judge_days);
  for (const auto& [name, fresh] : {std::pair{"the first", &fresh_first}, {"the second", &fresh_second}}) {
    print(name, "of this program", quality_of(*fresh, nullptr));
    print(name, "new", quality_of(*fresh, &*model));
  }
  if (options.out.empty()) return 0;
  std::ofstream file(options.out);
  file << to_text(model->trees);
  return file.flush().good() ? 0 : 1;
}

}  // namespace
}  // namespace zan::group_model

int main(int argc, char** argv) {
  zan::group_model::Options options;
  CLI::App app("Trains the trees that weigh groups, and judges them beside those of this program on fresh days");
  app.add_option("--seed", options.seed, "Of the first day that is learned from")->capture_default_str();
  app.add_option("--days", options.days, "Of each simulator, to learn from")->capture_default_str();
  app.add_option("--judge-seed", options.judge_seed, "Of the first fresh day")->capture_default_str();
  app.add_option("--judge-days", options.judge_days, "Of each simulator, to judge on")->capture_default_str();
  app.add_option("--likes", options.likes, "Of a day of the first simulator")->capture_default_str();
  app.add_option("--out", options.out, "Where the trees go: src/integrity/group_model.inc");
  CLI11_PARSE(app, argc, argv);
  return zan::group_model::run(options);
}
