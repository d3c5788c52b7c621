// SegmentTable: which segments there are and how far they may be read; what the journal's writer and readers share.
//
// Threads: any. Only the writer changes it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "storage/journal_format.h"

namespace zan::storage {

struct SegmentExtent {
  SegmentHeader header;
  std::uint64_t bytes = 0;  // of the file that hold synced groups, header included
  bool sealed = false;      // a later segment exists; `bytes` is final
};

class SegmentTable {
 public:
  explicit SegmentTable(std::vector<SegmentExtent> extents) : extents_(std::move(extents)) {}

  void add(const SegmentHeader& header) {
    const std::lock_guard lock(mutex_);
    extents_.back().sealed = true;
    extents_.push_back({header, segment_header_bytes, false});
  }
  void synced(std::uint64_t bytes, Position last) {
    const std::lock_guard lock(mutex_);
    extents_.back().bytes = bytes;
    synced_ = last;
  }

  [[nodiscard]] SegmentExtent at(std::size_t index) const {
    const std::lock_guard lock(mutex_);
    return extents_[index];
  }
  [[nodiscard]] std::vector<SegmentExtent> all() const {
    const std::lock_guard lock(mutex_);
    return extents_;
  }
  [[nodiscard]] Position synced() const {
    const std::lock_guard lock(mutex_);
    return synced_;
  }
  // Index of the last segment for which `holds` is true; holds of the first, and no longer true once it was false.
  template <typename Holds>
  [[nodiscard]] std::size_t last_with(Holds holds) const {
    const std::lock_guard lock(mutex_);
    const auto past = std::partition_point(extents_.begin() + 1, extents_.end(),
                                           [&](const SegmentExtent& extent) { return holds(extent.header); });
    return static_cast<std::size_t>(past - extents_.begin()) - 1;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<SegmentExtent> extents_;  // never empty
  Position synced_;
};

// Reads the groups from segment `index` on that hold records behind `after`; `lead` as in Journal::read_near.
Result<std::unique_ptr<JournalReader>> read_segments(Disk& disk, std::shared_ptr<const SegmentTable> table,
                                                     std::size_t index, Position after, std::optional<GroupPlace> lead);

}  // namespace zan::storage
