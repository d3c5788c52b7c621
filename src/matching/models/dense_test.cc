#include "matching/models/dense.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/random.h"
#include "matching/models/tall.h"

namespace zan::matching {
namespace {

std::vector<float> random_matrix(std::size_t rows, std::size_t columns, std::uint64_t seed) {
  Rng rng(seed);
  std::vector<float> m(rows * columns);
  for (float& value : m) value = static_cast<float>(rng.unit() - 0.5);
  return m;
}

Block square(std::vector<float>& m, std::size_t n) {
  return {m.data(), n, n, n};
}

// mᵀ m + 1, positive definite.
std::vector<float> definite(std::size_t n, std::uint64_t seed) {
  std::vector<float> m = random_matrix(n, n, seed), result(n * n);
  multiply({m.data(), n, n, n}, Turn::transposed, {m.data(), n, n, n}, Turn::as_is, square(result, n));
  for (std::size_t k = 0; k < n; ++k) result[k * n + k] += 1;
  return result;
}

// The greatest difference of a * b from the unit matrix.
float off_unit(std::vector<float> a, std::vector<float> b, std::size_t n) {
  std::vector<float> product(n * n);
  multiply(square(a, n), Turn::as_is, square(b, n), Turn::as_is, square(product, n));
  float worst = 0;
  for (std::size_t r = 0; r < n; ++r) {
    for (std::size_t c = 0; c < n; ++c) worst = std::max(worst, std::abs(product[r * n + c] - (r == c ? 1.0F : 0.0F)));
  }
  return worst;
}

RC_GTEST_PROP(Dense, ProductsAreThoseOfThreeLoops, ()) {
  const auto rows = *rc::gen::inRange<std::size_t>(1, 9), inner = *rc::gen::inRange<std::size_t>(1, 9),
             columns = *rc::gen::inRange<std::size_t>(1, 9);
  const bool turn_a = *rc::gen::arbitrary<bool>(), turn_b = *rc::gen::arbitrary<bool>();
  const auto a = random_matrix(rows, inner, 1), b = random_matrix(inner, columns, 2);
  std::vector<float> c(rows * columns, 1.0F);
  multiply(turn_a ? ConstBlock(a.data(), inner, rows, rows) : ConstBlock(a.data(), rows, inner, inner),
           turn_a ? Turn::transposed : Turn::as_is,
           turn_b ? ConstBlock(b.data(), columns, inner, inner) : ConstBlock(b.data(), inner, columns, columns),
           turn_b ? Turn::transposed : Turn::as_is, {c.data(), rows, columns, columns}, 2, 3);
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t col = 0; col < columns; ++col) {
      float sum = 0;
      for (std::size_t k = 0; k < inner; ++k)
        sum += (turn_a ? a[k * rows + r] : a[r * inner + k]) * (turn_b ? b[col * inner + k] : b[k * columns + col]);
      RC_ASSERT(std::abs(c[r * columns + col] - (2 * sum + 3)) < 1e-5F);
    }
  }
}

// One tile, just below, at and above its limit, and several with a torn last one.
TEST(Dense, TheInverseTimesItsMatrixIsOne) {
  for (const std::size_t n : {1U, 2U, 7U, 255U, 256U, 257U, 700U}) {
    const auto m = definite(n, n);
    auto inverse = m;
    ASSERT_TRUE(invert_in_place(square(inverse, n), 2)) << n;
    EXPECT_LT(off_unit(m, inverse, n), 1e-3F) << n;
  }
}

TEST(Dense, TheInverseDoesNotDependOnThreads) {
  const std::size_t n = 600;
  auto one = definite(n, 3), three = one;
  ASSERT_TRUE(invert_in_place(square(one, n), 1));
  ASSERT_TRUE(invert_in_place(square(three, n), 3));
  EXPECT_EQ(one, three);
}

TEST(Dense, WhatIsNotDefiniteIsRefused) {
  std::vector<float> m{1, 2, 2, 1}, b{1, 1};
  auto copy = m;
  EXPECT_FALSE(invert_in_place(square(copy, 2), 1));
  EXPECT_FALSE(solve_in_place(square(m, 2), b));
}

TEST(Dense, SolvesReadingTheLowerTriangleOnly) {
  std::vector<float> m{4, 1e9F, 1, 3}, b{1, 2};
  ASSERT_TRUE(solve_in_place(square(m, 2), b));
  EXPECT_NEAR(b[0], 1.0 / 11, 1e-6);
  EXPECT_NEAR(b[1], 7.0 / 11, 1e-6);
}

TEST(Dense, EigenvectorsAreRowsWithAscendingValues) {
  const std::size_t n = 20;
  const auto m = definite(n, 5);
  auto vectors = m;
  std::vector<float> values(n);
  ASSERT_TRUE(eigen_in_place(square(vectors, n), values));
  EXPECT_TRUE(std::is_sorted(values.begin(), values.end()));
  for (std::size_t k = 0; k < n; ++k) {
    for (std::size_t r = 0; r < n; ++r) {
      float image = 0;
      for (std::size_t c = 0; c < n; ++c) image += m[r * n + c] * vectors[k * n + c];
      EXPECT_NEAR(image, values[k] * vectors[k * n + r], 1e-4F);
    }
  }
}

TEST(Tall, GramAndRotationAreProducts) {
  const std::size_t rows = 300, width = 70;
  const auto m = random_matrix(rows, width, 1), turn = random_matrix(3, width, 2);
  const auto gram = gram_of({m.data(), rows, width, width}, 2);
  std::vector<float> full(width * width), turned, expected(rows * 3);
  multiply({m.data(), rows, width, width}, Turn::transposed, {m.data(), rows, width, width}, Turn::as_is,
           square(full, width));
  for (std::size_t r = 0; r < width; ++r) {
    for (std::size_t c = 0; c <= r; ++c) EXPECT_NEAR(gram[r * width + c], full[r * width + c], 1e-3F);
  }
  rotate(m, {turn.data(), 3, width, width}, turned, 2);
  multiply({m.data(), rows, width, width}, Turn::as_is, {turn.data(), 3, width, width}, Turn::transposed,
           {expected.data(), rows, 3, 3});
  ASSERT_EQ(turned.size(), expected.size());
  for (std::size_t k = 0; k < turned.size(); ++k) EXPECT_NEAR(turned[k], expected[k], 1e-4F);
}

}  // namespace
}  // namespace zan::matching
