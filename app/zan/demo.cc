#include "zan/demo.h"

#include <fmt/format.h>

#include "zan/import_run.h"

namespace zan::app {
namespace {

// Names that need no quoting in a shell or a URL; others are left alone.
bool plain(const std::string& name) {
  return !name.empty() && name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") ==
                              std::string::npos;
}

Result<bool> is_wanted(const engine::Engine& engine, storage::Disk& disk, const connectors::Source& source) {
  ZAN_ASSIGN(const auto note, connectors::load_note(disk, source.identity()));
  if (note) return !note->complete;
  return engine.status().position == Position{};
}

}  // namespace

Result<std::unique_ptr<connectors::Source>> open_demo(const std::string& kind, const std::string& dataset) {
  if (kind == "none") return std::unique_ptr<connectors::Source>();
  if (kind == "kuairand") {
    if (dataset.empty()) return invalid("--demo kuairand needs --dataset DIR");
    return connectors::open_kuairand(dataset, connectors::kuairand_days_to(machine_clock().now()));
  }
  connectors::SyntheticOptions community;
  community.end = machine_clock().now();
  return connectors::make_synthetic(community);
}

Result<void> fill_demo(engine::Engine& engine, const std::string& data_folder, connectors::Source& source,
                       std::stop_token stop) {
  ZAN_ASSIGN(const auto disk, storage::open_machine_disk(data_folder));
  ZAN_ASSIGN(const bool wanted, is_wanted(engine, *disk, source));
  if (!wanted) return {};
  const auto sink = connectors::make_engine_sink(engine);
  ImportRun run;
  run.label = "filling the folder from " + source.identity();
  run.notes = disk.get();
  run.stop = std::move(stop);
  ZAN_ASSIGN(const auto report, run_import(*sink, source, run));
  fmt::print(stderr, "{}", describe(report));
  return {};
}

std::string requests_to_try(const engine::Engine& engine, const std::string& url) {
  const auto top = engine.reads().top(engagement::TopWindow::all, 2);
  if (!top.ok() || top->empty() || !plain(top->front().subject)) return {};
  const std::string& most_liked = top->front().subject;
  const std::string& second = top->back().subject;
  const auto likers = engine.reads().likers(most_liked, 1, {});
  std::string text = "Try:\n";
  text += fmt::format("  curl -s '{}/v1/subjects/{}/counts'\n", url, most_liked);
  text += fmt::format("  curl -s '{}/v1/subjects/{}/likers?limit=3'\n", url, most_liked);
  const bool known = likers.ok() && !likers->items.empty() && plain(likers->items[0].name) && plain(second);
  if (known) {
    text += fmt::format("  curl -s '{}/v1/hydrate' -H 'content-type: application/json' \\\n", url);
    text += fmt::format("       -d '{{\"viewer\":\"{}\",\"subjects\":[\"{}\",\"{}\"]}}'\n", likers->items[0].name,
                        most_liked, second);
  } else {
    text += fmt::format("  curl -s '{}/v1/top?window=all'\n", url);
  }
  return text;
}

}  // namespace zan::app
