// Matching as a view of the journal, over a Core on a simulated disk.
#include "engine/matching_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

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
    ASSERT_TRUE(tell({ChangeMatching{{std::move(*record)}}}).ok());
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

TEST(MatchingView, AnExperimentTriesItsPolicyAndSaysWhatCameOfIt) {
  MatchingWorld world;
  world.fill();
  for (int i = 0; i < 40; ++i) world.act(ActType::like, "u" + std::to_string(i), "v1");
  matching::ExperimentStarted started{0, "one only", 0, 5'000, {{"one of a creator", 5'000, {}}}, "ann", "to see"};
  world.tell_record(world.view->record_of(started));
  EXPECT_NE(started.id, 0u);
  matching::ExperimentStarted second = started;
  EXPECT_EQ(world.view->record_of(second).error().kind, ErrorKind::conflict);
  std::map<std::string, int> arms;
  for (int i = 0; i < 40; ++i) {
    FeedRequest request;
    request.viewer = "u" + std::to_string(i);
    const auto feed = world.view->feed(request);
    ASSERT_TRUE(feed.ok());
    EXPECT_EQ(feed->experiment, started.id);
    ++arms[feed->arm];
    request.personalised = false;
    EXPECT_EQ(world.view->feed(request)->experiment, 0u) << "nothing personal, nothing tried";
  }
  EXPECT_GT(arms["control"], 8);
  EXPECT_EQ(arms["control"] + arms["one of a creator"], 40);
  world.catch_up();
  world.follow();  // reads the journal again
  const auto entries = world.view->experiments();
  ASSERT_TRUE(entries.ok());
  const auto& report = entries->at(0).report;
  ASSERT_TRUE(report);
  EXPECT_EQ(report->arms.at(0).people, static_cast<std::uint64_t>(arms["control"]));
  EXPECT_EQ(report->arms.at(1).people, static_cast<std::uint64_t>(arms["one of a creator"]));
  world.tell_record(world.view->record_of(matching::ExperimentEnded{started.id, "ann", "seen"}));
  FeedRequest request;
  request.viewer = "u1";
  EXPECT_EQ(world.view->feed(request)->experiment, 0u);
}

