#include <fmt/format.h>

#include <cstdlib>

#include "engine/engine.h"
#include "zan/commands.h"
#include "zan/exit_code.h"
#include "zan/import_run.h"
#include "zan/interrupts.h"
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
  auto engine = engine::Engine::open({options.data});
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
}

}  // namespace zan::app
