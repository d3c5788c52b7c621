#include "matching/evaluate/ranking.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

namespace zan::matching {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::uint32_t> best_of(std::vector<float> scores, std::vector<std::uint32_t> taken, std::size_t k) {
  std::vector<Ranked> best;
  best_items(scores, taken, k, best);
  std::vector<std::uint32_t> items;
  for (const Ranked& entry : best) items.push_back(entry.item);
  return items;
}

// Says the same to everybody.
class Fixed final : public Model {
 public:
  explicit Fixed(std::vector<float> scores) : scores_(std::move(scores)) {}
  void score(std::span<const std::uint32_t> users, std::span<float> scores) const override {
    for (std::size_t row = 0; row < users.size(); ++row)
      std::copy(scores_.begin(), scores_.end(), scores.begin() + static_cast<std::ptrdiff_t>(row * scores_.size()));
  }

 private:
  std::vector<float> scores_;
};

TEST(BestItems, LeaveOutWhatIsTaken) {
  EXPECT_THAT(best_of({1, 5, 3, 4}, {1}, 2), ElementsAre(3, 2));
  EXPECT_THAT(best_of({1, 5, 3, 4}, {0, 1, 2, 3}, 2), IsEmpty());
  EXPECT_THAT(best_of({1, 5}, {}, 20), ElementsAre(1, 0));
  EXPECT_THAT(best_of({}, {}, 20), IsEmpty());
  EXPECT_THAT(best_of({1, 2}, {}, 0), IsEmpty());
}

RC_GTEST_PROP(BestItems, AreThoseOfAWholeSort, (std::vector<std::uint8_t> raw, std::uint8_t k)) {
  std::vector<float> scores;
  std::vector<std::uint32_t> taken;
  std::vector<Ranked> all;
  for (std::uint32_t item = 0; item < raw.size(); ++item) {
    scores.push_back(static_cast<float>(raw[item] % 16));  // many alike
    if (raw[item] % 5 == 0) {
      taken.push_back(item);
    } else {
      all.push_back({scores[item], item});
    }
  }
  std::sort(all.begin(), all.end(), is_better);
  std::vector<std::uint32_t> expected;
  for (const Ranked& entry : all) {
    if (expected.size() < k) expected.push_back(entry.item);
  }
  RC_ASSERT(best_of(scores, taken, k) == expected);
}

// Worked by hand: hits at places 1 and 3 of 3, four wanted.
TEST(Quality, IsThatOfThePaper) {
  const std::vector<Ranked> best{{9, 4}, {8, 0}, {7, 2}};
  const std::vector<std::uint32_t> wanted{2, 4, 6, 8};
  const Quality quality = quality_of(best, wanted, 3);
  EXPECT_DOUBLE_EQ(quality.recall, 0.5);
  EXPECT_DOUBLE_EQ(quality.ndcg, (1 + 1 / std::log2(4)) / (1 + 1 / std::log2(3) + 1 / std::log2(4)));
}

TEST(Quality, CountsTheFirstKAlone) {
  const std::vector<Ranked> best{{9, 1}, {8, 0}};
  const std::vector<std::uint32_t> wanted{0};
  EXPECT_EQ(quality_of(best, wanted, 1).recall, 0);
  EXPECT_EQ(quality_of(best, wanted, 2).recall, 1);
  EXPECT_DOUBLE_EQ(quality_of(best, wanted, 2).ndcg, 1 / std::log2(3));
}

TEST(Evaluate, IsTheMeanOverUsersWithTestItems) {
  const Interactions taken = interactions_of({{0, 0}, {1, 1}, {2, 2}}, 3, 4);
  const Interactions wanted = interactions_of({{0, 1}, {2, 0}, {2, 3}}, 3, 4);
  const auto users = users_with_items(wanted);
  EXPECT_THAT(users, ElementsAre(0, 2));
  const Quality quality = evaluate(Fixed({4, 3, 2, 1}), taken, wanted, users, 1, 2);
  EXPECT_EQ(quality.users, 2U);
  EXPECT_DOUBLE_EQ(quality.recall, (1 + 0.5) / 2);
  EXPECT_DOUBLE_EQ(quality.ndcg, 1);
}

TEST(Evaluate, ATestItemThatWasTakenIsMissed) {
  const Interactions taken = interactions_of({{0, 0}}, 1, 3);
  const Interactions wanted = interactions_of({{0, 0}, {0, 1}}, 1, 3);
  const Quality quality = evaluate(Fixed({4, 3, 2}), taken, wanted, users_with_items(wanted), 20, 1);
  EXPECT_DOUBLE_EQ(quality.recall, 0.5);
}

TEST(Evaluate, NobodyToAskIsNothing) {
  const Interactions none = interactions_of({}, 2, 3);
  const Quality quality = evaluate(Fixed({4, 3, 2}), none, none, users_with_items(none), 20, 2);
  EXPECT_EQ(quality.users, 0U);
  EXPECT_EQ(quality.recall, 0);
}

TEST(Users, AreThinnedEvenly) {
  std::vector<Pair> pairs;
  for (std::uint32_t user = 0; user < 100; ++user) pairs.emplace_back(user, 0);
  EXPECT_THAT(users_with_items(interactions_of(pairs, 100, 1), 4), ElementsAre(0, 25, 50, 75));
}

}  // namespace
}  // namespace zan::matching
