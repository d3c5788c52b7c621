// Each family beside a dumb twin: dense matrices of doubles, and elimination without a pivot.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "matching/models/blend.h"
#include "matching/models/ials.h"
#include "matching/models/item_ridge.h"
#include "matching/models/link_filter.h"
#include "matching/models/spectral.h"
#include "matching/sim_clusters.h"

namespace zan::matching {
namespace {

using Matrix = std::vector<std::vector<double>>;

Matrix dense_of(const Interactions& matrix) {
  Matrix x(matrix.user_count(), std::vector<double>(matrix.item_count, 0));
  for (std::uint32_t user = 0; user < matrix.user_count(); ++user) {
    for (const std::uint32_t item : matrix.of(user)) x[user][item] = 1;
  }
  return x;
}

// Xᵀ W X
Matrix gram_of_all(const Interactions& matrix, double user_exponent) {
  const Matrix x = dense_of(matrix);
  Matrix g(matrix.item_count, std::vector<double>(matrix.item_count, 0));
  for (std::uint32_t user = 0; user < matrix.user_count(); ++user) {
    const double weight = std::pow(static_cast<double>(matrix.of(user).size()), -user_exponent);
    for (const std::uint32_t a : matrix.of(user)) {
      for (const std::uint32_t b : matrix.of(user)) g[a][b] += weight;
    }
  }
  return g;
}

std::vector<double> solved(Matrix m, std::vector<double> b) {
  for (std::size_t k = 0; k < m.size(); ++k) {
    for (std::size_t r = k + 1; r < m.size(); ++r) {
      const double factor = m[r][k] / m[k][k];
      for (std::size_t c = k; c < m.size(); ++c) m[r][c] -= factor * m[k][c];
      b[r] -= factor * b[k];
    }
  }
  for (std::size_t k = m.size(); k-- > 0;) {
    for (std::size_t c = k + 1; c < m.size(); ++c) b[k] -= m[k][c] * b[c];
    b[k] /= m[k][k];
  }
  return b;
}

// Item-to-item weights of ridge regressions on all other items, one regression at a time.
Matrix ridge_twin(const Matrix& g, const ItemRidgeOptions& options) {
  const std::size_t count = g.size();
  double mean = 0;
  for (std::size_t i = 0; i < count; ++i) mean += g[i][i] / static_cast<double>(count);
  Matrix weights(count, std::vector<double>(count, 0));
  for (std::size_t target = 0; target < count; ++target) {
    Matrix m = g;
    std::vector<double> b(count);
    for (std::size_t i = 0; i < count; ++i) {
      m[i][i] += options.penalty * mean * std::pow(g[i][i] / mean, options.penalty_exponent);
      b[i] = g[i][target];
    }
    for (std::size_t i = 0; i < count; ++i) m[i][target] = m[target][i] = 0;
    m[target][target] = 1, b[target] = 0;
    const auto w = solved(m, b);
    for (std::size_t i = 0; i < count; ++i) weights[i][target] = w[i];
  }
  return weights;
}

void expect_scores(const Model& model, const Interactions& matrix,
                   const std::function<double(std::uint32_t, std::uint32_t)>& expected, double tolerance) {
  std::vector<std::uint32_t> users;
  for (std::uint32_t user = 0; user < matrix.user_count(); ++user) users.push_back(user);
  std::vector<float> scores(users.size() * matrix.item_count, 77.0F);
  model.score(users, scores);
  for (const std::uint32_t user : users) {
    for (std::uint32_t item = 0; item < matrix.item_count; ++item)
      ASSERT_NEAR(scores[std::size_t{user} * matrix.item_count + item], expected(user, item), tolerance)
          << user << " " << item;
  }
}

double item_score(const Interactions& matrix, const Matrix& weights, std::uint32_t user, std::uint32_t item,
                  double source, double target) {
  const auto degrees = item_degrees(matrix);
  double sum = 0;
  for (const std::uint32_t mine : matrix.of(user))
    sum += std::pow(static_cast<double>(degrees[mine]), -source) * weights[mine][item];
  return sum * std::pow(static_cast<double>(degrees[item]), -target);
}

// Every item has somebody; the last user has nothing.
Interactions small() {
  Interactions matrix = sim_clusters(60, 24, 3, 6, 11);
  matrix.offsets.push_back(matrix.items.size());
  return matrix;
}

TEST(ItemGraph, IsTheProductOfTheMatrixWithItself) {
  const Interactions matrix = small();
  const ItemGraph graph = item_graph(matrix, {.user_exponent = 0.5, .threads = 3});
  const Matrix expected = gram_of_all(matrix, 0.5);
  for (std::uint32_t item = 0; item < matrix.item_count; ++item) {
    EXPECT_NEAR(graph.diagonal[item], expected[item][item], 1e-4);
    std::vector<double> row(matrix.item_count, 0);
    row[item] = expected[item][item];
    for (std::size_t k = 0; k < graph.neighbours_of(item).size(); ++k)
      row[graph.neighbours_of(item)[k]] = graph.weights_of(item)[k];
    for (std::uint32_t other = 0; other < matrix.item_count; ++other)
      EXPECT_NEAR(row[other], expected[item][other], 1e-4);
  }
}

TEST(ItemGraph, KeepsTheHeaviestOfARow) {
  const Interactions matrix = small();
  const ItemGraph whole = item_graph(matrix, {}), cut = item_graph(matrix, {.row_entries_max = 3});
  for (std::uint32_t item = 0; item < matrix.item_count; ++item) {
    std::vector<float> all(whole.weights_of(item).begin(), whole.weights_of(item).end()),
        kept(cut.weights_of(item).begin(), cut.weights_of(item).end());
    std::sort(all.rbegin(), all.rend());
    std::sort(kept.rbegin(), kept.rend());
    all.resize(std::min<std::size_t>(3, all.size()));
    EXPECT_EQ(kept, all);
  }
}

TEST(LinkFilter, IsItsFormula) {
  const Interactions matrix = small();
  auto graph = std::make_shared<const ItemGraph>(item_graph(matrix, {.user_exponent = 1}));
  Matrix weights = gram_of_all(matrix, 1);
  for (std::size_t item = 0; item < weights.size(); ++item) weights[item][item] = 0;
  expect_scores(
      *link_filter(matrix, graph, {0.3, 0.6}), matrix,
      [&](auto user, auto item) { return item_score(matrix, weights, user, item, 0.3, 0.6); }, 1e-4);
}

TEST(ItemRidge, OnAllItemsIsARegressionForEach) {
  const Interactions matrix = small();
  const ItemRidgeOptions options{.penalty = 0.5, .penalty_exponent = 0.5, .threads = 2};
  auto weights = full_item_ridge(item_graph(matrix, {.user_exponent = 0.5}), options);
  ASSERT_TRUE(weights.ok());
  const Matrix expected = ridge_twin(gram_of_all(matrix, 0.5), options);
  const auto model = item_model(matrix, std::make_shared<const ItemWeights>(std::move(*weights)), 0.2);
  expect_scores(
      *model, matrix, [&](auto user, auto item) { return item_score(matrix, expected, user, item, -0.2, 0.2); }, 1e-4);
}

TEST(ItemRidge, OnEnoughNeighboursIsTheSame) {
  const Interactions matrix = sim_clusters(500, 16, 3, 12, 5);  // every two items share somebody
  const ItemGraph graph = item_graph(matrix, {});
  ASSERT_EQ(graph.neighbours.size(), 16U * 15);
  const ItemRidgeOptions options{.penalty = 0.5, .penalty_exponent = 1, .neighbours_max = 15, .threads = 2};
  auto full = full_item_ridge(graph, options), sparse = sparse_item_ridge(graph, options);
  ASSERT_TRUE(full.ok() && sparse.ok());
  for (std::uint32_t item = 0; item < 16; ++item) {
    for (std::uint64_t k = sparse->offsets[item]; k < sparse->offsets[item + 1]; ++k)
      EXPECT_NEAR(sparse->weights[k], full->weights[item * 16 + sparse->targets[k]], 1e-4);
  }
}

TEST(ItemRidge, TakesTheNearestNeighbours) {
  // Items 0 and 1 always go together, 2 is everywhere.
  const Interactions matrix = interactions_of({{0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 1}, {1, 2}, {2, 2}, {3, 2}}, 4, 3);
  const auto weights = sparse_item_ridge(item_graph(matrix, {}), {.neighbours_max = 1});
  ASSERT_TRUE(weights.ok());
  ASSERT_EQ(weights->offsets[1] - weights->offsets[0], 2U);  // 0 predicts 1, and 2
  EXPECT_EQ(weights->targets[0], 1U);
  EXPECT_EQ(weights->targets[1], 2U);
}

TEST(ItemRidge, WithoutPenaltyTwinsAreSingular) {
  const Interactions matrix = interactions_of({{0, 0}, {0, 1}, {0, 2}}, 1, 3);
  const auto weights = full_item_ridge(item_graph(matrix, {}), {.penalty = 0});
  ASSERT_FALSE(weights.ok());
  EXPECT_EQ(weights.error().kind, ErrorKind::unavailable);
}

TEST(Spectral, WithAllWavesTurnsTheMatrixBack) {
  const Interactions matrix = small();
  const auto spectrum = spectrum_of(matrix, {.rank = 24, .user_exponent = 1, .item_exponent = 1, .threads = 2});
  ASSERT_TRUE(spectrum.ok());
  EXPECT_NEAR(spectrum->values.front(), 1, 1e-3);  // of the normalised matrix
  // V Vᵀ = 1 when no wave is left out.
  const Matrix x = dense_of(matrix);
  expect_scores(
      *spectral_model(matrix, *spectrum, {.rank = 24, .source_exponent = 0, .target_exponent = 0}), matrix,
      [&](auto user, auto item) { return x[user][item]; }, 2e-3);
}

TEST(Spectral, HasTheSingularValuesOfTheMatrix) {
  const Interactions matrix = sim_clusters(300, 80, 4, 10, 3);
  const auto few = spectrum_of(matrix, {.rank = 8, .threads = 1}),
             all = spectrum_of(matrix, {.rank = 80, .threads = 2});
  ASSERT_TRUE(few.ok() && all.ok());
  EXPECT_TRUE(std::is_sorted(all->values.rbegin(), all->values.rend()));
  for (std::size_t k = 0; k < 4; ++k) EXPECT_NEAR(few->values[k], all->values[k], 1e-2);
  double squares = 0, entries = 0;  // the sum of squares is that of the matrix' entries
  for (const float value : all->values) squares += static_cast<double>(value) * static_cast<double>(value);
  const auto degrees = item_degrees(matrix);
  for (std::uint32_t user = 0; user < 300; ++user) {
    for (const std::uint32_t item : matrix.of(user))
      entries += 1 / static_cast<double>(matrix.of(user).size()) / static_cast<double>(degrees[item]);
  }
  EXPECT_NEAR(squares, entries, 1e-2 * entries);
}

// The users' vectors are what minimises their loss, given the items' - for those with fewer items than dimensions, who
// are solved in another way, and for those with more.
TEST(Ials, UsersSolveTheirEquations) {
  const Interactions matrix = small();
  for (const std::uint32_t d : {4U, 12U}) {
    const IalsOptions options{.dimension = d, .unobserved_weight = 0.1, .penalty = 0.05, .rounds = 3, .threads = 2};
    const auto factors = ials(matrix, options);
    ASSERT_TRUE(factors.ok());
    const auto& v = factors->items;
    const double all = 0.1 * 24, mean = all + static_cast<double>(matrix.pair_count()) / 61;
    for (std::uint32_t user = 0; user < 61; ++user) {
      const auto taken = matrix.of(user);
      const double penalty = 0.05 * mean * ((static_cast<double>(taken.size()) + all) / mean);
      Matrix m(d, std::vector<double>(d, 0));
      std::vector<double> b(d, 0);
      for (std::uint32_t item = 0; item < 24; ++item) {
        const bool mine = std::binary_search(taken.begin(), taken.end(), item);
        for (std::size_t r = 0; r < d; ++r) {
          b[r] += mine ? v[item * d + r] : 0;
          for (std::size_t c = 0; c < d; ++c)
            m[r][c] += (mine ? 1.1 : 0.1) * static_cast<double>(v[item * d + r]) * static_cast<double>(v[item * d + c]);
        }
      }
      for (std::size_t r = 0; r < d; ++r) m[r][r] += penalty;
      const auto expected = solved(m, b);
      for (std::size_t c = 0; c < d; ++c) EXPECT_NEAR(factors->users[user * d + c], expected[c], 2e-3) << user;
    }
  }
}

TEST(Ials, DoesNotDependOnThreads) {
  const Interactions matrix = small();
  const auto one = ials(matrix, {.dimension = 8, .threads = 1}), three = ials(matrix, {.dimension = 8, .threads = 3});
  ASSERT_TRUE(one.ok() && three.ok());
  EXPECT_EQ(one->users, three->users);
  EXPECT_EQ(one->items, three->items);
}

TEST(Ials, ScoresAreProductsOverPopularity) {
  const Interactions matrix = interactions_of({{0, 0}, {1, 0}, {1, 1}}, 2, 2);
  const auto factors = std::make_shared<const Factors>(Factors{2, {1, 2, 3, 4}, {5, 6, 7, 8}});
  const double expected[2][2] = {{17 / std::sqrt(2.0), 23}, {39 / std::sqrt(2.0), 53}};
  expect_scores(
      *factor_model(matrix, factors, 0.5), matrix, [&](auto user, auto item) { return expected[user][item]; }, 1e-4);
}

class Given final : public Model {
 public:
  explicit Given(std::vector<float> scores) : scores_(std::move(scores)) {}
  void score(std::span<const std::uint32_t>, std::span<float> scores) const override {
    std::copy(scores_.begin(), scores_.end(), scores.begin());
  }

