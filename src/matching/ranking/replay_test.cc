// The past once more: rows know what came before their showing and nothing later.
#include "matching/ranking/replay.h"

#include <gtest/gtest.h>

#include <cmath>

namespace zan::matching {
namespace {

constexpr std::int64_t day_us = us_per_day;

Shown shown_of(std::uint32_t person, std::vector<std::uint32_t> subjects, std::int64_t at_us) {
  Shown shown;
  shown.person = {person};
  shown.at = {at_us};
  for (const std::uint32_t subject : subjects) shown.items.push_back({{subject}});
  return shown;
}

Deed view_of(std::uint32_t person, std::uint32_t subject, std::int64_t at_us) {
  Deed deed;
  deed.person = {person};
  deed.subject = {subject};
  deed.at = {at_us};
  deed.watch_ms = 20'000;
  return deed;
}

void put_works(Replay& replay, std::uint32_t count) {
  for (std::uint32_t i = 1; i <= count; ++i) {
    WorkFacts facts;
    facts.subject = {i};
    facts.tags = {i % 2 + 1};
    replay.put(facts, {day_us});
  }
}

TEST(Replay, a_row_is_taken_before_its_showing_is_counted) {
  Replay replay({.limits = {100, 100}, .learn_every_us = 0});
  put_works(replay, 3);
  ASSERT_TRUE(replay.take(shown_of(1, {1, 2}, 2 * day_us)).ok());
  replay.take(view_of(1, 1, 2 * day_us + 5));
  ASSERT_TRUE(replay.take(shown_of(1, {1}, 2 * day_us + 10)).ok());
  const Showings rows = replay.harvest().take();
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows.outcomes[0], bit(Signal::click) | bit(Signal::long_view));
  EXPECT_EQ(rows.outcomes[1], 0);
  const auto of = [&](std::size_t i, Feature feature) { return rows.row(i)[static_cast<std::size_t>(feature)]; };
  EXPECT_EQ(of(0, Feature::person_shown), 0);
  EXPECT_EQ(of(1, Feature::person_shown), 0) << "one list is of one moment";
  EXPECT_EQ(of(1, Feature::place), 1);
  EXPECT_FLOAT_EQ(of(2, Feature::person_shown), std::log1p(2.0F));
  EXPECT_EQ(of(2, Feature::seen_before), 1);
  EXPECT_EQ(replay.works_shown(), (std::vector<WorkRow>{0, 1, 0}));
}

TEST(Replay, showings_to_nobody_and_of_what_nobody_put_become_no_rows) {
  Replay replay({.limits = {100, 100}, .learn_every_us = 0});
  put_works(replay, 1);
  ASSERT_TRUE(replay.take(shown_of(0, {1}, day_us)).ok());
  ASSERT_TRUE(replay.take(shown_of(1, {7}, day_us)).ok());
  EXPECT_EQ(replay.harvest().size(), 0U);
  EXPECT_EQ(replay.baselines().everything(86'400).shown, 2) << "they count for the means, as they do when serving";
}

TEST(Replay, people_as_of_a_moment_do_not_change_after_it) {
  Replay replay({.limits = {100, 100}, .learn_every_us = 0, .people_as_of = {3 * day_us}});
  put_works(replay, 3);
  ASSERT_TRUE(replay.take(shown_of(1, {1}, 2 * day_us)).ok());
  ASSERT_TRUE(replay.take(shown_of(1, {2}, 3 * day_us)).ok());
  ASSERT_TRUE(replay.take(shown_of(1, {3}, 3 * day_us + 1)).ok());
  const Showings rows = replay.harvest().take();
  const auto shown = [&](std::size_t i) { return rows.row(i)[static_cast<std::size_t>(Feature::person_shown)]; };
  EXPECT_EQ(shown(0), 0);
  EXPECT_FLOAT_EQ(shown(1), std::log1p(1.0F));
  EXPECT_EQ(shown(2), shown(1));
}

TEST(Replay, what_people_have_in_common_is_learned_the_day_after) {
  Replay replay({.limits = {100, 100}});
  put_works(replay, 4);
  for (std::uint32_t person = 1; person <= 30; ++person) {  // who takes to 1 takes to 2
    replay.take(view_of(person, 1, 2 * day_us));
    if (person > 1) replay.take(view_of(person, 2, 2 * day_us + 1));
    if (person % 3 == 0) replay.take(view_of(person, 3 + person % 2, 2 * day_us + 2));
  }
  ASSERT_TRUE(replay.take(shown_of(1, {2, 3}, 4 * day_us)).ok());
  const Showings rows = replay.harvest().take();
  const auto similar = [&](std::size_t i) { return rows.row(i)[static_cast<std::size_t>(Feature::similar)]; };
  EXPECT_GT(similar(0), 0);
  EXPECT_TRUE(std::isnan(similar(1)) || similar(0) > similar(1));
}

TEST(Replay, the_operators_own_numbers_stand_behind_the_features) {
  Replay replay({.limits = {100, 100}, .raw_count = 1, .learn_every_us = 0},
                [](PersonId person, SubjectId subject, const Scene&, std::span<float> to) {
                  to[0] = static_cast<float>(person.value * 10 + subject.value);
                });
  put_works(replay, 2);
  ASSERT_TRUE(replay.take(shown_of(3, {2}, day_us)).ok());
  EXPECT_EQ(replay.harvest().showings().row(0)[feature_count], 32);
}

}  // namespace
}  // namespace zan::matching
