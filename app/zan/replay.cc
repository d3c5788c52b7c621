#include <fmt/format.h>

#include <charconv>
#include <fstream>

#include "engine/engine.h"
#include "zan/commands.h"
#include "zan/exit_code.h"
#include "zan/interrupts.h"
#include "zan/output.h"
#include "zan/progress_bar.h"
#include "zan/replay_text.h"
#include "zan/rules_file.h"

namespace zan::app {
namespace {

struct Options {
  std::string data, from, to, rules, model, out;
  std::uint64_t accounts = 1'000'000;
};

Result<Bytes> read_model_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return not_found("cannot be opened", path);
  std::string text(integrity::model::model_bytes_max + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad()) return unavailable(path + ": cannot be read");
  const ByteSpan bytes = as_bytes(text).first(static_cast<std::size_t>(file.gcount()));
  return Bytes(bytes.begin(), bytes.end());
}

Result<engine::ReplayOptions> options_of(const Options& options) {
  engine::ReplayOptions replay;
  replay.accounts = options.accounts;
  ZAN_ASSIGN(replay.from, parse_bound(options.from, "--from"));
  ZAN_ASSIGN(replay.to, parse_bound(options.to, "--to"));
  if (!options.rules.empty()) {
    ZAN_ASSIGN(replay.rules, read_rules_file(options.rules));
  }
  if (!options.model.empty()) {
    ZAN_ASSIGN(replay.model, read_model_file(options.model));
  }
  return replay;
}

Result<engine::ReplaySummary> replay_all(const Options& options, const Interrupts& interrupts, Output* output) {
  ZAN_ASSIGN(const engine::ReplayOptions replay, options_of(options));
  if (output != nullptr) ZAN_TRY(output->write(replay_header));
  ProgressBar bar("replaying");
  auto summary = engine::replay(
      options.data, replay,
      [&](const engine::ReplayLine& line) { return output == nullptr ? Result<void>() : output->write(to_csv(line)); },
      [&](Position done, Position last) {
        bar.update(done.value, last.value, "");
        return !interrupts.happened();
      });
  bar.finish(summary.ok() ? grouped(summary->judged) + " acts" : "");
  if (summary.ok() && output != nullptr) ZAN_TRY(output->finish());
  return summary;
}

int run(const Options& options) {
  const Interrupts interrupts;
  std::unique_ptr<Output> output;
  if (!options.out.empty()) {
    auto opened = Output::open(options.out);
    if (!opened.ok()) return fail(opened.error());
    output = std::move(opened).value();
  }
  const auto summary = replay_all(options, interrupts, output.get());
  if (!summary.ok()) {
    const int code = fail(summary.error());
    return interrupts.happened() ? exit_interrupted : code;
  }
  fmt::print("{}", to_text(*summary));
  return exit_ok;
}

}  // namespace

void add_replay(CLI::App& root, Run& chosen) {
  CLI::App* command = root.add_subcommand(
      "replay", "Say what other rules or another model would have said of a past stretch of the journal");
  const auto options = std::make_shared<Options>();
  command->add_option("--data", options->data, "Data folder; may be served meanwhile, nothing is written to it")
      ->required()
      ->check(CLI::ExistingDirectory);
  command->add_option("--from", options->from,
                      "Start of the stretch: a position, or a time of commit as 2026-11-01T00:00:00Z");
  command->add_option("--to", options->to, "Its end, inclusive");
  command->add_option("--rules", options->rules, "File of rules; if absent, those that were in service then");
  command->add_option("--model", options->model, "File of a model; if absent, none");
  command->add_option("--out", options->out, "CSV file that does not exist yet: a line for each act that would change");
  command->add_option("--judged-accounts", options->accounts, "As the server's: how many accounts the features are for")
      ->check(CLI::Range(1'000, 100'000'000))
      ->capture_default_str();
  command->footer(
      "Features are counted from the journal's first record on, with the verdicts that were given then. Two runs over "
      "one\nstretch write the same bytes.");
  command->callback([options, &chosen] { chosen = [options] { return run(*options); }; });
}

}  // namespace zan::app
