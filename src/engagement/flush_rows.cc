// Turns a memory table into sorted rows. Runs on the flusher thread; a million likes take about 0.2 s.
#include <algorithm>

#include "engagement/store.h"

namespace zan::engagement {
namespace {

using storage::Row;

// Least-significant-digit radix sort by an unsigned 64-bit key, stable; digits in which all keys agree are skipped
// (dense ids use few of their bits). Knuth, TAOCP 3, 5.2.5.
template <typename Item, typename Key>
void radix_sort(std::vector<Item>& items, Key key) {
  constexpr unsigned digit_bits = 11;
  constexpr std::size_t buckets = std::size_t{1} << digit_bits;
  std::uint64_t varying = 0;
  for (const Item& item : items) varying |= key(item) ^ key(items.front());
  std::vector<Item> other(items.size());
  for (unsigned shift = 0; shift < 64; shift += digit_bits) {
    if ((varying >> shift & (buckets - 1)) == 0) continue;
    std::array<std::size_t, buckets> at{};
    for (const Item& item : items) ++at[key(item) >> shift & (buckets - 1)];
    std::size_t sum = 0;
    for (std::size_t& start : at) sum += std::exchange(start, sum);
    for (const Item& item : items) other[at[key(item) >> shift & (buckets - 1)]++] = item;
    items.swap(other);
  }
}

std::vector<Row> pair_rows(const PairTable& table) {
  struct Item {
    std::uint64_t key;
    PairState state;
  };
  std::vector<Item> items;
  items.reserve(table.entries().size());
  for (const auto& entry : table.entries())
    items.push_back({std::uint64_t{entry.first} << 32 | entry.second, entry.state});
  radix_sort(items, [](const Item& item) { return item.key; });
  std::vector<Row> rows;
  rows.reserve(items.size());
  for (const Item& item : items)
    rows.push_back({{item.key >> 32, item.key & 0xffff'ffffu, static_cast<std::uint64_t>(item.state.at().us),
                     item.state.flags()}});
  return rows;
}

std::vector<Row> liker_rows(const LikerTable& table) {
  constexpr std::uint64_t flags_mask = (std::uint64_t{1} << liker_flag_bits) - 1;
  struct Item {
    std::uint64_t subject_actor;
    std::uint64_t inverted_flags;  // inverted time << liker_flag_bits | flags
  };
  std::vector<Item> items;
  items.reserve(table.entries().size());
  for (const auto& entry : table.entries())
    items.push_back(
        {std::uint64_t{entry.subject} << 32 | entry.actor, inverted(entry.at) << liker_flag_bits | entry.flags});
  radix_sort(items, [](const Item& item) { return item.subject_actor & 0xffff'ffffu; });
  radix_sort(items, [](const Item& item) { return item.inverted_flags >> liker_flag_bits; });
  radix_sort(items, [](const Item& item) { return item.subject_actor >> 32; });
  std::vector<Row> rows;
  rows.reserve(items.size());
  for (std::size_t i = 0; i < items.size();) {
    const Item& item = items[i];
    const std::uint64_t time = item.inverted_flags >> liker_flag_bits;
    std::uint64_t flags = liker_nothing;
    for (; i < items.size() && items[i].subject_actor == item.subject_actor &&
           items[i].inverted_flags >> liker_flag_bits == time;
         ++i)
      flags = merge_liker_flags(flags, items[i].inverted_flags & flags_mask);
    // A like that came and ended within this table cancels out.
    if ((flags & liker_settled) != 0) continue;
    rows.push_back({{item.subject_actor >> 32, time, item.subject_actor & 0xffff'ffffu, flags}});
  }
  return rows;
}

std::vector<Row> id_rows(const IdTable& table) {
  std::vector<IdTable::Entry> entries = table.entries();
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  std::vector<Row> rows;
  rows.reserve(entries.size());
  for (const auto& entry : entries) rows.push_back({{entry.id.high, entry.id.low, entry.digest, 0}});
  return rows;
}

std::vector<Row> tally_rows(const Memtable& table) {
  struct Item {
    std::uint64_t key;  // entity << 8 | slot
    std::int64_t amount;
  };
  std::vector<Item> items;
  items.reserve(table.tally_changes.size() + table.tally_moves.size());
  for (const TallyChange& change : table.tally_changes)
    items.push_back({std::uint64_t{change.entity} << 8 | change.slot, change.amount});
  for (const Row& row : table.tally_moves)
    items.push_back({row.column[0] << 8 | row.column[1], unzigzag(row.column[2])});
  radix_sort(items, [](const Item& item) { return item.key; });
  std::vector<Row> rows;
  for (std::size_t i = 0; i < items.size();) {
    const std::uint64_t key = items[i].key;
    std::int64_t sum = 0;
    for (; i < items.size() && items[i].key == key; ++i) sum += items[i].amount;
    if (sum != 0) rows.push_back({{key >> 8, key & 0xff, zigzag(sum), 0}});
  }
  return rows;
}

std::vector<Row> creator_rows(const Memtable& table) {
  std::vector<CreatorChange> changes = table.creators;
  std::stable_sort(changes.begin(), changes.end(), [](const auto& a, const auto& b) { return a.subject < b.subject; });
  std::vector<Row> rows;
  for (const CreatorChange& change : changes) {
    const Row row{{change.subject.value, change.creator.value, change.at.value, 0}};
    if (!rows.empty() && rows.back().column[0] == row.column[0])
      rows.back() = row;
    else
      rows.push_back(row);
  }
  return rows;
}

}  // namespace

std::array<std::vector<storage::Row>, set_count> rows_of(const Memtable& table) {
  std::array<std::vector<Row>, set_count> rows;
  rows[set_reactions] = pair_rows(table.reactions);
  rows[set_likers] = liker_rows(table.likers);
  rows[set_follows] = pair_rows(table.follows);
  rows[set_ids] = id_rows(table.ids);
  rows[set_tallies] = tally_rows(table);
  rows[set_creators] = creator_rows(table);
  return rows;
}

}  // namespace zan::engagement
