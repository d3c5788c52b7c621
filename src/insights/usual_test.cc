#include "insights/usual.h"

#include <gtest/gtest.h>

namespace zan::insights {
namespace {

constexpr Slot likes = slot_of(Counted::likes, false);

DayCounts work(Day published, std::initializer_list<int> by_age) {
  DayCounts counts;
  Day day = published;
  for (const int count : by_age) counts.add(day++, likes, count);
  return counts;
}

struct UsualTest : testing::Test {
  DayCounts a = work(100, {1, 1, 1}), b = work(200, {5, 0, 5}), c = work(300, {2, 20});
  std::vector<AgedWork> all{{&a, 100}, {&b, 200}, {&c, 300}};
};

TEST_F(UsualTest, IsTheQuartilesAtTheSameAge) {
  const auto at = usual(all, 0, 4, 310);
  ASSERT_TRUE(at[0] && at[1] && at[2] && at[3]);
  EXPECT_EQ(at[0]->works, 3U);
  EXPECT_EQ(at[0]->low, 1);
  EXPECT_EQ(at[0]->median, 2);
  EXPECT_EQ(at[0]->high, 5);
  EXPECT_EQ(at[1]->median, 5);   // 2, 5, 22
  EXPECT_EQ(at[3]->median, 10);  // 3, 10, 22: it stays as it was
  EXPECT_EQ(at[3]->high, 22);
  const auto later = usual(all, 2, 2, 310);
  EXPECT_EQ(later[1]->median, 10);
}

TEST_F(UsualTest, OfTooFewWorksNothingIsSaid) {
  EXPECT_FALSE(usual({{&a, 100}, {&b, 200}}, 0, 1, 310)[0]);
  EXPECT_FALSE(usual({}, 0, 1, 310)[0]);
}

TEST_F(UsualTest, WorksThatAreNotThatOldYetDoNotCount) {
  const auto at = usual(all, 0, 3, 301);
  EXPECT_TRUE(at[1]);
  EXPECT_FALSE(at[2]);
  EXPECT_FALSE(usual(all, 0, 1, 50)[0]);
}

TEST_F(UsualTest, OnlyGenuineOrganicLikesCount) {
  c.add(300, slot_of(Counted::likes, true), 100);
  c.add(300, held_slot, 100);
  c.add(300, slot_of(Counted::unlikes, false), 100);
  EXPECT_EQ(usual(all, 0, 1, 310)[0]->high, 5);
}

TEST_F(UsualTest, DaysThatAreNotKnownAnyMoreAreLeftOut) {
  DayCounts old;
  for (Day day = 0; day < days_max + 10; ++day) old.add(day, likes, 1);
  const auto at = usual({{&old, 0}, {&a, 100}, {&b, 200}}, 0, 12, 1000);
  EXPECT_FALSE(at[8]);
  ASSERT_TRUE(at[9]);
  EXPECT_EQ(at[9]->high, 10);
}

}  // namespace
}  // namespace zan::insights
