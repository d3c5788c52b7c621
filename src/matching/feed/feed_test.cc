#include "matching/feed/feed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "matching/feed/places.h"
#include "matching/feed/sim_town.h"

namespace zan::matching {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::Field;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr std::uint32_t ada = 50'000, travel = 7, cooking = 8;

FeedRule rule(RuleKind kind, std::uint32_t subject) {
  FeedRule rule;
  rule.id = 77 + subject;
  rule.kind = kind;
  rule.subject = {subject};
  rule.who = "ann";
  rule.why = "a holiday";
  return rule;
}

TEST(Feed, AnEmptyTownHasNothingToShow) {
  const Town town;
  EXPECT_THAT(town.feed(ada).items, IsEmpty());
  EXPECT_THAT(town.feeds.predict({ada}, std::vector<SubjectId>{{3}}, {}).value().at(0).known, false);
  EXPECT_EQ(town.feeds.similar({3}, 5).error().kind, ErrorKind::not_found);
  EXPECT_EQ(town.feeds.match({3}, 5, {}).error().kind, ErrorKind::not_found);
}

TEST(Feed, LimitsAreSaid) {
  const Town town;
  EXPECT_EQ(town.feeds.feed(town.question(ada, 0)).error().field, "limit");
  EXPECT_EQ(town.feeds.feed(town.question(ada, feed_limit_max + 1)).error().field, "limit");
  FeedQuestion session = town.question(0);
  session.session.resize(session_works_max + 1);
  EXPECT_EQ(town.feeds.feed(session).error().field, "session");
  FeedQuestion screen = town.question(0);
  screen.not_these.resize(seen_max + 1);
  EXPECT_EQ(town.feeds.feed(screen).error().field, "not_these");
  EXPECT_FALSE(town.feeds.predict({ada}, std::vector<SubjectId>(predict_works_max + 1), {}).ok());
}

TEST(Feed, EachWorkStandsOnceAndNoneIsShownTwice) {
  Town town;
  for (std::uint32_t creator = 1; creator <= 30; ++creator) town.works(creator * 10, 2, 900 + creator, travel);
  std::set<std::uint32_t> shown;
  for (int round = 0; round < 4; ++round) {
    const FeedQuestion asked = town.question(ada);
    const FeedAnswer answer = town.feeds.feed(asked).value();
    EXPECT_THAT(answer.items, SizeIs(10));
    for (const std::uint32_t work : Town::works_of(answer)) EXPECT_TRUE(shown.insert(work).second) << work;
    town.show(asked, answer);
  }
}

TEST(Feed, WhatWasSeenLongAgoMayComeAgain) {
  Town town;
  town.works(10, 1, 901, travel);
  town.does(ada, 10, Doing::view);
  EXPECT_THAT(town.feed(ada).items, IsEmpty());
  FeedQuestion later = town.question(ada);
  later.scene.at = town_time(40 * 86'400);
  EXPECT_THAT(town.feeds.feed(later).value().items, SizeIs(1));
  town.does(ada, 10, Doing::dislike);
  EXPECT_THAT(town.feeds.feed(later).value().items, IsEmpty());
}

TEST(Feed, ThereIsSomethingAsLongAsThereIsAnythingNew) {
  Town town;
  town.works(10, 1, 901, travel);
  for (std::uint32_t stranger = 1; stranger <= 500; ++stranger) town.does(600'000 + stranger, 10, Doing::view);
  EXPECT_THAT(Town::works_of(town.feed(ada)), testing::ElementsAre(10U));
}

TEST(Feed, TheNextLikeChangesTheNextFeed) {
  Town town;
  for (std::uint32_t creator = 1; creator <= 20; ++creator) {
    town.works(creator * 10, 2, 900 + creator, travel);
    town.works(creator * 10 + 5, 2, 950 + creator, cooking);
    town.liked_by_strangers(creator * 10, 5);
    town.liked_by_strangers(creator * 10 + 5, 5);
  }
  town.does(ada, 10, Doing::like);
  town.does(ada, 20, Doing::like);
  const FeedAnswer answer = town.feed(ada);
  std::size_t of_travel = 0;
  for (const FeedItem& item : answer.items) {
    for (const Reason& reason : item.reasons) of_travel += reason.kind == SourceKind::content && reason.tag == travel;
  }
  EXPECT_GT(of_travel, 0U);
  town.does(ada, 30, Doing::dislike);
  town.does(ada, 40, Doing::dislike);
  town.does(ada, 50, Doing::dislike);
  for (const FeedItem& item : town.feed(ada).items) {
    for (const Reason& reason : item.reasons) EXPECT_NE(reason.kind, SourceKind::content);
  }
}

TEST(Feed, NoMoreOfACreatorThanThePolicySays) {
  Town town;
  town.works(10, 20, 901, travel);
  town.works(40, 2, 902, travel);
  EXPECT_THAT(town.feed(ada).items, SizeIs(4));
  Policy policy;
  policy.per_creator_max = 5;
  town.set(policy);
  EXPECT_THAT(town.feed(ada).items, SizeIs(7));
}

TEST(Feed, WhoeverWantsNothingPersonalGetsWhatEverybodyMayGet) {
  Town town;
  for (std::uint32_t creator = 1; creator <= 20; ++creator) {
    town.works(creator * 10, 2, 900 + creator, creator % 2 == 0 ? travel : cooking);
    town.liked_by_strangers(creator * 10, 3);
  }
  town.does(ada, 10, Doing::like);
  town.does(ada, 20, Doing::follow);
  PersonFacts facts;
  facts.person = {ada};
  facts.personalised = false;
  town.live.put(facts);
  const FeedAnswer answer = town.feed(ada);
  EXPECT_FALSE(answer.personalised);
  EXPECT_THAT(answer.items, SizeIs(10));
  for (const FeedItem& item : answer.items) {
    for (const Reason& reason : item.reasons)
      EXPECT_TRUE(reason.kind == SourceKind::trending || reason.kind == SourceKind::scene || reason.kind == SourceKind::fresh);
  }
  EXPECT_THAT(Town::works_of(answer), Not(Contains(10U)));
  // Two who took to different works get the same, but for what each has seen.
  FeedQuestion other = town.question(ada + 1);
  other.personalised = false;
  town.does(ada + 1, 30, Doing::like);
  EXPECT_FALSE(town.feeds.feed(other).value().personalised);
}

TEST(Feed, MinorsSeeNothingForAdults) {
  Town town;
  town.works(10, 1, 901, travel);
  WorkFacts facts;
  facts.subject = {20};
  facts.adults_only = true;
  town.live.put(facts, town_noon);
  EXPECT_THAT(Town::works_of(town.feed(ada)), Contains(20U));
  PersonFacts minor;
  minor.person = {ada};
  minor.minor = true;
  town.live.put(minor);
  EXPECT_THAT(Town::works_of(town.feed(ada)), AllOf(Contains(10U), Not(Contains(20U))));
}

TEST(Feed, WishesHold) {
  Town town;
  town.works(10, 1, 901, travel);
  town.works(20, 1, 902, cooking);
  town.works(30, 1, 903, 9);
  town.live.wish({ada}, {WishOf::tag, cooking, Wish::never});
  town.live.wish({ada}, {WishOf::creator, 903, Wish::never});
  EXPECT_THAT(Town::works_of(town.feed(ada)), testing::ElementsAre(10U));
  FeedQuestion off = town.question(ada);
  off.personalised = false;
  EXPECT_THAT(Town::works_of(town.feeds.feed(off).value()), testing::ElementsAre(10U));
}

TEST(Feed, ATagThatIsWishedForIsLookedFor) {
  Town town;
  town.works(10, 3, 901, travel);
  town.live.wish({ada}, {WishOf::tag, travel, Wish::more});
  for (const FeedItem& item : town.feed(ada).items)
    EXPECT_THAT(item.reasons, Contains(Field(&Reason::kind, SourceKind::content)));
}

TEST(Feed, RulesOfOperatorsHoldAndShow) {
  Town town;
  for (std::uint32_t creator = 1; creator <= 20; ++creator) town.works(creator * 10, 1, 900 + creator, travel);
  FeedRule pin = rule(RuleKind::pin, 70);
  pin.place = 2;
  town.add(pin);
  town.add(rule(RuleKind::block, 80));
  const FeedAnswer answer = town.feed(ada, 20);
  EXPECT_EQ(answer.items.at(1).subject, SubjectId{70});
  EXPECT_EQ(answer.items[1].source, SourceKind::pinned);
  EXPECT_EQ(answer.items[1].reasons.at(0).rule, pin.id);
  EXPECT_THAT(Town::works_of(answer), Not(Contains(80U)));
  EXPECT_THAT(answer.items, SizeIs(19));
  // What somebody has seen is not pinned to them again.
  town.does(ada, 70, Doing::view);
  EXPECT_THAT(Town::works_of(town.feed(ada, 20)), Not(Contains(70U)));
}

// The tenth place of ten is of the share for the new, whatever is pinned.
TEST(Feed, APinTakesNoPlaceOfTheShareForTheNew) {
  Town town;
  for (std::uint32_t creator = 1; creator <= 20; ++creator) town.works(creator * 10, 1, 900 + creator, travel);
  ASSERT_TRUE(town.feed(ada).items.at(9).explored);
  FeedRule pin = rule(RuleKind::pin, 70);
  pin.place = 2;
  town.add(pin);
  const FeedAnswer answer = town.feed(ada);
  ASSERT_THAT(answer.items, SizeIs(10));
  EXPECT_EQ(answer.items[1].subject, SubjectId{70});
  EXPECT_EQ(std::count_if(answer.items.begin(), answer.items.end(), [](const FeedItem& item) { return item.explored; }), 1);
}

// Offers what it is told to, and keeps what it was asked.
class Offers final : public CampaignPlaces {
 public:
  explicit Offers(std::vector<CampaignOffer> offers) : offers_(std::move(offers)) {}
  std::vector<CampaignOffer> offers(const CampaignQuestion& question) const override {
    asked.push_back(question.person);
    return offers_;
  }
  mutable std::vector<PersonId> asked;

 private:
  std::vector<CampaignOffer> offers_;
};

std::vector<std::size_t> paid_places(const FeedAnswer& answer) {
  std::vector<std::size_t> places;
  for (std::size_t place = 0; place < answer.items.size(); ++place) {
    const FeedItem& item = answer.items[place];
    EXPECT_EQ(is_paid(item.source), item.campaign != 0);
    if (is_paid(item.source)) places.push_back(place);
  }
  return places;
}

// A town with more works than a feed has places, and a work that does not stand in ada's by itself.
struct PaidTown : Town {
  PaidTown() {
    for (std::uint32_t creator = 1; creator <= 40; ++creator) works(creator * 10, 2, 900 + creator, travel);
    const auto by_itself = works_of(feed(ada, 20));
    for (std::uint32_t work = 10; work <= 401 && others.size() < 3; work += 10) {
      if (std::find(by_itself.begin(), by_itself.end(), work) == by_itself.end()) others.push_back(work);
    }
  }
  std::shared_ptr<Offers> offer(std::vector<CampaignOffer> offered) {
    auto offers = std::make_shared<Offers>(std::move(offered));
    feeds.set(offers);
    return offers;
  }
  std::vector<std::uint32_t> others;
};

TEST(Feed, WhatIsPaidForStandsInItsPlacesAndSaysSo) {
  PaidTown town;
  const std::uint32_t stands = PaidTown::works_of(town.feed(ada, 20)).front();
  // Nobody's, one that was never heard of, one that stands there by itself; then as many as there are places and one more.
  const auto offers = town.offer({{0, {town.others[2]}}, {4, {999'999}}, {5, {stands}}, {6, {town.others[0]}},
                                  {7, {town.others[1]}}, {8, {town.others[2]}}});
  FeedQuestion question = town.question(ada, 20);
  const FeedAnswer answer = town.feeds.feed(question).value();
  EXPECT_THAT(answer.items, SizeIs(20));
  EXPECT_EQ(paid_places(answer), (std::vector<std::size_t>{9, 19}));
  EXPECT_EQ(answer.items[9].campaign, 6U);
  EXPECT_EQ(answer.items[9].subject.value, town.others[0]);
  EXPECT_EQ(answer.items[9].reasons.at(0).kind, SourceKind::campaign);
  EXPECT_EQ(answer.items[19].campaign, 7U);
  EXPECT_EQ(answer.items[0].source == SourceKind::campaign, false);
  question.limit = places_a_campaign_place - 1;
  EXPECT_THAT(paid_places(town.feeds.feed(question).value()), IsEmpty());
  EXPECT_EQ(offers->asked, std::vector<PersonId>{{ada}});
}

TEST(Feed, NothingIsPaidForBeforeMinorsAndNobodyIsNamedWhoWantsNothingPersonal) {
  PaidTown town;
  const auto offers = town.offer({{6, {town.others[0]}}});
  FeedQuestion question = town.question(ada, 10);
  question.personalised = false;
  EXPECT_TRUE(town.feeds.feed(question).ok());
  EXPECT_EQ(offers->asked, std::vector<PersonId>{{}});
  question.personalised = true;
  EXPECT_EQ(paid_places(town.feeds.feed(question).value()), std::vector<std::size_t>{9});
  PersonFacts child;
  child.person = {ada};
  child.minor = true;
  town.live.put(child);
  EXPECT_THAT(paid_places(town.feeds.feed(question).value()), IsEmpty());
  EXPECT_THAT(offers->asked, SizeIs(2));  // not about the minor
}

TEST(Feed, WhatIsPaidForIsNotShownAgainNorWhereItIsRefusedOrBlocked) {
  PaidTown town;
  town.offer({{6, {town.others[0]}}, {7, {town.others[1]}}});
  const FeedQuestion question = town.question(ada, 10);
  const FeedAnswer first = town.feeds.feed(question).value();
  ASSERT_EQ(paid_places(first), std::vector<std::size_t>{9});
  Shown shown;
  shown.person = {ada};
  shown.at = question.scene.at;
  shown.items = {{first.items[9].subject, SourceKind::campaign}};
  town.live.take(shown);
  EXPECT_EQ(town.feeds.feed(question)->items.at(9).campaign, 7U);
  town.add(rule(RuleKind::block, town.others[1]));
  EXPECT_THAT(paid_places(town.feeds.feed(question).value()), IsEmpty());
}

TEST(Feed, ABoostIsAReason) {
  Town town;
  for (std::uint32_t creator = 1; creator <= 5; ++creator) {
    town.works(creator * 10, 1, 900 + creator, travel);
    town.liked_by_strangers(creator * 10, 400);
  }
  FeedRule boost = rule(RuleKind::boost, 30);
  boost.factor = 5;
  town.add(boost);
  const FeedAnswer answer = town.feed(ada);
  EXPECT_EQ(answer.items.at(0).subject, SubjectId{30});
  EXPECT_EQ(answer.items[0].reasons.back().rule, boost.id);
}

// Ada likes travel and cooking; the policy in service asks for nothing but likes, its rival for what nobody tires of.
TEST(Feed, TwoPoliciesDraftOneList) {
  Town town;
  for (std::uint32_t creator = 1; creator <= 30; ++creator)
    town.works(creator * 10, 3, 900 + creator, creator % 2 == 0 ? travel : cooking);
  for (std::uint32_t work = 10; work <= 300; work += 10) town.liked_by_strangers(work, work / 10);
  auto rival = std::make_shared<Policy>();
  for (float& worth : rival->worth) worth = -worth;
  FeedQuestion both = town.question(ada, 20);
  both.rival = rival;
  FeedQuestion alone = town.question(ada, 20);
  const auto in_service = town.works_of(town.feeds.feed(alone).value());
  alone.policy = rival;
  const auto tried = town.works_of(town.feeds.feed(alone).value());
  std::set<std::vector<std::uint32_t>> lists;
  std::size_t of_rival = 0;
  for (both.seed = 0; both.seed < 40; ++both.seed) {
    const FeedAnswer answer = town.feeds.feed(both).value();
    ASSERT_THAT(answer.items, SizeIs(20));
    std::map<std::uint32_t, std::size_t> creators;
    std::set<std::uint32_t> works;
    for (const FeedItem& item : answer.items) {
      EXPECT_THAT(item.of_rival ? tried : in_service, Contains(item.subject.value));
      EXPECT_TRUE(works.insert(item.subject.value).second);
      EXPECT_LE(++creators[item.creator.value], Policy().per_creator_max);
      of_rival += item.of_rival;
    }
    EXPECT_EQ(town.works_of(town.feeds.feed(both).value()), town.works_of(answer)) << "the seed decides";
    lists.insert(town.works_of(answer));
  }
  EXPECT_GT(lists.size(), 20U);
  EXPECT_NEAR(static_cast<double>(of_rival), 400, 25) << "half and half";
}

TEST(Feed, APinInADraftedListIsNobodys) {
  Town town;
  for (std::uint32_t creator = 1; creator <= 20; ++creator) town.works(creator * 10, 1, 900 + creator, travel);
  FeedRule pin = rule(RuleKind::pin, 70);
  pin.place = 2;
  town.add(pin);
  FeedQuestion both = town.question(ada);
  both.rival = std::make_shared<Policy>();
  const FeedAnswer answer = town.feeds.feed(both).value();
  ASSERT_THAT(answer.items, SizeIs(10));
  EXPECT_EQ(answer.items[1].subject, SubjectId{70});
  EXPECT_EQ(answer.items[1].source, SourceKind::pinned);
  EXPECT_FALSE(answer.items[1].of_rival);
}

TEST(Feed, ASessionIsKnownByWhatItWatched) {
  Town town;
  town.works(10, 2, 901, travel);
  town.works(20, 2, 902, cooking);
  FeedQuestion question = town.question(0);
  question.session = {{10}, {4'000'000'000}};
  const FeedAnswer answer = town.feeds.feed(question).value();
  EXPECT_THAT(Town::works_of(answer), Not(Contains(10U)));
  const auto eleven = std::find_if(answer.items.begin(), answer.items.end(),
                                   [](const FeedItem& item) { return item.subject.value == 11; });
  ASSERT_NE(eleven, answer.items.end());
  EXPECT_THAT(eleven->reasons, Contains(Field(&Reason::kind, SourceKind::content)));
  EXPECT_EQ(town.live.people().size(), 0U);
}

// Of places, exactly the share; of those who may explore, who suits the person.
TEST(Feed, TheShareForTheNewIsGivenAndSuits) {
  Town town;
  for (std::uint32_t creator = 1; creator <= 40; ++creator) {
    town.works(creator * 10, 3, 900 + creator, creator % 2 == 0 ? travel : cooking);
    for (std::uint32_t work = 0; work < 3; ++work) town.liked_by_strangers(creator * 10 + work, 200);
  }
  town.works(5'000, 60, 0, travel);
  town.works(6'000, 60, 0, cooking);
  for (const std::uint32_t work : {20U, 40U, 60U, 80U}) town.does(ada, work, Doing::like);
  std::size_t places = 0, explored = 0, of_travel = 0;
  for (int round = 0; round < 8; ++round) {
    const FeedQuestion asked = town.question(ada);
    const FeedAnswer answer = town.feeds.feed(asked).value();
    places += answer.items.size();
    for (const FeedItem& item : answer.items) {
      if (!item.explored) continue;
      ++explored;
      of_travel += item.subject.value < 6'000;
      EXPECT_GE(item.subject.value, 5'000U);
    }
    town.show(asked, answer);
  }
  EXPECT_EQ(explored, places / 10);
  EXPECT_GE(4 * of_travel, 3 * explored) << "less for a tag that repeats";
}

TEST(Places, TheShareIsExactOnTheLongRun) {
  for (const float share : {0.0F, 0.05F, 0.1F, 0.25F, 0.5F}) {
    std::size_t given = 0;
    for (std::size_t from = 0; from < 10'000; from += 7) given += explored_places(share, from, 7);
    EXPECT_NEAR(static_cast<double>(given), 10'003 * static_cast<double>(share), 1) << share;
  }
}

TEST(Places, TheMostShownAreHeldBackWhenThereIsCrowding) {
  Town town;
  town.works(10, 1, 901, travel);
  town.works(20, 1, 902, travel);
  town.liked_by_strangers(10, 500);
  for (std::uint32_t i = 0; i < 150; ++i) {
    town.does(700'000 + i, 20, Doing::view);
    if (i % 8 != 0) town.does(700'000 + i, 20, Doing::like);
  }
  EXPECT_EQ(Town::works_of(town.feed(ada)).at(0), 10U);
  town.feeds.set_crowding(0.9F, 10);
  EXPECT_EQ(Town::works_of(town.feed(ada)).at(0), 20U);
}

TEST(Kindred, WorksOfTheSameTagAreAlikeBeforeAnybodySawThem) {
  Town town;
  town.works(10, 3, 901, travel);
  town.works(20, 1, 902, cooking);
  const auto similar = town.feeds.similar({10}, 10).value();
  ASSERT_THAT(similar, SizeIs(2));
  EXPECT_THAT(similar, Each(Field(&SimilarWork::by_tags, true)));
  EXPECT_EQ(similar[0].subject, SubjectId{11});
}

TEST(Kindred, AWorkIsForThoseWhoTakeToItsKind) {
  Town town;
  town.works(10, 5, 901, travel);
  town.works(20, 5, 902, cooking);
  town.does(ada, 10, Doing::like);
  town.does(ada, 11, Doing::like);
  town.does(ada + 1, 20, Doing::like);
  town.does(ada + 2, 12, Doing::like);  // has seen it
  const auto people = town.feeds.match({12}, 10, {town_time(100), {}, {}}).value();
  ASSERT_THAT(people, SizeIs(1));
  EXPECT_EQ(people[0].person, PersonId{ada});
  EXPECT_GT(people[0].deviation, 0);
  // Whoever does not want to be known by what they like is not named.
  PersonFacts facts;
  facts.person = {ada};
  facts.personalised = false;
  town.live.put(facts);
  EXPECT_THAT(town.feeds.match({12}, 10, {town_time(100), {}, {}}).value(), IsEmpty());
}

TEST(Predict, SaysChancesOfKnownWorksAlone) {
  Town town;
  town.works(10, 1, 901, travel);
  town.liked_by_strangers(10, 50);
  const std::vector<SubjectId> works{{10}, {99}};
  const auto foretold = town.feeds.predict({ada}, works, {town_time(100), {}, {}}).value();
  EXPECT_TRUE(foretold.at(0).known);
  EXPECT_GT(at(foretold[0].chances, Signal::like), 0.3F);
  EXPECT_FALSE(foretold.at(1).known);
}

}  // namespace
}  // namespace zan::matching
