// Test support: sets of runs as std::map would keep them, and generators of rows that meet often.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/random.h"
#include "storage/runs.h"

namespace zan::storage {

// A full key, unused columns zero.
using TwinKey = std::array<std::uint64_t, 3>;

inline TwinKey twin_key(const Row& row, unsigned key_columns) {
  TwinKey key{};
  std::copy_n(row.column.begin(), key_columns, key.begin());
  return key;
}

// The state that a set must show: all rows ever flushed, merged in order. Rows that `keep` lets go
// where nothing older can be may or may not show, so they never do.
class RunTwin {
 public:
  explicit RunTwin(const RunSchema& schema) : schema_(schema) {}

  void flush(std::span<const Row> rows) {
    for (const Row& row : rows) {
      const auto [at, fresh] = rows_.emplace(twin_key(row, schema_.key_columns), row);
      if (fresh) continue;
      if (schema_.merge)
        schema_.merge(at->second, row);
      else
        at->second = row;
    }
  }
  [[nodiscard]] std::vector<Row> visible(std::vector<Row> rows) const {
    if (schema_.keep) std::erase_if(rows, [&](const Row& row) { return !schema_.keep(row, true); });
    return rows;
  }
  [[nodiscard]] const std::map<TwinKey, Row>& rows() const { return rows_; }
  [[nodiscard]] std::vector<Row> range(const Row& from, const Row& to) const {
    std::vector<Row> found;
    const TwinKey end = twin_key(to, schema_.key_columns);
    auto at = rows_.lower_bound(twin_key(from, schema_.key_columns));
    for (; at != rows_.end() && at->first < end; ++at) found.push_back(at->second);
    return visible(found);
  }
  [[nodiscard]] const RunSchema& schema() const { return schema_; }

 private:
  RunSchema schema_;
  std::map<TwinKey, Row> rows_;
};

// The four shapes that the sets of the engine have.
inline RunSchema reactions_schema() {
  return {.name = "reactions",
          .columns = 4,
          .key_columns = 2,
          .filtered = true,
          .merge =
              [](Row& older, const Row& newer) {
                if (newer.column[2] >= older.column[2]) older = newer;
              },
          .keep = {}};
}
inline RunSchema likers_schema() {
  return {.name = "likers", .columns = 3, .key_columns = 3, .filtered = false, .merge = {}, .keep = {}};
}
inline RunSchema ids_schema() {
  return {.name = "ids", .columns = 3, .key_columns = 2, .filtered = true, .merge = {}, .keep = {}};
}
// Sums of +1 and -1; a sum of zero goes where nothing older can be.
inline RunSchema tallies_schema() {
  return {.name = "tallies",
          .columns = 3,
          .key_columns = 2,
          .filtered = false,
          .merge = [](Row& older, const Row& newer) { older.column[2] += newer.column[2]; },
          .keep = [](const Row& row, bool oldest) { return !oldest || row.column[2] != 0; }};
}
inline std::vector<RunSchema> all_schemas() {
  return {reactions_schema(), likers_schema(), ids_schema(), tallies_schema()};
}

// `count` draws with keys below `key_bound` in each key column, sorted, duplicates dropped.
inline std::vector<Row> random_rows(Rng& rng, const RunSchema& schema, std::size_t count, std::uint64_t key_bound) {
  std::vector<Row> rows(count);
  for (Row& row : rows) {
    for (unsigned c = 0; c < schema.columns; ++c)
      row.column[c] = c < schema.key_columns ? rng.below(key_bound) : rng.next() >> rng.below(64);
    if (schema.name == "tallies") row.column[2] = rng.chance(0.5) ? 1 : ~0ULL;
  }
  const auto key_of = [&](const Row& row) { return twin_key(row, schema.key_columns); };
  std::ranges::sort(rows, {}, key_of);
  const auto repeated = std::ranges::unique(rows, {}, key_of);
  rows.erase(repeated.begin(), repeated.end());
  return rows;
}

inline constexpr Row row_after_all{{~0ULL, ~0ULL, ~0ULL, ~0ULL}};

inline Result<std::vector<Row>> read_all(const RunView& view, const Row& from = {}, const Row& to = row_after_all) {
  const auto cursor = view.scan(from, to);
  std::vector<Row> rows;
  for (;;) {
    ZAN_ASSIGN(const auto batch, cursor->next_batch());
    if (batch.empty()) return rows;
    rows.insert(rows.end(), batch.begin(), batch.end());
  }
}

// One flush of every set, for the runs and for their twins.
struct TwinFlush {
  std::vector<std::vector<Row>> rows;  // by set

  TwinFlush(Rng& rng, std::size_t rows_max, std::uint64_t key_bound) {
    for (const RunSchema& schema : all_schemas())
      rows.push_back(random_rows(rng, schema, rng.below(rows_max), key_bound));
  }
  Result<void> apply(Runs& runs, Position up_to) const {
    std::vector<RunSetRows> sets;
    for (std::size_t set = 0; set < rows.size(); ++set) sets.push_back({set, rows[set]});
    return runs.flush(up_to, sets);
  }
};

// The twins of all sets.
class RunTwins {
 public:
  RunTwins() {
    for (const RunSchema& schema : all_schemas()) sets_.emplace_back(schema);
  }
  void flush(const TwinFlush& flush) {
    for (std::size_t set = 0; set < sets_.size(); ++set) sets_[set].flush(flush.rows[set]);
  }
  [[nodiscard]] const RunTwin& operator[](std::size_t set) const { return sets_[set]; }
  [[nodiscard]] std::size_t size() const { return sets_.size(); }

  // Empty if the runs show the same by whole scans and by lookups of every key and its neighbour;
  // else what differs.
  [[nodiscard]] std::string difference(const Runs& runs) const {
    for (std::size_t set = 0; set < sets_.size(); ++set) {
      const auto view = runs.view(set);
      const std::string& name = sets_[set].schema().name;
      const auto scanned = read_all(*view);
      if (!scanned.ok()) return name + ": " + scanned.error().message;
      if (sets_[set].visible(*scanned) != sets_[set].range({}, row_after_all)) return name + ": scan";
      if (sets_[set].schema().key_columns == 2 && !same_lookups(sets_[set], *view)) return name + ": lookups";
    }
    return {};
  }

 private:
  static bool same_lookups(const RunTwin& twin, const RunView& view) {
    std::vector<Lookup> lookups;
    for (const auto& [key, row] : twin.rows()) {
      lookups.push_back({key[0], key[1]});
      lookups.push_back({key[0], key[1] + 1});
    }
    if (!view.find_many(lookups).ok()) return false;
    return std::ranges::all_of(lookups, [&](const Lookup& lookup) {
      const auto expected = twin.rows().find({lookup.key0, lookup.key1, 0});
      if (expected == twin.rows().end()) return !lookup.found;
      if (!lookup.found) return twin.visible({expected->second}).empty();
      return lookup.row == expected->second;
    });
  }

  std::vector<RunTwin> sets_;
};

}  // namespace zan::storage
