#include "insights/book.h"

#include <gtest/gtest.h>

namespace zan::insights {
namespace {

using engagement::ActType;
using engagement::Reaction;
using engagement::RecordedAct;
using engagement::Verdict;

constexpr SubjectId work{101}, other_work{102};
constexpr CreatorId creator{201}, other_creator{202};
constexpr PersonId ann{1}, bob{2};

Timestamp on(Day day, std::int64_t hour = 12) {
  return {static_cast<std::int64_t>(day) * us_per_day + hour * us_per_hour};
}

RecordedAct act(ActType type, PersonId person, Day day, SubjectId subject = work) {
  RecordedAct act;
  act.type = type;
  act.actor = person;
  act.subject = subject;
  act.creator = creator;
  act.at = on(day);
  return act;
}

RecordedAct after_like(RecordedAct act, Day liked, Verdict verdict = Verdict::genuine) {
  act.before = Reaction::liked;
  act.before_at = on(liked);
  act.before_verdict = verdict;
  return act;
}

engagement::VerdictRecord judged(PersonId person, Day liked, Verdict before, Verdict verdict) {
  engagement::VerdictRecord record;
  record.what.person = person;
  record.what.target = work.value;
  record.what.at = on(liked);
  record.what.verdict = verdict;
  record.before = before;
  return record;
}

struct BookTest : testing::Test {
  Book book{{}, 0};
  std::int64_t on_day(Day day, Slot slot) { return book.series(work, {day, day})->days.at(0)[slot]; }
};

constexpr Slot likes = slot_of(Counted::likes, false), unlikes = slot_of(Counted::unlikes, false),
               taken_out = slot_of(Counted::taken_out, false), given_back = slot_of(Counted::given_back, false);

TEST_F(BookTest, KnowsNothingAtFirst) {
  EXPECT_EQ(book.series(work, {0, 9}).error().kind, ErrorKind::not_found);
  EXPECT_EQ(book.series(creator, {0, 9}).error().kind, ErrorKind::not_found);
  EXPECT_EQ(book.works_of(creator, WorkOrder::newest, 10, {}, 9).error().kind, ErrorKind::not_found);
  EXPECT_EQ(book.best_times(creator).error().kind, ErrorKind::not_found);
  EXPECT_FALSE(book.usual_beside(work, {0, 0}, 9).days[0]);
  EXPECT_EQ(book.usual_beside(work, {0, 0}, 9).works, 0U);
  EXPECT_EQ(book.works_of(creator), 0U);
}

TEST_F(BookTest, AnUnlikeLeavesTheDayOfTheLikeAndStandsOnItsOwn) {
  book.take(act(ActType::like, ann, 10));
  EXPECT_EQ(on_day(10, likes), 1);
  book.take(after_like(act(ActType::unlike, ann, 15), 10));
  EXPECT_EQ(on_day(10, likes), 0);
  EXPECT_EQ(on_day(15, unlikes), 1);
  EXPECT_EQ(on_day(15, likes), 0);
}

TEST_F(BookTest, ALikeAgainMovesToItsNewDayAndIsNoUnlike) {
  book.take(act(ActType::like, ann, 10));
  book.take(after_like(act(ActType::like, ann, 12), 10));
  EXPECT_EQ(on_day(10, likes), 0);
  EXPECT_EQ(on_day(12, likes), 1);
  EXPECT_EQ(on_day(12, unlikes), 0);
}

TEST_F(BookTest, ALateVerdictMovesTheDayOfTheLikeAndSaysWhenItFell) {
  book.take(act(ActType::like, ann, 10));
  book.take(act(ActType::like, bob, 10));
  book.take(judged(ann, 10, Verdict::genuine, Verdict::rejected), on(20));
  EXPECT_EQ(on_day(10, likes), 1);
  EXPECT_EQ(on_day(10, rejected_slot), 1);
  EXPECT_EQ(on_day(20, taken_out), 1);
  const auto series = book.series(work, {18, 21});
  ASSERT_EQ(series->falls.size(), 1U);
  EXPECT_EQ(series->falls[0].day, 20U);
  EXPECT_EQ(series->falls[0].taken_out, 1);
  EXPECT_EQ(series->before[likes], 1);
  book.take(judged(ann, 10, Verdict::rejected, Verdict::genuine), on(20, 13));
  EXPECT_EQ(on_day(10, likes), 2);
  EXPECT_EQ(on_day(20, given_back), 1);
  EXPECT_TRUE(book.series(work, {18, 21})->falls.empty());
}

TEST_F(BookTest, FromHeldToRejectedTheCountDoesNotFall) {
  RecordedAct held = act(ActType::like, ann, 10);
  held.judgement = {true, Verdict::held, 0, 0, {}};
  book.take(held);
  EXPECT_EQ(on_day(10, held_slot), 1);
  book.take(judged(ann, 10, Verdict::held, Verdict::rejected), on(11));
  EXPECT_EQ(on_day(10, held_slot), 0);
  EXPECT_EQ(on_day(10, rejected_slot), 1);
  EXPECT_EQ(on_day(11, taken_out), 0);
}

TEST_F(BookTest, OrganicAndIncentivisedStayApart) {
  RecordedAct paid = act(ActType::like, ann, 10);
  paid.incentivised = true;
  book.take(paid);
  EXPECT_EQ(on_day(10, likes), 0);
  EXPECT_EQ(on_day(10, slot_of(Counted::likes, true)), 1);
}

TEST_F(BookTest, WhatWasSupersededChangesNothing) {
  RecordedAct late = act(ActType::like, ann, 10);
  late.effect = engagement::Effect::none;
  book.take(late);
  EXPECT_EQ(on_day(10, likes), 0);
}

TEST_F(BookTest, AnErasureTakesBackLikesCommentsAndFollows) {
  book.take(act(ActType::like, ann, 10));
  book.take(act(ActType::comment, ann, 11));
  book.take(act(ActType::follow, ann, 12, {}));
  const auto day = [&](Day of, Counted kind) {
    return book.series(creator, {of, of})->days.at(0)[slot_of(kind, false)];
  };
  EXPECT_EQ(day(12, Counted::follows), 1);
  engagement::WithdrawalRecord gone;
  gone.person = ann;
  gone.target = work.value;
  gone.before = Reaction::liked;
  gone.before_at = on(10);
  book.take(gone, on(20));
  gone.what = engagement::Withdrawn::comment;
  gone.before_at = on(11);
  book.take(gone, on(20));
  gone.what = engagement::Withdrawn::follow;
  gone.target = creator.value;
  gone.before_at = on(12);
  book.take(gone, on(20));
  book.erased(ann);
  EXPECT_EQ(day(10, Counted::likes), 0);
  EXPECT_EQ(day(11, Counted::comments), 0);
  EXPECT_EQ(day(12, Counted::follows), 0);
  EXPECT_EQ(day(20, Counted::unlikes), 1);
  EXPECT_EQ(book.people(), 0U);
}

TEST_F(BookTest, AWorkMovesWithAllItsDays) {
  book.take(act(ActType::like, ann, 10));
  book.take(act(ActType::like, bob, 10, other_work));
  book.put(work, other_creator, on(9));
  EXPECT_EQ(book.series(creator, {10, 10})->days[0][likes], 1);
  EXPECT_EQ(book.series(other_creator, {10, 10})->days[0][likes], 1);
  EXPECT_EQ(book.works_of(creator), 1U);
  EXPECT_EQ(book.works_of(other_creator), 1U);
}

TEST_F(BookTest, WorksComeByAgeOrByLikesPageByPage) {
  for (std::uint32_t i = 0; i < 5; ++i) {
    const SubjectId subject{300 + i};
    book.put(subject, creator, i == 4 ? Timestamp{} : on(50 + i % 2));
    for (std::uint32_t person = 1; person <= i % 3; ++person) book.take(act(ActType::like, {person}, 60, subject));
  }
  const auto names = [&](WorkOrder order) {
    std::vector<std::uint32_t> all;
    std::optional<WorksAfter> after;
    for (;;) {
      const auto page = book.works_of(creator, order, 2, after, 61);
      if (page->empty()) return all;
      for (const WorkSummary& one : *page) all.push_back(one.subject.value);
      after = WorksAfter{page->back().sort_key, page->back().subject};
    }
  };
  EXPECT_EQ(names(WorkOrder::newest), (std::vector<std::uint32_t>{304, 303, 301, 302, 300}));
  EXPECT_EQ(names(WorkOrder::likes), (std::vector<std::uint32_t>{302, 304, 301, 303, 300}));
  EXPECT_EQ(book.works_of(creator, WorkOrder::likes, 1, {}, 66)->at(0).last_week[likes], 2);
  EXPECT_EQ(book.works_of(creator, WorkOrder::likes, 1, {}, 67)->at(0).last_week[likes], 0);
}

TEST_F(BookTest, UsualIsOfTheOtherWorksAtTheSameAge) {
  for (std::uint32_t i = 0; i < 4; ++i) {
    const SubjectId subject{300 + i};
    book.put(subject, creator, on(50 + i));
    for (std::uint32_t person = 1; person <= 10 * (i + 1); ++person)
      book.take(act(ActType::like, {person}, 52 + i, subject));
  }
  const auto [works, beside] = book.usual_beside({303}, {52, 56}, 60);
  EXPECT_FALSE(beside[0]) << "before it came out";
  ASSERT_TRUE(beside[1] && beside[3]);
  EXPECT_EQ(beside[1]->median, 0);
  EXPECT_EQ(beside[3]->works, 3U);
  EXPECT_EQ(beside[3]->low, 10);
  EXPECT_EQ(beside[3]->median, 20);
  EXPECT_EQ(beside[3]->high, 30);
  EXPECT_EQ(works, 3U);
}

TEST_F(BookTest, WeekdaysAreComparedOnceFourWeeksAreKnown) {
  constexpr Day sunday = 19'002;  // 2022-01-09 was a Sunday, as is every seventh day
  const auto year = [&](Day weeks) {
    for (Day at = 0; at < weeks; ++at)
      for (std::uint32_t person = 1; person <= 60; ++person)
        book.take(act(at == 0 ? ActType::like : ActType::view, {person}, sunday - 1 + 7 * at));
    return *book.best_times(creator);
  };
  EXPECT_FALSE(year(4).days_differ);
  const BestTimes times = year(5);
  EXPECT_TRUE(times.days_differ);
  EXPECT_TRUE(times.days[6].best);
  EXPECT_FALSE(times.days[0].best);
}

TEST_F(BookTest, DaysAreTheOperators) {
  Book eastern({}, 8 * us_per_hour);
  RecordedAct late = act(ActType::like, ann, 10);
  late.at = on(10, 17);
  eastern.take(late);
  EXPECT_EQ(eastern.series(work, {11, 11})->days[0][likes], 1);
}

TEST_F(BookTest, PastItsLimitNothingNewIsKept) {
  Book small({1, 1}, 0);
  small.take(act(ActType::like, ann, 10));
  small.take(act(ActType::like, bob, 10, other_work));
  EXPECT_EQ(small.series(other_work, {10, 10}).error().kind, ErrorKind::not_found);
  EXPECT_EQ(small.left_out(), 1U);
  RecordedAct follow = act(ActType::follow, ann, 10, {});
  small.take(follow);
  follow.creator = other_creator;
  small.take(follow);
  EXPECT_EQ(small.left_out(), 2U);
  EXPECT_EQ(small.creators(), 1U);
  EXPECT_EQ(small.works(), 1U);
  EXPECT_EQ(small.people(), 1U);
}

TEST_F(BookTest, TheLatestFallsAreTold) {
  for (Day day = 1; day <= 2 * falls_max; ++day)
    book.take(judged({day}, 1, Verdict::genuine, Verdict::rejected), on(100 + day));
  const auto series = book.series(work, {0, 0});
  ASSERT_EQ(series->falls.size(), falls_max);
  EXPECT_EQ(series->falls.front().day, 120U);
}

}  // namespace
}  // namespace zan::insights
