#include "storage/runs.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "storage/run_manifest.h"
#include "storage/runs_twin.h"
#include "storage/sim_disk.h"

namespace zan::storage {
namespace {

constexpr std::size_t reactions = 0;
constexpr std::size_t likers = 1;
constexpr std::size_t tallies = 3;

std::unique_ptr<Runs> open_runs(Disk& disk, unsigned fan_in = 3) {
  auto runs = Runs::open(disk, all_schemas(), {.fan_in = fan_in});
  require(runs.ok(), "open");
  return std::move(runs).value();
}

std::vector<std::string> files_of(Disk& disk) {
  return disk.list("runs").value();
}

// A flush of one small run into one set.
void flush_one(Runs& runs, std::size_t set, std::vector<Row> rows) {
  const RunSetRows named{set, rows};
  require(runs.flush(Position{runs.position().value + 1}, {&named, 1}).ok(), "flush");
}

TEST(Runs, IsEmptyAtFirst) {
  const auto disk = SimDisk::make(1);
  const auto runs = open_runs(*disk);
  EXPECT_EQ(runs->position(), Position{0});
  EXPECT_EQ(runs->run_count_max(), 0U);
  EXPECT_EQ(RunTwins().difference(*runs), "");
  Lookup lookup{1, 2};
  EXPECT_FALSE(runs->view(reactions)->find(lookup).value());
  EXPECT_FALSE(runs->compact({}).value());
  EXPECT_TRUE(runs->compact_all({}).ok());
  EXPECT_TRUE(runs->verify().ok());
}

RC_GTEST_PROP(Runs, ShowsWhatAMapWouldShow, ()) {
  Rng rng(*rc::gen::arbitrary<std::uint64_t>());
  const auto disk = SimDisk::make(1);
  const unsigned fan_in = 2 + static_cast<unsigned>(rng.below(4));
  const std::uint64_t key_bound = 2 + rng.below(30);
  auto runs = open_runs(*disk, fan_in);
  RunTwins twins;
  for (std::uint64_t step = 0; step < 14; ++step) {
    if (rng.chance(0.6)) {
      const TwinFlush flush(rng, rng.chance(0.2) ? 700 : 50, key_bound);
      const Position next{runs->position().value + 1 + rng.below(100)};
      RC_ASSERT(flush.apply(*runs, next).ok());
      twins.flush(flush);
      RC_ASSERT(runs->position() == next);
    }
    if (rng.chance(0.5)) RC_ASSERT(runs->compact({}).ok());
    if (rng.chance(0.05)) RC_ASSERT(runs->compact_all({}).ok());
    if (rng.chance(0.1)) {
      const Position before = runs->position();
      runs = open_runs(*disk, fan_in);
      RC_ASSERT(runs->position() == before);
    }
    if (rng.chance(0.1)) RC_ASSERT(twins.difference(*runs) == "");
    const std::size_t set = rng.below(twins.size());
    const Row from{{rng.below(key_bound), rng.below(key_bound), rng.below(key_bound)}};
    const Row to{{from.column[0] + rng.below(3), rng.below(key_bound)}};
    const auto scanned = read_all(*runs->view(set), from, to);
    RC_ASSERT(scanned.ok());
    RC_ASSERT(twins[set].visible(*scanned) == twins[set].range(from, to));
  }
  RC_ASSERT(twins.difference(*runs) == "");
  RC_ASSERT(runs->verify().ok());
  RC_ASSERT(runs->compact_all({}).ok());
  RC_ASSERT(runs->run_count_max() <= 1U);
  // Now every row was asked about.
  for (std::size_t set = 0; set < twins.size(); ++set)
    RC_ASSERT(read_all(*runs->view(set)).value() == twins[set].range({}, row_after_all));
  RC_ASSERT(twins.difference(*runs) == "");
  RC_ASSERT(runs->verify().ok());
}

TEST(Runs, LookupsMergeOverAllRunsInLargeBatches) {
  const auto disk = SimDisk::make(1);
  const auto runs = open_runs(*disk, 100);
  RunTwins twins;
  Rng rng(11);
  for (std::uint64_t i = 1; i <= 40; ++i) {
    const TwinFlush flush(rng, 400, 30);
    ASSERT_TRUE(flush.apply(*runs, Position{i}).ok());
    twins.flush(flush);
  }
  EXPECT_EQ(runs->run_count_max(), 40U);
  EXPECT_EQ(twins.difference(*runs), "");
  for (const std::size_t batch : {1U, 3U, 31U, 127U, 128U, 129U, 700U}) {
    std::vector<Lookup> lookups(batch);
    for (Lookup& lookup : lookups) lookup = {rng.below(35), rng.below(35), {}, true};
    ASSERT_TRUE(runs->view(reactions)->find_many(lookups).ok());
    for (const Lookup& lookup : lookups)
      ASSERT_EQ(lookup.found, twins[reactions].rows().contains({lookup.key0, lookup.key1, 0}));
  }
}

TEST(Runs, FlushOfNothingMovesThePosition) {
  const auto disk = SimDisk::make(1);
  {
    const auto runs = open_runs(*disk);
    ASSERT_TRUE(runs->flush(Position{5}, {}).ok());
    const RunSetRows none{likers, {}};
    ASSERT_TRUE(runs->flush(Position{6}, {&none, 1}).ok());
    EXPECT_EQ(runs->run_count_max(), 0U);
  }
  EXPECT_EQ(open_runs(*disk)->position(), Position{6});
}

TEST(Runs, CompactsTheLowestFullTierAndOnlyNeighbours) {
  const auto disk = SimDisk::make(1);
  const auto runs = open_runs(*disk, 3);
  const auto counts = [&] { return std::pair(runs->view(likers)->run_count(), runs->view(tallies)->run_count()); };
  // Nine runs of likers make three of the second tier, and these one of the third.
  for (std::uint64_t i = 0; i < 9; ++i) flush_one(*runs, likers, {Row{{i, i, i}}});
  for (const std::size_t left : {7U, 5U}) {
    EXPECT_TRUE(runs->compact({}).value());
    EXPECT_EQ(counts(), std::pair(left, std::size_t{0}));
  }
  // Now a tier of tallies is full too, and as low.
  for (std::uint64_t i = 0; i < 4; ++i) flush_one(*runs, tallies, {Row{{i, i, 1}}});
  EXPECT_TRUE(runs->compact({}).value());
  EXPECT_EQ(counts(), std::pair(std::size_t{5}, std::size_t{2}));
  EXPECT_TRUE(runs->compact({}).value());
  EXPECT_EQ(counts(), std::pair(std::size_t{3}, std::size_t{2}));
  EXPECT_TRUE(runs->compact({}).value());
  EXPECT_EQ(counts(), std::pair(std::size_t{1}, std::size_t{2}));
  EXPECT_FALSE(runs->compact({}).value());
}

TEST(Runs, KeepIsToldWhetherAnythingOlderLiesBelow) {
  const auto disk = SimDisk::make(1);
  const auto runs = open_runs(*disk, 2);
  flush_one(*runs, tallies, {Row{{1, 0, 5}}});
  flush_one(*runs, tallies, {Row{{2, 0, 5}}});
  ASSERT_TRUE(runs->compact({}).value());
  // These two sum up to zero, but over a run that may hold more.
  flush_one(*runs, tallies, {Row{{1, 0, ~4ULL}}});
  flush_one(*runs, tallies, {Row{{1, 0, 5}}});
  flush_one(*runs, tallies, {Row{{1, 0, ~4ULL}}});
  flush_one(*runs, tallies, {Row{{1, 0, ~4ULL + 5}}});
  ASSERT_TRUE(runs->compact({}).value());
  EXPECT_EQ(runs->view(tallies)->rows(), 5U);
  ASSERT_TRUE(runs->compact_all({}).ok());
  const auto rows = read_all(*runs->view(tallies)).value();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0], (Row{{2, 0, 5}}));
}

