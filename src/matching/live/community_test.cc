#include "matching/live/community.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

namespace zan::matching {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr Timestamp noon{1'700'000'000 * us_per_second};
Timestamp later(std::int64_t seconds) { return {noon.us + seconds * us_per_second}; }

constexpr SubjectId first{101}, second{102};
constexpr PersonId ada{11}, ben{12};
constexpr CreatorId maker{201};

Deed deed(Doing doing, SubjectId subject = first, std::int64_t at = 10) {
  Deed deed;
  deed.person = ada;
  deed.subject = subject;
  deed.doing = doing;
  deed.at = later(at);
  return deed;
}

Deed watched(std::uint32_t watch_ms, std::uint32_t duration_ms = 60'000) {
  Deed view = deed(Doing::view);
  view.watch_ms = watch_ms;
  view.duration_ms = duration_ms;
  return view;
}

WorkFacts work(SubjectId subject, std::vector<std::uint32_t> tags = {7}) {
  WorkFacts facts;
  facts.subject = subject;
  facts.creator = maker;
  facts.tags = std::move(tags);
  facts.published_at = noon;
  return facts;
}

Shown shown(SubjectId subject, PersonId person = ada, std::int64_t at = 5) {
  Shown shown;
  shown.person = person;
  shown.at = later(at);
  shown.items = {{subject, SourceKind::trending, false}};
  return shown;
}

WorkView view_of(const Community& community, SubjectId subject) {
  return community.works().read(community.works().row_of(subject));
}

TEST(Community, AShowingThatWasToldBeforeIsToldNoMore) {
  Community community;
  community.put(work(first), noon);
  const Shown once = shown(first);
  EXPECT_THAT(community.untold(once).items, testing::SizeIs(1));
  community.take(once);
  EXPECT_THAT(community.untold(once).items, IsEmpty());
  EXPECT_THAT(community.untold(shown(first, ada, 4)).items, IsEmpty());
  EXPECT_THAT(community.untold(shown(first, ada, 6)).items, testing::SizeIs(1));
  EXPECT_THAT(community.untold(shown(first, ben)).items, testing::SizeIs(1));
  EXPECT_THAT(community.untold(shown(second)).items, testing::SizeIs(1));
  EXPECT_THAT(community.untold(shown(first, {})).items, testing::SizeIs(1));
}

TEST(Community, WhoeverAndWhateverIsNotKnownIsNothing) {
  const Community community;
  EXPECT_EQ(community.works().row_of(first), no_work);
  EXPECT_EQ(community.works().row_of({~std::uint32_t{0}}), no_work);
  EXPECT_THAT(community.people().read(ada).recent, IsEmpty());
  EXPECT_THAT(community.shelves().trending(10, 0), IsEmpty());
}

TEST(Community, AViewOfAShowingIsOneShowing) {
  Community community;
  community.put(work(first), noon);
  community.take(shown(first));
  const Heard heard = community.take(watched(20'000));
  EXPECT_EQ(heard.fresh, bit(Signal::click) | bit(Signal::long_view));
  EXPECT_FALSE(heard.unshown);
  const WorkView view = view_of(community, first);
  EXPECT_FLOAT_EQ(view.ever.shown, 1);
  EXPECT_FLOAT_EQ(at(view.ever.of, Signal::long_view), 1);
}

TEST(Community, AnActWithoutAShowingStandsForOne) {
  Community community;
  EXPECT_TRUE(community.take(deed(Doing::like)).unshown);
  EXPECT_FLOAT_EQ(view_of(community, first).ever.shown, 1);
}

TEST(Community, APaidShowingCountsForNobodyAndTellsNothing) {
  Community community;
  community.put(work(first), noon);
  Shown paid = shown(first);
  paid.items[0].source = SourceKind::campaign;
  community.take(paid);
  for (const Deed& one : {watched(20'000), deed(Doing::like), deed(Doing::share), deed(Doing::unlike)}) {
    const Heard heard = community.take(one);
    EXPECT_EQ(heard.fresh | heard.withdrawn, 0);
    EXPECT_FALSE(heard.unshown);
  }
  const Person person = community.people().read(ada);
  EXPECT_NE(person.seen_of(community.works().row_of(first)), nullptr);
  EXPECT_THAT(person.recent, IsEmpty());
  EXPECT_THAT(person.tags, IsEmpty());
  EXPECT_EQ(person.ever.shown, 0);
  const WorkView view = view_of(community, first);
  EXPECT_EQ(view.ever.shown, 0);
  EXPECT_EQ(view.ever.of, Rates{});
  EXPECT_THAT(community.shelves().trending(10, seconds_of(later(20))), IsEmpty());
  community.take(deed(Doing::dislike));  // that holds
  EXPECT_THAT(community.people().read(ada).disliked, testing::SizeIs(1));
  community.take(shown(first, ada, 60));  // by a feed: from now on it counts again
  EXPECT_EQ(community.take(watched(20'000)).fresh, bit(Signal::click) | bit(Signal::long_view));
}

TEST(Community, ASignalCountsOnceAShowing) {
  Community community;
  community.take(watched(20'000));
  community.take(watched(25'000));
  community.take(deed(Doing::complete));
  EXPECT_FLOAT_EQ(at(view_of(community, first).ever.of, Signal::long_view), 1);
  community.take(shown(first, ada, 60));
  community.take(watched(20'000));
  EXPECT_FLOAT_EQ(at(view_of(community, first).ever.of, Signal::long_view), 2);
}

TEST(Community, ALikeWithdrawnLeavesNothing) {
  Community community;
  community.put(work(first), noon);
  community.take(deed(Doing::like));
  EXPECT_THAT(community.shelves().trending(1, seconds_of(noon)), testing::SizeIs(1));
  community.take(deed(Doing::unlike, first, 20));
  EXPECT_FLOAT_EQ(at(view_of(community, first).ever.of, Signal::like), 0);
  EXPECT_THAT(community.people().read(ada).recent, IsEmpty());
  EXPECT_FLOAT_EQ(community.people().read(ada).tags.at(0).likes, 0);
  // It came ten seconds later, which is less than nothing of a half-life: what is left is no more than rounding.
  for (const Standing& one : community.shelves().trending(1, seconds_of(noon))) EXPECT_LT(one.score, 1e-3F);
}

TEST(Community, AnUnlikeOfNothingIsNoShowing) {
  Community community;
  community.take(deed(Doing::unlike));
  EXPECT_FLOAT_EQ(view_of(community, first).ever.shown, 0);
}

TEST(Community, ADislikedWorkIsNotTakenToAnyMore) {
  Community community;
  community.take(deed(Doing::like));
  community.take(deed(Doing::dislike, first, 20));
  const Person person = community.people().read(ada);
  EXPECT_THAT(person.recent, IsEmpty());
  EXPECT_THAT(person.disliked, ElementsAre(community.works().row_of(first)));
  EXPECT_FLOAT_EQ(at(view_of(community, first).ever.of, Signal::like), 0);
  community.take(deed(Doing::unlike, first, 30));
  EXPECT_THAT(community.people().read(ada).disliked, IsEmpty());
}

TEST(Community, FollowsAreKnownByWorkAndByCreator) {
  Community community;
  community.put(work(first), noon);
  community.take(deed(Doing::follow));
  EXPECT_TRUE(community.people().read(ada).follows(maker));
  Deed away = deed(Doing::unfollow, {}, 20);
  away.creator = maker;
  community.take(away);
  EXPECT_FALSE(community.people().read(ada).follows(maker));
}

TEST(Community, TastesComeFromTagsAndCreators) {
  Community community;
  community.put(work(first, {7, 8}), noon);
  community.take(deed(Doing::like));
  community.take(watched(1'000));
  const Person person = community.people().read(ada);
  ASSERT_NE(person.taste_of_tag(8), nullptr);
  EXPECT_FLOAT_EQ(person.taste_of_tag(8)->likes, 1);
  EXPECT_FLOAT_EQ(person.taste_of_tag(8)->against, 1);
  EXPECT_FLOAT_EQ(person.taste_of_creator(maker)->likes, 1);
  EXPECT_EQ(person.taste_of_tag(9), nullptr);
}

TEST(Community, FactsPutAgainReplaceWhatWasThere) {
  Community community;
  community.put(work(first, {7}), noon);
  community.put(work(first, {8}), noon);
  EXPECT_THAT(community.shelves().newest_of_tag(8, 5), ElementsAre(0));
  EXPECT_THAT(view_of(community, first).tag_span(), ElementsAre(8));
  community.put(work(first, {8}), noon);
  EXPECT_THAT(community.shelves().newest_of_tag(8, 5), ElementsAre(0));
}

TEST(Community, MoreTagsThanAreKeptAreLeftOut) {
  Community community;
  std::vector<std::uint32_t> tags;
  for (std::uint32_t tag = 1; tag <= work_tags_max + 5; ++tag) tags.push_back(tag);
  community.put(work(first, tags), noon);
  EXPECT_EQ(view_of(community, first).tag_count, work_tags_max);
}

TEST(Community, ErasedIsErased) {
  Community community;
  community.take(deed(Doing::like));
  community.wish(ada, {WishOf::tag, 7, Wish::never});
  community.erase(ada);
  const Person person = community.people().read(ada);
  EXPECT_THAT(person.recent, IsEmpty());
  EXPECT_THAT(person.wishes, IsEmpty());
  EXPECT_EQ(community.people().size(), 0U);
}

TEST(Community, AWishIsTheLastOne) {
  Community community;
  community.wish(ada, {WishOf::tag, 7, Wish::more});
  community.wish(ada, {WishOf::tag, 7, Wish::never});
  EXPECT_EQ(community.people().read(ada).wish(WishOf::tag, 7), Wish::never);
  community.wish(ada, {WishOf::tag, 7, Wish::none});
  EXPECT_EQ(community.people().read(ada).wish(WishOf::tag, 7), Wish::none);
}

TEST(Community, LimitsHold) {
  Community community({50, 512});
  for (std::uint32_t i = 1; i <= 2'000; ++i) {
    Deed like = deed(Doing::like, {i}, i);
    like.person = {i};
    community.take(like);
    Deed mine = deed(Doing::like, {i}, i);
    mine.creator = {i};
    community.take(mine);
    community.take(deed(Doing::follow, {}, i));
    community.wish(ada, {WishOf::tag, i, Wish::less});
  }
  EXPECT_EQ(community.works().size(), 50U);
  EXPECT_LE(community.people().size(), 512U + People::shards);
  const Person person = community.people().read(ada);
  EXPECT_LE(person.recent.size(), recent_max);
  EXPECT_LE(person.seen.size(), seen_max);
  EXPECT_EQ(person.wishes.size(), wishes_max);
  EXPECT_LE(person.creators.size(), tastes_max);
}

// What fades: the count of lately is the sum of what is left of each, in whatever order they come.
RC_GTEST_PROP(Works, LatelyFadesWhateverTheOrder, ()) {
  const auto times = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::uint32_t>>(
      rc::gen::inRange<std::uint32_t>(0, 1'000'000)));
  Works works(10);
  const WorkRow row = works.row_or_add(first, {}, noon);
  double twin = 0;
  for (const std::uint32_t at : times) {
    works.count_shown(row, later(at));
    twin += std::exp2(-(1'000'000.0 - at) / work_half_life_s);
  }
  const Response lately = faded(works.read(row), seconds_of(later(1'000'000)));
  RC_ASSERT(std::abs(lately.shown - twin) < 1e-3 * (1 + twin));
  RC_ASSERT(works.read(row).ever.shown == static_cast<float>(times.size()));
}

// Each signal of a work stays between nothing and its showings, whatever people do in whatever order.
RC_GTEST_PROP(Community, CountsStayWithinTheShowings, ()) {
  Community community;
  const auto count = *rc::gen::inRange(0, 60);
  for (int i = 0; i < count; ++i) {
    Deed any = deed(static_cast<Doing>(*rc::gen::inRange(0, 10)), *rc::gen::element(first, second),
                    *rc::gen::inRange(0, 1'000'000));
    any.person = *rc::gen::element(ada, ben);
    any.watch_ms = *rc::gen::element(100U, 20'000U);
    if (*rc::gen::inRange(0, 4) == 0) community.take(shown(any.subject, any.person));
    community.take(any);
  }
  for (const SubjectId subject : {first, second}) {
    const WorkRow row = community.works().row_of(subject);
    if (row == no_work) continue;
    const WorkView view = community.works().read(row);
    for (const float of : view.ever.of) RC_ASSERT(of >= 0 && of <= view.ever.shown);
  }
}

TEST(Newest, IsReadNewestFirst) {
  Newest newest;
  for (WorkRow row = 0; row < 10; ++row) newest.add(row, 4);
  EXPECT_THAT(newest.read(3), ElementsAre(9, 8, 7));
  EXPECT_THAT(newest.read(9), ElementsAre(9, 8, 7, 6));
}

TEST(Shelves, EachPlaceHasItsOwn) {
  Community community;
  Deed here = deed(Doing::like);
  here.region = {5};
  community.take(here);
  const std::uint32_t now_s = seconds_of(noon);
  EXPECT_THAT(community.shelves().of_region({5}, 5, now_s), testing::SizeIs(1));
  EXPECT_THAT(community.shelves().of_region({6}, 5, now_s), IsEmpty());
  EXPECT_THAT(community.shelves().of_hour(now_s / 3600, 5, now_s), testing::SizeIs(1));
  EXPECT_THAT(community.shelves().of_hour(now_s / 3600 + 8, 5, now_s), IsEmpty());
}

TEST(People, AreFoundShardByShard) {
  Community community;
  for (const std::uint32_t number : {3U, 3U + People::shards, 4U}) {
    PersonFacts facts;
    facts.person = {number};
    community.put(facts);
  }
  EXPECT_THAT(community.people().in_shard(3), UnorderedElementsAre(PersonId{3}, PersonId{3U + People::shards}));
}

}  // namespace
}  // namespace zan::matching
