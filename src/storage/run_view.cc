#include "storage/run_view.h"

#include <algorithm>
#include <array>

#include "base/require.h"
#include "storage/run_merge.h"

namespace zan::storage {
namespace {

constexpr std::size_t batch_lookups = 128;
static_assert(batch_lookups <= filter_batch_max);
constexpr std::size_t lines_in_flight = 256;  // filter lines fetched ahead of their test: 16 KB of the first cache

class MergeCursor final : public RunCursor {
 public:
  MergeCursor(std::shared_ptr<const SetView> view, const MergeRange& range)
      : view_(std::move(view)), merger_(make_merger(view_->schema(), view_->files(), range, ReadAhead{})) {}

 protected:
  // Small batches first: most readers want a page.
  Result<std::span<const Row>> refill() override {
    rows_.resize(std::min(batch_rows_max, std::max(batch_rows_min, rows_.size() * 2)));
    ZAN_ASSIGN(const std::size_t count, merger_->next(rows_));
    return std::span<const Row>(rows_.data(), count);
  }

 private:
  static constexpr std::size_t batch_rows_min = 64;
  static constexpr std::size_t batch_rows_max = 1024;

  const std::shared_ptr<const SetView> view_;
  const std::unique_ptr<RunMerger> merger_;
  std::vector<Row> rows_;
};

}  // namespace

SetView::SetView(RunSchemas schemas, std::size_t set, std::vector<PlacedRun> runs)
    : schemas_(std::move(schemas)), set_(set), runs_(std::move(runs)) {
  if (!schema().filtered) return;
  for (const PlacedRun& run : runs_) filters_.push_back(run.file->filter());
}

Result<void> SetView::find_many(std::span<Lookup> lookups) const {
  require(schema().key_columns == 2, "find_many is for sets with two key columns");
  while (!lookups.empty()) {
    const std::size_t count = std::min(lookups.size(), batch_lookups);
    ZAN_TRY(find_batch(lookups.first(count)));
    lookups = lookups.subspan(count);
  }
  return {};
}

// Runs oldest first, in groups so that one group's filter lines are on their way while another's
// are tested.
Result<void> SetView::find_batch(std::span<Lookup> lookups) const {
  std::array<std::uint64_t, batch_lookups> hash_space;
  const std::span<std::uint64_t> hashes = std::span(hash_space).first(lookups.size());
  for (std::size_t i = 0; i < lookups.size(); ++i) {
    lookups[i].found = false;
    hashes[i] = filter_hash(lookups[i].key0, lookups[i].key1);
  }
  if (filters_.empty()) return find_unfiltered(lookups);
  const std::size_t group_runs = std::max<std::size_t>(1, lines_in_flight / lookups.size());
  const auto prefetch = [&](std::size_t from) {
    for (std::size_t r = from; r < std::min(from + group_runs, filters_.size()); ++r)
      for (const std::uint64_t hash : hashes) filters_[r].prefetch(hash);
  };
  prefetch(0);
  std::array<std::uint8_t, batch_lookups> passed;
  for (std::size_t r = 0; r < runs_.size(); ++r) {
    if (r % group_runs == 0) prefetch(r + group_runs);
    const std::size_t count = filters_[r].test(hashes, passed.data());
    for (std::size_t i = 0; i < count; ++i) ZAN_TRY(find_in_run(*runs_[r].file, lookups[passed[i]]));
  }
  return {};
}

Result<void> SetView::find_unfiltered(std::span<Lookup> lookups) const {
  for (const PlacedRun& run : runs_)
    for (Lookup& lookup : lookups) ZAN_TRY(find_in_run(*run.file, lookup));
  return {};
}

Result<void> SetView::find_in_run(const RunFile& run, Lookup& lookup) const {
  Row row;
  ZAN_ASSIGN(const bool found, run.find(Row{{lookup.key0, lookup.key1}}, row));
  if (!found) return {};
  if (lookup.found && schema().merge)
    schema().merge(lookup.row, row);
  else
    lookup.row = row;
  lookup.found = true;
  return {};
}

std::unique_ptr<RunCursor> SetView::scan(const Row& from, const Row& to) const {
  return std::make_unique<MergeCursor>(shared_from_this(), MergeRange{from, to});
}

std::vector<std::shared_ptr<const RunFile>> SetView::files() const {
  std::vector<std::shared_ptr<const RunFile>> files;
  files.reserve(runs_.size());
  for (const PlacedRun& run : runs_) files.push_back(run.file);
  return files;
}

std::uint64_t SetView::rows() const {
  std::uint64_t sum = 0;
  for (const PlacedRun& run : runs_) sum += run.file->footer().rows;
  return sum;
}

std::uint64_t SetView::bytes() const {
  std::uint64_t sum = 0;
  for (const PlacedRun& run : runs_) sum += run.file->footer().file_bytes();
  return sum;
}

std::size_t SetView::memory_bytes() const {
  std::size_t sum = sizeof(SetView);
  for (const PlacedRun& run : runs_) sum += run.file->memory_bytes();
  return sum;
}

}  // namespace zan::storage