TEST(MatchingView, AnInterleavedExperimentTellsWhoseWorksAreTakenTo) {
  MatchingWorld world;
  world.fill();
  for (int i = 0; i < 40; ++i) world.act(ActType::like, "u" + std::to_string(i), "v1");
  matching::ExperimentStarted started{0, "upside down", 0, 0, {{"upside down", 10'000, {}}}, "ann", "to see"};
  for (float& worth : started.variants[0].policy.worth) worth = -worth;
  world.tell_record(world.view->record_of(started));
  FeedRequest request;
  request.limit = 4;
  for (int i = 0; i < 20; ++i) {
    request.viewer = "u" + std::to_string(i);
    const auto feed = world.view->feed(request);
    ASSERT_TRUE(feed.ok());
    EXPECT_EQ(feed->arm, "upside down");
    world.catch_up();
    for (const NamedItem& item : feed->items)
      if (item.item.of_rival) world.act(ActType::like, request.viewer, item.subject);
  }
  world.follow();  // reads the journal again
  const auto entries = world.view->experiments();
  ASSERT_TRUE(entries.ok());
  EXPECT_FALSE(entries->at(0).report);
  const auto& told = entries->at(0).preferences;
  ASSERT_TRUE(told);
  EXPECT_EQ(told->people, 20U);
  EXPECT_NEAR(static_cast<double>(told->places_tried), static_cast<double>(told->places_in_service), 8);
  const auto& likes = told->signals[static_cast<std::size_t>(matching::Signal::like)];
  EXPECT_EQ(likes.in_service, 0U);
  EXPECT_EQ(likes.tried, told->places_tried);
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

// Enough to learn from: people of two tastes, for some days.
void live(MatchingWorld& world) {
  Rng rng(3);
  for (int day = 0; day < 8; ++day) {
    std::vector<Said> all;
    for (int person = 0; person < 100; ++person) {
      for (int i = 0; i < 3; ++i) {
        const auto work = static_cast<int>(rng.below(40)) * 2 + (rng.chance(0.9) ? person % 2 : 1 - person % 2);
        Said like{ActType::like, "p" + std::to_string(person), "w" + std::to_string(work)};
        like.at_us = world.clock.now_us + i;
        all.push_back(like);
      }
    }
    world.say(all);
    world.clock.now_us += us_per_day;
  }
  world.catch_up();
}

TEST(MatchingView, TooLittleTeachesNothing) {
  MatchingWorld world;
  world.fill();
  EXPECT_EQ(world.view->train("ann").error().kind, ErrorKind::limited);
  EXPECT_EQ(world.view->serve(1, "ann").error().kind, ErrorKind::not_found);
  EXPECT_EQ(world.view->models().serving, 0U);
}

TEST(MatchingView, AModelIsLearntServedKeptAndRolledBackTo) {
  MatchingWorld world;
  live(world);
  const auto first = world.view->train("ann");
  ASSERT_TRUE(first.ok()) << first.error().message;
  EXPECT_EQ(first->version, 1U);
  EXPECT_FALSE(first->rows_of_feeds);
  EXPECT_EQ(world.view->models().serving, 1U);
  ASSERT_TRUE(world.view->train("ann").ok());
  EXPECT_EQ(world.view->models().serving, 2U);
  ASSERT_TRUE(world.view->serve(1, "bob").ok());
  EXPECT_EQ(world.view->serve(7, "bob").error().kind, ErrorKind::not_found);
  const auto before = world.feed("p1");
  world.view.reset();
  world.crash();
  world.follow();
  EXPECT_EQ(world.view->models().serving, 1U);
  EXPECT_EQ(world.feed("p1"), before);
  EXPECT_FALSE(world.view->similar("w1", 5)->at(0).by_tags);
  world.expect_clean();
}

// Torn, flipped or missing: the works' own rates serve, and the next one is learnt as ever.
TEST(MatchingView, ADamagedModelIsNone) {
  MatchingWorld world;
  live(world);
  ASSERT_TRUE(world.view->train("ann").ok());
  const auto file = world.disk->open(feed_model_path(1), storage::OpenMode::write);
  ASSERT_TRUE(file.ok());
  const std::uint64_t size = *(*file)->size();
  for (const std::uint64_t cut : {std::uint64_t{0}, std::uint64_t{10}, size / 2, size - 1}) {
    if (cut + 1 == size) continue;
    Bytes byte(1);
    ASSERT_TRUE((*file)->read_at(cut, byte).ok());
    byte[0] ^= std::byte{0x20};
    ASSERT_TRUE((*file)->write_at(cut, byte).ok());
    EXPECT_EQ(world.view->serve(1, "ann").error().kind, ErrorKind::corrupt) << cut;
    byte[0] ^= std::byte{0x20};
    ASSERT_TRUE((*file)->write_at(cut, byte).ok());
  }
  EXPECT_TRUE(world.view->serve(1, "ann").ok());
  ASSERT_TRUE((*file)->truncate(size - 1).ok());
  ASSERT_TRUE((*file)->sync().ok());
  world.follow();
  EXPECT_EQ(world.view->models().serving, 0U);
  EXPECT_FALSE(world.view->models().trouble.empty());
  EXPECT_FALSE(world.feed("p1").empty());
  ASSERT_TRUE(world.view->train("ann").ok());
  EXPECT_EQ(world.view->models().serving, 2U);
}

TEST(FeedManifest, IsReadAsItWasWritten) {
  FeedModel model;
  model.version = 3;
  model.made_at = {77};
  model.position = {5};
  model.refused = true;
  model.why = "long_view: log loss 0.5 against 0.4 of what serves";
  model.judged[2] = {812'345, 61'000};
  const std::string text = encode_feed_manifest({model}, 2, {99}, "ann\nbob");
  const auto read = decode_feed_manifest(text);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->models.at(0), model);
  EXPECT_EQ(read->serving, 2U);
  EXPECT_EQ(read->served_by, "ann bob");
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string flipped = text;
    flipped[i] = static_cast<char>(flipped[i] ^ 1);
    EXPECT_FALSE(decode_feed_manifest(flipped).ok()) << i;
    EXPECT_FALSE(decode_feed_manifest(std::string_view(text).substr(0, i)).ok()) << i;
  }
  EXPECT_EQ(decode_feed_manifest("zhenzan feed models, format 2\n").error().kind, ErrorKind::unsupported);
}

}  // namespace
}  // namespace zan::engine
