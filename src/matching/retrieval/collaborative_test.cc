#include "matching/retrieval/collaborative.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "matching/models/item_graph.h"
#include "matching/retrieval/learn_collaborative.h"
#include "matching/retrieval/products.h"
#include "matching/sim_clusters.h"

namespace zan::matching {
namespace {

std::vector<SubjectId> subjects_of(std::uint32_t count) {
  std::vector<SubjectId> subjects;
  for (std::uint32_t row = 0; row < count; ++row) subjects.push_back({(row * 37 % count) * 3 + 1});
  return subjects;
}

const CollaborativeOptions quick{.dimension = 16, .seconds_max = 20, .memory_mb_max = 500};

Collaborative learnt(const Interactions& matrix, CollaborativeOptions options = quick,
                     std::span<const ItemTraits> traits = {}) {
  auto model = learn_collaborative(matrix, subjects_of(matrix.item_count), traits, options);
  require(model.ok(), "it learns");
  return std::move(model).value();
}

std::vector<Weighted> ones(std::span<const std::uint32_t> rows) {
  std::vector<Weighted> taken;
  for (const std::uint32_t row : rows) taken.push_back({row, 1});
  return taken;
}

// The whole system, by Gauss and Jordan in doubles.
std::vector<double> twin_fold_in(const FoldIn& fold, std::span<const float> vectors,
                                 const std::vector<Weighted>& taken) {
  const std::size_t d = fold.squares.size();
  require(d > 0 && d <= 512, "dimensions that the models have");
  double sum = 0;
  for (const Weighted& entry : taken) sum += static_cast<double>(entry.weight);
  std::vector<std::vector<double>> system(d, std::vector<double>(d + 1, 0.0));
  for (std::size_t row = 0; row * d < vectors.size(); ++row) {
    for (std::size_t a = 0; a < d; ++a) {
      for (std::size_t b = 0; b < d; ++b)
        system[a][b] += fold.unobserved_weight * static_cast<double>(vectors[row * d + a] * vectors[row * d + b]);
    }
  }
  for (std::size_t a = 0; a < d; ++a)
    system[a][a] +=
        fold.penalty * fold.mean_weight * std::pow((sum + fold.weight_of_all) / fold.mean_weight, fold.penalty_exponent);
  for (const Weighted& entry : taken) {
    const float* v = vectors.data() + entry.row * d;
    for (std::size_t a = 0; a < d; ++a) {
      for (std::size_t b = 0; b < d; ++b) system[a][b] += static_cast<double>(entry.weight * v[a] * v[b]);
      system[a][d] += static_cast<double>(entry.weight * v[a]);
    }
  }
  for (std::size_t a = 0; a < d; ++a) {
    for (std::size_t row = 0; row < d; ++row) {
      if (row == a) continue;
      const double by = system[row][a] / system[a][a];
      for (std::size_t c = a; c <= d; ++c) system[row][c] -= by * system[a][c];
    }
  }
  std::vector<double> solved;
  for (std::size_t a = 0; a < d; ++a) solved.push_back(system[a][d] / system[a][a]);
  return solved;
}

TEST(FoldIn, IsTheRowThatIalsSolvedForWhoeverTookTheSame) {
  const Interactions matrix = sim_clusters(400, 150, 5, 12, 3);
  const IalsOptions options{.dimension = 16, .unobserved_weight = 0.05, .penalty = 0.02, .penalty_exponent = 0.7};
  const auto factors = ials(matrix, options);
  ASSERT_TRUE(factors.ok());
  const double mean = static_cast<double>(matrix.pair_count()) / matrix.user_count();
  const FoldIn fold = fold_in_of(factors->items, options, mean);
  std::vector<float> vector(16);
  for (std::uint32_t user = 0; user < matrix.user_count(); ++user) {
    ASSERT_TRUE(fold.solve(factors->items, ones(matrix.of(user)), vector));
    for (std::size_t c = 0; c < 16; ++c) EXPECT_NEAR(vector[c], factors->users[user * 16 + c], 2e-4) << user;
  }
}

RC_GTEST_PROP(FoldIn, IsTheWholeSystemsSolutionWithAnyWeights, ()) {
  static const Interactions matrix = sim_clusters(300, 100, 4, 10, 1);
  static const IalsOptions options{.dimension = 12, .unobserved_weight = 0.05, .penalty = 0.03};
  static const auto factors = ials(matrix, options);
  static const FoldIn fold = fold_in_of(factors->items, options, 10);
  std::vector<Weighted> taken;
  const auto count = *rc::gen::inRange(1, 64);
  for (int k = 0; k < count; ++k)
    taken.push_back({*rc::gen::inRange(0U, 100U), static_cast<float>(*rc::gen::inRange(1, 40)) / 10});
  std::vector<float> vector(12);
  RC_ASSERT(fold.solve(factors->items, taken, vector));
  const auto twin = twin_fold_in(fold, factors->items, taken);
  for (std::size_t c = 0; c < 12; ++c) RC_ASSERT(std::abs(vector[c] - twin[c]) < 2e-3 * (1 + std::abs(twin[c])));
}

TEST(FoldIn, LooksAtNothingThatIsNotAnEntry) {
  const Collaborative model = learnt(sim_clusters(200, 60, 3, 8, 1));
  std::vector<float> vector(16), clean(16);
  EXPECT_FALSE(model.fold_in({}, vector));
  const std::vector<Weighted> odd{{Collaborative::no_row, 1}, {60, 1},           {3, 0},
                                  {3, -1},                    {3, std::nanf("")}, {3, HUGE_VALF}};
  EXPECT_FALSE(model.fold_in(odd, vector));
  EXPECT_EQ(vector, std::vector<float>(16, 0.0F));
  std::vector<Weighted> more = odd;
  more.push_back({7, 1});
  EXPECT_TRUE(model.fold_in(more, vector));
  EXPECT_TRUE(model.fold_in(std::vector<Weighted>{{7, 1}}, clean));
  EXPECT_EQ(vector, clean);
  // Of more than may be, the first.
  std::vector<Weighted> many(1000, {9, 1});
  std::fill_n(many.begin(), fold_in_entries_max, Weighted{7, 1});
  EXPECT_TRUE(model.fold_in(many, vector));
  EXPECT_TRUE(model.fold_in(std::vector<Weighted>(fold_in_entries_max, {7, 1}), clean));
  EXPECT_EQ(vector, clean);
}

TEST(Collaborative, WhoTakesToACircleIsNearItsWorks) {
  const Interactions matrix = sim_clusters(600, 200, 4, 12, 5);
  for (const std::uint32_t dimension : {0U, 16U}) {
    CollaborativeOptions options = quick;
    options.dimension = dimension;
    const Collaborative model = learnt(matrix, options);
    std::vector<float> vector(model.dimension());
    ASSERT_TRUE(model.fold_in(std::vector<Weighted>{{2, 1}, {6, 1}, {10, 2}}, vector));
    std::vector<Ranked> best;
    model.nearest(vector, 10, best);
    ASSERT_EQ(best.size(), 10U);
    const auto in_circle = std::count_if(best.begin(), best.end(), [](const Ranked& e) { return e.item % 4 == 2; });
    EXPECT_GE(in_circle, 8);
    for (const Ranked& entry : best) EXPECT_EQ(entry.score, model.product(vector, entry.item));
    model.similar(6, 8, best);
    ASSERT_EQ(best.size(), 8U);
    for (const Ranked& entry : best) {
      EXPECT_EQ(entry.item % 4, 2U);
      EXPECT_NE(entry.item, 6U);
      EXPECT_TRUE(entry.score > 0 && entry.score <= 1.0001F);
    }
  }
}

TEST(Collaborative, RowsAreKnownByTheirSubjects) {
  const Collaborative model = learnt(sim_clusters(50, 40, 2, 5, 1));
  ASSERT_EQ(model.size(), 40U);
  for (std::uint32_t row = 0; row < 40; ++row) EXPECT_EQ(model.row_of(model.subject_of(row)), row);
  for (const std::uint32_t other : {0U, 2U, 3U, 999U, ~0U})
    EXPECT_EQ(model.row_of(SubjectId{other}), Collaborative::no_row);
}

TEST(Collaborative, SaysNothingOfWhatItWasNotTaught) {
  const Collaborative nothing;
  EXPECT_EQ(nothing.size(), 0U);
  EXPECT_EQ(nothing.row_of(SubjectId{1}), Collaborative::no_row);
  std::vector<Ranked> best;
  nothing.nearest({}, 5, best);
  EXPECT_TRUE(best.empty());
  EXPECT_FALSE(nothing.fold_in(std::vector<Weighted>{{0, 1}}, {}));
  EXPECT_FALSE(nothing.cold_vector({1}, std::vector<std::uint32_t>{1}, {}));
  // Items, and nobody to take them up.
  for (const std::uint32_t users : {0U, 3U}) {
    const Collaborative untouched = learnt(interactions_of({}, users, 4));
    EXPECT_EQ(untouched.size(), 4U);
    EXPECT_EQ(untouched.dimension(), 0U);
    EXPECT_TRUE(untouched.neighbours(3).empty());
    untouched.similar(3, 5, best);
    EXPECT_TRUE(best.empty());
    EXPECT_FALSE(untouched.notes().empty());
  }
}

TEST(Collaborative, OneUserOneItemAndAllTheSameMakeValidModels) {
  const std::vector<std::pair<std::uint32_t, std::uint32_t>> shapes{{1, 1}, {1, 5}, {5, 1}, {6, 6}, {2, 40}};
  for (const auto& [users, items] : shapes) {
    std::vector<Pair> pairs;
    for (std::uint32_t user = 0; user < users; ++user) {
      for (std::uint32_t item = 0; item < items; ++item) pairs.emplace_back(user, item);
    }
    for (const std::uint32_t dimension : {0U, 16U}) {
      CollaborativeOptions options = quick;
      options.dimension = dimension;
      const Collaborative model = learnt(interactions_of(pairs, users, items), options);
      std::vector<float> vector(model.dimension());
      model.fold_in(std::vector<Weighted>{{0, 1}}, vector);
      for (const float value : vector) EXPECT_TRUE(std::isfinite(value));
      std::vector<Ranked> best;
      model.nearest(vector, 5, best);
      model.similar(0, 5, best);
      for (const Ranked& entry : best) EXPECT_TRUE(std::isfinite(entry.score) && entry.item < items);
      for (const Weighted& entry : model.neighbours(0)) EXPECT_TRUE(std::isfinite(entry.weight) && entry.row < items);
    }
  }
}

TEST(Collaborative, NeighboursAreHeaviestFirstAndAddUpToOneARow) {
  const Interactions matrix = sim_clusters(600, 200, 4, 12, 5);
  const Neighbours links = link_neighbours(matrix, {.row_max = 10});
  const Collaborative model = learnt(matrix);
  for (const Neighbours* made : {&links, &model.all_neighbours()}) {
    double sum = 0;
    for (std::uint32_t row = 0; row < 200; ++row) {
      const auto entries = made->of(row);
      EXPECT_LE(entries.size(), made == &links ? 10U : 40U);
      EXPECT_TRUE(std::is_sorted(entries.begin(), entries.end(),
                                 [](const Weighted& a, const Weighted& b) { return a.weight > b.weight; }));
      for (const Weighted& entry : entries) {
        EXPECT_TRUE(entry.row != row && entry.row < 200 && entry.weight > 0);
        sum += static_cast<double>(entry.weight);
      }
    }
    EXPECT_NEAR(sum / 200, 1, 1e-3);
  }
}

TEST(Neighbours, LinksAreTheGraphsWeightsByDegrees) {
  const Interactions matrix = sim_clusters(300, 80, 4, 9, 8);
  const Neighbours links = link_neighbours(matrix, {.row_max = 100, .threads = 2});
  const ItemGraph graph = item_graph(matrix, {.user_exponent = 0.75});
  const auto degrees = item_degrees(matrix);
  double by = 0;
  for (std::uint32_t row = 0; row < 80; ++row) {
    const auto entries = links.of(row);
    const auto others = graph.neighbours_of(row);
    ASSERT_EQ(entries.size(), others.size());
    for (const Weighted& entry : entries) {
      const auto at = std::lower_bound(others.begin(), others.end(), entry.row) - others.begin();
      const double twin = static_cast<double>(graph.weights_of(row)[static_cast<std::size_t>(at)]) /
                          std::sqrt(static_cast<double>(degrees[row]) * degrees[entry.row]);
      if (by == 0) by = static_cast<double>(entry.weight) / twin;
      EXPECT_NEAR(entry.weight, twin * by, 1e-5);
    }
  }
}

TEST(Neighbours, LongListsAreSampledNotSkipped) {
  // Item 0 has 500 users, each of whom has item 1 or item 2 besides.
  std::vector<Pair> pairs;
  for (std::uint32_t user = 0; user < 500; ++user) {
    pairs.emplace_back(user, 0);
    pairs.emplace_back(user, 1 + user % 2);
  }
  const Neighbours few = link_neighbours(interactions_of(pairs, 500, 3), {.steps_max = 50});
  ASSERT_FALSE(few.of(0).empty());
  EXPECT_FALSE(few.of(1).empty());
}

TEST(Collaborative, AColdWorkStandsWhereItsCreatorAndTagsAre) {
  const Interactions matrix = sim_clusters(600, 200, 4, 12, 5);
  std::vector<ItemTraits> traits;
  for (std::uint32_t item = 0; item < 200; ++item)
    traits.push_back({CreatorId{item % 4 + 10 + item % 8 * 100}, {item % 4, 7, item / 2 + 1000}});
  const Collaborative model = learnt(matrix, quick, traits);
  std::vector<float> by_tag(16), by_creator(16), person(16);
  ASSERT_TRUE(model.cold_vector({}, std::vector<std::uint32_t>{2}, by_tag));
  ASSERT_TRUE(model.cold_vector({12 + 200}, {}, by_creator));
  for (std::uint32_t circle = 0; circle < 4; ++circle) {
    ASSERT_TRUE(model.fold_in(std::vector<Weighted>{{circle, 1}, {circle + 4, 1}, {circle + 8, 1}}, person));
    EXPECT_EQ(product(person, by_tag.data()) > 0.1F, circle == 2);
    EXPECT_EQ(product(person, by_creator.data()) > 0.1F, circle == 2);
  }
  // A tag of everything changes little; what is unknown, or too rare, nothing.
  std::vector<float> with_more(16);
  ASSERT_TRUE(model.cold_vector({999}, std::vector<std::uint32_t>{2, 7, 55, 1000}, with_more));
  EXPECT_GT(product(with_more, by_tag.data()) / product(by_tag, by_tag.data()), 0.5F);
  EXPECT_FALSE(model.cold_vector({999}, std::vector<std::uint32_t>{55, 1000}, with_more));
  EXPECT_EQ(with_more, std::vector<float>(16, 0.0F));
}

TEST(Collaborative, TheSameBitsWhateverTheThreads) {
  const Interactions matrix = sim_clusters(500, 150, 4, 10, 9);
  CollaborativeOptions one = quick, three = quick;
  one.dimension = three.dimension = 0;
  one.threads = 1;
  three.threads = 3;
  const auto first = learn_parts(matrix, subjects_of(150), {}, one), second = learn_parts(matrix, subjects_of(150), {}, three);
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(first->vectors, second->vectors);
  EXPECT_EQ(first->notes, second->notes);
  EXPECT_EQ(first->neighbours.offsets, second->neighbours.offsets);
  for (std::size_t k = 0; k < first->neighbours.entries.size(); ++k) {
    EXPECT_EQ(first->neighbours.entries[k].row, second->neighbours.entries[k].row);
    EXPECT_EQ(first->neighbours.entries[k].weight, second->neighbours.entries[k].weight);
  }
}

TEST(LearnCollaborative, StaysWithinTheMemoryAndSaysSo) {
  const Interactions matrix = sim_clusters(40'000, 20'000, 50, 5, 2);
  CollaborativeOptions options{.dimension = 64, .seconds_max = 60, .memory_mb_max = 25};
  const auto small = learn_collaborative(matrix, subjects_of(20'000), {}, options);
  ASSERT_TRUE(small.ok());
  EXPECT_LT(small->dimension(), 64U);
  EXPECT_GE(small->dimension(), 16U);
  EXPECT_FALSE(small->notes().empty());
  EXPECT_LT(small->bytes(), 25'000'000U);
  options.memory_mb_max = 2;
  const auto none = learn_collaborative(matrix, subjects_of(20'000), {}, options);
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().kind, ErrorKind::limited);
}

TEST(LearnCollaborative, FewSecondsMakeASmallerModelNotALateOne) {
  const Interactions matrix = sim_clusters(3000, 1000, 10, 10, 2);
  const auto hasty = learn_collaborative(matrix, subjects_of(1000), {}, {.seconds_max = 0.001, .memory_mb_max = 500});
  ASSERT_TRUE(hasty.ok());
  EXPECT_EQ(hasty->dimension(), 16U);
  EXPECT_FALSE(hasty->neighbours(0).empty());
  EXPECT_NE(std::find_if(hasty->notes().begin(), hasty->notes().end(),
                         [](const std::string& note) { return note.find("links look at") == 0; }),
            hasty->notes().end());
}

TEST(LearnCollaborative, RefusesWhatDoesNotFitTogether) {
  const Interactions matrix = sim_clusters(50, 40, 2, 5, 1);
  std::vector<SubjectId> twice = subjects_of(40);
  twice[7] = twice[3];
  const std::vector<ItemTraits> few(39);
  EXPECT_EQ(learn_collaborative(matrix, twice, {}, quick).error().kind, ErrorKind::invalid);
  EXPECT_EQ(learn_collaborative(matrix, subjects_of(39), {}, quick).error().kind, ErrorKind::invalid);
  EXPECT_EQ(learn_collaborative(matrix, subjects_of(40), few, quick).error().kind, ErrorKind::invalid);
}

}  // namespace
}  // namespace zan::matching
