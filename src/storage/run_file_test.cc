#include "storage/run_file.h"

#include <gtest/gtest.h>

#include "base/hash.h"
#include "storage/run_merge.h"
#include "storage/run_writer.h"
#include "storage/runs_twin.h"
#include "storage/sim_disk.h"

namespace zan::storage {
namespace {

constexpr const char* path = "a.run";
constexpr std::uint64_t number = 9;

std::shared_ptr<const RunFile> write_run(Disk& disk, const RunSchema& schema, std::span<const Row> rows,
                                         const std::string& to = path, std::uint64_t as = number) {
  auto writer = RunWriter::create(disk, schema, to, as, rows.size());
  require(writer.ok() && (*writer)->add(rows).ok(), "write");
  auto file = (*writer)->finish();
  require(file.ok(), "finish");
  return std::move(file).value();
}

Result<std::vector<Row>> scan(const RunSchema& schema, std::shared_ptr<const RunFile> file,
                              const MergeRange& range = {}) {
  const auto merger = make_merger(schema, {&file, 1}, range, ReadAhead{});
  std::vector<Row> rows, batch(100);
  for (;;) {
    ZAN_ASSIGN(const std::size_t count, merger->next(batch));
    if (count == 0) return rows;
    rows.insert(rows.end(), batch.begin(), batch.begin() + static_cast<std::ptrdiff_t>(count));
  }
}

class RunFileTest : public testing::Test {
 protected:
  std::unique_ptr<SimDisk> disk_ = SimDisk::make(1);
};

TEST_F(RunFileTest, HoldsWhatWasWrittenHoweverItCame) {
  for (const std::size_t count : {1U, 255U, 256U, 257U, 1500U}) {
    for (const RunSchema& schema : {reactions_schema(), likers_schema(), tallies_schema()}) {
      Rng rng(count);
      const std::vector<Row> rows = random_rows(rng, schema, count, 1 << 20);
      auto writer = RunWriter::create(*disk_, schema, path, number, rows.size());
      ASSERT_TRUE(writer.ok());
      for (std::size_t at = 0; at < rows.size();) {
        const std::size_t step = std::min(rows.size() - at, 1 + rng.below(600));
        ASSERT_TRUE((*writer)->add({&rows[at], step}).ok());
        at += step;
      }
      const auto written = (*writer)->finish();
      ASSERT_TRUE(written.ok());
      const auto opened = RunFile::open(*disk_, path);
      ASSERT_TRUE(opened.ok()) << opened.error().message;
      for (const auto& file : {*written, *opened}) {
        EXPECT_TRUE(file->verify().ok());
        EXPECT_EQ(file->footer().rows, rows.size());
        EXPECT_EQ(file->identity(), (*written)->identity());
        const auto scanned = scan(schema, file);
        ASSERT_TRUE(scanned.ok());
        EXPECT_EQ(*scanned, rows);
      }
      ASSERT_TRUE(disk_->remove(path).ok());
    }
  }
}

TEST_F(RunFileTest, FindsEveryRowAndNoOther) {
  Rng rng(2);
  const RunSchema schema = reactions_schema();
  const auto rows = random_rows(rng, schema, 2000, 100);
  const auto file = write_run(*disk_, schema, rows);
  RunTwin twin(schema);
  twin.flush(rows);
  for (std::uint64_t a = 0; a < 101; ++a) {
    for (std::uint64_t b = 0; b < 101; ++b) {
      Row found;
      const auto is_there = file->find(Row{{a, b}}, found);
      ASSERT_TRUE(is_there.ok());
      const auto expected = twin.rows().find({a, b, 0});
      ASSERT_EQ(*is_there, expected != twin.rows().end());
      if (*is_there) {
        EXPECT_EQ(found, expected->second);
      }
    }
  }
}

TEST_F(RunFileTest, ScansEveryRange) {
  for (const RunSchema& schema : {reactions_schema(), likers_schema()}) {
    Rng rng(3);
    const auto rows = random_rows(rng, schema, 1500, 20);
    const auto file = write_run(*disk_, schema, rows);
    RunTwin twin(schema);
    twin.flush(rows);
    for (int i = 0; i < 300; ++i) {
      const Row from{{rng.below(22), rng.below(22), rng.below(22), 5}};
      const Row to =
          rng.chance(0.5) ? Row{{from.column[0] + rng.below(3)}} : Row{{rng.below(22), rng.below(22), rng.below(22)}};
      const auto scanned = scan(schema, file, {from, to});
      ASSERT_TRUE(scanned.ok());
      EXPECT_EQ(*scanned, twin.range(from, to));
    }
    ASSERT_TRUE(disk_->remove(path).ok());
  }
}

TEST_F(RunFileTest, KeysMayBeTheGreatest) {
  const RunSchema schema = ids_schema();
  const std::vector<Row> rows = {Row{{0, 0, 1}}, Row{{0, ~0ULL, 2}}, Row{{~0ULL, ~0ULL, ~0ULL}}};
  const auto file = write_run(*disk_, schema, rows);
  const auto scanned = scan(schema, file);
  ASSERT_TRUE(scanned.ok());
  EXPECT_EQ(*scanned, rows);
  Row found;
  EXPECT_TRUE(file->find(rows[2], found).value());
  EXPECT_EQ(found, rows[2]);
}

// Whatever bit is flipped: it is found by a verification, and a reader meets an error or the truth.
TEST_F(RunFileTest, EveryFlippedBitIsReportedOrHarmless) {
  Rng rng(4);
  const RunSchema schema = reactions_schema();
  const auto rows = random_rows(rng, schema, 600, 1000);
  const std::uint64_t size = write_run(*disk_, schema, rows)->footer().file_bytes();
  for (std::uint64_t at = 0; at < size; ++at) {
    const auto bit = static_cast<unsigned>(rng.below(8));
    ASSERT_TRUE(disk_->flip(path, at, bit).ok());
    const auto opened = RunFile::open(*disk_, path);
    if (opened.ok()) {
      const auto verified = (*opened)->verify();
      ASSERT_FALSE(verified.ok()) << "byte " << at;
      EXPECT_EQ(verified.error().kind, ErrorKind::corrupt);
      EXPECT_NE(verified.error().message.find("a.run: block "), std::string::npos);
      const auto scanned = scan(schema, *opened);
      ASSERT_FALSE(scanned.ok());
      const Row& key = rows[rng.below(rows.size())];
      Row found;
      const auto is_there = (*opened)->find(key, found);
      if (is_there.ok()) {
        EXPECT_TRUE(*is_there && found == key) << "byte " << at;
      }
    } else {
      EXPECT_EQ(opened.error().kind, ErrorKind::corrupt) << "byte " << at;
      EXPECT_NE(opened.error().message.find("a.run"), std::string::npos);
    }
    ASSERT_TRUE(disk_->flip(path, at, bit).ok());
  }
  EXPECT_TRUE(RunFile::open(*disk_, path).value()->verify().ok());
}

TEST_F(RunFileTest, CutShortIsCorrupt) {
  Rng rng(5);
  const RunSchema schema = reactions_schema();
  write_run(*disk_, schema, random_rows(rng, schema, 300, 1000));
  const Bytes whole = read_file(*disk_, path).value();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto file = disk_->open("cut", OpenMode::write).value();
    ASSERT_TRUE(file->truncate(0).ok());
    ASSERT_TRUE(file->write_at(0, ByteSpan(whole).first(size)).ok());
    const auto opened = RunFile::open(*disk_, "cut");
    ASSERT_FALSE(opened.ok()) << size;
    EXPECT_EQ(opened.error().kind, ErrorKind::corrupt);
  }
}

// The file shrinks behind an open run: reads past its end are errors, not zeros.
TEST_F(RunFileTest, CutShortWhileOpenIsCorrupt) {
  Rng rng(6);
  const RunSchema schema = reactions_schema();
  const auto rows = random_rows(rng, schema, 600, 1000);
  const auto opened = write_run(*disk_, schema, rows);
  ASSERT_TRUE(disk_->open(path, OpenMode::write).value()->truncate(100).ok());
  Row found;
  const auto is_there = opened->find(rows.back(), found);
  ASSERT_FALSE(is_there.ok());
  EXPECT_EQ(is_there.error().kind, ErrorKind::corrupt);
}

// Blocks with good checksums in the wrong place: of another run, or of this one.
TEST_F(RunFileTest, MisplacedBlocksAreCorrupt) {
  const RunSchema schema = ids_schema();
  std::vector<Row> rows(512);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = Row{{i + 1000, i + 1000, i + 1000}};
  const auto run = write_run(*disk_, schema, rows);
  const auto twin = write_run(*disk_, schema, rows, "b.run", number + 1);
  const std::uint64_t half = run->fences().offset(1);
  ASSERT_EQ(run->footer().blocks_bytes, 2 * half) << "blocks of equal size, so that they can trade";
  const auto file = disk_->open(path, OpenMode::write).value();
  const Bytes original = read_file(*disk_, path).value();
  Row found;

  ASSERT_TRUE(file->write_at(0, ByteSpan(original).subspan(half, half)).ok());
  EXPECT_EQ(run->find(rows[0], found).error().kind, ErrorKind::corrupt);
  const Bytes other = read_file(*disk_, "b.run").value();
  ASSERT_TRUE(file->write_at(0, ByteSpan(other).first(half)).ok());
  EXPECT_EQ(run->find(rows[0], found).error().kind, ErrorKind::corrupt);
  ASSERT_TRUE(file->write_at(0, original).ok());
  EXPECT_TRUE(run->find(rows[0], found).value());
}

// Good checksums over wrong rows: no checksum can tell, the order does.
TEST_F(RunFileTest, RowsOutOfOrderAreCorrupt) {
  const RunSchema schema = reactions_schema();
  std::vector<Row> rows(512);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = Row{{i, i, 7, 7}};
  const auto run = write_run(*disk_, schema, rows);
  std::swap(rows[300], rows[301]);
  std::vector<std::byte> block(block_bytes_max(4) + pack_slack);
  const std::size_t size = encode_block({&rows[256], 256}, 4, {number, 1}, block.data());
  ASSERT_EQ(size, run->block_end(1) - run->fences().offset(1));
  const auto file = disk_->open(path, OpenMode::write).value();
  ASSERT_TRUE(file->write_at(run->fences().offset(1), {block.data(), size}).ok());

  EXPECT_EQ(run->verify().error().kind, ErrorKind::corrupt);
  const auto scanned = scan(schema, run);
  ASSERT_FALSE(scanned.ok());
  EXPECT_EQ(scanned.error().kind, ErrorKind::corrupt);
}

TEST_F(RunFileTest, LaterVersionIsUnsupported) {
  const RunSchema schema = likers_schema();
  write_run(*disk_, schema, std::vector<Row>{Row{{1, 2, 3}}});
  Bytes bytes = read_file(*disk_, path).value();
  std::byte* const footer = bytes.data() + bytes.size() - run_footer_bytes;
  footer[8] = std::byte{2};
  const std::uint64_t sum = checksum64({footer, run_footer_bytes - 8});
  std::memcpy(footer + run_footer_bytes - 8, &sum, sizeof sum);
  ASSERT_TRUE(disk_->open(path, OpenMode::write).value()->write_at(0, bytes).ok());
  const auto opened = RunFile::open(*disk_, path);
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().kind, ErrorKind::unsupported);
}

TEST_F(RunFileTest, UnfinishedWriterLeavesNothing) {
  const RunSchema schema = likers_schema();
  {
    auto writer = RunWriter::create(*disk_, schema, path, number, 10);
    ASSERT_TRUE(writer.ok());
    ASSERT_TRUE((*writer)->add(std::vector<Row>{Row{{1, 2, 3}}}).ok());
  }
  EXPECT_FALSE(disk_->exists(path).value());
  {
    auto writer = RunWriter::create(*disk_, schema, path, number, 10);
    EXPECT_EQ((*writer)->finish().value(), nullptr);
  }
  EXPECT_FALSE(disk_->exists(path).value());
}

}  // namespace
}  // namespace zan::storage
