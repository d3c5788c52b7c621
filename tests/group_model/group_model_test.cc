#include <gtest/gtest.h>

#include <map>
#include <set>

#include "group_model/harvest.h"
#include "group_model/second_day.h"

namespace zan::group_model {
namespace {

SecondDay small_day(std::uint64_t seed) {
  SecondDay plan;
  plan.seed = seed;
  plan.likes = 60'000;
  plan.users = 15'000;
  plan.subjects = 6000;
  plan.bursts = plan.farms = plan.rings = 2;
  plan.virals = plan.celebrities = plan.classes = plan.live_minutes = 1;
  plan.fan_clubs = 2;
  return plan;
}

TEST(SecondDay, IsInOrderAndOfEachPairOnce) {
  const LabelledDay day = second_day(small_day(3));
  std::set<std::pair<std::uint32_t, std::uint32_t>> pairs;
  std::map<std::string, std::size_t> fakes;
  for (std::size_t i = 0; i < day.likes.size(); ++i) {
    const LabelledLike& like = day.likes[i];
    ASSERT_LE(day.likes[i == 0 ? 0 : i - 1].act.at_us, like.act.at_us);
    ASSERT_TRUE(pairs.insert({like.act.actor, like.act.subject}).second);
    ASSERT_LT(like.instance, day.families.size());
    ASSERT_EQ(like.truth == Truth::organic, like.instance == 0);
    ASSERT_TRUE(!like.fake || like.truth == Truth::attack);
    if (like.fake) ++fakes[day.families[like.instance]];
  }
  EXPECT_EQ(fakes.size(), 3U);
}

TEST(SecondDay, DependsOnItsSeedAlone) {
  const LabelledDay one = second_day(small_day(3)), same = second_day(small_day(3)), other = second_day(small_day(4));
  ASSERT_EQ(one.likes.size(), same.likes.size());
  bool differs = one.likes.size() != other.likes.size();
  for (std::size_t i = 0; i < one.likes.size(); ++i) {
    ASSERT_EQ(one.likes[i].act.actor, same.likes[i].act.actor);
    ASSERT_EQ(one.likes[i].act.at_us, same.likes[i].act.at_us);
    differs = differs || one.likes[i].act.actor != other.likes[i].act.actor;
  }
  EXPECT_TRUE(differs);
}

TEST(Harvest, GroupsOfADayAreWhatTheyWere) {
  const std::vector<Weighing> weighings = harvest(second_day(small_day(5)));
  std::size_t attacks = 0;
  for (const Weighing& one : weighings) attacks += one.last && one.attack ? 1 : 0;
  EXPECT_GE(attacks, 3U);
  EXPECT_GT(quality_of(weighings, nullptr).attacks_found, 0.5);
  const auto rows = rows_of(weighings);
  EXPECT_TRUE(check_rows(rows).ok());
  EXPECT_EQ(rows.size(), weighings.size());
}

TEST(Harvest, OfNothingThereIsNothing) {
  EXPECT_TRUE(harvest({}).empty());
  EXPECT_EQ(quality_of({}, nullptr).groups, 0U);
}

// Read back as group_evidence.cc reads it, the text says what the trees say.
TEST(Harvest, WrittenTreesSayTheSame) {
  using integrity::model::Node;
  const std::vector<integrity::model::Tree> trees = {{{false, false, 3, 0.5F},
                                                      {false, false, 1, 2.0F},
                                                      {true, false, 0, -1.25F},
                                                      {true, false, 0, 0.75F},
                                                      {false, false, 0, 4.0F},
                                                      {true, false, 0, 2.5F},
                                                      {true, false, 0, -3.5F}},
                                                     {{true, false, 0, 0.125F}}};
  EXPECT_EQ(to_text(trees).substr(to_text(trees).find("\n{") + 1),
            "{3, 0.5, 1, 4}, {1, 2, 2, 3}, {255, -1.25, 0, 0}, {255, 0.75, 0, 0}, {0, 4, 5, 6}, {255, 2.5, 0, 0}, "
            "{255, -3.5, 0, 0},\n{255, 0.125, 0, 0},\n");
}

}  // namespace
}  // namespace zan::group_model
