#include "evidence/entry_index.h"

#include <algorithm>
#include <array>
#include <mutex>

namespace zan::evidence {
namespace {

using storage::Row;

// Sets, their columns, and the keys before the bar:
//   places    position | index, position of the lead, offset of the lead
//   subjects  subject, inverted position
//   creators  creator, inverted position
//   names     hash high, hash low | position
//   extent    0 | entries that are indexed
enum Set : std::size_t { places, subjects, creators, names, extent, set_count };

std::vector<storage::RunSchema> schemas() {
  return {{.name = "places", .columns = 4, .key_columns = 1},
          {.name = "subjects", .columns = 2, .key_columns = 2},
          {.name = "creators", .columns = 2, .key_columns = 2},
          {.name = "names", .columns = 3, .key_columns = 2},
          {.name = "extent", .columns = 2, .key_columns = 1}};
}

// So that the newest come first. Positions stay far below.
constexpr std::uint64_t position_top = std::uint64_t{1} << 62;

constexpr std::uint64_t inverted(Position position) {
  return position_top - position.value;
}

IndexedEntry entry_of(const Row& row) {
  return {{row.column[0]}, row.column[1], {{row.column[2]}, row.column[3]}};
}

// By id, then newest first. Sorted as one number each: the id, and how far from the newest.
std::vector<Row> id_rows(const std::vector<std::uint32_t>& ids, const std::vector<Position>& positions) {
  std::vector<std::uint64_t> order;
  order.reserve(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i)
    if (ids[i] != 0) order.push_back(std::uint64_t{ids[i]} << 32 | (ids.size() - 1 - i));
  std::ranges::sort(order);
  std::vector<Row> rows;
  rows.reserve(order.size());
  for (const std::uint64_t one : order)
    rows.push_back({{one >> 32, inverted(positions[ids.size() - 1 - (one & 0xffff'ffff)])}});
  return rows;
}

}  // namespace

void EntryIndex::Waiting::clear() {
  positions.clear();
  indexes.clear();
  leads.clear();
  subjects.clear();
  creators.clear();
  named.clear();
  names.clear();
}

Result<std::unique_ptr<EntryIndex>> EntryIndex::open(storage::Disk& disk, const std::string& folder) {
  ZAN_ASSIGN(auto runs, storage::Runs::open(disk, schemas(), {.folder = folder}));
  std::unique_ptr<EntryIndex> index(new EntryIndex(std::move(runs)));
  const auto cursor = index->view(extent)->scan({}, {{1}});
  Row row;
  ZAN_ASSIGN(const bool there, cursor->next(row));
  if (there) index->flushed_entries_ = row.column[1];
  index->position_ = index->runs_->position();
  return index;
}

void EntryIndex::add(const NewEntry& entry) {
  const std::unique_lock lock(mutex_);
  waiting_.positions.push_back(entry.entry.position);
  waiting_.indexes.push_back(entry.entry.index);
  waiting_.leads.push_back(entry.entry.lead);
  waiting_.subjects.push_back(entry.subject);
  waiting_.creators.push_back(entry.creator);
  if (!entry.name) return;
  waiting_.named.push_back(entry.entry.position);
  waiting_.names.push_back(*entry.name);
}

Result<void> EntryIndex::flush() {
  if (position_ == runs_->position()) return {};
  std::array<std::vector<Row>, set_count> rows;
  rows[places].reserve(waiting_.positions.size());
  for (std::size_t i = 0; i < waiting_.positions.size(); ++i) {
    const storage::GroupPlace& lead = waiting_.leads[i];
    rows[places].push_back({{waiting_.positions[i].value, waiting_.indexes[i], lead.first.value, lead.offset}});
  }
  rows[subjects] = id_rows(waiting_.subjects, waiting_.positions);
  rows[creators] = id_rows(waiting_.creators, waiting_.positions);
  for (std::size_t i = 0; i < waiting_.names.size(); ++i)
    rows[names].push_back({{waiting_.names[i].high, waiting_.names[i].low, waiting_.named[i].value}});
  std::ranges::sort(rows[names], {}, &Row::column);
  const std::uint64_t entries = flushed_entries_ + waiting_.positions.size();
  rows[extent].push_back({{0, entries}});
  std::vector<storage::RunSetRows> sets;
  for (std::size_t set = 0; set < set_count; ++set) sets.push_back({set, rows[set]});
  ZAN_TRY(runs_->flush(position_, sets));
  flushed_entries_ = entries;
  const std::unique_lock lock(mutex_);
  waiting_.clear();
  return {};
}

IndexedEntry EntryIndex::waiting_entry(std::size_t at) const {
  return {waiting_.positions[at], waiting_.indexes[at], waiting_.leads[at]};
}

Result<std::optional<IndexedEntry>> EntryIndex::find(Position event) const {
  ZAN_ASSIGN(const auto found, first_from(event));
  return found && found->position == event ? found : std::nullopt;
}

Result<std::optional<IndexedEntry>> EntryIndex::first_from(Position from) const {
  std::shared_ptr<const storage::RunView> flushed_rows;
  std::optional<IndexedEntry> waiting;
  {
    const std::shared_lock lock(mutex_);
    flushed_rows = view(places);
    const auto at = std::ranges::lower_bound(waiting_.positions, from);
    if (at != waiting_.positions.end())
      waiting = waiting_entry(static_cast<std::size_t>(at - waiting_.positions.begin()));
    // All that waits lies behind what is flushed.
    if (at != waiting_.positions.begin() && waiting) return waiting;
  }
  const auto cursor = flushed_rows->scan({{from.value}}, {{position_top}});
  Row row;
  ZAN_ASSIGN(const bool there, cursor->next(row));
  return there ? std::optional(entry_of(row)) : waiting;
}

Result<std::optional<Position>> EntryIndex::find(const Hash128& name) const {
  std::shared_ptr<const storage::RunView> flushed_rows;
  {
    const std::shared_lock lock(mutex_);
    const auto at = std::ranges::find(waiting_.names, name);
    if (at != waiting_.names.end())
      return std::optional(waiting_.named[static_cast<std::size_t>(at - waiting_.names.begin())]);
    flushed_rows = view(names);
  }
  storage::Lookup lookup{name.high, name.low, {}, false};
  ZAN_ASSIGN(const bool there, flushed_rows->find(lookup));
  return there ? std::optional(Position{lookup.row.column[2]}) : std::nullopt;
}

Result<std::vector<Position>> EntryIndex::newest_of_subject(std::uint32_t subject, Position before,
                                                            std::size_t max) const {
  return newest_of(subjects, waiting_.subjects, subject, before, max);
}

Result<std::vector<Position>> EntryIndex::newest_of_creator(std::uint32_t creator, Position before,
                                                            std::size_t max) const {
  return newest_of(creators, waiting_.creators, creator, before, max);
}

Result<std::vector<Position>> EntryIndex::newest_of(std::size_t set, const std::vector<std::uint32_t>& waiting_ids,
                                                    std::uint32_t id, Position before, std::size_t max) const {
  std::vector<Position> found;
  std::shared_ptr<const storage::RunView> flushed_rows;
  {
    const std::shared_lock lock(mutex_);
    flushed_rows = view(set);
    for (std::size_t i = waiting_ids.size(); i-- > 0 && found.size() < max;)
      if (waiting_ids[i] == id && waiting_.positions[i] < before) found.push_back(waiting_.positions[i]);
  }
  const Position below = found.empty() ? before : found.back();
  if (below.value == 0) return found;
  const auto cursor = flushed_rows->scan({{id, inverted({below.value - 1})}}, {{std::uint64_t{id} + 1, 0}});
  Row row;
  while (found.size() < max) {
    ZAN_ASSIGN(const bool there, cursor->next(row));
    if (!there) break;
    found.push_back({position_top - row.column[1]});
  }
  return found;
}

std::uint64_t EntryIndex::bytes() const {
  std::uint64_t bytes = 0;
  for (std::size_t set = 0; set < set_count; ++set) bytes += view(set)->bytes();
  return bytes;
}

}  // namespace zan::evidence
