// SetView: the runs of one set at one moment, oldest first, read as one table.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "storage/run_file.h"
#include "storage/runs.h"

namespace zan::storage {

using RunSchemas = std::shared_ptr<const std::vector<RunSchema>>;

// A run in its place: the tier is the manifest's business, not the file's.
struct PlacedRun {
  std::shared_ptr<const RunFile> file;
  std::uint32_t tier = 0;
};

class SetView final : public RunView, public std::enable_shared_from_this<SetView> {
 public:
  SetView(RunSchemas schemas, std::size_t set, std::vector<PlacedRun> runs);

  Result<void> find_many(std::span<Lookup> lookups) const override;
  std::unique_ptr<RunCursor> scan(const Row& from, const Row& to) const override;
  std::uint64_t rows() const override;
  std::uint64_t bytes() const override;
  std::size_t run_count() const override { return runs_.size(); }
  std::size_t memory_bytes() const override;

  [[nodiscard]] const RunSchema& schema() const { return (*schemas_)[set_]; }
  [[nodiscard]] const std::vector<PlacedRun>& runs() const { return runs_; }
  [[nodiscard]] std::vector<std::shared_ptr<const RunFile>> files() const;

 private:
  Result<void> find_batch(std::span<Lookup> lookups) const;
  Result<void> find_unfiltered(std::span<Lookup> lookups) const;
  Result<void> find_in_run(const RunFile& run, Lookup& lookup) const;

  const RunSchemas schemas_;
  const std::size_t set_;
  const std::vector<PlacedRun> runs_;
  std::vector<FilterView> filters_;  // one a run; empty for a set without filters
};

}  // namespace zan::storage
