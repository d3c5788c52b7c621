#include <fmt/format.h>

#include <algorithm>

#include "zan/commands.h"
#include "zan/exit_code.h"
#include "zan/import_run.h"
#include "zan/interrupts.h"
#include "zan/labelled_run.h"
#include "zan/output.h"
#include "zan/paced_source.h"
#include "zan/progress_bar.h"
#include "zan/tagged_run.h"

namespace zan::app {
namespace {

constexpr const char* user_agent = "zan-simulate (simulated community, not real people)";
constexpr const char* file_end = "2026-01-01T00:00:00Z";  // fixed, so that a file depends on the seed and size alone

struct Options {
  connectors::SyntheticOptions community;
  std::uint64_t rate = 0;
  std::string end;
  std::string server;
  std::string key;
  std::string out;
  bool no_attributes = false;
  LabelledOptions labelled;
  TaggedRun tagged;
};

Result<connectors::SyntheticOptions> community_of(const Options& options) {
  connectors::SyntheticOptions community = options.community;
  community.attributes = !options.no_attributes && options.out.empty();
  community.end = machine_clock().now();
  if (!options.end.empty() || !options.out.empty()) {
    const auto end = parse_rfc3339(options.end.empty() ? file_end : options.end);
    if (!end.ok()) return invalid(end.error().message, "--end");
    community.end = *end;
  }
  // At a chosen speed acts happen as they arrive, unless their times were asked for.
  community.times = options.rate == 0 || !options.end.empty();
  if (options.rate > 0)
    community.batch_acts = std::clamp<std::size_t>(options.rate / 20, 1, connectors::batch_events_max);
  return community;
}

Result<void> write_file(connectors::Source& source, const Options& options, const Interrupts& interrupts) {
  ZAN_ASSIGN(const auto output, Output::open(options.out));
  ProgressBar bar("simulating");
  connectors::Batch batch;
  for (;;) {
    if (interrupts.happened()) return Error{ErrorKind::expired, "interrupted", {}};
    batch.clear();
    ZAN_ASSIGN(const bool more, source.next(batch));
    if (!more) break;
    ZAN_TRY(output->write(batch.lines));
    const connectors::Progress progress = source.progress();
    bar.update(progress.done, progress.total, grouped(progress.done) + " acts");
  }
  bar.finish(grouped(source.progress().done) + " acts");
  return output->finish();
}

// Made-up engagement must never reach somebody else's platform.
Result<connectors::ServerAddress> own_server(const std::string& url) {
  ZAN_ASSIGN(const auto address, connectors::parse_server_url(url));
  ZAN_ASSIGN(const bool own, connectors::is_loopback(address));
  if (!own) return Error{ErrorKind::refused, url + " is not this machine; simulated engagement goes nowhere else", {}};
  return address;
}

int stream(connectors::Source& source, const Options& options, const Interrupts& interrupts) {
  const auto address = own_server(options.server);
  if (!address.ok()) return fail(address.error());
  auto sink = connectors::make_server_sink({*address, options.key, user_agent}, interrupts.token());
  if (!sink.ok()) return fail(sink.error());
  ImportRun run;
  run.label = "simulating";
  run.stop = interrupts.token();
  const auto report = run_import(**sink, source, run);
  if (!report.ok()) return fail(report.error());
  fmt::print("{}", describe(*report));
  if (report->interrupted) return exit_interrupted;
  return report->bad > 0 ? exit_findings : exit_ok;
}

int report(const Result<void>& written, const Interrupts& interrupts) {
  if (written.ok()) return exit_ok;
  const int code = fail(written.error());
  return interrupts.happened() ? exit_interrupted : code;
}

int run_labelled(const Options& options) {
  LabelledOptions labelled = options.labelled;
  const bool files = !labelled.out.empty() && !labelled.labels.empty();
  if (options.server.empty() ? !files : !labelled.out.empty())
    return fail(invalid("a scenario or an attack goes to --out FILE with --labels FILE, or to --server URL"));
  if (labelled.columns != "five" && labelled.columns != "all") return fail(invalid("--columns is five or all"));
  if (!options.end.empty()) {
    const auto end = parse_rfc3339(options.end);
    if (!end.ok()) return fail(invalid(end.error().message, "--end"));
    labelled.end = *end;
  }
  const Interrupts interrupts;
  auto made = make_labelled(labelled);
  if (!made.ok()) return fail(made.error());
  const auto written = write_labelled(*made, labelled, interrupts);
  if (!written.ok() || options.server.empty()) return report(written, interrupts);
  PacedSource source(labelled_source(std::move(made).value(), labelled), options.rate, interrupts.token());
  return stream(source, options, interrupts);
}

int run_tagged(const Options& options) {
  if (options.out.empty() || !options.server.empty() || !options.labelled.labels.empty())
    return fail(invalid("the scenario audience goes to --out FILE, and its tags to --catalogue-out FILE"));
  TaggedRun tagged = options.tagged;
  tagged.people.seed = options.community.seed;
  tagged.out = options.out;
  const Interrupts interrupts;
  return report(write_tagged(tagged, interrupts), interrupts);
}

int run(const Options& options) {
  if (options.labelled.scenario == "audience") return run_tagged(options);
  if (options.labelled.wanted()) return run_labelled(options);
  if (options.server.empty() == options.out.empty()) return fail(invalid("give either --server URL or --out FILE"));
  const Interrupts interrupts;
  const auto community = community_of(options);
  if (!community.ok()) return fail(community.error());
  auto made = connectors::make_synthetic(*community);
  if (!made.ok()) return fail(made.error());
  PacedSource source(std::move(made).value(), options.rate, interrupts.token());
  if (!options.server.empty()) return stream(source, options, interrupts);
  return report(write_file(source, options, interrupts), interrupts);
}

// What a scenario and a community of everyday share on the command line.
void fill_labelled(Options& options, bool subjects_given, bool days_given) {
  LabelledOptions& labelled = options.labelled;
  labelled.community.seed = options.community.seed;
  if (subjects_given) labelled.community.subjects = options.community.subjects;
  if (days_given) labelled.community.days = options.community.days;
  labelled.community.likes_only = labelled.columns == "five" && options.server.empty();
  labelled.out = options.out;
}

void add_labelled(CLI::App& command, LabelledOptions& labelled) {
  command.add_option("--scenario", labelled.scenario,
                     "A labelled stream with attacks: day, hard_day, weeks, decoys_only, random; or people with tags: audience");
  command.add_option("--attack", labelled.attacks, "Family, and what differs: burst:groups=5,accounts=200,targets=12")
      ->take_all();
  command.add_option("--labels", labelled.labels,
                     "The truth about each event goes here, as role,family,instance; with --server, too");
  command.add_option("--likes", labelled.community.likes, "Likes of a scenario")->capture_default_str();
  command.add_option("--accounts", labelled.community.accounts,
                     "Genuine accounts (default: a quarter of a day's likes)");
  command.add_option("--columns", labelled.columns, "five: likes only; all: every event, with what else is known")
      ->capture_default_str();
  command.add_flag("--plain", labelled.plain, "Plain numbers instead of names like sim-user-17");
}

}  // namespace

void add_simulate(CLI::App& root, Run& chosen) {
  CLI::App* command = root.add_subcommand("simulate", "Make up a community and stream it to a server, or into a file");
  const auto options = std::make_shared<Options>();
  auto& community = options->community;
  command->add_option("--seed", community.seed, "The same seed and size: the same acts")->capture_default_str();
  command->add_option("--users", community.users, "People")->capture_default_str();
  const auto* subjects = command->add_option("--subjects", community.subjects, "Videos")->capture_default_str();
  command->add_option("--acts", community.acts, "Acts")->capture_default_str();
  const auto* days =
      command->add_option("--days", community.days, "Days the acts are spread over")->capture_default_str();
  command->add_option("--end", options->end,
                      "RFC 3339 end of those days (default: now; for --out " + std::string(file_end) + ")");
  command->add_option("--rate", options->rate, "Acts a second; without --end they happen as they arrive");
  command->add_option("--server", options->server, "A server on this machine, http://127.0.0.1:PORT");
  command->add_option("--key", options->key, "API key for --server")->envname("ZAN_API_KEY");
  command->add_option("--out", options->out, "Or a file of events as lines of JSON; - for standard output");
  command->add_flag("--no-attributes", options->no_attributes, "Acts only, no attributes of people and videos");
  command->footer(
      "Everything made up is labelled: names begin with sim-, the surface is \"simulator\". Other machines than this "
      "one\n"
      "are refused.");
  add_labelled(*command, options->labelled);
  command->add_option("--people", options->tagged.people.people, "People of the scenario audience")
      ->capture_default_str();
  command->add_option("--tags", options->tagged.people.tags, "Their tags, of 0.01 % to 50 % of them each")
      ->check(CLI::Range(1U, simulation::tagged_tags_max))
      ->capture_default_str();
  command->add_option("--catalogue-out", options->tagged.catalogue_out, "The catalogue of those tags goes here");
  command->callback([&chosen, options, subjects, days] {
    fill_labelled(*options, subjects->count() > 0, days->count() > 0);
    chosen = [options] { return run(*options); };
  });
}

}  // namespace zan::app
