// Which runs to merge next, and the merging itself. Nothing here changes what the sets are: that is
// runs.cc.
//
// Size-tiered: fan_in runs of one tier become one of the next. The runs of a set lie oldest first
// with tiers that never rise, so the runs of one tier are neighbours, and taking the oldest of them
// keeps it so.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "storage/disk.h"
#include "storage/run_view.h"
#include "storage/runs.h"

namespace zan::storage {

struct Compaction {
  std::size_t set = 0;
  std::vector<std::shared_ptr<const RunFile>> inputs;  // neighbours, oldest first
  std::uint32_t tier = 0;                              // of the result
  bool oldest = false;                                 // no run lies below the inputs
};

// The lowest full tier of any set; of equal ones, that with the most runs.
std::optional<Compaction> pick_compaction(std::span<const std::shared_ptr<const SetView>> sets, unsigned fan_in);
// Everything in one set, unless that could not change anything (no run; one run and nothing to keep
// out).
std::optional<Compaction> whole_compaction(std::size_t set, const SetView& view);

struct CompactionOutput {
  std::shared_ptr<const RunFile> run;  // null: no row was kept
  bool stopped = false;
};

struct RunPlace {
  std::string path;
  std::uint64_t number = 0;
};

// Merges the inputs into a synced file (its folder is not). An error or a stop leaves no file
// behind.
Result<void> merge_runs(Disk& disk, const RunSchema& schema, const Compaction& job, const RunPlace& place,
                        const std::stop_token& stop, CompactionOutput& output);

}  // namespace zan::storage
