// zan_bench: one subcommand per problem; see README.md.

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <cstdio>
#include <filesystem>
#include <memory>

#include "measure/fail.h"
#include "measure/machine.h"
#include "measure/scratch.h"
#include "problems/audience.h"
#include "problems/context.h"
#include "problems/evidence.h"
#include "problems/footprint.h"
#include "problems/hydrate.h"
#include "problems/ingest.h"
#include "problems/restart.h"
#include "problems/selftest.h"
#include "problems/single.h"
#include "servers/bare_beast.h"

namespace {

using namespace zan::bench;

struct Settings {
  std::filesystem::path scratch = std::filesystem::temp_directory_path();
  std::filesystem::path json;
  Recorder recorder{""};
  Context context{.recorder = recorder};
};

void add_common(CLI::App& app, Settings& settings) {
  Context& context = settings.context;
  app.add_option("--scratch", settings.scratch, "Folder for all data; its disk is the one measured");
  app.add_option("--json", settings.json, "Append every figure to this file, one JSON line a run");
  app.add_option("--repetitions", context.repetitions, "Runs of each contender")->check(CLI::Range(1, 100));
  app.add_option("--contenders", context.contenders, "Only these, by their names in the table")->delimiter(',');
  app.add_option("--zan", context.zan.program, "The zan binary");
  app.add_option("--zan-connections", context.zan.connections, "Ingest connections to zan");
  app.add_option("--zan-lines", context.zan.lines, "NDJSON lines in one request");
  app.add_option("--redis-connections", context.redis.connections, "Ingest connections to Redis");
  app.add_option("--redis-pipeline", context.redis.pipeline, "Likes in one pipeline");
  app.add_option("--postgres-connections", context.postgres.connections, "Ingest connections to PostgreSQL");
  app.add_option("--postgres-batch", context.postgres.batch, "Rows in one statement");
}

void add_ingest(CLI::App& app, Settings& settings) {
  auto options = std::make_shared<IngestOptions>();
  CLI::App* ingest = app.add_subcommand("ingest", "N distinct likes by NDJSON, against Redis and PostgreSQL");
  CLI::App* viral = app.add_subcommand("viral", "one subject takes half of all likes, against uniform");
  for (CLI::App* problem : {ingest, viral}) {
    problem->add_option("--likes", options->likes, "Likes");
  }
  ingest->add_option("--postgres-likes", options->postgres_likes, "Likes for PostgreSQL");
  ingest->add_option("--shape", options->shape, "uniform or zipf");
  ingest->add_option("--users", options->users, "Users; 0: a tenth of the likes");
  ingest->add_option("--subjects", options->subjects, "Subjects; 0: a tenth of the likes");
  ingest->callback([&settings, options] { run_ingest(settings.context, *options); });
  viral->callback([&settings, options] { run_viral(settings.context, *options); });
}

void add_single(CLI::App& app, Settings& settings) {
  auto options = std::make_shared<SingleOptions>();
  CLI::App* problem = app.add_subcommand("single", "one like a POST, against a bare Beast server");
  problem->add_option("--connections", options->connections, "Keep-alive connections");
  problem->add_option("--seconds", options->seconds, "Measured time");
  problem->add_option("--likes", options->likes, "Likes at hand");
  problem->callback([&settings, options] { run_single(settings.context, *options); });
}

void add_hydrate(CLI::App& app, Settings& settings) {
  auto options = std::make_shared<HydrateOptions>();
  CLI::App* problem = app.add_subcommand("hydrate", "50 subjects a call while likes stream in, against Redis");
  problem->add_option("--preload", options->preload, "Likes before the measurement");
  problem->add_option("--stream", options->stream_per_s, "Likes per second while measuring");
  problem->add_option("--seconds", options->seconds, "Measured time");
  problem->add_option("--connections", options->connections, "Client connections, one run each")->delimiter(',');
  problem->callback([&settings, options] { run_hydrate(settings.context, *options); });
}

void add_evidence(CLI::App& app, Settings& settings) {
  auto options = std::make_shared<EvidenceOptions>();
  CLI::App* problem = app.add_subcommand("evidence", "what the transparency log costs, and how soon it has a like");
  problem->add_option("--likes", options->likes, "Likes");
  problem->add_option("--seconds", options->seconds, "Measured time of single likes, receipts and freshness, each");
  problem->add_option("--receipts", options->receipts, "Different receipts asked for");
  problem->add_option("--cold-receipts", options->cold_receipts, "Those asked for with nothing in the page cache");
  problem->add_option("--paces", options->paces, "Likes a second of the freshness runs")->delimiter(',');
  problem->callback([&settings, options] { run_evidence(settings.context, *options); });
}

void add_audience(CLI::App& app, Settings& settings) {
  auto options = std::make_shared<AudienceOptions>();
  CLI::App* problem = app.add_subcommand("audience", "how many people an expression over tags means");
  problem->add_option("--people", options->people, "People");
  problem->add_option("--tags", options->tags, "Tags");
  problem->add_option("--terms", options->terms, "Terms of an expression");
  problem->add_option("--questions", options->questions, "Expressions");
  problem->add_option("--asks", options->asks, "How often each is asked; the quickest counts")->check(CLI::Range(1, 100));
  problem->add_option("--postgres-questions", options->postgres_questions, "Those that PostgreSQL is asked");
  problem->callback([&settings, options] { run_audience(settings.context, *options); });
}

void add_long_ones(CLI::App& app, Settings& settings) {
  auto footprint = std::make_shared<FootprintOptions>();
  CLI::App* problem = app.add_subcommand("footprint", "memory and disk of 100 M likes");
  problem->add_option("--likes", footprint->likes, "Likes");
  problem->callback([&settings, footprint] { run_footprint(settings.context, *footprint); });
  auto restart = std::make_shared<RestartOptions>();
  problem = app.add_subcommand("restart", "seconds to be ready after kill -9");
  problem->add_option("--likes", restart->likes, "Likes");
  problem->callback([&settings, restart] { run_restart(settings.context, *restart); });
}

void add_tools(CLI::App& app, Settings& settings) {
  app.add_subcommand("selftest", "checks the generator and the clients themselves")->callback(run_selftest);
  app.add_subcommand("machine", "prints what we measure on")->callback([&settings] {
    fmt::print("{}\n", machine_line(settings.context.scratch));
  });
  CLI::App* table = app.add_subcommand("table", "prints the markdown table of the --json file");
  table->callback([&settings] { fmt::print("{}", markdown_table(read_records(settings.json))); });
  auto threads = std::make_shared<int>(1);
  CLI::App* bare = app.add_subcommand("bare-beast", "");
  bare->group("");  // hidden: the rival runs in a process of its own
  bare->add_option("--threads", *threads);
  bare->callback([threads] { serve_bare_beast(*threads); });
}

int run(int argc, char** argv) {
  Settings settings;
  settings.context.self = std::filesystem::canonical("/proc/self/exe");
  CLI::App app("Benchmark problems of zan and its rivals; every answer is checked before its time counts.");
  app.require_subcommand(1);
  app.fallthrough();
  add_common(app, settings);
  std::unique_ptr<ScratchFolder> scratch;
  app.parse_complete_callback([&] {
    settings.recorder = Recorder(settings.json);
    scratch = std::make_unique<ScratchFolder>(settings.scratch, "zan-bench");
    settings.context.scratch = scratch->path();
  });
  add_ingest(app, settings);
  add_single(app, settings);
  add_hydrate(app, settings);
  add_evidence(app, settings);
  add_audience(app, settings);
  add_long_ones(app, settings);
  add_tools(app, settings);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  }
  if (!settings.recorder.records().empty()) {
    fmt::print("\n{}", markdown_table(settings.recorder.records()));
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  guard_against_signals();
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "zan_bench: {}\n", error.what());
    return 1;
  }
}
