#include "storage/runs.h"

#include <gtest/gtest.h>

#include "storage/run_manifest.h"
#include "storage/runs_twin.h"
#include "storage/sim_disk.h"

namespace zan::storage {
namespace {

std::vector<RunSchema> all_schemas() {
  return {reactions_schema(), likers_schema(), ids_schema(), tallies_schema()};
}

std::unique_ptr<Runs> open_runs(Disk& disk, unsigned fan_in = 3) {
  auto runs = Runs::open(disk, all_schemas(), {.fan_in = fan_in});
  require(runs.ok(), "open");
  return std::move(runs).value();
}

void expect_same(const Runs& runs, const std::vector<RunTwin>& twins) {
  const auto schemas = all_schemas();
  for (std::size_t set = 0; set < schemas.size(); ++set) {
    std::vector<Row> expected;
    for (const auto& [key, row] : twins[set].rows()) expected.push_back(row);
    const auto view = runs.view(set);
    EXPECT_EQ(read_all(*view->scan({}, row_after_all)), expected) << schemas[set].name;
    if (schemas[set].key_columns != 2) continue;
    std::vector<Lookup> lookups;
    for (const Row& row : expected) {
      lookups.push_back({row.column[0], row.column[1]});
      lookups.push_back({row.column[0], row.column[1] + 1});
    }
    ASSERT_TRUE(view->find_many(lookups).ok());
    for (const Lookup& lookup : lookups) {
      const auto there = twins[set].rows().find({lookup.key0, lookup.key1, 0});
      ASSERT_EQ(lookup.found, there != twins[set].rows().end());
      if (lookup.found) {
        EXPECT_EQ(lookup.row, there->second);
      }
    }
  }
}

std::vector<RunTwin> make_twins() {
  std::vector<RunTwin> twins;
  for (const RunSchema& schema : all_schemas()) twins.emplace_back(schema);
  return twins;
}

// Flushes random rows to every set of both.
void flush_random(Runs& runs, std::vector<RunTwin>& twins, Rng& rng, Position at,
                  std::size_t rows_each) {
  const auto schemas = all_schemas();
  std::vector<std::vector<Row>> rows;
  for (const RunSchema& schema : schemas) rows.push_back(random_rows(rng, schema, rows_each, 60));
  std::vector<RunSetRows> sets;
  for (std::size_t set = 0; set < schemas.size(); ++set) {
    sets.push_back({set, rows[set]});
    twins[set].flush(rows[set]);
  }
  ASSERT_TRUE(runs.flush(at, sets).ok());
}

TEST(Runs, IsEmptyAtFirst) {
  const auto disk = SimDisk::make(1);
  const auto runs = open_runs(*disk);
  EXPECT_EQ(runs->position(), Position{0});
  EXPECT_EQ(runs->run_count_max(), 0U);
  expect_same(*runs, make_twins());
  EXPECT_TRUE(runs->verify().ok());
}

TEST(Runs, ShowsWhatAMapWouldShow) {
  const auto disk = SimDisk::make(1);
  auto runs = open_runs(*disk);
  auto twins = make_twins();
  Rng rng(7);
  for (std::uint64_t round = 1; round <= 30; ++round) {
    flush_random(*runs, twins, rng, Position{round}, 1 + rng.below(1500));
    if (rng.chance(0.5)) {
      ASSERT_TRUE(runs->compact({}).ok());
    }
    if (rng.chance(0.2)) runs = open_runs(*disk);
    EXPECT_EQ(runs->position(), Position{round});
    EXPECT_TRUE(runs->verify().ok());
  }
  // `keep` may have dropped rows already; a twin that has dropped them all agrees after everything
  // was merged.
  ASSERT_TRUE(runs->compact_all({}).ok());
  for (RunTwin& twin : twins) twin.keep_oldest();
  expect_same(*runs, twins);
  EXPECT_EQ(runs->run_count_max(), 1U);
}

}  // namespace
}  // namespace zan::storage
