#include "matching/interactions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>

namespace zan::matching {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<Pair> any_pairs() {
  auto pairs = *rc::gen::container<std::vector<Pair>>(
      rc::gen::pair(rc::gen::inRange<std::uint32_t>(0, 9), rc::gen::inRange<std::uint32_t>(0, 13)));
  return pairs;
}

TEST(Interactions, RowsAreSortedAndWithoutRepetition) {
  const Interactions matrix = interactions_of({{1, 3}, {0, 2}, {1, 0}, {1, 3}}, 3, 4);
  EXPECT_EQ(matrix.user_count(), 3U);
  EXPECT_THAT(matrix.of(0), ElementsAre(2));
  EXPECT_THAT(matrix.of(1), ElementsAre(0, 3));
  EXPECT_THAT(matrix.of(2), IsEmpty());
}

TEST(Interactions, NothingIsAMatrix) {
  const Interactions matrix = interactions_of({}, 0, 0);
  EXPECT_EQ(matrix.user_count(), 0U);
  EXPECT_EQ(transposed(matrix).user_count(), 0U);
}

RC_GTEST_PROP(Interactions, AreTheSetOfTheirPairs, ()) {
  const auto pairs = any_pairs();
  const Interactions matrix = interactions_of(pairs, 9, 13);
  std::set<Pair> read;
  for (std::uint32_t user = 0; user < 9; ++user) {
    for (const std::uint32_t item : matrix.of(user)) read.emplace(user, item);
  }
  RC_ASSERT(read == std::set<Pair>(pairs.begin(), pairs.end()));
  RC_ASSERT(matrix.pair_count() == read.size());
}

RC_GTEST_PROP(Interactions, TransposedTwiceIsTheSame, ()) {
  const Interactions matrix = interactions_of(any_pairs(), 9, 13);
  const Interactions turned = transposed(matrix), back = transposed(turned);
  RC_ASSERT(back.items == matrix.items);
  RC_ASSERT(back.offsets == matrix.offsets);
  const auto degrees = item_degrees(matrix);
  for (std::uint32_t item = 0; item < 13; ++item) RC_ASSERT(degrees[item] == turned.of(item).size());
}

RC_GTEST_PROP(HoldOut, PartsEachUsersItems, ()) {
  const Interactions matrix = interactions_of(any_pairs(), 9, 13);
  const Split split = hold_out(matrix, 0.2, 7);
  for (std::uint32_t user = 0; user < 9; ++user) {
    const auto all = matrix.of(user), fit = split.fit.of(user), out = split.held_out.of(user);
    std::multiset<std::uint32_t> both(fit.begin(), fit.end());
    both.insert(out.begin(), out.end());
    RC_ASSERT(both == std::multiset<std::uint32_t>(all.begin(), all.end()));
    RC_ASSERT(std::is_sorted(fit.begin(), fit.end()) && std::is_sorted(out.begin(), out.end()));
    RC_ASSERT(all.empty() || !fit.empty());
    RC_ASSERT(out.size() <= (all.size() + 4) / 5);
  }
}

TEST(HoldOut, FollowsFromTheSeedAndTheUserAlone) {
  std::vector<Pair> pairs;
  for (std::uint32_t item = 0; item < 40; ++item) pairs.emplace_back(2, item);
  const Split small = hold_out(interactions_of(pairs, 3, 40), 0.5, 1);
  pairs.emplace_back(0, 5);
  const Split large = hold_out(interactions_of(pairs, 3, 40), 0.5, 1);
  const Split other = hold_out(interactions_of(pairs, 3, 40), 0.5, 2);
  const auto list = [](std::span<const std::uint32_t> row) { return std::vector(row.begin(), row.end()); };
  EXPECT_EQ(list(small.held_out.of(2)), list(large.held_out.of(2)));
  EXPECT_NE(list(other.held_out.of(2)), list(large.held_out.of(2)));
  EXPECT_EQ(large.held_out.of(2).size(), 20U);
}

}  // namespace
}  // namespace zan::matching
