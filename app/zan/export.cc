#include <fmt/format.h>

#include "engine/engine.h"
#include "zan/commands.h"
#include "zan/exit_code.h"
#include "zan/export_line.h"
#include "zan/interrupts.h"
#include "zan/output.h"
#include "zan/progress_bar.h"
#include "zan/serve_file.h"

namespace zan::app {
namespace {

constexpr std::size_t items_at_a_time = 1024;

struct Options {
  std::string data;
  std::string out;
  std::vector<std::string> users;
  bool as_events = false;
};

struct Counts {
  std::uint64_t lines = 0;
  std::uint64_t erased = 0;
};

Result<void> write_item(const engine::Feed::Item& item, bool as_events, Output& output, Counts& counts) {
  const std::string line = as_events ? to_event(item.json) : item.json;
  if (line.empty()) return ++counts.erased, Result<void>();
  ++counts.lines;
  ZAN_TRY(output.write(line));
  return output.write("\n");
}

Result<Counts> export_events(const engine::Engine& engine, const Options& options, const Interrupts& interrupts,
                             Output& output) {
  ProgressBar bar("exporting");
  Counts counts;
  const Position last = engine.status().position;
  ZAN_ASSIGN(const auto feed, engine.feed({}));
  std::vector<engine::Feed::Item> items;
  for (;;) {
    if (interrupts.happened()) return Error{ErrorKind::expired, "interrupted", {}};
    items.clear();
    ZAN_TRY(feed->next(items_at_a_time, items));
    if (items.empty()) break;
    for (const auto& item : items) ZAN_TRY(write_item(item, options.as_events, output, counts));
    bar.update(items.back().position.value, last.value, grouped(counts.lines) + " events");
  }
  bar.finish(grouped(counts.lines) + " events");
  return counts;
}

Result<void> export_users(const engine::Engine& engine, const Options& options, Output& output) {
  for (const std::string& user : options.users) {
    ZAN_TRY(engine.reads().export_user(user, [&](std::string_view piece) { return output.write(piece); }));
    ZAN_TRY(output.write("\n"));
  }
  return {};
}

Result<void> export_all(const Options& options, const Interrupts& interrupts) {
  auto engine = engine::Engine::open({options.data});
  if (!engine.ok()) return explain_lock(engine.error(), options.data, "back it up and export the restored backup");
  ZAN_ASSIGN(const auto output, Output::open(options.out));
  if (!options.users.empty()) {
    ZAN_TRY(export_users(**engine, options, *output));
  } else {
    ZAN_ASSIGN(const Counts counts, export_events(**engine, options, interrupts, *output));
    if (counts.erased > 0) fmt::print(stderr, "{} events of erased people were left out\n", grouped(counts.erased));
  }
  return output->finish();
}

int run(const Options& options) {
  const Interrupts interrupts;
  if (const auto exported = export_all(options, interrupts); !exported.ok()) {
    const int code = fail(exported.error());
    return interrupts.happened() ? exit_interrupted : code;
  }
  return exit_ok;
}

}  // namespace

void add_export(CLI::App& root, Run& chosen) {
  CLI::App* command = root.add_subcommand("export", "Write all events of a data folder as lines of JSON");
  const auto options = std::make_shared<Options>();
  command->add_option("--data", options->data, "Data folder that is not being served")
      ->required()
      ->check(CLI::ExistingDirectory);
  command->add_option("--out", options->out, "File that does not exist yet; standard output if absent");
  CLI::Option* users = command->add_option("--user", options->users,
                                           "Instead: everything held about this user, as one JSON object; repeatable");
  command
      ->add_flag("--events", options->as_events,
                 "As events that POST /v1/events and `zan import ndjson` take; acts of erased people are left out")
      ->excludes(users);
  command->callback([&chosen, options] { chosen = [options] { return run(*options); }; });
}

}  // namespace zan::app
