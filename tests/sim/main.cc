// zan_sim: rounds of every workload under every trouble, by seed. A failure is told with what repeats it.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/log.h"
#include "base/random.h"
#include "sim/integrity_round.h"
#include "sim/round.h"

namespace zan::sim {
namespace {

struct Options {
  std::uint64_t seed = 0;
  int rounds = 1;
  int steps = 150;
  std::string workload, trouble;
  bool trace = false;
};

bool run_pair(const Options& options, const Mix& mix, const TroubleKind& trouble,
              RoundReport (*run_round)(const RoundOptions&)) {
  RoundReport sum;
  for (int round = 0; round < options.rounds; ++round) {
    const std::uint64_t seed = options.seed + static_cast<std::uint64_t>(round);
    RoundOptions round_options{mix, trouble, seed, options.steps, {}};
    if (options.trace) round_options.trace = [](const std::string& what) { fmt::print("  {}\n", what); };
    const RoundReport report = run_round(round_options);
    if (!report.failure.empty()) {
      fmt::print(
          "FAILED  {}\n  again: zan_sim --seed {} --rounds 1 --steps {} --workload {} --trouble "
          "{}\n",
          report.failure, seed, options.steps, mix.name, trouble.name);
      return false;
    }
    sum.acts += report.acts;
    sum.failures_met += report.failures_met;
    sum.restarts += report.restarts;
  }
  fmt::print("{:<11} {:<14} {:>8} acts {:>6} failed commits {:>6} starts\n", mix.name, trouble.name, sum.acts,
             sum.failures_met, sum.restarts);
  return true;
}

int run(const Options& options) {
  fmt::print("seed {}\n", options.seed);
  bool good = true;
  std::size_t pairs = 0;
  std::vector<Mix> all = mixes();
  all.push_back({.name = integrity_workload});
  for (const Mix& mix : all) {
    for (const TroubleKind& trouble : trouble_kinds()) {
      if (!options.workload.empty() && options.workload != mix.name) continue;
      if (!options.trouble.empty() && options.trouble != trouble.name) continue;
      ++pairs;
      good = run_pair(options, mix, trouble, mix.name == integrity_workload ? run_integrity_round : run_round) && good;
    }
  }
  if (pairs == 0) fmt::print("no such workload or trouble\n");
  return good && pairs > 0 ? 0 : 1;
}

}  // namespace
}  // namespace zan::sim

int main(int argc, char** argv) {
  zan::sim::Options options;
  unsigned char random[4];
  zan::machine_entropy().fill(random);
  for (const unsigned char byte : random) options.seed = options.seed * 256 + byte;
  CLI::App app("Simulates the engine under trouble", "zan_sim");
  app.add_option("--seed", options.seed, "The first round's seed (default: a random one, which is printed)");
  app.add_option("--rounds", options.rounds, "Rounds of every workload under every trouble")->capture_default_str();
  app.add_option("--steps", options.steps, "Commits a round")->capture_default_str();
  app.add_option("--workload", options.workload, "Only this one");
  app.add_option("--trouble", options.trouble, "Only this one");
  app.add_flag("--trace", options.trace, "Tells every start, failure and erasure");
  CLI11_PARSE(app, argc, argv);
  zan::log::set_level(zan::log::Level::error);
  return zan::sim::run(options);
}
