#include "storage/run_merge.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "storage/run_writer.h"
#include "storage/runs_twin.h"
#include "storage/sim_disk.h"

namespace zan::storage {
namespace {

struct Merged {
  std::unique_ptr<SimDisk> disk = SimDisk::make(1);
  std::vector<std::shared_ptr<const RunFile>> runs;

  void add(const RunSchema& schema, std::span<const Row> rows) {
    const std::uint64_t number = runs.size() + 1;
    auto writer = RunWriter::create(*disk, schema, std::to_string(number), number, rows.size());
    require(writer.ok() && (*writer)->add(rows).ok(), "write");
    runs.push_back((*writer)->finish().value());
  }
  std::vector<Row> read(const RunSchema& schema, const MergeRange& range, ReadAhead ahead,
                        std::size_t batch_rows) const {
    const auto merger = make_merger(schema, runs, range, ahead);
    std::vector<Row> rows, batch(batch_rows);
    for (;;) {
      const std::size_t count = merger->next(batch).value();
      if (count == 0) return rows;
      rows.insert(rows.end(), batch.begin(), batch.begin() + static_cast<std::ptrdiff_t>(count));
    }
  }
};

// A merge whose order shows: what was older stays in front.
RunSchema recording_schema(unsigned key_columns) {
  return {.name = "recording",
          .columns = 4,
          .key_columns = key_columns,
          .filtered = false,
          .merge = [](Row& older, const Row& newer) { older.column[3] = older.column[3] * 31 + newer.column[3]; },
          .keep = {}};
}

RC_GTEST_PROP(RunMerge, IsWhatAMapWouldDo, ()) {
  Rng rng(*rc::gen::arbitrary<std::uint64_t>());
  const RunSchema schema = recording_schema(1 + static_cast<unsigned>(rng.below(3)));
  const std::uint64_t key_bound = rng.chance(0.3) ? 4 : rng.chance(0.5) ? 40 : 1 << 30;
  Merged merged;
  RunTwin twin(schema);
  for (std::uint64_t left = rng.below(20); left > 0; --left) {
    auto rows = random_rows(rng, schema, 1 + rng.below(rng.chance(0.2) ? 2000 : 50), key_bound);
    if (rng.chance(0.1)) rows.push_back(row_after_all);
    merged.add(schema, rows);
    twin.flush(rows);
  }
  const unsigned first_rows = pack_group * (1 + static_cast<unsigned>(rng.below(40)));
  const ReadAhead ahead{rng.below(20'000), 20'000, first_rows};
  std::vector<Row> expected;
  for (const auto& [key, row] : twin.rows()) expected.push_back(row);
  RC_ASSERT(merged.read(schema, {}, ahead, 1 + rng.below(300)) == expected);

  const Row from{{rng.below(key_bound), rng.below(key_bound), rng.below(key_bound)}};
  const Row to{{rng.below(key_bound), rng.below(key_bound), rng.below(key_bound)}};
  RC_ASSERT(merged.read(schema, {from, to}, ahead, 64) == twin.range(from, to));
}

TEST(RunMerge, NothingMergesToNothing) {
  EXPECT_TRUE(Merged().read(likers_schema(), {}, {}, 10).empty());
}

// An error stays: a reader that goes on does not see the rest as if it were all.
TEST(RunMerge, AnErrorIsGivenAgain) {
  Merged merged;
  const RunSchema schema = likers_schema();
  std::vector<Row> rows(600);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = Row{{i, i, i}};
  merged.add(schema, rows);
  merged.add(schema, std::vector<Row>{Row{{1, 2, 3}}, Row{{1000, 2, 3}}});
  ASSERT_TRUE(merged.disk->flip("1", merged.runs[0]->fences().offset(1) + 5, 0).ok());
  const auto merger = make_merger(schema, merged.runs, {}, ReadAhead{});
  std::vector<Row> batch(10);
  std::size_t seen = 0;
  for (;;) {
    const auto count = merger->next(batch);
    if (!count.ok()) break;
    ASSERT_GT(*count, 0U);
    seen += *count;
  }
  EXPECT_LE(seen, 257U);
  EXPECT_EQ(merger->next(batch).error().kind, ErrorKind::corrupt);
  EXPECT_EQ(merger->next(batch).error().kind, ErrorKind::corrupt);
}

}  // namespace
}  // namespace zan::storage
