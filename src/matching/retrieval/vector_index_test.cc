#include "matching/retrieval/vector_index.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <numeric>

#include "matching/retrieval/products.h"
#include "matching/retrieval/sim_vectors.h"
#include "matching/retrieval/vector_lists.h"

namespace zan::matching {
namespace {

std::vector<float> some_floats(std::size_t count, std::uint64_t seed) {
  Rng rng(seed);
  std::vector<float> made;
  for (std::size_t k = 0; k < count; ++k) made.push_back(static_cast<float>(rng.unit() * 2 - 1));
  return made;
}

double twin_product(const float* a, const float* b, std::size_t size) {
  double sum = 0;
  for (std::size_t c = 0; c < size; ++c) sum += static_cast<double>(a[c]) * static_cast<double>(b[c]);
  return sum;
}

std::span<const float> person(const SimVectors& sim, std::size_t at) {
  return {sim.people.data() + at * sim.dimension, sim.dimension};
}

double recall_of(const VectorIndex& index, const SimVectors& sim, std::size_t k) {
  std::size_t hits = 0, wanted = 0;
  std::vector<Ranked> found, truth;
  for (std::size_t at = 0; at * sim.dimension < sim.people.size(); ++at) {
    index.nearest(person(sim, at), k, found);
    index.nearest_exact(person(sim, at), k, truth);
    wanted += truth.size();
    for (const Ranked& entry : found)
      hits += std::any_of(truth.begin(), truth.end(), [&](const Ranked& one) { return one.item == entry.item; });
  }
  return static_cast<double>(hits) / static_cast<double>(wanted);
}

RC_GTEST_PROP(Products, AreThoseOfDoublesWhateverTheSize, ()) {
  const std::size_t size = *rc::gen::inRange<std::size_t>(1, 140), rows = *rc::gen::inRange<std::size_t>(0, 20);
  const auto query = some_floats(size, size), vectors = some_floats(rows * size, rows + 1000);
  std::vector<float> all(rows), some(rows);
  products(query, vectors.data(), all);
  std::vector<std::uint32_t> backwards(rows);
  std::iota(backwards.rbegin(), backwards.rend(), 0U);
  products_of(query, vectors.data(), backwards, some);
  for (std::size_t row = 0; row < rows; ++row) {
    RC_ASSERT(std::abs(all[row] - twin_product(query.data(), &vectors[row * size], size)) < 1e-4);
    RC_ASSERT(all[row] == some[rows - 1 - row]);
    RC_ASSERT(all[row] == product(query, &vectors[row * size]));
  }
}

RC_GTEST_PROP(Products, BestRowsAreThoseOfASortedList, ()) {
  const std::size_t rows = *rc::gen::inRange<std::size_t>(0, 1200), k = *rc::gen::inRange<std::size_t>(0, 40);
  // Few different numbers: many products are equal.
  std::vector<float> vectors;
  for (std::size_t at = 0; at < rows * 2; ++at) vectors.push_back(static_cast<float>(at * 7 % 5));
  const std::vector<float> query{1, -2};
  std::vector<Ranked> twin, best;
  for (std::uint32_t row = 0; row < rows; ++row) twin.push_back({vectors[row * 2] - 2 * vectors[row * 2 + 1], row});
  std::sort(twin.begin(), twin.end(), is_better);
  twin.resize(std::min(rows, k));
  best_rows(query, vectors, k, best);
  RC_ASSERT(best.size() == twin.size());
  for (std::size_t at = 0; at < best.size(); ++at) RC_ASSERT(best[at].item == twin[at].item);
}

RC_GTEST_PROP(SmallRows, AreWithinAByteOfTheTruth, ()) {
  const std::size_t d = *rc::gen::inRange<std::size_t>(1, 100);
  const auto vectors = some_floats(16 * d, d), query = some_floats(d, d + 500);
  SmallRows rows(16, d);
  for (std::size_t row = 0; row < 13; ++row) rows.set(row, &vectors[row * d]);
  std::vector<float> all(16), second(8);
  rows.products(rows.query_of(query), 0, all);
  rows.products(rows.query_of(query), 8, second);
  for (std::size_t row = 0; row < 16; ++row) {
    const double truth = row < 13 ? twin_product(query.data(), &vectors[row * d], d) : 0;
    RC_ASSERT(std::abs(all[row] - truth) <= (0.5 / 127 + 0.5 / 2047 + 1e-5) * static_cast<double>(d));
  }
  RC_ASSERT(std::equal(second.begin(), second.end(), all.begin() + 8));
}

TEST(SmallRows, NothingHasProductsOfNothing) {
  const std::vector<float> none(6, 0.0F), some{1, 2, 3, 4, 5, 6};
  SmallRows rows(8, 6);
  rows.set(0, none.data());
  rows.set(1, some.data());
  std::vector<float> out(8, 9.0F);
  rows.products(rows.query_of(none), 0, out);
  EXPECT_EQ(out, std::vector<float>(8, 0.0F));
  rows.products(rows.query_of(some), 0, out);
  EXPECT_EQ(out[0], 0);
  EXPECT_NEAR(out[1], 91, 0.5);
}

TEST(VectorLists, EveryRowIsInAListAndNearOnesTogether) {
  // Four points, many times each.
  std::vector<float> vectors;
  for (int k = 0; k < 400; ++k) vectors.insert(vectors.end(), {k % 4 < 2 ? 1.0F : -1.0F, k % 2 == 0 ? 1.0F : -1.0F});
  const auto lists = lists_of(vectors, 2, {.lists = 16});
  ASSERT_EQ(lists.size(), 400U);
  for (std::size_t row = 4; row < 400; ++row) EXPECT_EQ(lists[row], lists[row % 4]) << row;
}

TEST(VectorLists, AreTheSameForAnyNumberOfThreads) {
  const SimVectors sim = sim_vectors(5000, 0, 16, 20, 3);
  EXPECT_EQ(lists_of(sim.works, 16, {.lists = 40, .threads = 1}), lists_of(sim.works, 16, {.lists = 40, .threads = 3}));
}

TEST(VectorIndex, OfNothingFindsNothing) {
  std::vector<Ranked> best{{1, 1}};
  VectorIndex().nearest({}, 5, best);
  EXPECT_TRUE(best.empty());
  const VectorIndex none({}, 4, {});
  none.nearest(std::vector<float>(4, 1.0F), 5, best);
  EXPECT_TRUE(best.empty());
}

TEST(VectorIndex, OneRowIsFoundHoweverItIsKept) {
  for (const std::size_t exact : {0, 100}) {
    const VectorIndex one({1, 2}, 2, {.exact_rows_max = exact});
    std::vector<Ranked> best;
    one.nearest(std::vector<float>{1, 1}, 5, best);
    ASSERT_EQ(best.size(), 1U);
    EXPECT_EQ(best[0].score, 3);
    one.nearest(std::vector<float>{1, 1}, 0, best);
    EXPECT_TRUE(best.empty());
  }
}

TEST(VectorIndex, RowsThatAreAllTheSameAreFoundInFullNumber) {
  const VectorIndex same(std::vector<float>(8000, 0.5F), 4, {.exact_rows_max = 100, .rows_per_list = 50});
  std::vector<Ranked> best;
  same.nearest(std::vector<float>(4, 1.0F), 30, best);
  EXPECT_EQ(best.size(), 30U);
  for (const Ranked& entry : best) EXPECT_EQ(entry.score, 2);
}

TEST(VectorIndex, QueriesOfNothingAndOfNoNumberEnd) {
  const SimVectors sim = sim_vectors(4000, 1, 8, 10, 1);
  const VectorIndex index(sim.works, 8, {.exact_rows_max = 100, .rows_per_list = 50});
  std::vector<Ranked> best;
  index.nearest(std::vector<float>(8, 0.0F), 30, best);
  EXPECT_EQ(best.size(), 30U);
  index.nearest(std::vector<float>(8, std::nanf("")), 30, best);
  EXPECT_LE(best.size(), 30U);
}

TEST(VectorIndex, FindsNearlyAllThatAnExactScanFinds) {
  for (const std::size_t dimension : {16, 24, 64}) {
    const SimVectors sim = sim_vectors(40'000, 40, dimension, 50, 7);
    const VectorIndex index(sim.works, dimension, {.rows_per_list = 200, .threads = 2});
    ASSERT_FALSE(index.list_of().empty());
    EXPECT_GT(recall_of(index, sim, 100), 0.985) << dimension;
    EXPECT_GT(recall_of(index, sim, 10), 0.985) << dimension;
  }
}

TEST(VectorIndex, ProductsAreExactAndBestFirst) {
  const SimVectors sim = sim_vectors(4000, 5, 16, 10, 2);
  const VectorIndex index(sim.works, 16, {.exact_rows_max = 100, .rows_per_list = 50});
  std::vector<Ranked> best;
  for (std::size_t at = 0; at < 5; ++at) {
    index.nearest(person(sim, at), 20, best);
    ASSERT_EQ(best.size(), 20U);
    EXPECT_TRUE(std::is_sorted(best.begin(), best.end(), is_better));
    for (const Ranked& entry : best) EXPECT_EQ(entry.score, product(person(sim, at), index.row(entry.item).data()));
  }
}

TEST(VectorIndex, TheSameWhateverTheThreadsAndWhenItIsMadeOfSavedLists) {
  const SimVectors sim = sim_vectors(6000, 20, 16, 30, 4);
  const VectorIndexOptions one{.exact_rows_max = 100, .rows_per_list = 50, .threads = 1};
  const VectorIndexOptions three{.exact_rows_max = 100, .rows_per_list = 50, .threads = 3};
  const VectorIndex first(sim.works, 16, one), second(sim.works, 16, three);
  const VectorIndex third(sim.works, 16, {first.list_of().begin(), first.list_of().end()}, one);
  std::vector<Ranked> a, b, c;
  for (std::size_t at = 0; at < 20; ++at) {
    first.nearest(person(sim, at), 50, a);
    second.nearest(person(sim, at), 50, b);
    third.nearest(person(sim, at), 50, c);
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t k = 0; k < a.size(); ++k) {
      EXPECT_TRUE(a[k].item == b[k].item && a[k].score == b[k].score);
      EXPECT_TRUE(a[k].item == c[k].item && a[k].score == c[k].score);
    }
  }
}

TEST(VectorIndex, ReadsNoMoreThanItMayEvenWhereNothingIsNear) {
  const SimVectors random = sim_vectors(20'000, 5, 32, 0, 5);
  const VectorIndex little(random.works, 32, {.exact_rows_max = 100, .rows_per_list = 50, .read_share_max = 0.01});
  std::vector<Ranked> best;
  for (std::size_t at = 0; at < 5; ++at) {
    little.nearest(person(random, at), 100, best);
    EXPECT_EQ(best.size(), 100U);  // in full number all the same
  }
}

}  // namespace
}  // namespace zan::matching