 private:
  std::vector<float> scores_;
};

TEST(Blend, DividesBySpreadAndAddsUp) {
  const Interactions matrix = interactions_of({{0, 3}}, 1, 4);
  std::vector<BlendMember> members;
  members.push_back({std::make_unique<Given>(std::vector<float>{10, 0, 0, 99}), 1});
  members.push_back({std::make_unique<Given>(std::vector<float>{0, 0.5F, 0.25F, 99}), 2});
  std::vector<float> scores(4);
  blend(matrix, std::move(members), Spread::best)->score(std::vector<std::uint32_t>{0}, scores);
  EXPECT_NEAR(scores[0], 1, 1e-4);
  EXPECT_NEAR(scores[1], 2, 1e-4);
  EXPECT_NEAR(scores[2], 1, 1e-4);
}

TEST(Blend, ScalesAreThoseOfTheUser) {
  const std::vector<float> scores{1, 3, 5, 7}, alike{2, 2, 2, 2};
  const std::vector<std::uint32_t> taken{3};
  EXPECT_NEAR(scale_of(Spread::deviation, scores, taken), 1 / std::sqrt(5.0), 1e-5);
  EXPECT_NEAR(scale_of(Spread::best, scores, taken), 0.2, 1e-6);
  EXPECT_EQ(scale_of(Spread::deviation, alike, taken), 0);
  EXPECT_EQ(scale_of(Spread::best, {}, {}), 0);
}

TEST(Blend, PopularityIsForThoseWithoutItems) {
  const Interactions matrix = interactions_of({{0, 1}, {1, 1}, {1, 2}}, 3, 3);
  std::vector<BlendMember> members;
  members.push_back({std::make_unique<Given>(std::vector<float>{5, 0, 0}), 1});
  std::vector<float> scores(3);
  blend(matrix, std::move(members), Spread::best)->score(std::vector<std::uint32_t>{2}, scores);
  EXPECT_GT(scores[1], scores[2]);
  EXPECT_GT(scores[2], scores[0]);
}

}  // namespace
}  // namespace zan::matching
