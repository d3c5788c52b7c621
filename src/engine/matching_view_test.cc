// Matching as a view of the journal, over a Core on a simulated disk.
#include "engine/matching_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/core_world.h"

namespace zan::engine {
namespace {

using engagement::ActType;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

struct MatchingWorld : World {
  std::unique_ptr<MatchingView> view;
  bool has_room = true;

  MatchingWorld() { follow(); }
  void follow() {
    view = std::make_unique<MatchingView>(*core, entropy, MatchingOptions{}, [this](ChangeMatching change) {
      return has_room && tell({std::move(change)}).ok();
    });
    catch_up();
  }
  void catch_up() {
    for (;;) {
      const auto more = view->step();
      ASSERT_TRUE(more.ok()) << more.error().message;
      if (!*more) return;
    }
  }
  Result<Answer> tell(Command command) {
    clock.now_us += 1000;
    return core->commit({&command, 1}).front();
  }
  void tell_record(Result<Bytes> record) {
    ASSERT_TRUE(record.ok()) << record.error().message;
    ASSERT_TRUE(tell({ChangeMatching{std::move(*record)}}).ok());
    catch_up();
  }
  void put_subject(const std::string& subject, const std::string& json) {
    ASSERT_TRUE(tell({PutSubject{subject, {{}, json}}}).ok());
  }
  void put_user(const std::string& user, const std::string& json) { ASSERT_TRUE(tell({PutUser{user, json}}).ok()); }
  void act(ActType type, const std::string& actor, const std::string& subject, bool incentivised = false) {
    Said said{type, actor, subject};
    said.at_us = clock.now_us;
    said.incentivised = incentivised;
    say({said});
    catch_up();
  }
  void fill() {
    for (int i = 1; i <= 9; ++i)
      put_subject("v" + std::to_string(i), i % 3 == 0 ? R"({"tags":["cooking"]})" : R"({"tags":["travel"]})");
    catch_up();
  }
  std::vector<std::string> feed(const std::string& viewer, std::size_t limit = 20, bool recorded = false) {
    FeedRequest request;
    request.viewer = viewer;
    request.limit = limit;
    request.recorded = recorded;
    const auto feed = view->feed(request);
    EXPECT_TRUE(feed.ok()) << feed.error().message;
    std::vector<std::string> works;
    for (const NamedItem& item : feed->items) works.push_back(item.subject);
    return works;
  }
  std::vector<std::string> took_to(const std::string& user) { return view->assumed_of(user)->taken; }
};

TEST(MatchingView, BeforeTheJournalHasBeenReadNothingIsAnswered) {
  MatchingWorld world;
  world.fill();
  const MatchingView fresh(*world.core, world.entropy, {}, [](ChangeMatching) { return true; });
  EXPECT_EQ(fresh.similar("v1", 5).error().kind, ErrorKind::unavailable);
  EXPECT_EQ(fresh.assumed_of("u1").error().kind, ErrorKind::unavailable);
  EXPECT_EQ(fresh.rules().error().kind, ErrorKind::unavailable);
}

TEST(MatchingView, NobodyIsKnownAtFirst) {
  MatchingWorld world;
  EXPECT_THAT(world.feed("u1"), IsEmpty());
  EXPECT_EQ(world.view->assumed_of("u1").error().kind, ErrorKind::not_found);
  EXPECT_EQ(world.view->similar("v1", 5).error().kind, ErrorKind::not_found);
  EXPECT_EQ(world.view->record_of("u1", {matching::Wish::more, "travel", ""}).error().kind, ErrorKind::not_found);
}

TEST(MatchingView, ALikeChangesTheNextFeed) {
  MatchingWorld world;
  world.fill();
  world.act(ActType::like, "u1", "v3");
  const auto works = world.feed("u1");
  ASSERT_THAT(works, SizeIs(8));
  EXPECT_TRUE(works[0] == "v6" || works[0] == "v9") << works[0];
}

TEST(MatchingView, OnlyGenuineOrganicActsTeach) {
  MatchingWorld world;
  world.fill();
  world.act(ActType::like, "u1", "v1", true);
  EXPECT_EQ(world.view->assumed_of("u1")->taken.size(), 0U);
  world.act(ActType::like, "u1", "v2");
  EXPECT_THAT(world.took_to("u1"), ElementsAre("v2"));
  world.act(ActType::unlike, "u1", "v2");
  EXPECT_THAT(world.took_to("u1"), IsEmpty());
}

TEST(MatchingView, ALateVerdictTakesBackAndGivesBack) {
  MatchingWorld world;
  world.fill();
  world.act(ActType::like, "u1", "v2");
  const auto judge = [&](engagement::Verdict verdict) {
    engagement::LateVerdict late;
    late.person = {world.core->registry()
                       .find(storage::name_hash(world.core->secret(), storage::NameKind::person, "u1"))
                       .value};
    late.target = world.core->registry()
                      .find(storage::name_hash(world.core->secret(), storage::NameKind::subject, "v2"))
                      .value;
    late.at = Timestamp{world.clock.now_us - 1000};
    late.verdict = verdict;
    const auto answer = world.tell({JudgeActs{{late}}});
    ASSERT_TRUE(answer.ok());
    ASSERT_EQ(answer->verdicts_applied, 1U);
    world.clock.now_us -= 1000;
    world.catch_up();
  };
  judge(engagement::Verdict::rejected);
  EXPECT_THAT(world.took_to("u1"), IsEmpty());
  judge(engagement::Verdict::genuine);
  EXPECT_THAT(world.took_to("u1"), ElementsAre("v2"));
}

TEST(MatchingView, WhatWasShownIsRecordedAndGone) {
  MatchingWorld world;
  world.fill();
  world.act(ActType::view, "u1", "v1");
  const auto first = world.feed("u1", 4, true);
  world.catch_up();
  const auto second = world.feed("u1", 4, true);
  EXPECT_THAT(first, SizeIs(4));
  for (const std::string& work : second) EXPECT_EQ(std::count(first.begin(), first.end(), work), 0) << work;
  EXPECT_EQ(world.view->status().feeds, 2U);
  world.has_room = false;
  world.catch_up();
  static_cast<void>(world.feed("u2", 4, true));
  EXPECT_EQ(world.view->status().shown_lost, 1U);
}

TEST(MatchingView, ARestartKnowsTheSame) {
  MatchingWorld world;
  world.fill();
  world.act(ActType::like, "u1", "v3");
  world.tell_record(world.view->record_of("u1", {matching::Wish::never, "travel", ""}));
  NamedRule rule;
  rule.rule.kind = matching::RuleKind::pin;
  rule.rule.place = 1;
  rule.rule.who = "ann";
  rule.rule.why = "a festival";
  rule.subject = "v9";
  world.tell_record(world.view->record_of(rule));
  matching::PolicySet set{{}, "ann", "a trial"};
  set.policy.explore_share = 0.3F;
  world.tell_record(world.view->record_of(set));
  const auto before = world.feed("u1");
  EXPECT_THAT(before, ElementsAre("v9", "v6"));
  world.view.reset();
  world.crash();
  world.follow();
  EXPECT_EQ(world.feed("u1"), before);
  EXPECT_FLOAT_EQ(world.view->policy().explore_share, 0.3F);
  EXPECT_EQ(world.view->rules()->at(0).rule.subject, "v9");
  world.expect_clean();
}

TEST(MatchingView, WhoIsErasedIsAStranger) {
  MatchingWorld world;
  world.fill();
  world.act(ActType::like, "u1", "v3");
  ASSERT_TRUE(world.tell({EraseUser{"u1"}}).ok());
  world.catch_up();
  EXPECT_EQ(world.view->assumed_of("u1").error().kind, ErrorKind::not_found);
  EXPECT_THAT(world.feed("u1"), SizeIs(9));
  world.view.reset();
  world.crash();
  world.follow();
  EXPECT_EQ(world.view->assumed_of("u1").error().kind, ErrorKind::not_found);
  EXPECT_EQ(world.view->status().people, 0U);
}

TEST(MatchingView, ConsentAndAgeComeFromAttributes) {
  MatchingWorld world;
  world.fill();
  world.put_user("u1", R"({"age_band":"14-17","custom":{"consent.personalisation":false}})");
  world.put_subject("v8", R"({"tags":["travel"],"custom":{"adults_only":true}})");
  world.act(ActType::like, "u1", "v3");
  EXPECT_TRUE(world.view->assumed_of("u1")->minor);
  EXPECT_FALSE(world.view->assumed_of("u1")->personalised);
  const auto works = world.feed("u1");
  EXPECT_EQ(std::count(works.begin(), works.end(), "v8"), 0);
}

TEST(MatchingView, ShowingsOfOtherFeedsCount) {
  MatchingWorld world;
  world.fill();
  world.act(ActType::view, "u1", "v1");
  world.tell_record(world.view->record_of(NamedShown{"u1", "home", {"v2", "nothing"}, Timestamp{world.clock.now_us}}));
  const auto works = world.feed("u1");
  EXPECT_EQ(std::count(works.begin(), works.end(), "v2"), 0);
  EXPECT_EQ(world.view->record_of(NamedShown{"u1", "", {"nothing"}, {}}).error().kind, ErrorKind::not_found);
  EXPECT_EQ(world.view->record_of(NamedShown{"nobody", "", {"v2"}, {}}).error().kind, ErrorKind::not_found);
}

TEST(MatchingView, ARuleThatDoesNotFitIsRefusedBeforeItIsRecorded) {
  MatchingWorld world;
  world.fill();
  NamedRule rule;
  rule.rule.who = "ann";
  rule.rule.why = "w";
  rule.subject = "nothing";
  EXPECT_EQ(world.view->record_of(rule).error().kind, ErrorKind::not_found);
  rule.subject = "v1";
  rule.rule.kind = matching::RuleKind::pin;
  EXPECT_EQ(world.view->record_of(rule).error().field, "place");
  EXPECT_EQ(world.view->record_of(matching::RuleEnded{7, "ann", "w"}).error().kind, ErrorKind::not_found);
}

}  // namespace
}  // namespace zan::engine
