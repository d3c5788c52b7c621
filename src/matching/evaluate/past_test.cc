#include "matching/evaluate/past.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace zan::matching {
namespace {

constexpr std::int64_t start_us = 1'700'000'000 * us_per_second;
constexpr std::uint32_t people = 60, works = 40;

struct Told {
  Shown shown;
  std::optional<Deed> deed;
};

// People of even numbers watch works of even numbers through, and the others the others; nine times of ten.
std::vector<Told> town(std::size_t showings) {
  std::vector<Told> told;
  Rng rng(7);
  for (std::size_t i = 0; i < showings; ++i) {
    const auto person = static_cast<std::uint32_t>(rng.below(people)), work = static_cast<std::uint32_t>(rng.below(works));
    Told one;
    one.shown.person = {person + 1};
    one.shown.at = {start_us + static_cast<std::int64_t>(i) * 40 * us_per_second};
    one.shown.items = {{{work + 101}, SourceKind::unknown, false}};
    if ((person % 2 == work % 2) == rng.chance(0.9)) {
      Deed deed;
      deed.person = one.shown.person;
      deed.subject = {work + 101};
      deed.doing = Doing::view;
      deed.watch_ms = deed.duration_ms = 60'000;
      deed.at = {one.shown.at.us + us_per_second};
      one.deed = deed;
    }
    told.push_back(std::move(one));
  }
  return told;
}

Result<void> tell(Past& past, const std::vector<Told>& told) {
  for (std::uint32_t work = 0; work < works; ++work) {
    WorkFacts facts;
    facts.subject = {work + 101};
    facts.tags = {work % 2 + 1};
    facts.published_at = {start_us};
    past.put(facts, {start_us});
  }
  for (const Told& one : told) {
    ZAN_TRY(past.take(one.shown));
    if (one.deed) past.take(*one.deed);
  }
  return {};
}

PastOptions options() {
  PastOptions options;
  options.limits = {1'000, 1'000};
  options.learn_every_us = 0;
  options.ranker.trees = 40;
  return options;
}

TEST(Past, ForetellsByTimeWhatPeopleTakeTo) {
  const auto told = town(8'000);
  Past past(options());
  ASSERT_TRUE(tell(past, told).ok());
  ASSERT_TRUE(past.again().ok());
  ASSERT_TRUE(tell(past, told).ok());
  const auto judged = past.finish();
  ASSERT_TRUE(judged.ok()) << judged.error().message;
  EXPECT_EQ(judged->learnt, 4'801u);
  EXPECT_EQ(judged->judged, 3'199u);
  EXPECT_EQ(judged->judged_from.us, told[4'801].shown.at.us);
  ASSERT_EQ(judged->by.size(), 2u);
  const auto of = [&](std::size_t who) { return judged->by[who].signals[static_cast<std::size_t>(Signal::long_view)]; };
  EXPECT_EQ(judged->by[0].name, "ranker");
  EXPECT_GT(of(0).all.auc, 0.85);
  EXPECT_GT(of(0).gauc, 0.85) << "a person's own order, by the tags they take to";
  EXPECT_LT(of(1).gauc, 0.6) << "everything is as popular as everything else";
  EXPECT_LT(of(0).all.log_loss, of(1).all.log_loss);
  EXPECT_GT(judged->by[0].lists.ndcg, judged->by[1].lists.ndcg);
  EXPECT_EQ(judged->shown.items, works);
  EXPECT_EQ(judged->shown.impressions, told.size());
}

TEST(Past, WhatWasToldTwiceCountsOnce) {
  auto told = town(3'000);
  for (std::size_t i = 0; i < 3'000; ++i) told.push_back(told[i]);
  Past past(options());
  ASSERT_TRUE(tell(past, told).ok());
  ASSERT_TRUE(past.again().ok());
  ASSERT_TRUE(tell(past, told).ok());
  const auto judged = past.finish();
  ASSERT_TRUE(judged.ok()) << judged.error().message;
  EXPECT_EQ(judged->learnt + judged->judged, 3'000u);
}

TEST(Past, TooFewAndTooManyShowingsAreRefused) {
  Past past(options());
  ASSERT_TRUE(tell(past, town(100)).ok());
  const auto few = past.again();
  ASSERT_FALSE(few.ok());
  EXPECT_EQ(few.error().kind, ErrorKind::limited);
  EXPECT_NE(few.error().message.find("100 showings"), std::string::npos);

  PastOptions small = options();
  small.showings_max = 50;
  Past full(small);
  const auto many = tell(full, town(100));
  ASSERT_FALSE(many.ok());
  EXPECT_EQ(many.error().kind, ErrorKind::limited);
}

TEST(Past, ToldOtherwiseTheSecondTimeItIsRefused) {
  Past past(options());
  ASSERT_TRUE(tell(past, town(2'500)).ok());
  ASSERT_TRUE(past.again().ok());
  ASSERT_TRUE(tell(past, town(2'400)).ok());
  EXPECT_FALSE(past.finish().ok());
}

TEST(Past, WhoIsErasedIsLearntFromNoMore) {
  Past past(options());
  ASSERT_TRUE(tell(past, town(2'500)).ok());
  for (std::uint32_t person = 1; person <= people; ++person) past.erase({person});
  EXPECT_TRUE(past.again().ok()) << "showings stay, as everybody's";
}

}  // namespace
}  // namespace zan::matching