TEST(Runs, ASetMayBecomeEmptyAgain) {
  const auto disk = SimDisk::make(1);
  auto runs = open_runs(*disk);
  flush_one(*runs, tallies, {Row{{1, 0, 5}}});
  flush_one(*runs, tallies, {Row{{1, 0, ~4ULL}}});
  ASSERT_TRUE(runs->compact_all({}).ok());
  EXPECT_EQ(runs->run_count_max(), 0U);
  EXPECT_EQ(files_of(*disk), std::vector<std::string>{"MANIFEST"});
  runs = open_runs(*disk);
  EXPECT_EQ(runs->position(), Position{2});
  EXPECT_EQ(RunTwins().difference(*runs), "");
}

// What `keep` says may change between two calls: each compaction of everything asks again.
TEST(Runs, CompactAllRewritesSingleRunsToo) {
  const auto disk = SimDisk::make(1);
  bool erased = false;
  RunSchema schema = likers_schema();
  schema.keep = [&](const Row& row, bool oldest) { return !erased || !oldest || row.column[0] != 7; };
  const auto runs = Runs::open(*disk, {schema}).value();
  flush_one(*runs, 0, {Row{{6, 1, 1}}, Row{{7, 1, 1}}});
  ASSERT_TRUE(runs->compact_all({}).ok());
  EXPECT_EQ(runs->view(0)->rows(), 2U);
  erased = true;
  ASSERT_TRUE(runs->compact_all({}).ok());
  EXPECT_EQ(runs->view(0)->rows(), 1U);
  EXPECT_EQ(files_of(*disk).size(), 2U);
}

