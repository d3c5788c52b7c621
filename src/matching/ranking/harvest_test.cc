// Rows and outcomes: what comes in time is added to the last showing, what comes late or for nothing is not.
#include "matching/ranking/harvest.h"

#include <gtest/gtest.h>

#include "matching/ranking/sim_showings.h"

namespace zan::matching {
namespace {

constexpr PersonId person{1};
constexpr WorkRow work = 7;

Timestamp minute(std::int64_t number) { return {number * us_per_minute}; }

TEST(Harvest, a_showing_that_nobody_took_up_is_a_no) {
  Harvest harvest;
  harvest.shown(person, work, empty_row(), minute(1));
  harvest.came(person, work + 1, bit(Signal::click), minute(2));
  harvest.came({2}, work, bit(Signal::click), minute(2));
  EXPECT_EQ(harvest.showings().outcomes, std::vector<Signals>{0});
}

TEST(Harvest, views_have_half_an_hour_and_likes_a_day) {
  Harvest harvest;
  harvest.shown(person, work, empty_row(), minute(0));
  harvest.came(person, work, bit(Signal::click) | bit(Signal::like), minute(31));
  EXPECT_EQ(harvest.showings().outcomes[0], bit(Signal::like));
  harvest.came(person, work, bit(Signal::follow), minute(24 * 60 + 1));
  EXPECT_EQ(harvest.showings().outcomes[0], bit(Signal::like));
  harvest.withdrawn(person, work, bit(Signal::like));
  EXPECT_EQ(harvest.showings().outcomes[0], 0);
}

TEST(Harvest, only_the_last_showing_is_answered) {
  Harvest harvest(2);
  FeatureRow row = empty_row();
  row[feature_count + 1] = 5;
  harvest.shown(person, work, row, minute(0), 2);
  harvest.shown(person, work, row, minute(1));
  harvest.came(person, work, bit(Signal::click), minute(2));
  const Showings taken = harvest.take();
  EXPECT_EQ(taken.outcomes, (std::vector<Signals>{0, bit(Signal::click)}));
  EXPECT_EQ(taken.weights, (std::vector<float>{2, 1}));
  EXPECT_EQ(taken.width(), feature_count + 2);
  EXPECT_EQ(taken.row(1)[feature_count + 1], 5);
  EXPECT_EQ(harvest.size(), 0U);
  harvest.came(person, work, bit(Signal::like), minute(3));
  EXPECT_EQ(harvest.size(), 0U);
}

TEST(Harvest, times_never_descend) {
  Harvest harvest;
  harvest.shown(person, 1, empty_row(), minute(5));
  harvest.shown(person, 2, empty_row(), minute(4));
  EXPECT_EQ(harvest.showings().times_us[1], minute(5).us);
}

}  // namespace
}  // namespace zan::matching
