#include "evidence/tile.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "evidence/merkle_twin.h"
#include "evidence/tree_reader.h"

namespace zan::evidence {
namespace {

TEST(TilePath, is_written_as_the_format_says) {
  EXPECT_EQ(tile_path({.level = 0, .index = 5}), "tile/0/005");
  EXPECT_EQ(tile_path({.level = 3, .index = 273}), "tile/3/273");
  EXPECT_EQ(tile_path({.level = 0, .index = 1000}), "tile/0/x001/000");
  EXPECT_EQ(tile_path({.entries = true, .index = 1'234'067}), "tile/entries/x001/x234/067");
  EXPECT_EQ(tile_path({.level = 1, .index = 0, .width = 17}), "tile/1/000.p/17");
  EXPECT_EQ(partial_folder({.entries = true, .index = 1234, .width = 3}), "tile/entries/x001/234.p");
}

RC_GTEST_PROP(TilePath, is_read_back, (std::uint64_t index, bool entries)) {
  TileId tile{.entries = entries, .index = index >> *rc::gen::inRange(0, 64)};
  tile.level = entries ? 0 : *rc::gen::inRange(0u, 64u);
  tile.width = *rc::gen::inRange(1u, 257u);
  const auto parsed = parse_tile_path(tile_path(tile));
  RC_ASSERT(parsed.ok());
  RC_ASSERT(*parsed == tile);
}

TEST(TilePath, has_no_other_form) {
  for (const char* path : {"",
                           "tile",
                           "tile/",
                           "tile/0",
                           "tile/0/",
                           "tile/0/5",
                           "tile/0/05",
                           "tile/0/0005",
                           "tile/00/005",
                           "tile/64/000",
                           "tile/-1/000",
                           "tile/+1/000",
                           "tile/0/x001",
                           "tile/0/x000/005",
                           "tile/0/001/000",
                           "tile/0/x001/x000",
                           "tile/0/X001/000",
                           "tile/0/x01/000",
                           "tile/0/005/",
                           "/tile/0/005",
                           "tile/0/005.p",
                           "tile/0/005.p/",
                           "tile/0/005.p/0",
                           "tile/0/005.p/256",
                           "tile/0/005.p/07",
                           "tile/0/005.p/7/",
                           "tile/0/005.p/7/8",
                           "tile/0/x005.p/7",
                           "tile/0/005.q/7",
                           "tile/8/0/005",
                           "tile/data/005",
                           "tile/0/../005",
                           "tile//005",
                           "tile/0//005",
                           "tile/0/0 5",
                           "tile/0/x018/x446/x744/x073/x709/x551/616",
                           "tile/Entries/000"}) {
    EXPECT_FALSE(parse_tile_path(path).ok()) << path;
  }
  EXPECT_TRUE(parse_tile_path("tile/0/x018/x446/x744/x073/x709/x551/615").ok());
}

std::set<std::string> paths(const std::vector<TileId>& tiles) {
  std::set<std::string> paths;
  for (const TileId& tile : tiles) paths.insert(tile_path(tile));
  return paths;
}

TEST(Tiles, are_those_a_size_implies) {
  EXPECT_EQ(paths(partial_tiles(70'000)),
            (std::set<std::string>{"tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"}));
  EXPECT_EQ(paths(partial_tiles(256)), (std::set<std::string>{"tile/1/000.p/1"}));
  EXPECT_TRUE(partial_tiles(0).empty());
  EXPECT_EQ(paths(new_tiles(0, 256)), (std::set<std::string>{"tile/0/000", "tile/entries/000", "tile/1/000.p/1"}));
  EXPECT_EQ(paths(new_tiles(256, 300)), (std::set<std::string>{"tile/0/001.p/44", "tile/entries/001.p/44"}));
  EXPECT_EQ(paths(new_tiles(500, 513)), (std::set<std::string>{"tile/0/001", "tile/entries/001", "tile/0/002.p/1",
                                                               "tile/entries/002.p/1", "tile/1/000.p/2"}));
  EXPECT_TRUE(new_tiles(513, 513).empty());
  EXPECT_EQ(new_tiles(0, 70'000).size(), 2u * 274 + 2 + 1);
}

TEST(Bundle, holds_entries_of_every_length) {
  const std::vector<Bytes> entries = {{}, Bytes(1, std::byte{7}), Bytes(entry_bytes_max, std::byte{8}), Bytes(300)};
  Bytes bytes;
  for (const Bytes& entry : entries) put_entry(bytes, entry);
  const auto parsed = parse_bundle(bytes, 4).value();
  for (std::size_t i = 0; i < entries.size(); ++i) EXPECT_EQ(Bytes(parsed[i].begin(), parsed[i].end()), entries[i]);
  EXPECT_FALSE(parse_bundle(bytes, 3).ok());
  EXPECT_FALSE(parse_bundle(bytes, 5).ok());
  bytes.pop_back();
  EXPECT_FALSE(parse_bundle(bytes, 4).ok());
}

class TreeReaderTest : public testing::Test {
 protected:
  void check(std::size_t size, int tries) {
    twin::MemoryTiles tiles(entries_, size);
    const auto leaves = twin::Leaves(leaves_).first(size);
    auto reader = TreeReader::open(tiles, size, twin::root(leaves));
    ASSERT_TRUE(reader.ok()) << size << ": " << reader.error().message;
    for (int i = 0; i < tries && size > 0; ++i) {
      const std::size_t index = i == 0 ? size - 1 : rng_.below(size);
      ASSERT_EQ(reader->inclusion(index).value(), twin::path(index, leaves)) << index << " of " << size;
      ASSERT_EQ(reader->entry(index).value(), entries_[index]);
      const std::size_t old_size = 1 + rng_.below(size);
      ASSERT_EQ(reader->consistency(old_size).value(), twin::subproof(old_size, leaves, true))
          << old_size << " to " << size;
      ASSERT_EQ(reader->root_at(old_size).value(), twin::root(leaves.first(old_size)));
    }
    EXPECT_EQ(reader->inclusion(size).error().kind, ErrorKind::not_found);
    EXPECT_EQ(reader->entry(size).error().kind, ErrorKind::not_found);
    EXPECT_EQ(reader->bundle(size + 255).error().kind, ErrorKind::not_found);
    EXPECT_EQ(reader->consistency(size + 1).error().kind, ErrorKind::not_found);
    EXPECT_EQ(reader->root_at(0).value(), empty_root());
    EXPECT_TRUE(reader->consistency(0)->empty());
  }

  const std::vector<Bytes> entries_ = twin::random_entries(65'793, 3);
  const std::vector<Hash> leaves_ = twin::leaves_of(entries_);
  Rng rng_{4};
};

TEST_F(TreeReaderTest, agrees_with_the_definition_at_every_size_to_1025) {
  for (std::size_t size = 0; size <= 1025; ++size) check(size, 1);
}

TEST_F(TreeReaderTest, agrees_around_the_powers_of_256) {
  for (const std::size_t size : {255, 256, 257, 65'535, 65'536, 65'537, 65'792, 65'793}) check(size, 3);
}

TEST_F(TreeReaderTest, never_believes_a_tile_that_does_not_hash_to_the_root) {
  constexpr std::size_t size = 3 * 256 + 17;
  const twin::MemoryTiles sound(entries_, size);
  const auto leaves = twin::Leaves(leaves_).first(size);
  for (const auto& [path, bytes] : sound.files) {
    for (std::size_t at = 0; at < bytes.size(); at += 1 + rng_.below(97)) {
      twin::MemoryTiles tiles = sound;
      tiles.files[path][at] ^= static_cast<std::byte>(1U << rng_.below(8));
      auto reader = TreeReader::open(tiles, size, twin::root(leaves));
      const auto verified = reader.ok() ? verify_all(*reader) : Result<void>(reader.error());
      ASSERT_FALSE(verified.ok()) << path << " " << at;
      ASSERT_EQ(verified.error().kind, ErrorKind::conflict);
    }
  }
  twin::MemoryTiles tiles = sound;
  auto reader = TreeReader::open(tiles, size, twin::root(leaves)).value();
  double done = 0;
  EXPECT_TRUE(verify_all(reader, [&](double share) { done = share; }).ok());
  EXPECT_EQ(done, 1);
}

TEST_F(TreeReaderTest, refuses_tiles_of_another_length_and_missing_ones) {
  constexpr std::size_t size = 600;
  const auto leaves = twin::Leaves(leaves_).first(size);
  for (const char* path :
       {"tile/0/001", "tile/0/002.p/88", "tile/1/000.p/2", "tile/entries/001", "tile/entries/002.p/88"}) {
    twin::MemoryTiles tiles(entries_, size);
    tiles.files.at(path).push_back(std::byte{0});
    auto reader = TreeReader::open(tiles, size, twin::root(leaves));
    EXPECT_EQ((reader.ok() ? verify_all(*reader) : Result<void>(reader.error())).error().kind, ErrorKind::conflict)
        << path;
    tiles.files.erase(path);
    reader = TreeReader::open(tiles, size, twin::root(leaves));
    EXPECT_EQ((reader.ok() ? verify_all(*reader) : Result<void>(reader.error())).error().kind, ErrorKind::not_found)
        << path;
  }
}

// A log may drop a partial tile once the full one is there.
TEST_F(TreeReaderTest, takes_the_full_tile_where_the_partial_one_is_gone) {
  twin::MemoryTiles later(entries_, 1024);
  const auto leaves = twin::Leaves(leaves_).first(700);
  later.files.emplace("tile/1/000.p/2", twin::MemoryTiles(entries_, 700).files.at("tile/1/000.p/2"));
  auto reader = TreeReader::open(later, 700, twin::root(leaves)).value();
  EXPECT_TRUE(verify_all(reader).ok());
  EXPECT_EQ(reader.inclusion(699).value(), twin::path(699, leaves));
}

TEST_F(TreeReaderTest, keeps_a_bounded_number_of_tiles_and_reads_each_once_in_a_row) {
  constexpr std::size_t size = 65'536;
  twin::MemoryTiles tiles(entries_, size);
  auto reader = TreeReader::open(tiles, size, twin::root(twin::Leaves(leaves_).first(size))).value();
  ASSERT_TRUE(verify_all(reader).ok());
  // 256 bundles, 256 tiles, and the one above them once each time the kept ones were dropped.
  EXPECT_LE(tiles.reads, 512 + 2 + 256 / (TreeReader::tiles_kept_max - 1) + 2);
}

TEST_F(TreeReaderTest, another_root_or_size_is_refused) {
  twin::MemoryTiles tiles(entries_, 300);
  EXPECT_EQ(TreeReader::open(tiles, 300, empty_root()).error().kind, ErrorKind::conflict);
  EXPECT_EQ(TreeReader::open(tiles, 0, leaves_[0]).error().kind, ErrorKind::conflict);
  EXPECT_EQ(TreeReader::open(tiles, ~std::uint64_t{0}, empty_root()).error().kind, ErrorKind::invalid);
  EXPECT_EQ(TreeReader::open(tiles, std::uint64_t{1} << 62, empty_root()).error().kind, ErrorKind::not_found);
}

}  // namespace
}  // namespace zan::evidence
