#include "matching/experiment/preferences.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace zan::matching {
namespace {

constexpr std::uint32_t day_s = 86'400;
constexpr auto like = static_cast<std::size_t>(Signal::like);
constexpr Signals liked = bit(Signal::like);

// The first and third of what is in service, the second and fourth of what is tried.
std::vector<DraftedWork> list(std::uint32_t from = 1) {
  return {{{from}, Team::a}, {{from + 1}, Team::b}, {{from + 2}, Team::a}, {{from + 3}, Team::b}};
}

SignalPreference likes_of(Preferences& preferences, std::uint32_t settled_s = 10 * day_s) {
  preferences.settle(settled_s);
  return preferences.report().signals[like];
}

TEST(Preferences, of_nobody_say_nothing) {
  Preferences preferences({});
  preferences.shown(1, {}, 5);
  preferences.did(1, {1}, liked, 5);
  const SignalPreference likes = likes_of(preferences);
  EXPECT_EQ(preferences.report().people, 0U);
  EXPECT_EQ(likes.value, 0);
  EXPECT_EQ(likes.interval.low, -1);
  EXPECT_EQ(likes.interval.high, 1);
  EXPECT_FALSE(likes.decided_s);
}

TEST(Preferences, a_request_is_won_by_whose_works_had_more) {
  Preferences preferences({});
  preferences.shown(1, list(), 0);
  preferences.did(1, {1}, liked, 1);
  preferences.did(1, {2}, liked, 2);
  preferences.did(1, {4}, liked, 3);
  preferences.did(1, {99}, liked, 4);  // stood in no list
  preferences.did(2, {1}, liked, 4);   // was shown nothing
  EXPECT_EQ(preferences.report().settled, 0U);
  const SignalPreference likes = likes_of(preferences);
  EXPECT_EQ(likes.in_service, 1U);
  EXPECT_EQ(likes.tried, 2U);
  EXPECT_EQ(likes.value, 1);
  const PreferencesReport report = preferences.report();
  EXPECT_EQ(report.people, 1U);
  EXPECT_EQ(report.settled, 1U);
  EXPECT_EQ(report.requests, 1U);
  EXPECT_EQ(report.places_in_service, 2U);
  EXPECT_EQ(report.places_tried, 2U);
  EXPECT_EQ(report.signals[static_cast<std::size_t>(Signal::click)].value, 0);
}

TEST(Preferences, a_person_is_one_value_however_often_they_come) {
  Preferences preferences({});
  for (std::uint32_t i = 0; i < 4; ++i) {
    preferences.shown(1, list(10 * i + 1), i);
    preferences.did(1, {10 * i + (i == 0 ? 1U : 2U)}, liked, i);  // one for what is in service, three for what is tried
  }
  preferences.shown(2, list(), 5);
  preferences.did(2, {1}, liked, 6);
  EXPECT_DOUBLE_EQ(likes_of(preferences).value, (0.5 - 1) / 2);
}

TEST(Preferences, a_deed_counts_where_the_work_was_seen_last) {
  Preferences preferences({});
  preferences.shown(1, std::vector<DraftedWork>{{{7}, Team::a}}, 0);
  preferences.shown(1, std::vector<DraftedWork>{{{7}, Team::b}}, 1);
  preferences.did(1, {7}, liked, 2);
  const SignalPreference likes = likes_of(preferences);
  EXPECT_EQ(likes.in_service, 0U);
  EXPECT_EQ(likes.tried, 1U);
  EXPECT_DOUBLE_EQ(likes.value, 0.5) << "nobody won the first";
}

TEST(Preferences, of_a_person_the_last_requests_are_open) {
  Preferences preferences({});
  for (std::uint32_t i = 0; i <= Preferences::requests_open; ++i) preferences.shown(1, list(10 * i + 1), i);
  preferences.did(1, {1}, liked, 9);
  preferences.did(1, {12}, liked, 9);
  const SignalPreference likes = likes_of(preferences);
  EXPECT_EQ(likes.in_service, 0U);
  EXPECT_EQ(likes.tried, 1U);
}

TEST(Preferences, what_comes_after_the_window_changes_nothing) {
  Preferences preferences({});
  preferences.shown(1, list(), 0);
  preferences.did(1, {1}, liked, day_s);
  preferences.did(1, {2}, liked, day_s + 1);
  preferences.shown(1, list(11), day_s + 2);
  const SignalPreference likes = likes_of(preferences);
  EXPECT_EQ(likes.value, -1);
  EXPECT_EQ(likes.tried, 0U);
  EXPECT_EQ(preferences.report().requests, 1U);
  EXPECT_EQ(preferences.report().settled, 1U);
}

TEST(Preferences, turn_away_who_comes_when_they_are_full) {
  PreferencesOptions options;
  options.people_max = 2;
  Preferences preferences(options);
  for (std::uint64_t person = 1; person <= 4; ++person) preferences.shown(person, list(), 0);
  preferences.shown(1, list(11), 0);
  EXPECT_EQ(preferences.report().people, 2U);
  EXPECT_EQ(preferences.report().turned_away, 2U);
  EXPECT_EQ(preferences.report().requests, 3U);
}

// How many of `runs` decided, where people take to works of both with these chances.
int decided(double in_service, double tried, std::uint32_t runs) {
  int count = 0;
  for (std::uint32_t run = 0; run < runs; ++run) {
    Rng rng(run);
    Preferences preferences({});
    for (std::uint32_t person = 1; person <= 600; ++person) {
      const std::uint32_t at_s = person * day_s;
      preferences.shown(person, list(), at_s);
      for (const DraftedWork& work : list())
        if (rng.chance(work.team == Team::a ? in_service : tried)) preferences.did(person, work.subject, liked, at_s);
    }
    const SignalPreference likes = likes_of(preferences, 700 * day_s);
    if (!likes.decided_s) continue;
    ++count;
    EXPECT_TRUE(!(tried > in_service) || likes.interval.low > 0);
  }
  return count;
}

TEST(Preferences, what_is_alike_is_hardly_ever_decided_and_what_is_better_is) {
  EXPECT_LE(decided(0.3, 0.3, 60), 3);
  EXPECT_EQ(decided(0.2, 0.5, 20), 20);
}

}  // namespace
}  // namespace zan::matching
