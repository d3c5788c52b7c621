#include "zan/import_run.h"

#include <fmt/format.h>

#include "zan/progress_bar.h"

namespace zan::app {

Result<connectors::ImportReport> run_import(connectors::Sink& sink, connectors::Source& source, const ImportRun& run) {
  ProgressBar bar(run.label);
  connectors::ImportOptions options;
  options.notes = run.notes;
  options.restart = run.restart;
  options.problems_max = run.problems_max;
  options.stop = run.stop;
  options.on_problem = [&](const connectors::BadRow& bad) { bar.say(fmt::format("row {}: {}", bad.row, bad.reason)); };
  options.on_progress = [&](const connectors::Progress& progress, std::uint64_t events) {
    bar.update(progress.done, progress.total, grouped(events) + " events");
  };
  auto report = connectors::import_into(sink, source, options);
  if (!report.ok()) return report;
  if (report->bad > run.problems_max) bar.say(fmt::format("... and {} more rows", report->bad - run.problems_max));
  bar.finish(grouped(report->accepted + report->duplicates) +
             (report->interrupted ? " events, interrupted" : " events"));
  return report;
}

std::string describe_totals(const connectors::ImportReport& report) {
  std::string text;
  for (const connectors::ReadTotal& total : report.totals)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", grouped(total.count), total.name);
  return text;
}

std::string describe(const connectors::ImportReport& report) {
  std::string text;
  if (report.was_complete) text += "this input had been imported before; only what came after is new\n";
  if (report.resumed) text += "went on where a former import had stopped\n";
  text += fmt::format("accepted {} events, {} duplicates, {} rows refused, {} attributes\n", grouped(report.accepted),
                      grouped(report.duplicates), grouped(report.bad), grouped(report.attributes));
  if (report.showings > 0) text += fmt::format("recorded {} showings\n", grouped(report.showings));
  if (!report.totals.empty()) text += "read: " + describe_totals(report) + "\n";
  if (report.interrupted) text += "interrupted; the same command goes on from here\n";
  return text;
}

}  // namespace zan::app
