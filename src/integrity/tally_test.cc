#include "integrity/tally.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

namespace zan::integrity {
namespace {

RC_GTEST_PROP(Tally, IsAMapThatForgetsOnClear, ()) {
  Tally tally;
  // Rounds of different sizes: small ones follow large ones, so that the table has grown and was cleared.
  const auto rounds = *rc::gen::container<std::vector<unsigned>>(rc::gen::inRange(0u, 400u));
  const auto range = *rc::gen::inRange(1u, 1000u);
  std::uint32_t draw = *rc::gen::arbitrary<std::uint32_t>();
  for (const unsigned additions : rounds) {
    tally.clear();
    RC_ASSERT(tally.entries().empty());
    std::map<std::uint32_t, std::uint32_t> twin;
    std::vector<std::uint32_t> order;
    for (unsigned i = 0; i < additions; ++i) {
      draw = draw * 1664525 + 1013904223;
      const std::uint32_t key = (draw >> 8) % range;
      if (twin[key]++ == 0) order.push_back(key);
      Tally::Entry& entry = tally[key];
      ++entry.count;
      entry.sum += key;
    }
    RC_ASSERT(tally.entries().size() == twin.size());
    for (std::size_t i = 0; i < order.size(); ++i) RC_ASSERT(tally.entries()[i].key == order[i]);
    for (std::uint32_t key = 0; key < range; ++key) {
      const Tally::Entry* entry = tally.find(key);
      RC_ASSERT((entry != nullptr) == twin.contains(key));
      if (entry == nullptr) continue;
      RC_ASSERT(entry->key == key && entry->count == twin[key]);
      RC_ASSERT(entry->sum == double(key) * twin[key]);
    }
  }
}

TEST(Tally, InsertTellsWhatIsNew) {
  Tally tally;
  for (std::uint32_t key = 0; key < 10'000; ++key) EXPECT_TRUE(tally.insert(key * 64));
  for (std::uint32_t key = 0; key < 10'000; ++key) EXPECT_FALSE(tally.insert(key * 64));
  EXPECT_TRUE(tally.contains(64));
  EXPECT_FALSE(tally.contains(65));
}

TEST(Tally, HoldsTheLargestAndTheSmallestKey) {
  Tally tally;
  EXPECT_TRUE(tally.insert(0));
  EXPECT_TRUE(tally.insert(0xffff'ffffu));
  EXPECT_FALSE(tally.insert(0));
  tally.clear();
  EXPECT_FALSE(tally.contains(0));
  EXPECT_FALSE(tally.contains(0xffff'ffffu));
}

// After one large piece of work, small ones cost what they are: a million clearings of a table that was once large would take hours
// if each of them went over the whole table.
TEST(Tally, SmallWorkAfterLargeStaysSmall) {
  Tally tally;
  for (std::uint32_t key = 0; key < 1'000'000; ++key) tally.insert(key);
  for (std::uint32_t round = 0; round < 100'000; ++round) {
    tally.clear();
    for (std::uint32_t key = 0; key < 4; ++key) ASSERT_TRUE(tally.insert(round + key));
  }
}

}  // namespace
}  // namespace zan::integrity
