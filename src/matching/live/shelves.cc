#include "matching/live/shelves.h"

#include <algorithm>

namespace zan::matching {
namespace {

constexpr std::size_t trending_size = 2'000;
constexpr std::size_t place_size = 500;  // of an hour, a region
constexpr std::size_t tag_size = 128;
constexpr double trending_half_life_s = 86'400;
constexpr double place_half_life_s = 3 * 86'400.0;
constexpr double tag_half_life_s = 7 * 86'400.0;
constexpr std::uint32_t hours_together = 4;

std::uint32_t hours_of(std::uint32_t hour) { return hour % 24 / hours_together; }

}  // namespace

void Newest::add(WorkRow row, std::size_t count_max) {
  if (ring_.size() < count_max) {
    ring_.push_back(row);
    return;
  }
  ring_[next_] = row;
  next_ = (next_ + 1) % ring_.size();
}

std::vector<WorkRow> Newest::read(std::size_t count) const {
  std::vector<WorkRow> rows;
  count = std::min(count, ring_.size());
  rows.reserve(count);
  for (std::size_t i = 0; i < count; ++i) rows.push_back(ring_[(next_ + ring_.size() - 1 - i) % ring_.size()]);
  return rows;
}

Shelves::Shelves()
    : trending_(trending_size, trending_half_life_s),
      hours_(24 / hours_together, Board(place_size, place_half_life_s)) {}

// REQUIRES: tags_mutex_ is held. Null: there are too many tags.
Shelves::TagShelf* Shelves::tag_shelf(std::uint32_t tag) {
  if (const auto found = tags_.find(tag); found != tags_.end()) return &found->second;
  if (tags_.size() >= tags_on_shelves_max) return nullptr;
  return &tags_.emplace(tag, TagShelf{Board(tag_size, tag_half_life_s), {}}).first->second;
}

void Shelves::put(WorkRow row, std::span<const std::uint32_t> tags, CreatorId creator) {
  {
    const std::lock_guard lock(tags_mutex_);
    for (const std::uint32_t tag : tags) {
      if (TagShelf* const shelf = tag_shelf(tag)) shelf->newest.add(row, newest_of_tag_max);
    }
  }
  const std::lock_guard lock(newest_mutex_);
  newest_.add(row, newest_works_max);
  if (!creator) return;
  auto shelf = creators_.find(creator.value);
  if (shelf == creators_.end()) {
    if (creators_.size() >= creators_on_shelves_max) return;
    shelf = creators_.emplace(creator.value, Newest()).first;
  }
  shelf->second.add(row, newest_of_creator_max);
}

void Shelves::cheered(WorkRow row, const WorkView& view, TermId region, Timestamp at, float weight) {
  const std::uint32_t at_s = seconds_of(at);
  {
    const std::lock_guard lock(boards_mutex_);
    trending_.add(row, weight, at_s);
    hours_[hours_of(at_s / 3600)].add(row, weight, at_s);
    if (region) {
      auto board = regions_.find(region.value);
      if (board == regions_.end() && regions_.size() < regions_on_shelves_max)
        board = regions_.emplace(region.value, Board(place_size, place_half_life_s)).first;
      if (board != regions_.end()) board->second.add(row, weight, at_s);
    }
  }
  const std::lock_guard lock(tags_mutex_);
  for (const std::uint32_t tag : view.tag_span()) {
    if (TagShelf* const shelf = tag_shelf(tag)) shelf->board.add(row, weight, at_s);
  }
}

std::vector<Standing> Shelves::trending(std::size_t count, std::uint32_t now_s) const {
  const std::lock_guard lock(boards_mutex_);
  return trending_.top(count, now_s);
}

std::vector<Standing> Shelves::of_region(TermId region, std::size_t count, std::uint32_t now_s) const {
  const std::lock_guard lock(boards_mutex_);
  const auto board = regions_.find(region.value);
  return board == regions_.end() ? std::vector<Standing>() : board->second.top(count, now_s);
}

std::vector<Standing> Shelves::of_hour(std::uint32_t hour, std::size_t count, std::uint32_t now_s) const {
  const std::lock_guard lock(boards_mutex_);
  return hours_[hours_of(hour)].top(count, now_s);
}

std::vector<Standing> Shelves::of_tag(std::uint32_t tag, std::size_t count, std::uint32_t now_s) const {
  const std::lock_guard lock(tags_mutex_);
  const auto shelf = tags_.find(tag);
  return shelf == tags_.end() ? std::vector<Standing>() : shelf->second.board.top(count, now_s);
}

std::vector<WorkRow> Shelves::newest(std::size_t count) const {
  const std::lock_guard lock(newest_mutex_);
  return newest_.read(count);
}

std::vector<WorkRow> Shelves::newest_of_tag(std::uint32_t tag, std::size_t count) const {
  const std::lock_guard lock(tags_mutex_);
  const auto shelf = tags_.find(tag);
  return shelf == tags_.end() ? std::vector<WorkRow>() : shelf->second.newest.read(count);
}

std::vector<WorkRow> Shelves::newest_of(CreatorId creator, std::size_t count) const {
  const std::lock_guard lock(newest_mutex_);
  const auto shelf = creators_.find(creator.value);
  return shelf == creators_.end() ? std::vector<WorkRow>() : shelf->second.read(count);
}

}  // namespace zan::matching