TEST(Runs, AStopLeavesEverythingAsItWas) {
  const auto disk = SimDisk::make(1);
  const auto runs = open_runs(*disk, 2);
  RunTwins twins;
  Rng rng(4);
  for (std::uint64_t i = 1; i <= 2; ++i) {
    const TwinFlush flush(rng, 2000, 50);
    ASSERT_TRUE(flush.apply(*runs, Position{i}).ok());
    twins.flush(flush);
  }
  const auto before = files_of(*disk);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_FALSE(runs->compact(stop.get_token()).value());
  EXPECT_TRUE(runs->compact_all(stop.get_token()).ok());
  EXPECT_EQ(files_of(*disk), before);
  EXPECT_EQ(twins.difference(*runs), "");
}

TEST(Runs, AViewKeepsItsMomentAndItsFiles) {
  const auto disk = SimDisk::make(1);
  auto runs = open_runs(*disk, 2);
  flush_one(*runs, likers, {Row{{1, 1, 1}}});
  flush_one(*runs, likers, {Row{{2, 2, 2}}});
  auto view = runs->view(likers);
  auto cursor = view->scan({}, row_after_all);
  flush_one(*runs, likers, {Row{{3, 3, 3}}});
  ASSERT_TRUE(runs->compact_all({}).ok());
  EXPECT_EQ(files_of(*disk).size(), 4U) << "manifest, new run, and two that the view still reads";
  EXPECT_EQ(read_all(*view).value().size(), 2U);
  view.reset();
  ASSERT_TRUE(runs->compact({}).ok());
  EXPECT_EQ(files_of(*disk).size(), 4U) << "the cursor holds its view";
  Row row;
  EXPECT_TRUE(cursor->next(row).value());
  cursor.reset();
  ASSERT_TRUE(runs->compact({}).ok());
  EXPECT_EQ(files_of(*disk).size(), 2U);
}

TEST(Runs, AViewOutlivesTheRuns) {
  const auto disk = SimDisk::make(1);
  auto runs = open_runs(*disk, 2);
  flush_one(*runs, likers, {Row{{1, 1, 1}}});
  const auto view = runs->view(likers);
  const auto cursor = view->scan({}, row_after_all);
  ASSERT_TRUE(runs->compact_all({}).ok());
  runs.reset();
  Row row;
  EXPECT_TRUE(cursor->next(row).value());
  EXPECT_FALSE(cursor->next(row).value());
  EXPECT_EQ(read_all(*view).value().size(), 1U);
}

