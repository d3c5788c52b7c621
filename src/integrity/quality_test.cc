#include "integrity/quality.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace zan::integrity {
namespace {

double any_number() {
  const int kind = *rc::gen::inRange(0, 8);
  if (kind == 0) return *rc::gen::element(0.0, -0.5, -1.0, -1e300, 1e300, 1e-300);
  return *rc::gen::inRange(-1000, 1'000'000) / 100.0;
}

QualityFacts any_facts() {
  QualityFacts facts;
  facts.watch_known = *rc::gen::arbitrary<bool>();
  facts.watched = any_number();
  facts.account_likes = any_number();
  facts.account_days = any_number();
  facts.accounts_on_device = any_number();
  facts.after_known = *rc::gen::arbitrary<bool>();
  facts.came_back = *rc::gen::arbitrary<bool>();
  facts.followed = *rc::gen::arbitrary<bool>();
  facts.commented = *rc::gen::arbitrary<bool>();
  facts.withdrawn = *rc::gen::arbitrary<bool>();
  facts.held = *rc::gen::arbitrary<bool>();
  facts.rejected = *rc::gen::arbitrary<bool>();
  return facts;
}

RC_GTEST_PROP(Quality, KeepsItsBoundsWhateverTheFacts, ()) {
  const QualityFacts facts = any_facts();
  const Quality quality = quality_of(facts);
  RC_ASSERT(quality.watching <= 40 && quality.account <= 40 && quality.after <= 20);
  RC_ASSERT(quality.score <= 100);
  if (facts.held) RC_ASSERT(quality.score <= 40);
  if (facts.rejected) RC_ASSERT(quality.score <= 10);
  const int sum = quality.watching + quality.account + quality.after;
  if (!facts.held && !facts.rejected) RC_ASSERT(quality.score == sum);
  RC_ASSERT(quality.score <= sum);
}

RC_GTEST_PROP(Quality, MoreOfWhatIsGoodNeverLowersIt, ()) {
  QualityFacts facts = any_facts();
  facts.withdrawn = false;
  facts.after_known = true;
  const Quality before = quality_of(facts);
  const double more = *rc::gen::inRange(0, 10'000) / 100.0;
  switch (*rc::gen::inRange(0, 6)) {
    case 0:
      facts.watched += more;
      break;
    case 1:
      facts.account_likes += more;
      break;
    case 2:
      facts.account_days += more;
      break;
    case 3:
      facts.came_back = true;
      break;
    case 4:
      facts.followed = true;
      break;
    default:
      facts.commented = true;
  }
  RC_ASSERT(quality_of(facts).score >= before.score);
}

RC_GTEST_PROP(Quality, MoreAccountsOnTheDeviceNeverRaiseIt, ()) {
  QualityFacts facts = any_facts();
  facts.accounts_on_device = *rc::gen::inRange(1, 100);
  const Quality before = quality_of(facts);
  facts.accounts_on_device += *rc::gen::inRange(0, 100);
  RC_ASSERT(quality_of(facts).score <= before.score);
}

TEST(Quality, WhatIsNotKnownGetsHalf) {
  const Quality quality = quality_of({});
  EXPECT_EQ(quality.watching, 20);
  EXPECT_EQ(quality.after, 10);
}

// An account whose acts came in another order than their times.
TEST(Quality, ALifeOfLessThanNothingIsNone) {
  QualityFacts facts;
  const Quality none = quality_of(facts);
  for (const double days : {-0.5, -1.0, -2.0, -1e6}) {
    facts.account_days = facts.account_likes = days;
    EXPECT_EQ(quality_of(facts).account, none.account) << days;
  }
}

TEST(Quality, TheBestLikeHasAHundred) {
  QualityFacts facts;
  facts.watch_known = facts.after_known = true;
  facts.watched = 1;
  facts.account_likes = 20;
  facts.account_days = 30;
  facts.accounts_on_device = 1;
  facts.came_back = facts.followed = facts.commented = true;
  EXPECT_EQ(quality_of(facts).score, 100);
  facts.withdrawn = true;
  EXPECT_EQ(quality_of(facts).score, 80);
}

}  // namespace
}  // namespace zan::integrity
