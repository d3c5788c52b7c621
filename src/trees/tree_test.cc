// Trees as bytes, and what is refused; a forest of nothing.
#include "trees/tree.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <limits>

#include "trees/booster.h"
#include "trees/forest.h"

namespace zan::trees {
namespace {

Tree any_tree(unsigned depth) {
  const auto number = [] { return static_cast<float>(*rc::gen::inRange(-8, 9)) / 4; };
  if (depth == 0 || *rc::gen::inRange(0, 3) == 0) return {{true, false, 0, number()}};
  Tree tree = {{false, *rc::gen::arbitrary<bool>(), *rc::gen::inRange<std::uint16_t>(0, 5), number()}};
  for (int side = 0; side < 2; ++side) {
    const Tree below = any_tree(depth - 1);
    tree.insert(tree.end(), below.begin(), below.end());
  }
  return tree;
}

RC_GTEST_PROP(Trees, are_read_as_they_were_written, ()) {
  std::vector<Tree> trees;
  const int count = *rc::gen::inRange(0, 6);
  for (int i = 0; i < count; ++i) trees.push_back(any_tree(5));
  Bytes bytes;
  put_trees(bytes, trees);
  ByteReader in(bytes);
  RC_ASSERT(read_trees(in) == trees);
  RC_ASSERT(in.ok() && in.done());
  for (const Tree& tree : trees) RC_ASSERT(check_tree(tree, 5));
  ByteReader cut(ByteSpan(bytes).first(bytes.size() - 1));
  (void)read_trees(cut);
  RC_ASSERT(!cut.ok());
}

TEST(Trees, a_count_that_cannot_be_is_not_believed) {
  Bytes bytes;
  put_varint(bytes, trees_max);
  ByteReader in(bytes);
  EXPECT_TRUE(read_trees(in).empty());
  EXPECT_FALSE(in.ok());
}

TEST(Trees, too_deep_is_refused_while_reading) {
  Bytes bytes;
  put_varint(bytes, 1);
  for (unsigned i = 0; i <= depth_max; ++i) {
    put_varint(bytes, 1);
    put_fixed(bytes, 0.0F);
  }
  bytes.resize(bytes.size() + 200);
  ByteReader in(bytes);
  (void)read_trees(in);
  EXPECT_FALSE(in.ok());
}

TEST(Trees, what_is_not_whole_or_asks_for_too_much_fails_the_check) {
  const Node leaf{true, false, 0, 1};
  EXPECT_TRUE(check_tree({leaf}, 1));
  EXPECT_FALSE(check_tree({}, 1));
  EXPECT_FALSE(check_tree({leaf, leaf}, 1));
  EXPECT_FALSE(check_tree({{false, false, 1, 0}, leaf, leaf}, 1));
  EXPECT_FALSE(check_tree({{true, false, 0, HUGE_VALF}}, 1));
  EXPECT_FALSE(check_calibration({}));
  EXPECT_FALSE(check_calibration({{0, 0.5F}, {0, 0.6F}}));
  EXPECT_FALSE(check_calibration({{0, 0.5F}, {1, 0.4F}}));
  EXPECT_FALSE(check_calibration({{0, std::nanf("")}}));
}

TEST(Forest, without_trees_it_says_what_its_calibration_says_of_nothing) {
  const Forest forest(2, {}, {{-1, 0.25F}, {1, 0.75F}});
  const float row[] = {1, std::numeric_limits<float>::quiet_NaN()};
  EXPECT_EQ(forest.margin(row), 0);
  EXPECT_DOUBLE_EQ(forest.probability(row), 0.5);
}

TEST(Boost, one_row_or_one_kind_of_row_still_gives_trees) {
  const float values[] = {1, 2};
  const std::uint8_t labels[] = {1, 1};
  const std::size_t of[] = {0, 1};
  const auto grown = boost({1, values, labels, {}}, of, {.trees = 3});
  ASSERT_TRUE(grown.ok()) << grown.error().message;
  EXPECT_EQ(grown->trees.size(), 3U);
  for (const Tree& tree : grown->trees) EXPECT_TRUE(check_tree(tree, 1));
}

}  // namespace
}  // namespace zan::trees
