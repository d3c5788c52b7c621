// Rows of features: nothing infinite, nothing of who somebody is, and what was there is found in them.
#include "matching/ranking/features.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <set>
#include <string>

#include "matching/live/community.h"

namespace zan::matching {
namespace {

constexpr std::int64_t day_s = 86'400;

Timestamp at_s(std::int64_t s) { return {s * us_per_second}; }

Deed deed(std::uint32_t person, std::uint32_t subject, Doing doing, std::int64_t s) {
  Deed one;
  one.person = {person};
  one.subject = {subject};
  one.doing = doing;
  one.at = at_s(s);
  one.watch_ms = 30'000;
  one.duration_ms = 40'000;
  return one;
}

struct Small {
  Community community{{1'000, 1'000}};
  Baselines baselines;

  Small() {
    for (std::uint32_t i = 1; i <= 5; ++i) {
      WorkFacts facts;
      facts.subject = {100 + i};
      facts.creator = {200 + i % 2};
      facts.tags = {i % 2 + 1};
      facts.duration_ms = 10'000 * i;
      community.put(facts, at_s(day_s));
    }
  }
  [[nodiscard]] FeatureRow row(std::uint32_t person, WorkRow work, const Scene& scene) const {
    const Person known = community.people().read({person});
    Candidate candidate;
    candidate.work = work;
    return RowMaker(known, scene, community.works(), baselines).row(candidate, community.works().read(work));
  }
};

TEST(Features, have_names_of_their_own) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < row_width; ++i) EXPECT_TRUE(names.insert(name_of_feature(i)).second) << i;
  EXPECT_STREQ(name_of_feature(static_cast<std::size_t>(Feature::place)), "place");
  EXPECT_STREQ(name_of_feature(static_cast<std::size_t>(Feature::follows)), "follows");
  EXPECT_STREQ(name_of_feature(static_cast<std::size_t>(Feature::person_last_click)), "person_last_click");
  EXPECT_STREQ(name_of_feature(feature_count), "raw_0");
}

TEST(Features, of_nobody_and_a_new_work_are_means_and_unknowns) {
  const Small small;
  const FeatureRow row = small.row(77, 0, {at_s(2 * day_s), {}, {}});
  EXPECT_TRUE(std::isnan(at(row, Feature::person_away)));
  EXPECT_TRUE(std::isnan(at(row, Feature::similar)));
  EXPECT_TRUE(std::isnan(at(row, Feature::creator_taste_click)));
  EXPECT_TRUE(std::isnan(row[feature_count]));
  EXPECT_EQ(at(row, Feature::seen_before), 0);
  EXPECT_EQ(at(row, Feature::place), 0);
  EXPECT_EQ(at(row, Feature::work_click), at(row, Feature::tag_click)) << "nothing is known but what is usual";
  EXPECT_FLOAT_EQ(at(row, Feature::work_age), std::log1p(24.0F));
}

TEST(Features, know_what_somebody_did_before) {
  Small small;
  Shown shown;
  shown.person = {1};
  shown.at = at_s(2 * day_s);
  shown.items = {{{101}}, {{103}}, {{102}}};
  small.community.take(shown);
  small.community.take(deed(1, 101, Doing::view, 2 * day_s + 60));
  small.community.take(deed(1, 101, Doing::like, 2 * day_s + 61));
  Deed follow = deed(1, 101, Doing::follow, 2 * day_s + 62);
  small.community.take(follow);
  const Scene scene{at_s(2 * day_s + 3600), {}, {}};
  const FeatureRow same = small.row(1, 4, scene), other = small.row(1, 3, scene);  // 105: as 101; 104: as 102
  EXPECT_EQ(at(same, Feature::follows), 1);
  EXPECT_EQ(at(other, Feature::follows), 0);
  EXPECT_GT(at(same, Feature::tag_taste_click), at(other, Feature::tag_taste_click));
  EXPECT_GT(at(same, Feature::same_tag_taken), at(other, Feature::same_tag_taken));
  EXPECT_GT(at(same, Feature::creator_taste_like), at(other, Feature::creator_taste_like));
  EXPECT_FLOAT_EQ(at(same, Feature::person_shown), std::log1p(3.0F));
  EXPECT_FLOAT_EQ(at(small.row(1, 0, scene), Feature::seen_before), 1);
  EXPECT_FLOAT_EQ(at(same, Feature::duration_to_usual), std::log(50.0F / 10.0F));
}

TEST(Features, say_nothing_of_who_somebody_is) {
  Small small;
  PersonFacts facts;
  facts.person = {1};
  small.community.put(facts);
  facts.person = {2};
  facts.minor = true;
  small.community.put(facts);
  const Scene scene{at_s(2 * day_s), {}, {}};
  const FeatureRow grown_up = small.row(1, 0, scene), minor = small.row(2, 0, scene);
  for (std::size_t i = 0; i < row_width; ++i)
    EXPECT_TRUE(grown_up[i] == minor[i] || (std::isnan(grown_up[i]) && std::isnan(minor[i]))) << name_of_feature(i);
}

RC_GTEST_PROP(Features, are_finite_or_unknown_and_rates_are_rates, ()) {
  Small small;
  std::int64_t now_s = 2 * day_s;
  const int steps = *rc::gen::inRange(0, 60);
  for (int i = 0; i < steps; ++i) {
    now_s += *rc::gen::inRange(-100, 100'000);
    const auto person = *rc::gen::inRange<std::uint32_t>(1, 4);
    const auto subject = *rc::gen::inRange<std::uint32_t>(101, 108);
    const auto doing = static_cast<Doing>(*rc::gen::inRange(0, 10));
    small.community.take(deed(person, subject, doing, now_s));
    const WorkRow work = small.community.works().row_of({subject});
    const Scene scene{at_s(now_s), {}, {}};
    small.baselines.shown(scene, 0, small.community.works().read(work));
    small.baselines.came(scene, 0, small.community.works().read(work), bit(Signal::click) | bit(Signal::leave), 0);
  }
  for (WorkRow work = 0; work < small.community.works().size(); ++work) {
    const FeatureRow row = small.row(*rc::gen::inRange<std::uint32_t>(1, 5), work, {at_s(now_s), {}, {}});
    for (std::size_t i = 0; i < row_width; ++i) {
      RC_ASSERT(!std::isinf(row[i]));
      const std::string name = name_of_feature(i);
      if (name.ends_with("_click") || name.ends_with("_like")) RC_ASSERT(!(row[i] < 0));
    }
    for (const Feature rate : {Feature::work_click, Feature::person_click, Feature::work_lately_like})
      RC_ASSERT(at(row, rate) >= 0 && at(row, rate) <= 1);
  }
}

}  // namespace
}  // namespace zan::matching
