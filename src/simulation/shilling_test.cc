#include "simulation/shilling.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace zan::simulation {
namespace {

class Shilling : public testing::TestWithParam<ShillingKind> {
 protected:
  Shilling() : world_(small()), counts_(world_.works().size()) {
    for (std::uint32_t i = 0; i < counts_.size(); ++i) counts_[i] = {100 + i, 50, 25, i % 25};
  }

  static TasteOptions small() {
    TasteOptions options;
    options.people = 1000;
    options.creators = 40;
    options.works = 400;
    options.days = 3;
    return options;
  }

  [[nodiscard]] ShillingOptions attack(ShillingKind kind) const {
    ShillingOptions options;
    options.kind = kind;
    options.targets = {5, 17};
    options.begin_us = us_per_day;
    return options;
  }

  Tastes world_;
  std::vector<PublicCounts> counts_;
};

TEST_P(Shilling, every_account_likes_every_target_and_nothing_twice) {
  const auto acts = shill(world_, attack(GetParam()), counts_);
  std::map<std::uint32_t, std::set<std::uint32_t>> works;
  std::size_t on_target = 0;
  std::int64_t before = 0;
  for (const FakeAct& act : acts) {
    EXPECT_GE(act.at_us, before);
    before = act.at_us;
    EXPECT_GE(act.at_us, us_per_day);
    EXPECT_LT(act.at_us, 2 * us_per_day);
    EXPECT_GE(act.account, 1000U);
    EXPECT_TRUE(works[act.account].insert(act.work).second);
    EXPECT_EQ(act.target, act.work == 5 || act.work == 17);
    EXPECT_LE(world_.works()[act.work].born_us, us_per_day);
    if (!act.target) continue;
    ++on_target;
    EXPECT_TRUE(act.like);
    EXPECT_GE(act.watch_ms, std::min(18'000U, world_.works()[act.work].duration_ms));
  }
  EXPECT_EQ(works.size(), 30U);
  EXPECT_EQ(on_target, 60U);
}

TEST_P(Shilling, is_the_same_for_the_same_seed) {
  const auto one = shill(world_, attack(GetParam()), counts_), same = shill(world_, attack(GetParam()), counts_);
  ASSERT_EQ(one.size(), same.size());
  for (std::size_t i = 0; i < one.size(); ++i) ASSERT_EQ(one[i].work, same[i].work);
}

TEST_P(Shilling, without_targets_accounts_or_works_there_is_none) {
  ShillingOptions options = attack(GetParam());
  options.share = 0;
  EXPECT_TRUE(shill(world_, options, counts_).empty());
  options = attack(GetParam());
  options.targets.clear();
  EXPECT_TRUE(shill(world_, options, counts_).empty());
  options = attack(GetParam());
  options.targets = {static_cast<std::uint32_t>(world_.works().size() - 1)};
  for (const FakeAct& act : shill(world_, options, counts_)) EXPECT_FALSE(act.target) << "not born yet";
}

INSTANTIATE_TEST_SUITE_P(Kinds, Shilling,
                         testing::Values(ShillingKind::average, ShillingKind::bandwagon, ShillingKind::segment),
                         [](const auto& one) { return std::string(to_string(one.param)); });

TEST_F(Shilling, praises_what_its_kind_is_known_for) {
  for (const FakeAct& act : shill(world_, attack(ShillingKind::segment), counts_)) {
    ASSERT_TRUE(!act.like || act.target || world_.works()[act.work].topic[0] == world_.works()[5].topic[0]);
  }
  std::map<std::uint32_t, std::uint32_t> likes;
  for (const FakeAct& act : shill(world_, attack(ShillingKind::bandwagon), counts_))
    if (act.like && !act.target) ++likes[act.work];
  std::size_t of_all = 0;
  for (const auto& [work, count] : likes) of_all += count == 30 && counts_[work].likes == 24 ? 1 : 0;
  EXPECT_EQ(of_all, 10U) << "the ten most popular, by every account";
  double liked = 0, fillers = 0;
  for (const FakeAct& act : shill(world_, attack(ShillingKind::average), counts_)) {
    if (act.target) continue;
    fillers += 1;
    liked += act.like ? 1 : 0;
  }
  EXPECT_NEAR(liked / fillers, 12.0 / 51, 0.05) << "as often as those works are liked";
}

TEST(Detector, catches_and_errs_as_often_as_stated) {
  const Detector detector;
  double caught = 0, held = 0;
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    caught += detector.catches_account(i) ? 1 : 0;
    held += detector.holds_genuine(i, i + 1) ? 1 : 0;
  }
  EXPECT_NEAR(caught, 19'000, 1);
  int missed = 0;
  for (std::uint32_t i = 1000; i < 1020; ++i) missed += detector.catches_account(i) ? 0 : 1;
  EXPECT_EQ(missed, 1) << "of any twenty";
  EXPECT_NEAR(held, 200, 75);
}

}  // namespace
}  // namespace zan::simulation
