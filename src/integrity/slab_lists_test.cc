#include "integrity/slab_lists.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

namespace zan::integrity {
namespace {

// The same in vectors: as added until full, then in place.
struct Twin {
  std::vector<std::uint64_t> values;
  std::uint32_t added = 0;
  void add(std::uint64_t value, std::size_t capacity) {
    if (values.size() < capacity)
      values.push_back(value);
    else
      values[added % capacity] = value;
    ++added;
  }
};

template <unsigned log_capacity>
void runs_like_its_twin() {
  using Lists = SlabLists<std::uint64_t, log_capacity>;
  Lists lists;
  std::map<std::uint32_t, Twin> twins;
  std::uint64_t value = 0;
  const auto steps = *rc::gen::container<std::vector<std::pair<std::uint32_t, unsigned>>>(
      rc::gen::pair(rc::gen::inRange<std::uint32_t>(0, 12), rc::gen::inRange(0u, 40u)));
  for (const auto& [list, times] : steps) {
    if (times == 0) {
      lists.clear(list);
      twins.erase(list);
    }
    for (unsigned i = 0; i < times; ++i) {
      lists.add(list, ++value);
      twins[list].add(value, Lists::capacity);
    }
    for (const auto& [number, twin] : twins) {
      RC_ASSERT(lists.added(number) == twin.added);
      const auto values = lists.values(number);
      RC_ASSERT(std::vector<std::uint64_t>(values.begin(), values.end()) == twin.values);
    }
    for (std::uint32_t number = 0; number < 14; ++number)
      if (!twins.contains(number)) RC_ASSERT(lists.values(number).empty() && lists.added(number) == 0);
  }
}

RC_GTEST_PROP(SlabLists, AreListsOfTheNewestValues, ()) {
  runs_like_its_twin<5>();
}
RC_GTEST_PROP(SlabLists, MayHoldOneValue, ()) {
  runs_like_its_twin<0>();
}
RC_GTEST_PROP(SlabLists, MayHoldTwoValues, ()) {
  runs_like_its_twin<1>();
}

TEST(SlabLists, KeepListsApartOverManyChunks) {
  SlabLists<std::uint32_t, 7> lists;
  constexpr std::uint32_t count = 5000;
  for (std::uint32_t round = 0; round < 200; ++round)
    for (std::uint32_t list = round % 7; list < count; list += 7) lists.add(list, list * 1000 + round);
  for (std::uint32_t list = 0; list < count; ++list)
    for (const std::uint32_t value : lists.values(list)) ASSERT_EQ(value / 1000, list);
}

TEST(SlabLists, BlocksGoBackAndAreUsedAgain) {
  SlabLists<std::uint64_t, 6> lists;
  const auto fill = [&] {
    for (std::uint32_t list = 0; list < 3000; ++list)
      for (int i = 0; i < 70; ++i) lists.add(list, list);
  };
  fill();
  for (std::uint32_t list = 0; list < 3000; ++list) lists.clear(list);
  fill();
  const std::size_t bytes = lists.bytes();
  for (int round = 0; round < 5; ++round) {
    for (std::uint32_t list = 0; list < 3000; ++list) lists.clear(list);
    fill();
  }
  EXPECT_EQ(lists.bytes(), bytes);
}

// What was read stays where it is while other lists grow.
TEST(SlabLists, ValuesStayInPlaceWhileOthersGrow) {
  SlabLists<std::uint32_t, 4> lists;
  for (std::uint32_t i = 0; i < 5; ++i) lists.add(3, i);
  const auto before = lists.values(3);
  for (std::uint32_t list = 4; list < 20'000; ++list)
    for (std::uint32_t i = 0; i < 9; ++i) lists.add(list, 77);
  EXPECT_EQ(lists.values(3).data(), before.data());
  EXPECT_EQ(before.back(), 4u);
}

}  // namespace
}  // namespace zan::integrity
