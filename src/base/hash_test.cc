#include "base/hash.h"

#include <gtest/gtest.h>

#include <bit>
#include <set>

#include "base/random.h"
#include "base/wide.h"

namespace zan {
namespace {

// The first vectors of SipHash-2-4-128, from the reference implementation (vectors.h of github.com/veorq/SipHash):
// key 00 01 .. 0f, message of n bytes 00 01 .. n-1.
TEST(Hash, is_siphash_2_4_128) {
  HashKey key;
  for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<unsigned char>(i);
  const Hash128 empty = keyed_hash128(key, {});
  EXPECT_EQ(empty.high, 0xe6a825ba047f81a3ULL);
  EXPECT_EQ(empty.low, 0x930255c71472f66dULL);
  const Bytes one{std::byte{0}};
  const Hash128 of_one = keyed_hash128(key, one);
  EXPECT_EQ(of_one.high, 0x44af996bd8c187daULL);
  EXPECT_EQ(of_one.low, 0x45fc229b11597634ULL);
  EXPECT_EQ(keyed_hash64(key, one), of_one.high);
}

// XXH3_64bits of nothing and of "a", from the xxHash 0.8 command line tool.
TEST(Hash, checksum_is_xxh3) {
  EXPECT_EQ(checksum64({}), 0x2d06800538d394c2ULL);
  EXPECT_EQ(checksum64(as_bytes("a")), 0xe6c632b61e964e1fULL);
  EXPECT_EQ(checksum32(as_bytes("a")), 0x1e964e1fu);
  EXPECT_NE(checksum64(as_bytes("a"), 1), checksum64(as_bytes("a")));
}

TEST(Hash, mix64_loses_nothing_and_spreads) {
  std::set<std::uint64_t> seen;
  int changed = 0;
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    seen.insert(mix64(i));
    changed += std::popcount(mix64(i) ^ mix64(i + 1));
  }
  EXPECT_EQ(seen.size(), 10'000u);
  EXPECT_NEAR(changed / 10'000.0, 32, 1);
}

TEST(Wide, scales_onto_a_range) {
  EXPECT_EQ(scaled(0, 10), 0u);
  EXPECT_EQ(scaled(~0ULL, 10), 9u);
  EXPECT_EQ(scaled(1ULL << 63, 10), 5u);
  EXPECT_EQ(scaled(~0ULL, ~0ULL), ~0ULL - 1);
}

TEST(Rng, repeats_from_its_seed) {
  Rng a(7);
  Rng b(7);
  Rng other(8);
  EXPECT_EQ(a.next(), b.next());
  EXPECT_NE(a.next(), other.next());
}

TEST(Rng, stays_in_bounds) {
  Rng rng(1);
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 1000; ++i) {
    seen.insert(rng.below(5));
    const double unit = rng.unit();
    ASSERT_GE(unit, 0);
    ASSERT_LT(unit, 1);
  }
  EXPECT_EQ(seen, (std::set<std::uint64_t>{0, 1, 2, 3, 4}));
  EXPECT_EQ(rng.below(1), 0u);
  EXPECT_FALSE(rng.chance(0));
  EXPECT_TRUE(rng.chance(1));
}

TEST(Entropy, fills_all_of_it) {
  std::array<unsigned char, 64> first{};
  std::array<unsigned char, 64> second{};
  machine_entropy().fill(first);
  machine_entropy().fill(second);
  EXPECT_NE(first, second);
  SeededEntropy a(1);
  SeededEntropy b(1);
  a.fill(first);
  b.fill(second);
  EXPECT_EQ(first, second);
}

}  // namespace
}  // namespace zan
