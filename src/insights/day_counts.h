// DayCounts: the counts of one work by day, as sparse as works are: eight bytes a day and kind of which there was any.
//
// At most days_max days with anything in them are kept; when there are more, the oldest becomes part of "before", whose day is no
// longer known. What is counted for a day that has gone there, or is taken from a day that has no such count, goes to "before" too:
// the sum over everything is exact, always.
//
// Threads: one. Cost: add() is a binary search and, seldom, a move of some kilobytes.
#pragma once

#include <memory>
#include <vector>

#include "insights/counted.h"

namespace zan::insights {

inline constexpr std::size_t days_max = 400;

class DayCounts {
 public:
  void add(Day day, Slot slot, std::int64_t amount);

  [[nodiscard]] Counts total() const;
  // Of days that are known; `before()` has none of them.
  template <typename Each>  // each(day, slot, count), by day
  void each(Each each) const {
    for (const Cell& cell : cells_) each(cell.key / slots_a_day, static_cast<Slot>(cell.key % slots_a_day), cell.count);
  }
  [[nodiscard]] Counts before() const { return before_ ? *before_ : Counts{}; }
  // From here on days are known.
  [[nodiscard]] Day known_from() const { return known_from_; }
  [[nodiscard]] std::size_t days() const { return days_; }
  [[nodiscard]] std::size_t bytes() const {
    return cells_.capacity() * sizeof(Cell) + (before_ ? sizeof(Counts) : 0);
  }

 private:
  static constexpr std::uint32_t slots_a_day = 32;
  static_assert(slot_count <= slots_a_day);
  struct Cell {
    std::uint32_t key = 0;  // day, slot
    std::uint32_t count = 0;
  };

  [[nodiscard]] bool has_day(std::size_t beside) const;
  void add_before(Slot slot, std::int64_t amount);
  void fold_oldest();

  std::vector<Cell> cells_;  // by key; no count is zero
  std::unique_ptr<Counts> before_;
  Day known_from_ = 0;
  std::uint32_t days_ = 0;
};

}  // namespace zan::insights