TEST(Runs, AHoldIsACopyInItself) {
  const auto disk = SimDisk::make(1);
  const auto runs = open_runs(*disk, 2);
  RunTwins twins;
  Rng rng(8);
  for (std::uint64_t i = 1; i <= 3; ++i) {
    const TwinFlush flush(rng, 300, 20);
    ASSERT_TRUE(flush.apply(*runs, Position{i}).ok());
    twins.flush(flush);
  }
  auto hold = runs->hold().value();
  ASSERT_TRUE(TwinFlush(rng, 300, 20).apply(*runs, Position{4}).ok());
  ASSERT_TRUE(runs->compact_all({}).ok());

  const auto copy = SimDisk::make(2);
  ASSERT_TRUE(copy->make_folder("runs").ok());
  for (const std::string& path : hold.files) ASSERT_TRUE(write_file(*copy, path, read_file(*disk, path).value()).ok());
  ASSERT_TRUE(write_file(*copy, "runs/MANIFEST", hold.manifest).ok());
  const auto restored = open_runs(*copy);
  EXPECT_EQ(restored->position(), Position{3});
  EXPECT_EQ(twins.difference(*restored), "");

  hold = {};
  ASSERT_TRUE(runs->compact({}).ok());
  EXPECT_EQ(files_of(*disk).size(), 5U) << "the manifest and one run a set";
}

TEST(Runs, OpenRemovesWhatTheManifestDoesNotName) {
  const auto disk = SimDisk::make(1);
  flush_one(*open_runs(*disk), likers, {Row{{1, 1, 1}}});
  const auto before = files_of(*disk);
  ASSERT_TRUE(write_file(*disk, "runs/likers-0000000099.run", as_bytes("half a run")).ok());
  ASSERT_TRUE(write_file(*disk, "runs/MANIFEST.tmp", as_bytes("half a manifest")).ok());
  const auto runs = open_runs(*disk);
  EXPECT_EQ(files_of(*disk), before);
}

class DamagedRuns : public testing::Test {
 protected:
  DamagedRuns() {
    const auto runs = open_runs(*disk_);
    flush_one(*runs, likers, {Row{{1, 1, 1}}});
    flush_one(*runs, likers, {Row{{2, 2, 2}}});
    const auto hold = runs->hold().value();
    first_ = hold.files.at(0);
    second_ = hold.files.at(1);
  }
  Error open_error() {
    const auto runs = Runs::open(*disk_, all_schemas());
    return runs.ok() ? Error{ErrorKind::invalid, "opened"} : runs.error();
  }
  std::unique_ptr<SimDisk> disk_ = SimDisk::make(1);
  std::string first_, second_;
};

TEST_F(DamagedRuns, MissingManifestIsCorrupt) {
  ASSERT_TRUE(disk_->remove("runs/MANIFEST").ok());
  EXPECT_EQ(open_error().kind, ErrorKind::corrupt);
  EXPECT_TRUE(disk_->exists(first_).value()) << "nothing was removed for want of a manifest";
}

TEST_F(DamagedRuns, FlippedManifestIsCorrupt) {
  const std::size_t size = read_file(*disk_, "runs/MANIFEST").value().size();
  for (std::size_t at = 0; at < size; ++at) {
    ASSERT_TRUE(disk_->flip("runs/MANIFEST", at, 3).ok());
    EXPECT_EQ(open_error().kind, ErrorKind::corrupt);
    ASSERT_TRUE(disk_->flip("runs/MANIFEST", at, 3).ok());
  }
  EXPECT_EQ(files_of(*disk_).size(), 3U);
}

