// Test support: a set of runs as std::map would keep it, and generators of rows that meet often.
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

// The state that a set must show: all rows ever flushed, merged in order.
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
  // What a compaction of everything does.
  void keep_oldest() {
    if (schema_.keep)
      std::erase_if(rows_, [&](const auto& entry) { return !schema_.keep(entry.second, true); });
  }
  [[nodiscard]] const std::map<TwinKey, Row>& rows() const { return rows_; }
  [[nodiscard]] std::vector<Row> range(const Row& from, const Row& to) const {
    std::vector<Row> found;
    for (auto at = rows_.lower_bound(twin_key(from, schema_.key_columns)); at != rows_.end();
         ++at) {
      if (!(at->first < twin_key(to, schema_.key_columns))) break;
      found.push_back(at->second);
    }
    return found;
  }

 private:
  const RunSchema schema_;
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
  return {
      .name = "likers", .columns = 3, .key_columns = 3, .filtered = false, .merge = {}, .keep = {}};
}
inline RunSchema ids_schema() {
  return {.name = "ids", .columns = 3, .key_columns = 2, .filtered = true, .merge = {}, .keep = {}};
}
// Rows whose sum is zero go where nothing older can be.
inline RunSchema tallies_schema() {
  return {.name = "tallies",
          .columns = 3,
          .key_columns = 2,
          .filtered = false,
          .merge = [](Row& older, const Row& newer) { older.column[2] += newer.column[2]; },
          .keep = [](const Row& row, bool oldest) { return !oldest || row.column[2] != 0; }};
}

// `count` draws with keys below `key_bound` in each key column, sorted, duplicates dropped.
inline std::vector<Row> random_rows(Rng& rng, const RunSchema& schema, std::size_t count,
                                    std::uint64_t key_bound) {
  std::vector<Row> rows(count);
  for (Row& row : rows) {
    for (unsigned c = 0; c < schema.columns; ++c)
      row.column[c] = c < schema.key_columns ? rng.below(key_bound) : rng.next() >> rng.below(64);
  }
  const auto key_of = [&](const Row& row) { return twin_key(row, schema.key_columns); };
  std::ranges::sort(rows, {}, key_of);
  const auto repeated = std::ranges::unique(rows, {}, key_of);
  rows.erase(repeated.begin(), repeated.end());
  return rows;
}

inline std::vector<Row> read_all(RunCursor& cursor) {
  std::vector<Row> rows;
  for (;;) {
    const auto batch = cursor.next_batch();
    require(batch.ok(), "a scan that must not fail");
    if (batch->empty()) return rows;
    rows.insert(rows.end(), batch->begin(), batch->end());
  }
}

inline constexpr Row row_after_all{{~0ULL, ~0ULL, ~0ULL, ~0ULL}};

}  // namespace zan::storage
