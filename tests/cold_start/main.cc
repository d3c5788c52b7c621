// measure_cold_start: the figures of docs/matching_experiments.md, in a community of any size.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <map>
#include <memory>
#include <string>

#include "cold_start/baselines.h"
#include "cold_start/feeds_recommender.h"
#include "cold_start/lift.h"

namespace zan::cold_start {
namespace {

struct Options {
  simulation::TasteOptions world;
  std::uint64_t seeds = 1;
  AttackPlan plan;
  double share = 0.1;  // of exploration
  bool attacks = true;
  std::string only;  // the name of one recommender; empty: all
};

std::vector<Make> all_recommenders(const simulation::Tastes& world, double share) {
  const std::uint64_t seed = world.options().seed;
  return {
      [seed] { return std::make_unique<ByChance>(seed); },
      [] { return std::make_unique<ByPopularity>(); },
      [seed] { return std::make_unique<Reference>(seed, 0.0); },
      [seed, share] { return std::make_unique<Reference>(seed, share); },
      [seed] { return std::make_unique<FeedsRecommender>(small_feeds(seed, 0)); },
      [seed, share] { return std::make_unique<FeedsRecommender>(small_feeds(seed, static_cast<float>(share))); },
      [&world] { return std::make_unique<Oracle>(world); },
  };
}

void print(const RunLog& log, const Measures& found) {
  const Reach& good = found.good;
  fmt::print("| {} | {} of {} | {:.0f}, {:.0f} | {:.0f}, {:.0f} | {:.0f} / {:.0f} | {:.2f} |", log.recommender,
             good.reached, good.works, good.platform, good.platform_median, good.own, good.own_of_reached, good.views,
             good.likes, good.to_audience);
  fmt::print(" {:.4f} / {:.4f} | {:.4f} | {:.3f} / {:.3f} |\n", found.good_share, found.bad_share, found.long_views,
             found.gini, found.top_share);
  std::fflush(stdout);
}

void measure_attacks(const Options& options, const simulation::Tastes& world, const Make& make, const RunLog& quiet) {
  using simulation::ShillingKind;
  AttackPlan plan = options.plan;
  plan.days = std::min(options.world.days, plan.day + 4);
  for (const auto kind : {ShillingKind::average, ShillingKind::bandwagon, ShillingKind::segment}) {
    const Lift lift = lift_of(world, make, quiet, kind, plan);
    fmt::print("    {}: {} {:.0f} impressions of the targets, {:+.0f} ignored, {:+.0f} with verdicts\n",
               quiet.recommender, to_string(kind), lift.usual, lift.ignored, lift.with_verdicts);
    std::fflush(stdout);
  }
}

// Works of all seeds together: one seed has a dozen.
struct AllSeeds {
  std::vector<double> platforms;
  std::size_t reached = 0;
  double long_views = 0;  // sum over seeds

  void add(const Measures& found) {
    platforms.insert(platforms.end(), found.good.platforms.begin(), found.good.platforms.end());
    reached += found.good.reached;
    long_views += found.long_views;
  }
};

void print_all_seeds(const std::map<std::string, AllSeeds>& all, std::uint64_t seeds) {
  for (const auto& [recommender, sum] : all)
    fmt::print("all seeds: {}: {} of {} reached, platform median {:.0f}, {:.4f} long views an impression\n", recommender,
               sum.reached, sum.platforms.size(), median_of(sum.platforms),
               sum.long_views / static_cast<double>(seeds));
}

void measure_all(const Options& options) {
  std::map<std::string, AllSeeds> all;
  fmt::print("| recommender | reached | platform, median | own, of reached | views / likes | to audience |");
  fmt::print(" good / bad | long | Gini / top tenth |\n");
  for (std::uint64_t i = 0; i < options.seeds; ++i) {
    simulation::TasteOptions world_options = options.world;
    world_options.seed += i;
    const simulation::Tastes world(world_options);
    for (const Make& make : all_recommenders(world, options.share)) {
      const auto recommender = make();
      if (!options.only.empty() && recommender->name() != options.only) continue;
      const RunLog log = run(world, *recommender, {});
      const Measures found = measure(world, log);
      print(log, found);
      all[log.recommender].add(found);
      if (options.attacks) measure_attacks(options, world, make, log);
    }
  }
  print_all_seeds(all, options.seeds);
}

}  // namespace
}  // namespace zan::cold_start

int main(int argc, char** argv) {
  CLI::App app{"Cold start and shilling in a world whose true interests are known"};
  zan::cold_start::Options options;
  app.add_option("--seed", options.world.seed);
  app.add_option("--seeds", options.seeds);
  app.add_option("--people", options.world.people);
  app.add_option("--creators", options.world.creators);
  app.add_option("--works", options.world.works);
  app.add_option("--days", options.world.days);
  app.add_option("--works-a-day", options.world.works_a_day);
  app.add_option("--newcomers-a-day", options.world.newcomers_a_day);
  app.add_option("--newcomers-from-day", options.world.newcomers_from_day);
  app.add_option("--share", options.share);
  app.add_option("--attack-day", options.plan.day);
  app.add_option("--only", options.only, "\"feeds\", \"popularity\" and so on, as printed");
  app.add_flag("!--no-attacks", options.attacks);
  CLI11_PARSE(app, argc, argv);
  zan::cold_start::measure_all(options);
  return 0;
}
