#include "storage/name_table.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <utility>
#include <vector>

#include "base/random.h"

namespace zan::storage {
namespace {

Hash128 random_hash(Rng& rng) {
  return {rng.next(), rng.next()};
}

TEST(NameTable, starts_empty) {
  const NameTable table;
  EXPECT_FALSE(table.find({1, 2}));
  EXPECT_FALSE(table.find({0, 0}));
}

TEST(NameTable, takes_hashes_of_zero) {
  NameTable table;
  table.insert({0, 0}, {7});
  EXPECT_EQ(table.find({0, 0}), EntityId{7});
  table.remove({0, 0}, {7});
  EXPECT_FALSE(table.find({0, 0}));
}

TEST(NameTable, one_shard_full_of_neighbours_still_finds_all) {
  NameTable table;
  // The same shard, and fingerprints that all want the same bucket.
  for (std::uint32_t i = 1; i <= 5000; ++i) table.insert({0, i}, {i});
  for (std::uint32_t i = 1; i <= 5000; ++i) ASSERT_EQ(table.find({0, i}), EntityId{i});
  EXPECT_FALSE(table.find({0, 5001}));
}

TEST(NameTable, a_million_names_take_24_bytes_each_at_most) {
  NameTable table;
  Rng rng(1);
  constexpr std::uint32_t count = 1'000'000;
  std::vector<NameTable::Entry> entries;
  for (std::uint32_t i = 1; i <= count; ++i) entries.push_back({random_hash(rng), {i}});
  table.insert_many(entries);
  table.tidy();
  table.tidy();
  EXPECT_LE(table.bytes(), 25u * count);
  std::vector<Hash128> hashes;
  for (const auto& entry : entries) hashes.push_back(entry.hash);
  std::vector<EntityId> found(count);
  table.find_many(hashes, found);
  for (std::uint32_t i = 0; i < count; ++i) ASSERT_EQ(found[i], EntityId{i + 1});
}

// Against std::map, with few enough hashes that they meet removed ones again.
RC_GTEST_PROP(NameTable, is_a_map, (std::uint64_t seed)) {
  NameTable table;
  std::map<std::pair<std::uint64_t, std::uint64_t>, EntityId> twin;
  Rng rng(seed);
  const std::uint64_t range = 1 + rng.below(3000);
  for (std::uint32_t id = 1; id < 4000; ++id) {
    Rng of_name(rng.below(range));
    const Hash128 hash{of_name.next() << 62, of_name.next()};  // four shards only
    const auto key = std::pair(hash.high, hash.low);
    const auto known = twin.find(key);
    RC_ASSERT(table.find(hash) == (known == twin.end() ? EntityId{} : known->second));
    if (known == twin.end()) {
      table.insert(hash, {id});
      twin.emplace(key, EntityId{id});
    } else if (rng.chance(0.5)) {
      table.remove(hash, known->second);
      twin.erase(known);
    } else {
      table.remove(hash, {known->second.value + 1});  // another's: nothing happens
    }
  }
  std::vector<Hash128> hashes;
  for (const auto& [key, id] : twin) hashes.push_back({key.first, key.second});
  std::vector<EntityId> found(hashes.size());
  table.find_many(hashes, found);
  std::size_t i = 0;
  for (const auto& [key, id] : twin) RC_ASSERT(found[i++] == id);
}

TEST(ReadGate, releases_when_nobody_is_inside) {
  ReadGate gate;
  int released = 0;
  gate.retire([&] { ++released; });
  gate.poll();
  EXPECT_EQ(released, 1);
}

TEST(ReadGate, waits_for_those_who_may_hold_it) {
  ReadGate gate;
  int released = 0;
  {
    const auto pass = gate.enter();
    gate.retire([&] { ++released; });
    gate.retire([&] { ++released; });
    for (int i = 0; i < 5; ++i) gate.poll();
    EXPECT_EQ(released, 0);
  }
  gate.poll();
  gate.poll();
  EXPECT_EQ(released, 2);
}

TEST(ReadGate, releases_what_is_left_at_the_end) {
  int released = 0;
  {
    ReadGate gate;
    const auto pass = gate.enter();
    gate.retire([&] { ++released; });
  }
  EXPECT_EQ(released, 1);
}

}  // namespace
}  // namespace zan::storage
