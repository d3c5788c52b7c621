#include "integrity/pair_table.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

#include "base/random.h"

namespace zan::integrity {
namespace {

TEST(PairTable, APairHasNoOrder) {
  EXPECT_EQ(PairTable::key(3, 9), PairTable::key(9, 3));
  EXPECT_NE(PairTable::key(3, 9), PairTable::key(3, 10));
}

// Pairs below are so few that no two of them share set and tag.
RC_GTEST_PROP(PairTable, NeverCountsTooMuch, ()) {
  PairTable table(4);
  std::map<std::uint64_t, std::uint32_t> truth;
  const auto pairs = *rc::gen::container<std::vector<std::pair<std::uint32_t, std::uint32_t>>>(
      rc::gen::pair(rc::gen::inRange(1u, 12u), rc::gen::inRange(1u, 12u)));
  for (const auto& [first, second] : pairs) {
    const std::uint64_t key = PairTable::key(first, second);
    ++truth[key];
    const PairTable::Slot* slot = table.count(key);
    if (slot != nullptr) RC_ASSERT(slot->count >= 1 && slot->count <= truth[key]);
  }
}

TEST(PairTable, CountsExactlyWhileThereIsRoom) {
  PairTable table(12);
  for (std::uint32_t times = 1; times <= 50; ++times)
    for (std::uint32_t pair = 1; pair <= 60; ++pair) {
      const PairTable::Slot* slot = table.count(PairTable::key(pair, 1000));
      ASSERT_NE(slot, nullptr);
      ASSERT_EQ(slot->count, times);
    }
}

TEST(PairTable, StopsAtTheLargestCount) {
  PairTable table(4);
  PairTable::Slot* slot = nullptr;
  for (int i = 0; i < 70'000; ++i) slot = table.count(PairTable::key(1, 2));
  ASSERT_NE(slot, nullptr);
  EXPECT_EQ(slot->count, 0xffff);
}

TEST(PairTable, AFrequentPairOutlivesAFlood) {
  PairTable table(10);
  const std::uint64_t frequent = PairTable::key(1, 2);
  for (int i = 0; i < 10; ++i) table.count(frequent);
  for (std::uint32_t single = 0; single < 1'000'000; ++single) table.count(PairTable::key(10 + single, 9));
  const PairTable::Slot* slot = table.count(frequent);
  ASSERT_NE(slot, nullptr);
  EXPECT_EQ(slot->count, 11);
}

// A pair whose appearances are far apart, among many that come once: all eight slots of a set have to be worth something to it, and
// not only the one that was replaced last.
TEST(PairTable, ARarePairIsSeenAgainAmongSingles) {
  PairTable table(13);  // 1024 sets
  Rng rng(5);
  std::uint32_t single = 1000;
  std::size_t remembered = 0;
  constexpr std::uint32_t pairs = 1000;
  for (std::uint32_t i = 0; i < 50'000; ++i) table.count(PairTable::key(++single, 7));
  for (std::uint32_t pair = 0; pair < pairs; ++pair) {
    table.count(PairTable::key(pair, 3));
    for (std::uint32_t i = 0; i < 2048; ++i) table.count(PairTable::key(++single, 7));  // two for each set
    const PairTable::Slot* slot = table.count(PairTable::key(pair, 3));
    remembered += slot != nullptr && slot->count == 2 ? 1 : 0;
  }
  // By chance exp(-2/8) = 0.78 of eight slots used evenly; exp(-2) = 0.14 of one.
  EXPECT_GT(remembered, pairs * 7 / 10);
}

}  // namespace
}  // namespace zan::integrity
