#include "matching/experiment/interleaving.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "base/random.h"

namespace zan::matching {
namespace {

std::vector<SubjectId> ranking(std::initializer_list<std::uint32_t> numbers) {
  std::vector<SubjectId> works;
  for (const std::uint32_t number : numbers) works.push_back({number});
  return works;
}

TEST(Interleaving, of_nothing_is_nothing) {
  EXPECT_TRUE(interleave({}, {}, 10, 1).works.empty());
  EXPECT_TRUE(interleave(ranking({1}), ranking({2}), 0, 1).works.empty());
  const Interleaved one = interleave({}, ranking({2, 3}), 10, 1);
  EXPECT_EQ(one.works, ranking({2, 3}));
  EXPECT_EQ(one.teams, (std::vector<Team>{Team::b, Team::b}));
  EXPECT_EQ(interleave(ranking({5, 5, 5}), ranking({5}), 4, 9).works, ranking({5}));
}

TEST(Interleaving, what_may_not_be_added_is_passed_over) {
  const MayAdd two_odd_ones = [](std::span<const SubjectId> list, SubjectId work) {
    return work.value % 2 == 0 || std::count_if(list.begin(), list.end(), [](SubjectId one) { return one.value % 2; }) < 2;
  };
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Interleaved list = interleave(ranking({1, 3, 5, 2}), ranking({7, 9, 4, 6}), 10, seed, two_odd_ones);
    EXPECT_EQ(std::count_if(list.works.begin(), list.works.end(), [](SubjectId one) { return one.value % 2; }), 2);
    EXPECT_EQ(list.works.size(), 5U) << "all even ones are there";
  }
}

RC_GTEST_PROP(Interleaving, keeps_both_orders_and_shows_nothing_twice, (std::uint64_t seed)) {
  const auto numbers = rc::gen::container<std::vector<std::uint32_t>>(rc::gen::inRange<std::uint32_t>(1, 30));
  const auto first = *numbers, second = *numbers;
  std::vector<SubjectId> a, b;
  for (const std::uint32_t number : first) a.push_back({number});
  for (const std::uint32_t number : second) b.push_back({number});
  const auto places = *rc::gen::inRange<std::size_t>(0, 25);
  const Interleaved list = interleave(a, b, places, seed);
  std::set<SubjectId> all(a.begin(), a.end());
  all.insert(b.begin(), b.end());
  RC_ASSERT(list.works.size() == std::min(places, all.size()));
  RC_ASSERT(list.teams.size() == list.works.size());
  RC_ASSERT(std::set<SubjectId>(list.works.begin(), list.works.end()).size() == list.works.size());
  for (std::size_t i = 0; i < list.works.size(); ++i) {
    // Whatever its team ranks higher stands before it.
    const auto& team = list.teams[i] == Team::a ? a : b;
    const auto place = std::find(team.begin(), team.end(), list.works[i]);
    RC_ASSERT(place != team.end());
    for (auto higher = team.begin(); higher != place; ++higher)
      RC_ASSERT(std::find(list.works.begin(), list.works.begin() + static_cast<std::ptrdiff_t>(i), *higher) !=
                list.works.begin() + static_cast<std::ptrdiff_t>(i));
  }
  const Interleaved same = interleave(a, b, places, seed);
  RC_ASSERT(same.works == list.works);
}

// People who take to works by their worth and less at lower places.
struct Crowd {
  std::vector<double> worth;
  Rng rng;

  PersonPreference ask(const std::vector<SubjectId>& a, const std::vector<SubjectId>& b) {
    PersonPreference person;
    for (int request = 0; request < 4; ++request) {
      const Interleaved list = interleave(a, b, 6, rng.next());
      double credits[2] = {};
      for (std::size_t i = 0; i < list.works.size(); ++i)
        if (rng.chance(worth[list.works[i].value] / (1.0 + static_cast<double>(i))))
          credits[static_cast<std::size_t>(list.teams[i])] += 1;
      person.add(credits[0], credits[1]);
    }
    return person;
  }
};

TEST(Interleaving, prefers_neither_of_equals_however_often_one_looks) {
  int wrong = 0;
  double sum = 0;
  for (std::uint64_t run = 0; run < 500; ++run) {
    // Different works of the same worths: places alone must not decide.
    Crowd crowd{{0, .5, .4, .3, .2, .1, .1, .5, .4, .3, .2, .1, .1}, Rng(run)};
    const auto a = ranking({1, 2, 3, 4, 5, 6}), b = ranking({7, 8, 9, 10, 11, 12});
    Preference preference(0.05);
    bool decided = false;
    for (int person = 0; person < 100; ++person) {
      preference.add(crowd.ask(a, b));
      decided = decided || preference.decided();
    }
    wrong += decided ? 1 : 0;
    sum += preference.value();
  }
  EXPECT_LE(wrong, 500 * 0.05 + 4 * std::sqrt(500 * 0.05 * 0.95));
  EXPECT_NEAR(sum / 500, 0, 0.01);
}

TEST(Interleaving, finds_the_better_one) {
  Crowd crowd{{0, .5, .45, .4, .1, .05, .05}, Rng(3)};
  const auto good = ranking({1, 2, 3, 4, 5, 6}), bad = ranking({4, 5, 6, 1, 2, 3});
  Preference for_b(0.05), for_a(0.05);
  for (int person = 0; person < 1500; ++person) {
    for_b.add(crowd.ask(bad, good));
    for_a.add(crowd.ask(good, bad));
  }
  EXPECT_TRUE(for_b.decided());
  EXPECT_GT(for_b.interval().low, 0);
  EXPECT_TRUE(for_a.decided());
  EXPECT_LT(for_a.interval().high, 0);
}

TEST(Interleaving, who_asked_nothing_says_nothing) {
  Preference preference(0.05);
  preference.add(PersonPreference{});
  EXPECT_EQ(preference.people(), 0U);
  EXPECT_EQ(preference.value(), 0);
  EXPECT_EQ(preference.interval().low, -1);
  PersonPreference person;
  person.add(std::numeric_limits<double>::quiet_NaN(), 1);
  EXPECT_EQ(person.value(), 0);
}

}  // namespace
}  // namespace zan::matching
