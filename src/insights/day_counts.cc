#include "insights/day_counts.h"

#include <algorithm>
#include <limits>

namespace zan::insights {

// Whether a neighbour of the cell is of the same day.
bool DayCounts::has_day(std::size_t beside) const {
  const std::uint32_t day = cells_[beside].key / slots_a_day;
  return (beside > 0 && cells_[beside - 1].key / slots_a_day == day) ||
         (beside + 1 < cells_.size() && cells_[beside + 1].key / slots_a_day == day);
}

void DayCounts::add_before(Slot slot, std::int64_t amount) {
  if (amount == 0) return;
  if (!before_) before_ = std::make_unique<Counts>();
  (*before_)[slot] += amount;
}

void DayCounts::fold_oldest() {
  const Day day = cells_.front().key / slots_a_day;
  std::size_t end = 0;
  for (; end < cells_.size() && cells_[end].key / slots_a_day == day; ++end)
    add_before(static_cast<Slot>(cells_[end].key % slots_a_day), cells_[end].count);
  cells_.erase(cells_.begin(), cells_.begin() + static_cast<std::ptrdiff_t>(end));
  known_from_ = day + 1;
  --days_;
}

void DayCounts::add(Day day, Slot slot, std::int64_t amount) {
  if (amount == 0) return;
  if (day < known_from_) return add_before(slot, amount);
  const std::uint32_t key = day * slots_a_day + slot;
  const auto found =
      std::lower_bound(cells_.begin(), cells_.end(), key, [](const Cell& cell, std::uint32_t of) { return cell.key < of; });
  const auto at = static_cast<std::size_t>(found - cells_.begin());
  const bool there = found != cells_.end() && found->key == key;
  const std::int64_t wanted = (there ? found->count : 0) + amount;
  const std::int64_t kept = std::clamp<std::int64_t>(wanted, 0, std::numeric_limits<std::uint32_t>::max());
  add_before(slot, wanted - kept);
  if (kept == 0) {
    if (!there) return;
    if (!has_day(at)) --days_;
    cells_.erase(found);
    return;
  }
  if (there) {
    found->count = static_cast<std::uint32_t>(kept);
    return;
  }
  cells_.insert(found, {key, static_cast<std::uint32_t>(kept)});
  if (!has_day(at)) ++days_;
  if (days_ > days_max) fold_oldest();
}

Counts DayCounts::total() const {
  Counts sum = before();
  for (const Cell& cell : cells_) sum[cell.key % slots_a_day] += cell.count;
  return sum;
}

}  // namespace zan::insights
