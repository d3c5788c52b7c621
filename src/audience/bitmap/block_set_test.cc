#include "audience/bitmap/block_set.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

#include "audience/bitmap/block_math.h"
#include "base/random.h"

namespace zan::audience {
namespace {

std::vector<std::uint16_t> members(const SetView& view) {
  std::vector<std::uint16_t> out;
  for (std::uint32_t user = 0; user < block_users; ++user) {
    if (view.kind == SetView::Kind::none ? view.negated : BlockMath::contains(view, static_cast<std::uint16_t>(user)))
      out.push_back(static_cast<std::uint16_t>(user));
  }
  return out;
}

TEST(BlockSet, grows_into_words_and_shrinks_into_a_list_without_losing_anybody) {
  BlockSet set;
  std::set<std::uint16_t> twin;
  Rng rng(1);
  const auto check = [&] {
    ASSERT_EQ(set.size(), twin.size());
    ASSERT_EQ(members(set.view()), std::vector<std::uint16_t>(twin.begin(), twin.end()));
  };
  for (unsigned i = 0; i < 12'000; ++i) {
    const auto user = static_cast<std::uint16_t>(rng.below(20'000));
    ASSERT_EQ(set.insert(user), twin.insert(user).second);
    if (i % 1500 == 0) check();
  }
  EXPECT_EQ(set.view().kind, SetView::Kind::words);
  check();
  for (unsigned i = 0; twin.size() > 10; ++i) {
    const auto user = static_cast<std::uint16_t>(rng.below(20'000));
    ASSERT_EQ(set.erase(user), twin.erase(user) == 1);
    ASSERT_EQ(set.contains(user), false);
    if (i % 5000 == 0) check();
  }
  EXPECT_EQ(set.view().kind, SetView::Kind::list);
  check();
}

TEST(BlockSet, what_is_empty_takes_no_memory) {
  BlockSet set;
  EXPECT_EQ(set.bytes(), 0U);
  EXPECT_TRUE(set.insert(65'535));
  EXPECT_GT(set.bytes(), 0U);
  EXPECT_TRUE(set.erase(65'535));
  EXPECT_EQ(set.bytes(), 0U);
  EXPECT_FALSE(set.erase(65'535));
}

TEST(BlockSet, a_full_list_becomes_words_only_for_somebody_new) {
  BlockSet set;
  for (std::uint32_t user = 0; user < BlockSet::list_max; ++user) set.insert(static_cast<std::uint16_t>(user));
  EXPECT_FALSE(set.insert(7));
  EXPECT_EQ(set.view().kind, SetView::Kind::list);
  EXPECT_LE(set.bytes(), 2 * BlockSet::list_max + 32);
  EXPECT_TRUE(set.insert(60'000));
  EXPECT_EQ(set.view().kind, SetView::Kind::words);
}

// Sets of all forms: empty, short and long lists, words.
std::vector<BlockSet> samples() {
  std::vector<BlockSet> sets;
  Rng rng(2);
  for (const double density : {0.0, 0.00005, 0.002, 0.003, 0.014, 0.017, 0.07, 0.5, 0.97, 1.0}) {
    std::vector<std::uint16_t> users;
    for (std::uint32_t user = 0; user < block_users; ++user)
      if (rng.chance(density)) users.push_back(static_cast<std::uint16_t>(user));
    sets.emplace_back().assign(users);
  }
  return sets;
}

TEST(BlockMath, and_or_not_of_all_forms_agree_with_sorted_lists) {
  const std::vector<BlockSet> sets = samples();
  BlockMath math;
  for (const BlockSet& one : sets) {
    for (const BlockSet& two : sets) {
      for (unsigned signs = 0; signs < 4; ++signs) {
        SetView a = one.view(), b = two.view();
        a.negated = (signs & 1) != 0;
        b.negated = (signs & 2) != 0;
        const auto as = members(a), bs = members(b);
        std::vector<std::uint16_t> expected;
        std::set_intersection(as.begin(), as.end(), bs.begin(), bs.end(), std::back_inserter(expected));
        const SetView both = math.both(a, b);
        ASSERT_EQ(members(both), expected);
        ASSERT_EQ(math.count(both), expected.size());
        if (!a.negated) {
          ASSERT_EQ(math.count_both(a, b), expected.size());
        }
        expected.clear();
        std::set_union(as.begin(), as.end(), bs.begin(), bs.end(), std::back_inserter(expected));
        const SetView either = math.either(a, b);
        ASSERT_EQ(members(either), expected);
        // Results in buffers are taken up again: (a and b) and not (a or b) is nobody.
        const SetView none = math.both(both, BlockMath::negated(either));
        ASSERT_EQ(math.count(none), 0U);
        math.release(none);
        ASSERT_EQ(math.buffers_in_use(), 0U);
      }
    }
  }
  EXPECT_LE(math.buffers(), 4U);
}

TEST(WordLoops, every_variant_says_the_same) {
  std::size_t count = 0;
  const WordLoops* const* const variants = word_loop_variants(count);
  ASSERT_GE(count, 1U);
  Rng rng(3);
  std::vector<std::uint64_t> a(block_words), b(block_words), expected(block_words), out(block_words);
  for (std::size_t i = 0; i < block_words; ++i) {
    a[i] = rng.next() & rng.next();
    b[i] = rng.next();
  }
  const auto check = [&](auto loop, auto plain) {
    loop(out.data(), a.data(), b.data());
    plain(expected.data(), a.data(), b.data());
    EXPECT_EQ(out, expected);
  };
  const WordLoops& plain = *variants[0];
  for (std::size_t i = 0; i < count; ++i) {
    const WordLoops& loops = *variants[i];
    SCOPED_TRACE(loops.name);
    check(loops.both, plain.both);
    check(loops.either, plain.either);
    check(loops.without, plain.without);
    const SliceBounds bounds{3, {b.data(), a.data(), b.data()}, 3, 5};
    loops.between(out.data(), a.data(), bounds);
    plain.between(expected.data(), a.data(), bounds);
    EXPECT_EQ(out, expected);
    EXPECT_EQ(loops.count(a.data()), plain.count(a.data()));
    EXPECT_EQ(loops.count_both(a.data(), b.data()), plain.count_both(a.data(), b.data()));
    EXPECT_EQ(loops.count_without(a.data(), b.data()), plain.count_without(a.data(), b.data()));
    EXPECT_EQ(loops.count_differing(a.data(), b.data()), plain.count_differing(a.data(), b.data()));
  }
}

}  // namespace
}  // namespace zan::audience
