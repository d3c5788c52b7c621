// Works: what is known of every work right now - its facts, and how those took it who were shown it.
//
// Counts are kept twice: over all time, and fading with a half-life of two days, which is what lately means here. A
// showing and what became of it count once each; what came without a showing (an act from elsewhere) counts as shown.
//
// Owns: the works, in blocks that never move. Threads: any; a work's numbers are guarded by one of many locks.
// Cost: some 160 bytes a work; a read is one or two cache misses.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "matching/facts.h"

namespace zan::matching {

inline constexpr double work_half_life_s = 2 * 86'400.0;

// A dense number of a work, in the order they were first heard of, from 0; what all inner tables count by.
using WorkRow = std::uint32_t;
inline constexpr WorkRow no_work = ~WorkRow{0};

// How those took it who were shown it.
struct Response {
  float shown = 0;
  Rates of{};
};

struct WorkView {
  SubjectId subject;
  CreatorId creator;
  std::uint32_t published_s = 0;  // since 1970
  std::uint32_t duration_ms = 0;
  std::uint32_t kind = 0;
  std::array<std::uint32_t, work_tags_max> tags{};
  std::uint8_t tag_count = 0;
  bool adults_only = false;
  Response ever;
  Response lately;  // as of lately_s; fades from then on
  std::uint32_t lately_s = 0;

  [[nodiscard]] std::span<const std::uint32_t> tag_span() const { return {tags.data(), tag_count}; }
};
// What `view.lately` has become at a later second.
Response faded(const WorkView& view, std::uint32_t now_s);

class Works {
 public:
  // `works_max`: of which numbers are kept; whoever comes after is told by row_or_add() as no_work.
  explicit Works(std::size_t works_max);
  ~Works();
  Works(const Works&) = delete;
  Works& operator=(const Works&) = delete;

  // ---- one thread at a time
  WorkRow put(const WorkFacts& facts, Timestamp heard_of);
  WorkRow row_or_add(SubjectId subject, CreatorId creator, Timestamp heard_of);
  void count_shown(WorkRow row, Timestamp at, float weight = 1);
  // Negative: a like withdrawn or found false. No count falls below nothing.
  void count(WorkRow row, Signal signal, Timestamp at, float weight = 1);

  // ---- any thread
  [[nodiscard]] std::size_t size() const { return size_.load(std::memory_order_acquire); }
  [[nodiscard]] WorkRow row_of(SubjectId subject) const;  // no_work: never heard of
  // REQUIRES: row < size().
  [[nodiscard]] WorkView read(WorkRow row) const;
  // It will be read soon: a work is two or three cache misses.
  void prefetch(WorkRow row) const;
  [[nodiscard]] SubjectId subject_of(WorkRow row) const;
  [[nodiscard]] std::size_t bytes() const;

 private:
  static constexpr std::size_t block_rows = 4096;
  static constexpr std::size_t page_numbers = 65'536;
  static constexpr std::size_t locks = 256;
  using Block = std::array<WorkView, block_rows>;
  using Page = std::array<std::atomic<WorkRow>, page_numbers>;  // row + 1 of each subject number, 0: none

  [[nodiscard]] WorkView& at(WorkRow row) const { return (*blocks_[row / block_rows])[row % block_rows]; }
  [[nodiscard]] std::mutex& lock_of(WorkRow row) const { return mutexes_[row % locks]; }
  std::atomic<WorkRow>& place_of(SubjectId subject);
  template <typename Change>
  void change_counts(WorkRow row, Timestamp when, const Change& change);

  std::size_t works_max_;
  std::vector<std::unique_ptr<Block>> blocks_;  // all places are there from the start, empty
  std::atomic<std::size_t> size_{0};
  std::vector<std::atomic<Page*>> pages_;  // by subject number / page_numbers
  std::vector<std::unique_ptr<Page>> owned_pages_;
  mutable std::array<std::mutex, locks> mutexes_;
};

}  // namespace zan::matching