TEST_F(DamagedRuns, MissingRunIsCorrupt) {
  ASSERT_TRUE(disk_->remove(first_).ok());
  EXPECT_EQ(open_error().kind, ErrorKind::corrupt);
  EXPECT_NE(open_error().message.find(first_), std::string::npos);
}

TEST_F(DamagedRuns, SwappedRunIsCorrupt) {
  ASSERT_TRUE(write_file(*disk_, first_, read_file(*disk_, second_).value()).ok());
  EXPECT_EQ(open_error().kind, ErrorKind::corrupt);
}

TEST_F(DamagedRuns, StaleRunOfTheSameNumberIsCorrupt) {
  const auto other = SimDisk::make(2);
  flush_one(*open_runs(*other), likers, {Row{{9, 9, 9}}});
  ASSERT_TRUE(write_file(*disk_, first_, read_file(*other, first_).value()).ok());
  EXPECT_EQ(open_error().kind, ErrorKind::corrupt);
}

TEST_F(DamagedRuns, VerifyReadsTheDiskAgain) {
  const auto runs = open_runs(*disk_);
  ASSERT_TRUE(runs->verify().ok());
  const std::size_t size = read_file(*disk_, second_).value().size();
  for (std::size_t at = 0; at < size; ++at) {
    ASSERT_TRUE(disk_->flip(second_, at, 6).ok());
    const auto verified = runs->verify();
    ASSERT_FALSE(verified.ok()) << at;
    EXPECT_EQ(verified.error().kind, ErrorKind::corrupt);
    EXPECT_NE(verified.error().message.find(second_), std::string::npos);
    ASSERT_TRUE(disk_->flip(second_, at, 6).ok());
  }
}

TEST_F(DamagedRuns, CompactionOfADamagedRunChangesNothing) {
  const auto runs = open_runs(*disk_, 2);
  const auto before = files_of(*disk_);
  ASSERT_TRUE(disk_->flip(first_, 3, 0).ok());
  const auto compacted = runs->compact({});
  ASSERT_FALSE(compacted.ok());
  EXPECT_EQ(compacted.error().kind, ErrorKind::corrupt);
  EXPECT_NE(compacted.error().message.find(first_ + ": block 0"), std::string::npos);
  EXPECT_EQ(files_of(*disk_), before);
  EXPECT_EQ(runs->view(likers)->run_count(), 2U);
}

TEST_F(DamagedRuns, OtherShapesAreUnsupported) {
  auto schemas = all_schemas();
  schemas[likers].columns = 4;
  EXPECT_EQ(Runs::open(*disk_, schemas).error().kind, ErrorKind::unsupported);
  schemas = all_schemas();
  schemas.pop_back();
  EXPECT_EQ(Runs::open(*disk_, schemas).error().kind, ErrorKind::unsupported);
}

TEST_F(DamagedRuns, NewSetsBeginEmptyAndOrderIsFree) {
  std::vector<RunSchema> schemas = {tallies_schema(), likers_schema(), ids_schema(), reactions_schema(),
                                    reactions_schema()};
  schemas.back().name = "follows";
  {
    const auto runs = Runs::open(*disk_, schemas).value();
    EXPECT_EQ(read_all(*runs->view(1)).value().size(), 2U);
    EXPECT_EQ(runs->view(4)->run_count(), 0U);
    flush_one(*runs, 4, {Row{{1, 2, 3, 4}}});
  }
  EXPECT_EQ(Runs::open(*disk_, schemas).value()->view(4)->rows(), 1U);
}

using RunsDeathTest = testing::Test;

TEST(RunsDeathTest, RefusesUnsortedRowsAndOldPositions) {
  const auto disk = SimDisk::make(1);
  const auto runs = open_runs(*disk);
  EXPECT_DEATH(flush_one(*runs, likers, {Row{{2, 2, 2}}, Row{{2, 2, 2}}}), "key order");
  flush_one(*runs, likers, {Row{{2, 2, 2}}});
  EXPECT_DEATH((void)runs->flush(Position{0}, {}), "position");
}

}  // namespace
}  // namespace zan::storage
