#include "storage/run_compaction.h"

#include <algorithm>

#include "storage/run_manifest.h"
#include "storage/run_merge.h"
#include "storage/run_writer.h"

namespace zan::storage {
namespace {

constexpr std::size_t merge_batch_rows = 1024;

// A tier of one set that holds enough runs.
struct FullTier {
  std::size_t set = 0;
  std::size_t first = 0;
  std::size_t count = 0;
  std::uint32_t tier = 0;
};

bool more_urgent(const FullTier& a, const FullTier& b) {
  return a.tier != b.tier ? a.tier < b.tier : a.count > b.count;
}

}  // namespace

std::optional<Compaction> pick_compaction(std::span<const std::shared_ptr<const SetView>> sets, unsigned fan_in) {
  std::optional<FullTier> best;
  for (std::size_t set = 0; set < sets.size(); ++set) {
    const std::vector<PlacedRun>& runs = sets[set]->runs();
    for (std::size_t first = 0, last = 0; first < runs.size(); first = last) {
      while (last < runs.size() && runs[last].tier == runs[first].tier) ++last;
      const FullTier found{set, first, last - first, runs[first].tier};
      if (found.count >= fan_in && (!best || more_urgent(found, *best))) best = found;
    }
  }
  if (!best) return std::nullopt;
  Compaction job{best->set, {}, best->tier + 1, best->first == 0};
  const std::vector<PlacedRun>& runs = sets[best->set]->runs();
  for (std::size_t i = 0; i < fan_in; ++i) job.inputs.push_back(runs[best->first + i].file);
  return job;
}

std::optional<Compaction> whole_compaction(std::size_t set, const SetView& view) {
  const std::vector<PlacedRun>& runs = view.runs();
  if (runs.empty() || (runs.size() == 1 && !view.schema().keep)) return std::nullopt;
  // One above the highest, so that a great run is not soon merged again with its small neighbours.
  return Compaction{set, view.files(), runs.size() == 1 ? runs.front().tier : runs.front().tier + 1, true};
}

Result<void> merge_runs(Disk& disk, const RunSchema& schema, const Compaction& job, const RunPlace& place,
                        const std::stop_token& stop, CompactionOutput& output) {
  std::uint64_t rows_max = 0;
  for (const auto& run : job.inputs) rows_max += run->footer().rows;
  ZAN_ASSIGN(const auto writer, RunWriter::create(disk, schema, place.path, place.number, rows_max));
  const auto merger = make_merger(schema, job.inputs, MergeRange{}, read_ahead_whole);
  std::vector<Row> rows(merge_batch_rows);
  for (;;) {
    if (stop.stop_requested()) {
      output.stopped = true;
      return {};
    }
    ZAN_ASSIGN(const std::size_t count, merger->next(rows));
    if (count == 0) break;
    auto end = rows.begin() + static_cast<std::ptrdiff_t>(count);
    if (schema.keep)
      end = std::remove_if(rows.begin(), end, [&](const Row& row) { return !schema.keep(row, job.oldest); });
    ZAN_TRY(writer->add({rows.begin(), end}));
  }
  ZAN_ASSIGN(output.run, writer->finish());
  return {};
}

}  // namespace zan::storage
