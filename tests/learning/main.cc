// measure_learning: the numbers of docs/integrity_model.md. Lives days of the simulator in the engine's core, trains on what lockstep
// confirmed in all but the last, and judges the model at intake on the last.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>

#include "learning/days.h"

namespace zan::learning {
namespace {

std::uint64_t peak_mb() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::stoull(line.substr(6)) / 1024;
  return 0;
}

double seconds() {
  return static_cast<double>(machine_clock().monotonic_us()) / 1e6;
}

void print(std::string_view what, const Judged::Line& line) {
  fmt::print("| {} | {} | {:.4f} | {:.3f} |\n", what, line.likes, line.auc, line.held);
}

void print_training(const engine::TrainingReport& report, double took_s) {
  const auto& counts = report.counts;
  const auto& found = report.trained.evaluation;
  fmt::print("{} likes, {} confirmed cases with {} likes; {} fake and {} genuine rows; {} inputs; {:.1f} s\n",
             counts.likes, counts.cases, counts.fakes, counts.fake_rows, counts.genuine_rows,
             report.trained.model.features.size(), took_s);
  fmt::print("judged on the last stretch: AUC {:.4f}, log loss {:.4f}, calibration error {:.4f}, ", found.auc,
             found.log_loss, found.calibration_error);
  fmt::print("holds {:.4f} of the genuine and {:.3f} of the fakes, precision {:.4f}\n", found.false_holds,
             found.held_fakes, found.hold_precision);
  for (const auto& bin : found.reliability)
    if (bin.rows != 0) fmt::print("  said {:.3f} proved {:.3f} ({} rows)\n", bin.said, bin.proved, bin.rows);
  for (const auto& topic : report.topics)
    fmt::print("  without {}: AUC lower by {:.4f}\n", describe(static_cast<integrity::model::Topic>(topic.topic)),
               topic.auc_lost);
}

void print_day(const Judged& judged) {
  fmt::print("| fakes of the last day | likes | AUC | held by the model alone |\n|---|---|---|---|\n");
  print("all", judged.all_fakes);
  print("not yet taken by lockstep when they came", judged.not_taken);
  print("of these, of families that were never learned from", judged.not_taken_new);
  print("never taken by lockstep", judged.never_taken);
  for (const auto& family : judged.families)
    print(fmt::format("not yet taken: {}{}", to_string(family.family), family.is_new ? " (new)" : ""),
          family.not_taken);
  fmt::print("genuine likes held: {:.5f} of {}; decoys': {:.5f} of {}\n", judged.false_holds, judged.genuine,
             judged.decoys_held, judged.decoys);
}

int run(const DaysOptions& options) {
  const simulation::Stream stream = make_days(options);
  const std::int64_t begin = (options.days - 1) * us_per_day;
  std::size_t end = 0;
  while (end < stream.events.size() && stream.events[end].at_us < begin) ++end;
  Life life;
  double from = seconds();
  life.live(stream, 0, end);
  fmt::print("seed {}: {} events lived in {:.1f} s, {} MB at most\n", options.seed, end, seconds() - from, peak_mb());
  engine::TrainingOrder order;
  order.labels.ripe_us = 3 * us_per_hour;
  from = seconds();
  const auto trained = engine::train_from(life.core().journal(), life.core().secret(), order, std::nullopt);
  if (!trained.ok()) {
    std::cerr << trained.error().message << "\n";
    return 1;
  }
  print_training(*trained, seconds() - from);
  const integrity::model::Model& model = trained->trained.model;
  const Judged judged = judge_day(stream, end, model, order.accounts);
  print_day(judged);
  fmt::print("an act at intake: {:.0f} ns of the processor without a model, {:.0f} ns with it ({} trees, {} KB)\n",
             ns_an_act(stream, nullptr), ns_an_act(stream, &model), model.trees.size(),
             integrity::model::encode_model(model).size() / 1000);
  fmt::print("state {} MB, {} MB at most in all\n", judged.state_bytes / 1'000'000, peak_mb());
  return 0;
}

}  // namespace
}  // namespace zan::learning

int main(int argc, char** argv) {
  zan::learning::DaysOptions options;
  CLI::App app("Trains the learned scorer on days of the simulator and judges it on the day after");
  app.add_option("--seed", options.seed, "Of the days")->capture_default_str();
  app.add_option("--likes", options.likes, "In all")->capture_default_str();
  app.add_option("--days", options.days, "The last is judged")->check(CLI::Range(2, 30))->capture_default_str();
  app.add_option("--members", options.members, "Accounts of a group")->capture_default_str();
  app.add_option("--targets", options.targets, "Works of a group")->capture_default_str();
  app.add_option("--hours", options.hours_between, "Between the beginnings of groups")->capture_default_str();
  app.add_option("--camouflage", options.camouflage, "Innocent likes for each fake one")->capture_default_str();
  app.add_flag("--likes-only", options.likes_only, "Nothing is known of views, follows and comments");
  CLI11_PARSE(app, argc, argv);
  return zan::learning::run(options);
}
