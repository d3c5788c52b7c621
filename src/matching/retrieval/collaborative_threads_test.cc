#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "matching/retrieval/learn_collaborative.h"
#include "matching/sim_clusters.h"

namespace zan::matching {
namespace {

std::vector<Ranked> answer(const Collaborative& model, std::uint32_t row) {
  std::vector<float> vector(model.dimension());
  const std::vector<Weighted> taken{{row, 1}, {(row * 7) % model.size(), 2}};
  std::vector<Ranked> best, like;
  model.fold_in(taken, vector);
  model.nearest(vector, 10, best);
  model.similar(row, 10, like);
  best.insert(best.end(), like.begin(), like.end());
  return best;
}

bool are_same(const std::vector<Ranked>& a, const std::vector<Ranked>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Ranked& x, const Ranked& y) { return x.item == y.item && x.score == y.score; });
}

TEST(CollaborativeThreads, ManyAskAtOnceAndGetWhatOneGets) {
  const Interactions matrix = sim_clusters(300, 100, 4, 8, 1);
  std::vector<SubjectId> subjects;
  for (std::uint32_t row = 0; row < 100; ++row) subjects.push_back({row + 1});
  const auto model =
      learn_collaborative(matrix, subjects, {}, {.dimension = 16, .seconds_max = 0.1, .memory_mb_max = 500});
  ASSERT_TRUE(model.ok());
  std::vector<std::vector<Ranked>> alone;
  for (std::uint32_t row = 0; row < 100; ++row) alone.push_back(answer(*model, row));
  std::atomic<int> different = 0;
  {
    std::vector<std::jthread> threads;
    for (std::uint32_t thread = 0; thread < 4; ++thread) {
      threads.emplace_back([&, thread] {
        for (std::uint32_t k = 0; k < 200; ++k) {
          const std::uint32_t row = (k + thread * 25) % 100;
          if (!are_same(answer(*model, row), alone[row])) ++different;
        }
      });
    }
  }
  EXPECT_EQ(different, 0);
}

}  // namespace
}  // namespace zan::matching
