#include <fmt/format.h>

#include "engine/engine.h"
#include "zan/commands.h"
#include "zan/exit_code.h"
#include "zan/output.h"
#include "zan/progress_bar.h"
#include "zan/proof_text.h"
#include "zan/serve_file.h"

namespace zan::app {
namespace {

namespace model = integrity::model;

constexpr std::size_t topics_shown = 6;

struct Options {
  engine::TrainingOrder order;
  std::string until, out;
  double ripe_h = 24;
};

void print_labels(const engine::TrainingReport& report) {
  const engine::LabelCounts& counts = report.counts;
  fmt::print("journal     {} records up to position {}, {} likes\n", grouped(counts.records), report.position.value,
             grouped(counts.likes));
  fmt::print("labels      {} confirmed cases with {} likes; overturned by people: {} cases, {} likes\n",
             grouped(counts.cases), grouped(counts.fakes), grouped(counts.overturned_cases),
             grouped(counts.overturned));
  fmt::print(
      "not used    likes: {} suspected, {} too young, {} held at intake only, {} others of accounts in cases,\n"
      "            {} of erased people, {} of cases or accounts that would be in two parts\n",
      grouped(counts.suspected), grouped(counts.unripe), grouped(counts.held_at_intake), grouped(counts.of_suspects),
      grouped(counts.of_erased), grouped(counts.straddling));
  fmt::print("rows        {} fake, {} genuine (a sample); calibrated from {} on, judged from {} on\n",
             grouped(counts.fake_rows), grouped(counts.genuine_rows), to_rfc3339(report.calibrate_from),
             to_rfc3339(report.judge_from));
}

void print_quality(const engine::TrainingReport& report) {
  const model::Evaluation& found = report.trained.evaluation;
  fmt::print("judged      on {} rows with {} fakes that nothing was learned from\n", grouped(found.rows),
             grouped(found.fakes));
  fmt::print("            AUC {:.4f}, log loss {:.5f}, calibration error {:.4f}\n", found.auc, found.log_loss,
             found.calibration_error);
  for (const model::PrecisionAt& at : found.precision)
    fmt::print("            precision {:.3f} at recall {:.1f}\n", at.precision, at.recall);
  fmt::print("calibration said, and proved\n");
  for (const model::ReliabilityBin& bin : found.reliability)
    if (bin.rows != 0) fmt::print("            {:.3f}  {:.3f}  {} rows\n", bin.said, bin.proved, grouped(bin.rows));
  if (report.trained.model.hold_margin) {
    fmt::print("holding     {:.3f} of the fakes and {:.5f} of the genuine likes, precision {:.3f}\n", found.held_fakes,
               found.false_holds, found.hold_precision);
  } else {
    fmt::print(
        "holding     never: there are too few genuine rows to know that it would hold few of them, or none are "
        "below\n");
  }
  fmt::print("speaks most (AUC lost without it)\n");
  for (std::size_t i = 0; i < std::min(topics_shown, report.topics.size()); ++i)
    fmt::print("            {:.4f}  {}\n", report.topics[i].auc_lost,
               model::describe(static_cast<model::Topic>(report.topics[i].topic)));
}

Result<void> write_model(const std::string& path, const model::Model& trained) {
  ZAN_ASSIGN(const auto output, Output::open(path));
  ZAN_TRY(output->write(as_text(model::encode_model(trained))));
  return output->finish();
}

int run(Options& options) {
  if (!options.until.empty()) {
    const auto until = parse_rfc3339(options.until);
    if (!until.ok()) return fail(invalid(until.error().message, "--until"));
    options.order.labels.until = *until;
  }
  options.order.labels.ripe_us = static_cast<std::int64_t>(options.ripe_h * us_per_hour);
  options.order.install = options.out.empty();
  ProgressBar bar("reading the journal");
  options.order.progress = [&bar](double share) { bar.update(static_cast<std::uint64_t>(share * 1000), 1000, ""); };
  const auto report = engine::train_model(options.order);
  bar.finish(report.ok() ? "trained" : "nothing was trained");
  if (!report.ok()) {
    const int code = fail(explain_lock(report.error(), options.order.data_folder,
                                       "train from a backup of it: zan backup --data " + options.order.data_folder +
                                           " --to B, then zan train --data B --into " + options.order.data_folder));
    // Too little to learn from: the command was right.
    return report.error().kind == ErrorKind::invalid ? exit_failed : code;
  }
  print_labels(*report);
  print_quality(*report);
  fmt::print("compared    with {}: {}\n", report->served == 0 ? "no model" : fmt::format("model {}", report->served),
             report->why);
  if (!options.out.empty()) {
    if (const auto written = write_model(options.out, report->trained.model); !written.ok())
      return fail(written.error());
    fmt::print("written     {}; nothing was put into service\n", options.out);
  } else if (report->version != 0) {
    fmt::print("in service  model {} from the server's next start on; back again: zan model rollback\n",
               report->version);
  }
  return report->refused ? exit_findings : exit_ok;
}

}  // namespace

void add_train(CLI::App& root, Run& chosen) {
  CLI::App* command = root.add_subcommand("train", "Learn a model of fake likes from what the journal says by now");
  const auto options = std::make_shared<Options>();
  options->order.by = "zan train";
  command->add_option("--data", options->order.data_folder, "Data folder that is not being served, or a backup")
      ->required()
      ->check(CLI::ExistingDirectory);
  command
      ->add_option("--into", options->order.into_folder, "Data folder whose model it is compared with and may follow")
      ->check(CLI::ExistingDirectory);
  command->add_option("--until", options->until, "Read nothing that was recorded later: 2026-01-31T00:00:00Z");
  command->add_option("--out", options->out, "Write the model to this file, and put nothing into service");
  command->add_option("--ripe", options->ripe_h, "Hours that a like must be older than the newest")
      ->check(CLI::Range(0.0, 10'000.0))
      ->capture_default_str();
  command
      ->add_option("--false-holds", options->order.trees.false_holds_max,
                   "Share of genuine likes that the model alone may hold")
      ->check(CLI::Range(0.0, 0.1))
      ->capture_default_str();
  command->add_option("--trees", options->order.trees.trees, "Trees")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_option("--depth", options->order.trees.depth, "Of each tree")
      ->check(CLI::Range(1, 8))
      ->capture_default_str();
  command->add_option("--by", options->order.by, "Who trains it; stands in the list of models")->capture_default_str();
  command->footer(
      "Labels are the verdicts that stand: rejected likes of confirmed cases, and what people decided. Exit code 3: "
      "the\n"
      "model is worse than the one in service, and was refused.");
  command->callback([&chosen, options] { chosen = [options] { return run(*options); }; });
}

}  // namespace zan::app
