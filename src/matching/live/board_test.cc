#include "matching/live/board.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace zan::matching {
namespace {

TEST(Board, NothingIsOnAnEmptyOne) { EXPECT_TRUE(Board(4, 100).top(10, 1'000'000).empty()); }

TEST(Board, WhatWasLikedLatelyStandsAboveWhatWasLikedMoreLongAgo) {
  Board board(4, 100);
  board.add(1, 3, 1'000);
  board.add(2, 1, 1'200);
  const auto top = board.top(2, 1'200);
  ASSERT_EQ(top.size(), 2U);
  EXPECT_EQ(top[0].work, 2U);
  EXPECT_FLOAT_EQ(top[0].score, 1);
  EXPECT_FLOAT_EQ(top[1].score, 0.75F);
}

TEST(Board, WhatIsTakenBackIsGone) {
  Board board(4, 100);
  board.add(1, 1, 1'000);
  board.add(1, -1, 1'000);
  EXPECT_EQ(board.size(), 0U);
}

// Two hundred half-lives later every sum is written anew; nothing overflows.
TEST(Board, AgesDoNotMatter) {
  Board board(4, 1);
  for (std::uint32_t at = 1; at < 100'000; at += 50) board.add(at % 3, 1, at);
  const auto top = board.top(1, 100'000);
  ASSERT_EQ(top.size(), 1U);
  EXPECT_TRUE(std::isfinite(top[0].score));
  EXPECT_EQ(top[0].work, 99'951U % 3);
}

// What is among the best `size` at the end and always was is there, with its exact sum.
RC_GTEST_PROP(Board, IsTheSumOfWhatFades, ()) {
  const auto adds = *rc::gen::container<std::vector<std::pair<std::uint32_t, std::uint32_t>>>(
      rc::gen::pair(rc::gen::inRange<std::uint32_t>(0, 6), rc::gen::inRange<std::uint32_t>(1'000, 2'000)));
  Board board(8, 300);
  std::map<WorkRow, double> twin;
  for (const auto& [row, at_s] : adds) {
    board.add(row, 1, at_s);
    twin[row] += std::exp2((at_s - 2'000.0) / 300);
  }
  const auto top = board.top(8, 2'000);
  RC_ASSERT(top.size() == twin.size());
  for (const Standing& one : top) RC_ASSERT(std::abs(one.score - twin[one.work]) < 1e-4 * (1 + twin[one.work]));
  RC_ASSERT(std::is_sorted(top.begin(), top.end(), [](const auto& a, const auto& b) { return a.score > b.score; }));
}

// Whatever is added, taken back and removed, and however often sums are written anew: the order is that of the sums.
RC_GTEST_PROP(Board, StaysInOrder, (const std::vector<std::pair<std::uint8_t, std::int8_t>>& deeds)) {
  Board board(1'000, 1);
  std::map<WorkRow, double> twin;
  std::uint32_t at_s = 1'000;
  for (const auto& [row, what] : deeds) {
    at_s += row;  // a second is a half-life
    for (auto& [other, sum] : twin) sum *= std::exp2(-static_cast<double>(row));
    if (what % 8 == 0) {
      board.remove(row);
      twin.erase(row);
      continue;
    }
    board.add(row, what, at_s);
    if ((twin[row] += what) <= 0) twin.erase(row);
  }
  const auto top = board.top(1'000, at_s);
  RC_ASSERT(top.size() == board.size());
  RC_ASSERT(std::is_sorted(top.begin(), top.end(), [](const auto& a, const auto& b) { return a.score > b.score; }));
  for (const Standing& one : top) {
    const auto known = twin.find(one.work);
    RC_ASSERT(known != twin.end());
    RC_ASSERT(std::abs(static_cast<double>(one.score) - known->second) <= 1e-5 * known->second + 1e-30);
  }
  RC_ASSERT(top.size() == twin.size());
}

TEST(Board, TheWorstMakeRoom) {
  Board board(10, 1'000);
  for (WorkRow row = 0; row < 1'000; ++row) board.add(row, static_cast<float>(1 + row % 7), 5'000);
  EXPECT_LT(board.size(), 20U);
  for (const Standing& one : board.top(5, 5'000)) EXPECT_FLOAT_EQ(one.score, 7);
}

}  // namespace
}  // namespace zan::matching
