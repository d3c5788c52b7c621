#include "simulation/tastes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace zan::simulation {
namespace {

TasteOptions small() {
  TasteOptions options;
  options.people = 300;
  options.creators = 40;
  options.works = 300;
  options.days = 6;
  return options;
}

TEST(Tastes, an_empty_world_is_one) {
  TasteOptions nothing;
  nothing.people = nothing.creators = nothing.works = nothing.days = 0;
  const Tastes world(nothing);
  EXPECT_TRUE(world.people().empty());
  EXPECT_TRUE(world.works().empty());
  EXPECT_TRUE(world.visits(0).empty());
  nothing.works = nothing.works_a_day = 5;
  nothing.days = 1;
  EXPECT_TRUE(Tastes(nothing).works().empty()) << "nobody is there to make them";
}

TEST(Tastes, the_same_seed_gives_the_same_world_and_another_one_another) {
  const Tastes one(small()), same(small());
  TasteOptions options = small();
  options.seed = 2;
  const Tastes other(options);
  EXPECT_EQ(one.truth(5, 7), same.truth(5, 7));
  EXPECT_NE(one.truth(5, 7), other.truth(5, 7));
  ASSERT_EQ(one.visits(3).size(), same.visits(3).size());
  for (std::uint32_t work = 0; work < 100; ++work)
    EXPECT_EQ(one.react(1, work, 0, 0).answers, same.react(1, work, 0, 0).answers);
}

TEST(Tastes, works_are_born_in_order_and_newcomers_on_their_day) {
  const TasteOptions options = small();
  const Tastes world(options);
  const auto& works = world.works();
  const std::uint32_t newcomers = (options.days - options.newcomers_from_day) * options.newcomers_a_day;
  EXPECT_EQ(works.size(), options.works + options.days * options.works_a_day + newcomers * options.newcomer_works);
  EXPECT_TRUE(std::is_sorted(works.begin(), works.end(),
                             [](const TasteWork& a, const TasteWork& b) { return a.born_us < b.born_us; }));
  std::size_t good = 0, bad = 0;
  for (std::uint32_t work = 0; work < works.size(); ++work) {
    const Newcomer newcomer = world.newcomer(work);
    if (newcomer == Newcomer::no) continue;
    EXPECT_GE(works[work].born_us, static_cast<std::int64_t>(options.newcomers_from_day) * us_per_day);
    (newcomer == Newcomer::good ? good : bad) += 1;
    EXPECT_EQ(works[work].quality > 0.15, newcomer == Newcomer::good);
  }
  EXPECT_EQ(good, newcomers * options.newcomer_works / 2);
  EXPECT_EQ(bad, good);
}

TEST(Tastes, tags_are_noisy_signs_of_topics) {
  const Tastes world(small());
  double right = 0, all = 0;
  for (const TasteWork& work : world.works()) {
    ASSERT_GE(work.tag_count, 1);
    const std::set<std::uint32_t> once(work.tags.begin(), work.tags.begin() + work.tag_count);
    EXPECT_EQ(once.size(), work.tag_count);
    for (const std::uint32_t tag : once) {
      ASSERT_LT(tag, topics * tags_of_topic);
      right += tag / tags_of_topic == work.topic[0] ? 1 : 0;
      all += 1;
    }
  }
  EXPECT_GT(right / all, 0.6);
  EXPECT_LT(right / all, 0.9);
}

TEST(Tastes, reactions_come_as_often_as_the_truth_says) {
  const Tastes world(small());
  Truth expected{}, found{};
  for (std::uint32_t person = 0; person < 300; ++person) {
    for (std::uint32_t work = 0; work < 300; ++work) {
      const Truth truth = world.truth(person, work);
      const Reaction reaction = world.react(person, work, 0, 0);
      for (std::size_t i = 0; i < answers; ++i) {
        expected[i] += truth[i];
        found[i] += reaction.has(static_cast<Answer>(i)) ? 1 : 0;
      }
    }
  }
  for (std::size_t i = 0; i < answers; ++i) {
    EXPECT_GT(expected[i], 20) << i;
    EXPECT_NEAR(found[i], expected[i], 5 * std::sqrt(expected[i])) << i;
  }
}

TEST(Tastes, what_is_said_of_a_view_fits_together) {
  const Tastes world(small());
  for (std::uint32_t person = 0; person < 100; ++person) {
    for (std::uint32_t work = 0; work < 300; ++work) {
      const Reaction reaction = world.react(person, work, 0, 0);
      const std::uint32_t duration = world.works()[work].duration_ms;
      if (!reaction.has(Answer::click)) {
        ASSERT_EQ(reaction.answers, 0);
        continue;
      }
      ASSERT_LE(reaction.watch_ms, duration);
      ASSERT_EQ(reaction.has(Answer::long_view), reaction.watch_ms >= std::min(duration, 18'000U));
      ASSERT_EQ(reaction.has(Answer::leave), reaction.watch_ms < 3000 && reaction.watch_ms < duration / 3);
      ASSERT_FALSE(reaction.has(Answer::follow) && !reaction.has(Answer::like));
      ASSERT_FALSE(reaction.has(Answer::dislike) && reaction.has(Answer::like));
    }
  }
}

TEST(Tastes, lower_places_and_repeats_are_clicked_less) {
  const Tastes world(small());
  double first = 0, ninth = 0, again = 0;
  for (std::uint32_t person = 0; person < 300; ++person) {
    for (std::uint32_t work = 0; work < 300; ++work) {
      const bool clicks = world.react(person, work, 0, 0).has(Answer::click);
      const bool clicks_below = world.react(person, work, 8, 0).has(Answer::click);
      ASSERT_FALSE(clicks_below && !clicks) << "the same draw decides at every place";
      first += clicks ? 1 : 0;
      ninth += clicks_below ? 1 : 0;
      again += world.react(person, work, 0, 1).has(Answer::click) ? 1 : 0;
    }
  }
  EXPECT_NEAR(ninth / first, Tastes::place_bias(8), 0.03);
  EXPECT_NEAR(again / first, Tastes::repeat_bias, 0.03);
}

TEST(Tastes, quality_and_taste_both_tell) {
  const Tastes world(small());
  double good = 0, bad = 0, best = 0, worst = 0;
  for (std::uint32_t person = 0; person < 300; ++person) {
    const auto& liking = world.people()[person].topic;
    for (std::uint32_t work = 0; work < world.works().size(); ++work) {
      const double chance = world.truth(person, work)[1];
      if (world.newcomer(work) == Newcomer::good) good += chance;
      if (world.newcomer(work) == Newcomer::bad) bad += chance;
      (liking[world.works()[work].topic[0]] > 0.5 ? best : worst) += chance;
    }
  }
  EXPECT_GT(good, 3 * bad);
  EXPECT_GT(best, 0);
  EXPECT_GT(worst, 0);
}

TEST(Tastes, more_come_in_the_evening_than_at_night) {
  const Tastes world(small());
  std::size_t night = 0, evening = 0, all = 0;
  for (std::uint32_t day = 0; day < 6; ++day) {
    std::int64_t before = 0;
    for (const Visit& visit : world.visits(day)) {
      EXPECT_GE(visit.at_us, before);
      before = visit.at_us;
      EXPECT_EQ(visit.at_us / us_per_day, day);
      const auto hour = visit.at_us % us_per_day / us_per_hour;
      night += hour >= 2 && hour < 5 ? 1 : 0;
      evening += hour >= 19 && hour < 22 ? 1 : 0;
      ++all;
    }
  }
  EXPECT_GT(evening, 5 * night);
  EXPECT_NEAR(static_cast<double>(all) / (300 * 6), 1.5 * std::exp(0.18), 0.3);
}

TEST(Tastes, names_say_that_they_are_made_up) {
  EXPECT_EQ(taste_person_name(17), "sim-person-17");
  EXPECT_EQ(taste_work_name(1), "sim-work-1");
  EXPECT_EQ(taste_creator_name(2), "sim-creator-2");
  EXPECT_EQ(taste_tag_name(3), "sim-tag-3");
}

}  // namespace
}  // namespace zan::simulation
