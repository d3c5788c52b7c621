#include <fmt/format.h>

#include <array>
#include <cstdlib>

#include "base/random.h"
#include "engine/engine.h"
#include "zan/commands.h"
#include "zan/exit_code.h"
#include "zan/import_run.h"
#include "zan/interrupts.h"
#include "zan/progress_bar.h"
#include "zan/serve_file.h"

namespace zan::app {
namespace {

struct Options {
  std::string kind;  // kuairand, ndjson, csv
  std::string input;
  std::string map;
  std::string data;
  std::string server;
  std::string key;
  std::string notes;
  bool restart = false;
  std::uint64_t problems = 20;
};

Result<std::unique_ptr<connectors::Source>> open_source(const Options& options) {
  if (options.kind == "kuairand") return connectors::open_kuairand(options.input);
  if (options.kind == "ndjson") return connectors::open_ndjson(options.input);
  ZAN_ASSIGN(const auto mapping, connectors::parse_csv_mapping(options.map));
  return connectors::open_csv(options.input, mapping);
}

int finish(const Result<connectors::ImportReport>& report) {
  if (!report.ok()) return fail(report.error());
  fmt::print("{}", describe(*report));
  if (report->interrupted) return exit_interrupted;
  return report->bad > 0 ? exit_findings : exit_ok;
}

ImportRun settings(const Options& options, const Interrupts& interrupts, storage::Disk* notes) {
  return {"importing", notes, options.restart, options.problems, interrupts.token()};
}

int import_into_folder(const Options& options, connectors::Source& source, const Interrupts& interrupts) {
  engine::EngineOptions settings_of_engine;
  settings_of_engine.data_folder = options.data;
  // Whoever serves the folder makes it, with tags of their own.
  settings_of_engine.audience.on = false;
  auto engine = engine::Engine::open(std::move(settings_of_engine));
  if (!engine.ok()) return fail(explain_lock(engine.error(), options.data, "import with --server instead of --data"));
  auto notes = storage::open_machine_disk(options.data);
  if (!notes.ok()) return fail(notes.error());
  const auto sink = connectors::make_engine_sink(**engine);
  return finish(run_import(*sink, source, settings(options, interrupts, notes->get())));
}

int import_into_server(const Options& options, connectors::Source& source, const Interrupts& interrupts) {
  auto address = connectors::parse_server_url(options.server);
  if (!address.ok()) return fail(address.error());
  std::unique_ptr<storage::Disk> notes;
  if (!options.notes.empty()) {
    auto disk = storage::open_machine_disk(options.notes);
    if (!disk.ok()) return fail(disk.error());
    notes = std::move(disk).value();
  }
  auto sink = connectors::make_server_sink({*address, options.key, "zan-import"}, interrupts.token());
  if (!sink.ok()) return fail(sink.error());
  return finish(run_import(**sink, source, settings(options, interrupts, notes.get())));
}

int run(const Options& options) {
  if (options.data.empty() == options.server.empty()) return fail(invalid("give either --data DIR or --server URL"));
  const Interrupts interrupts;
  auto source = open_source(options);
  if (!source.ok()) return fail(source.error());
  return options.data.empty() ? import_into_server(options, **source, interrupts)
                              : import_into_folder(options, **source, interrupts);
}

void add_kind(CLI::App& parent, const std::string& kind, const char* about, const char* input_help, Run& chosen) {
  CLI::App* command = parent.add_subcommand(kind, about);
  const auto options = std::make_shared<Options>();
  options->kind = kind;
  command->add_option("input", options->input, input_help)->required();
  if (kind == "csv")
    command
        ->add_option("--map", options->map,
                     "FIELD=COLUMN or FIELD=const:VALUE, comma separated, for example\n"
                     "actor=user_id,subject=item,at=ts,type=const:like")
        ->required();
  command->add_option("--data", options->data, "Data folder to import into; no server may be using it");
  command->add_option("--server", options->server, "Or a running server, http://HOST:PORT");
  command->add_option("--key", options->key, "API key for --server")->envname("ZAN_API_KEY");
  command->add_option("--notes", options->notes, "With --server: folder that remembers how far the import came");
  command->add_flag("--restart", options->restart, "Begin at the beginning, whatever was noted");
  command->add_option("--problems", options->problems, "How many refused rows to name")->capture_default_str();
  command->callback([&chosen, options] { chosen = [options] { return run(*options); }; });
}

struct TagOptions {
  std::string input;
  std::string format = "csv";
  std::string server;
  std::string key;
  std::string source;
  bool off = false;
  std::uint64_t problems = 20;
};

std::uint64_t number_of_import() {
  std::array<unsigned char, 8> bytes{};
  machine_entropy().fill(bytes);
  std::uint64_t number = 1;
  for (const unsigned char byte : bytes) number = (number << 8) | byte;
  return number;
}

int run_tags(const TagOptions& options) {
  const Interrupts interrupts;
  auto rows = options.format == "csv" ? connectors::TagRows::open_csv(options.input)
                                      : connectors::TagRows::open_ndjson(options.input);
  if (!rows.ok()) return fail(rows.error());
  auto address = connectors::parse_server_url(options.server);
  if (!address.ok()) return fail(address.error());
  auto client = connectors::HttpClient::connect({*address, options.key, "zan-import"});
  if (!client.ok()) return fail(client.error());
  ProgressBar bar("importing");
  std::uint64_t named = 0;
  connectors::TagImportOptions settings;
  settings.source = options.source;
  settings.import = number_of_import();
  settings.on = !options.off;
  settings.stop = interrupts.token();
  settings.on_problem = [&](const connectors::BadRow& bad) {
    if (named++ < options.problems) bar.say(fmt::format("row {}: {}", bad.row, bad.reason));
  };
  settings.on_progress = [&](const connectors::Progress& progress, std::uint64_t read) {
    bar.update(progress.done, progress.total, grouped(read) + " rows");
  };
  const auto report = connectors::import_tags(**rows, **client, settings);
  if (!report.ok()) return fail(report.error());
  bar.finish(grouped(report->rows) + " rows");
  fmt::print("told {} rows, {} of them of users whom the server does not know; {} rows refused\n",
             grouped(report->rows), grouped(report->unknown), grouped(report->bad));
  if (report->interrupted) return exit_interrupted;
  return report->bad > 0 ? exit_findings : exit_ok;
}

void add_tags(CLI::App& parent, Run& chosen) {
  CLI::App* command = parent.add_subcommand("tags", "Users' imported tags, rows of user, tag and value");
  const auto options = std::make_shared<TagOptions>();
  command->add_option("input", options->input, "File, plain or gzip; - for standard input")->required();
  command->add_option("--format", options->format, "csv, with a header that names user, tag and value; or ndjson")
      ->check(CLI::IsMember({"csv", "ndjson"}))
      ->capture_default_str();
  command->add_option("--server", options->server, "A running server, http://HOST:PORT")->required();
  command->add_option("--key", options->key, "API key with the scopes audience and members")->envname("ZAN_API_KEY");
  command->add_option("--source", options->source, "Where they come from, kept with them: \"panel of May\"")
      ->required();
  command->add_flag("--off", options->off, "Take the values away");
  command->add_option("--problems", options->problems, "How many refused rows to name")->capture_default_str();
  command->callback([&chosen, options] { chosen = [options] { return run_tags(*options); }; });
}

}  // namespace

void add_import(CLI::App& root, Run& chosen) {
  CLI::App* command = root.add_subcommand("import", "Import engagement from files");
  command->require_subcommand(1);
  command->footer(
      "An import that is interrupted goes on where it was; one that is repeated counts nothing twice.\n"
      "Exit code 3: done, but some rows were refused.");
  add_kind(*command, "kuairand", "KuaiRand-Pure, the dataset folder as it is", "The folder with its files", chosen);
  add_kind(*command, "ndjson", "Events as lines of JSON, as POST /v1/events takes them",
           "File, plain or gzip; - for standard input", chosen);
  add_kind(*command, "csv", "Rows of a CSV file with a header, by a column mapping",
           "File, plain or gzip; - for standard input", chosen);
  add_tags(*command, chosen);
}

}  // namespace zan::app
