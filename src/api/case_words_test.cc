#include "api/case_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace zan::api {
namespace {

using engine::CaseSummary;
using integrity::GroupTrait;
using integrity::Standing;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

CaseSummary farm() {
  CaseSummary summary;
  summary.standing = Standing::confirmed;
  summary.members = 52, summary.subjects = 18, summary.likes = 900;
  summary.chance_log10 = -812.4;
  summary.measures.accounts_per_device = 8;
  summary.measures.target_span_s = 5400;
  summary.measures.accounts_per_network = 1;
  summary.traits = {{{GroupTrait::alike, 2.5},
                     {GroupTrait::devices, 1.5},
                     {GroupTrait::networks, -0.8},
                     {GroupTrait::timing, 0.7},
                     {GroupTrait::share, 0.2},
                     {GroupTrait::order, 0.01},
                     {GroupTrait::targets, 0},
                     {GroupTrait::rhythm, 0},
                     {GroupTrait::first_like, 0}}};
  return summary;
}

TEST(CaseWords, SayWhatWasFoundAndWhatFollows) {
  const CaseWords words = words_of(farm());
  EXPECT_EQ(words.en,
            "52 accounts liked the same 18 works; that so many agree by chance has a probability below 10^-812. What "
            "points to one hand behind them: beside these works the accounts behave alike; they share devices (8 "
            "accounts a device); their likes come in waves (the middle half of a work's within 1.5 hours). What points "
            "to people: they come from many networks (1 account a network). Their likes of these works do not count.");
  EXPECT_EQ(words.zh,
            "52 个账号给同样的 18 个作品点了赞；这么多账号碰巧如此一致的概率低于 "
            "10^-812。像是由同一方操纵的迹象：在这些作品之外，"
            "这些账号的行为彼此雷同；它们共用设备（每台设备 8 个账号）；它们的点赞成批到来（一个作品中间一半的点赞在 "
            "1.5 小时 "
            "之内）。像是真人的迹象：它们来自许多不同的网络（每个网络 1 个账号）。它们给这些作品的点赞不计入。");
}

TEST(CaseWords, OneAndMany) {
  CaseSummary summary = farm();
  summary.members = 1, summary.subjects = 1;
  EXPECT_THAT(words_of(summary).en, StartsWith("1 account liked the same 1 work; "));
  summary.members = 1'234'567, summary.subjects = 1000;
  EXPECT_THAT(words_of(summary).en, StartsWith("1,234,567 accounts liked the same 1,000 works; "));
  EXPECT_THAT(words_of(summary).zh, StartsWith("1,234,567 个账号给同样的 1,000 个作品点了赞；"));
}

TEST(CaseWords, WhoLikedOnlySomeOfTheWorksIsNotSaidToHaveLikedAll) {
  CaseSummary summary = farm();
  summary.measures.participation = 0.67;
  EXPECT_THAT(words_of(summary).en,
              StartsWith("52 accounts liked the same 18 works (each 67% of them on average); that so many "));
  EXPECT_THAT(words_of(summary).zh, StartsWith("52 个账号给同样的 18 个作品点了赞（平均每个账号赞过其中的 67%）；"));
  summary.measures.participation = 0.96;
  EXPECT_THAT(words_of(summary).en, StartsWith("52 accounts liked the same 18 works; "));
}

TEST(CaseWords, WhatIsNotUnlikelyIsNotCalledSo) {
  CaseSummary summary = farm();
  for (const double chance : {0.0, -1.9, std::numeric_limits<double>::quiet_NaN()}) {
    summary.chance_log10 = chance;
    EXPECT_THAT(words_of(summary).en, HasSubstr("; so much agreement can also be chance."));
    EXPECT_THAT(words_of(summary).zh, HasSubstr("；这样的一致也可能出于偶然。"));
  }
  summary.chance_log10 = -2;
  EXPECT_THAT(words_of(summary).en, HasSubstr("below 10^-2."));
  summary.chance_log10 = -std::numeric_limits<double>::infinity();
  EXPECT_THAT(words_of(summary).en, HasSubstr("below 10^-1000000000."));
}

TEST(CaseWords, TheStandingSaysWhatBecomesOfTheLikes) {
  CaseSummary summary = farm();
  summary.standing = Standing::suspected;
  EXPECT_THAT(words_of(summary).en,
              EndsWith("Until this is settled their likes of these works wait and are not counted."));
  EXPECT_THAT(words_of(summary).zh, EndsWith("暂不计入。"));
  summary.standing = Standing::cleared;
  EXPECT_THAT(words_of(summary).en, EndsWith("Their likes count."));
  summary.decided_by_people = true;
  EXPECT_THAT(words_of(summary).en, EndsWith("Their likes count. People have decided this."));
  EXPECT_THAT(words_of(summary).zh, EndsWith("照常计入。这是人工复核的决定。"));
}

TEST(CaseWords, WithoutWeightThereAreNoReasons) {
  CaseSummary summary = farm();
  for (auto& trait : summary.traits) trait.points = 0;
  EXPECT_THAT(words_of(summary).en, Not(HasSubstr("points to")));
  EXPECT_THAT(words_of(summary).zh, Not(HasSubstr("迹象")));
}

TEST(CaseWords, EveryTraitHasWordsOnBothSides) {
  for (std::size_t i = 0; i < integrity::group_trait_count; ++i) {
    for (const double points : {1.0, -1.0}) {
      CaseSummary summary = farm();
      summary.traits = {};
      summary.traits[0] = {static_cast<GroupTrait>(i), points};
      const CaseWords words = words_of(summary);
      const std::string side = points > 0 ? "What points to one hand behind them: " : "What points to people: ";
      EXPECT_THAT(words.en, HasSubstr(side)) << i;
      EXPECT_THAT(words.en, Not(HasSubstr(": ."))) << i;
      EXPECT_THAT(words.en, Not(HasSubstr("迹"))) << i;
      EXPECT_THAT(words.zh, Not(HasSubstr("迹象：。"))) << i;
      EXPECT_FALSE(to_string(static_cast<GroupTrait>(i)).empty());
    }
  }
}

TEST(CaseWords, TimesAndSharesAreReadable) {
  CaseSummary summary = farm();
  summary.traits = {};
  summary.traits[0] = {GroupTrait::timing, 1};
  const std::pair<double, const char*> spans[] = {
      {0, "within a second)"},  {1, "within 1 second)"},   {60, "within 1 minute)"},     {150, "within 2.5 minutes)"},
      {3600, "within 1 hour)"}, {86'400, "within 1 day)"}, {864'000, "within 10 days)"}, {43'000, "within 12 hours)"}};
  for (const auto& [seconds, said] : spans) {
    summary.measures.target_span_s = seconds;
    EXPECT_THAT(words_of(summary).en, HasSubstr(said)) << seconds;
  }
  summary.traits[0] = {GroupTrait::share, 1};
  summary.measures.share = 0.666;
  EXPECT_THAT(words_of(summary).en, HasSubstr("these works are 67% of what they like."));
  summary.measures.share = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THAT(words_of(summary).zh, HasSubstr("它们的点赞有 0% 集中"));
}

}  // namespace
}  // namespace zan::api
