#include <gtest/gtest.h>

#include <thread>

#include "matching/retrieval/cold_works.h"

namespace zan::matching {
namespace {

TEST(ColdWorksThreads, SearchesGoOnWhileWorksComeAndGo) {
  ColdWorks works(4, 50);
  std::vector<std::jthread> threads;
  for (std::uint32_t writer = 0; writer < 2; ++writer) {
    threads.emplace_back([&works, writer] {
      for (std::uint32_t k = 0; k < 2000; ++k) {
        const auto value = static_cast<float>(k % 7 + 1);
        works.put(writer * 100 + k % 80, std::vector<float>(4, value));
        if (k % 3 == 0) works.remove(writer * 100 + k % 50);
      }
    });
  }
  std::vector<Ranked> best;
  for (int round = 0; round < 1000; ++round) {
    works.nearest(std::vector<float>(4, 1.0F), 10, best);
    ASSERT_LE(best.size(), 10U);
    for (const Ranked& entry : best) {
      // Vectors are whole: four times one number of seven.
      ASSERT_TRUE(entry.score >= 4 && entry.score <= 28 && static_cast<int>(entry.score) % 4 == 0);
      ASSERT_LT(entry.item, 200U);
    }
  }
}

}  // namespace
}  // namespace zan::matching
