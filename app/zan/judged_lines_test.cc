#include "zan/judged_lines.h"

#include <gtest/gtest.h>

namespace zan::app {
namespace {

using integrity::Standing;
using enum integrity::Standing;

integrity::ActView act(std::uint32_t actor, std::uint32_t subject, std::int64_t at_us) {
  integrity::ActView act;
  act.actor = actor;
  act.subject = subject;
  act.at_us = at_us;
  return act;
}

class JudgedLinesTest : public testing::Test {
 protected:
  void SetUp() override { lines_.add(act(1, 2, 1'000'000), {}); }
  void say(std::uint32_t group, Standing standing, std::int64_t now_us = 5'000'000) {
    lines_.change({1, 2, 1'000'000, group, standing}, now_us);
  }
  JudgedLines lines_;
};

TEST_F(JudgedLinesTest, AreGenuineUntilSomebodySpeaks) {
  EXPECT_EQ(lines_.standing(0), cleared);
  EXPECT_EQ(lines_.group(0), 0u);
  EXPECT_EQ(lines_.since_us(0), 1'000'000);
}

TEST_F(JudgedLinesTest, AGroupTakesItsWordBack) {
  say(1, suspected);
  say(1, confirmed);
  say(1, suspected);
  EXPECT_EQ(lines_.standing(0), suspected);
  say(1, cleared);
  EXPECT_EQ(lines_.standing(0), cleared);
}

TEST_F(JudgedLinesTest, SinceTellsWhenALineBeganToCountOrNot) {
  say(1, suspected, 3'000'000);
  EXPECT_EQ(lines_.since_us(0), 3'000'000);
  say(1, confirmed, 4'000'000);
  EXPECT_EQ(lines_.since_us(0), 3'000'000);
  say(1, cleared, 6'000'000);
  EXPECT_EQ(lines_.since_us(0), 6'000'000);
}

TEST(JudgedLines, AnOutcomeStandsAtOnce) {
  JudgedLines lines;
  lines.add(act(1, 2, 10), {7, confirmed});
  EXPECT_EQ(lines.standing(0), confirmed);
  EXPECT_EQ(lines.group(0), 7u);
  EXPECT_EQ(lines.since_us(0), 10);
}

TEST(JudgedLines, EqualTimesAreToldApartByWhoAndWhat) {
  JudgedLines lines;
  for (std::uint32_t actor = 1; actor <= 50; ++actor) lines.add(act(actor, 9, 77), {});
  lines.change({30, 9, 77, 1, suspected}, 80);
  lines.change({31, 9, 76, 1, suspected}, 80);  // at another time: nobody
  for (std::size_t line = 0; line < 50; ++line)
    EXPECT_EQ(lines.standing(line), line == 29 ? suspected : cleared) << line;
}

}  // namespace
}  // namespace zan::app
