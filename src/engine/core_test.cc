// The Core against a dumb twin: maps that apply the rules of engagement.h the obvious way.
#include "engine/core.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>

#include "engine/core_world.h"

namespace zan::engine {
namespace {

using engagement::ActBatch;
using engagement::ActType;
using engagement::Tallied;
using engagement::Tally;

TEST(Core, LikingTwiceCountsOnce) {
  World world;
  EXPECT_EQ(world.say({{ActType::like, "u1", "v1"}}).accepted, 1u);
  EXPECT_EQ(world.say({{ActType::like, "u1", "v1"}, {ActType::like, "u2", "v1"}}).accepted, 2u);
  EXPECT_EQ(world.likes("v1"), 2u);
  EXPECT_TRUE(world.viewer("u1", "v1").liked);
  EXPECT_EQ(world.all_pages(false, "v1", 1), (std::vector<std::string>{"u2", "u1"}));
  world.expect_clean();
}

TEST(Core, TheSecondActOfAGroupSeesTheFirst) {
  World world;
  world.say({{ActType::like, "u1", "v1"}, {ActType::unlike, "u1", "v1"}, {ActType::dislike, "u1", "v1"}});
  EXPECT_EQ(world.likes("v1"), 0u);
  EXPECT_TRUE(world.viewer("u1", "v1").disliked);
  EXPECT_EQ(world.core->reads().subject_counts("v1")->organic[1], 1u);
  world.expect_clean();
}

TEST(Core, ALaterAtWinsWhateverTheOrderOfDelivery) {
  World world;
  world.say({{ActType::unlike, "u1", "v1", "", 2'000'000}});
  world.say({{ActType::like, "u1", "v1", "", 1'000'000}});
  EXPECT_EQ(world.likes("v1"), 0u);
  world.say({{ActType::like, "u1", "v1", "", 3'000'000}});
  EXPECT_EQ(world.likes("v1"), 1u);
  world.expect_clean();
}

TEST(Core, TheSameIdCountsOnceAndAnotherBodyConflicts) {
  World world;
  const Said view{ActType::view, "u1", "v1", "", 5'000'000, "id-1"};
  EXPECT_EQ(world.say({view}).accepted, 1u);
  const Answer again = world.say({view, view});
  EXPECT_EQ(again.duplicates, 2u);
  Said other = view;
  other.subject = "v2";
  world.flush();
  const Answer conflicting = world.say({other});
  ASSERT_EQ(conflicting.rejected.size(), 1u);
  EXPECT_EQ(conflicting.rejected[0].error.kind, ErrorKind::conflict);
  EXPECT_EQ(world.core->reads().subject_counts("v1")->organic[2], 1u);
  world.expect_clean();
}

TEST(Core, AnActFromTheFutureIsRefused) {
  World world;
  const Answer answer = world.say(
      {{ActType::like, "u1", "v1", "", world.clock.now_us + us_per_day + us_per_hour}, {ActType::like, "u2", "v1"}});
  EXPECT_EQ(answer.accepted, 1u);
  ASSERT_EQ(answer.rejected.size(), 1u);
  EXPECT_EQ(answer.rejected[0].error.field, "/at");
}

TEST(Core, IncentivisedAndOrganicAreNeverAddedUp) {
  World world;
  world.say({{ActType::like, "u1", "v1", "c1", 0, "", true}, {ActType::like, "u2", "v1", "c1"}});
  const Tally tally = *world.core->reads().subject_counts("v1");
  EXPECT_EQ(tally.organic[0], 1u);
  EXPECT_EQ(tally.incentivised[0], 1u);
  world.say({{ActType::unlike, "u1", "v1"}});
  EXPECT_EQ(world.core->reads().subject_counts("v1")->incentivised[0], 0u);
  EXPECT_EQ(world.core->reads().creator_counts("c1")->organic[0], 1u);
  world.expect_clean();
}

TEST(Core, ACreatorNamedLateTakesOverWhatWasCounted) {
  World world;
  world.say({{ActType::like, "u1", "v1"}, {ActType::view, "u2", "v1"}});
  world.say({{ActType::like, "u2", "v1", "c1"}});
  EXPECT_EQ(world.core->reads().creator_counts("c1")->organic[0], 2u);
  EXPECT_EQ(world.core->reads().creator_counts("c1")->organic[2], 1u);
  Command put{PutSubject{"v1", {"c2", "{\"creator\":\"c2\"}"}}};
  ASSERT_TRUE(world.core->commit({&put, 1}).front().ok());
  EXPECT_EQ(world.core->reads().creator_counts("c1")->organic[0], 0u);
  EXPECT_EQ(world.core->reads().creator_counts("c2")->organic[0], 2u);
  world.crash();
  EXPECT_EQ(world.core->reads().creator_counts("c2")->organic[0], 2u);
  world.expect_clean();
}

TEST(Core, AttributesAndActsShareAGroup) {
  World world;
  world.say({{ActType::like, "u1", "v1", "c1"}});
  std::vector<Command> commands(4);
  commands[0].body = PutUser{"u1", "{\"age_band\":\"25-34\"}"};
  add(commands[1].body.emplace<ActBatch>(), world.core->secret(), {ActType::like, "u2", "v1"});
  commands[2].body = PutSubject{"v1", {"c2", "{\"creator\":\"c2\"}"}};
  add(commands[3].body.emplace<ActBatch>(), world.core->secret(), {ActType::like, "u3", "v1"});
  for (const auto& answer : world.core->commit(commands)) ASSERT_TRUE(answer.ok()) << answer.error().message;
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(world.core->reads().creator_counts("c1")->organic[0], 0u);
    EXPECT_EQ(world.core->reads().creator_counts("c2")->organic[0], 3u);
    EXPECT_EQ(*world.core->reads().user_attributes("u1"), "{\"age_band\":\"25-34\"}");
    world.expect_clean();
    world.crash();
  }
}

TEST(Core, FollowsNameACreatorWithOrWithoutASubject) {
  World world;
  world.say({{ActType::follow, "u1", "c1"}, {ActType::follow, "u2", "v1", "c1"}, {ActType::follow, "u1", "c1"}});
  EXPECT_EQ(world.core->reads().creator_counts("c1")->organic[6], 2u);
  world.say({{ActType::unfollow, "u1", "c1"}, {ActType::unfollow, "u3", "c1"}});
  EXPECT_EQ(world.core->reads().creator_counts("c1")->organic[6], 1u);
  EXPECT_EQ(world.core->reads().user_counts("u2")->organic[6], 1u);
  world.expect_clean();
}

TEST(Core, WhatWasAnsweredSurvivesACrash) {
  World world;
  for (int i = 0; i < 50; ++i)
    world.say(
        {{ActType::like, "u" + std::to_string(i), "v1"}, {ActType::comment, "u1", "v1", "", 0, "", false, "hello"}});
  world.crash();
  EXPECT_EQ(world.likes("v1"), 50u);
  EXPECT_EQ(world.core->reads().subject_counts("v1")->organic[4], 50u);
  world.expect_clean();
}

// The start is refused, and the error names `what`.
void expect_refused(World& world, const std::string& what) {
  const auto opened = Core::open(*world.disk, world.clock, world.entropy, world.options);
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().kind, ErrorKind::corrupt);
  EXPECT_TRUE(opened.error().message.starts_with(what)) << opened.error().message;
}

void cut_last_commit(World& world, std::uint64_t bytes) {
  world.core.reset();
  world.disk->crash();
  const auto file = world.disk->open("registry.zr", storage::OpenMode::write);
  ASSERT_TRUE(file.ok() && (*file)->truncate(bytes).ok());
}

TEST(Core, LostNamesAreToldWhetherTheJournalOrTheRunsNameThem) {
  for (const bool flushed : {false, true}) {
    World world;
    world.say({{ActType::like, "u1", "v1"}});
    const std::uint64_t bytes = world.core->registry().bytes();
    world.say({{ActType::like, "u2", "v2"}});
    if (flushed) world.flush();
    cut_last_commit(world, bytes);
    expect_refused(world, "registry.zr: has lost its end: ");
  }
}

TEST(Core, LostNamesOfAttributesAreTold) {
  World world;
  world.say({{ActType::like, "u1", "v1"}});
  const std::uint64_t bytes = world.core->registry().bytes();
  const Command put{PutUser{"u2", "{}"}};
  ASSERT_TRUE(world.core->commit({&put, 1}).front().ok());
  ASSERT_GT(world.core->registry().bytes(), bytes);
  cut_last_commit(world, bytes);
  expect_refused(world, "registry.zr: has lost its end: ");
}

TEST(Core, AKvThatWentBackIsTold) {
  World world;
  world.say({{ActType::comment, "u1", "v1", "", 0, "", false, "nice"}});
  world.flush();
  const Watermarks marks = read_watermarks(*world.disk).value();
  EXPECT_EQ(marks.names, 2u);
  EXPECT_EQ(marks.kv, world.core->kv().position());
  ASSERT_TRUE(write_watermarks(*world.disk, {marks.names, {marks.kv.value + 1}}).ok());
  world.core.reset();
  expect_refused(world, "kv: has lost its end: ");
}

TEST(Core, DamagedWatermarksAreTold) {
  World world;
  world.say({{ActType::like, "u1", "v1"}});
  world.flush();
  world.core.reset();
  const std::uint64_t bytes = storage::read_file(*world.disk, watermarks_path)->size();
  for (std::uint64_t at = 0; at < bytes; ++at) {
    ASSERT_TRUE(world.disk->flip(watermarks_path, at, 3).ok());
    expect_refused(world, "the file `watermarks` is damaged");
    ASSERT_TRUE(world.disk->flip(watermarks_path, at, 3).ok());
  }
  world.open();
  EXPECT_EQ(world.likes("v1"), 1u);
}

TEST(Core, ErasureWithdrawsAndForgets) {
  World world;
  world.say({{ActType::like, "u1", "v1", "c1"},
             {ActType::like, "u2", "v1"},
             {ActType::follow, "u1", "c1"},
             {ActType::comment, "u1", "v1", "", 0, "", false, "secret words"},
             {ActType::view, "u1", "v1"}});
  Command put{PutUser{"u1", "{\"region\":\"cn-bj\"}"}};
  ASSERT_TRUE(world.core->commit({&put, 1}).front().ok());
  EXPECT_EQ(*world.core->reads().user_attributes("u1"), "{\"region\":\"cn-bj\"}");
  Command erase{EraseUser{"u1"}};
  ASSERT_TRUE(world.core->commit({&erase, 1}).front().ok());
  EXPECT_EQ(world.core->commit({&erase, 1}).front().error().kind, ErrorKind::not_found);
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(world.likes("v1"), 1u);
    EXPECT_EQ(world.core->reads().subject_counts("v1")->organic[4], 0u);
    EXPECT_EQ(world.core->reads().subject_counts("v1")->organic[2], 1u);
    EXPECT_EQ(world.core->reads().creator_counts("c1")->organic[6], 0u);
    EXPECT_EQ(world.all_pages(false, "v1", 10), std::vector<std::string>{"u2"});
    EXPECT_TRUE(world.all_pages(true, "u1", 10).empty());
    EXPECT_FALSE(world.core->reads().user_attributes("u1").ok());
    world.expect_clean();
    if (round == 0) world.crash();
    if (round == 1) {
      EXPECT_TRUE(world.core->compact_all({}).ok());
    }
  }
  world.say({{ActType::like, "u1", "v1"}});
  EXPECT_EQ(world.likes("v1"), 2u);
}

// The rules, the obvious way.
struct Twin {
  struct Relation {
    std::int64_t at = 0;
    int rank = 0;  // 1 liked, 2 disliked, 3 withdrawn
  };
  std::map<std::pair<std::string, std::string>, Relation> relations;
  std::map<std::string, std::uint64_t> views;
  std::set<std::string> ids;

  void say(const Said& said) {
    if (!said.id.empty() && !ids.insert(said.id).second) return;
    if (said.type == ActType::view) {
      ++views[said.subject];
      return;
    }
    const int rank = said.type == ActType::like ? 1 : said.type == ActType::dislike ? 2 : 3;
    Relation& relation = relations[{said.actor, said.subject}];
    if (std::pair(said.at_us, rank) > std::pair(relation.at, relation.rank)) relation = {said.at_us, rank};
  }
  std::vector<std::string> list(bool of_user, const std::string& name) const {
    std::vector<std::pair<std::int64_t, std::string>> found;
    for (const auto& [pair, relation] : relations)
      if (relation.rank == 1 && (of_user ? pair.first : pair.second) == name)
        found.emplace_back(-relation.at, of_user ? pair.second : pair.first);
    std::sort(found.begin(), found.end());
    std::vector<std::string> names;
    for (auto& [at, other] : found) names.push_back(other);
    return names;
  }
};

RC_GTEST_PROP(Core, EqualsItsTwinThroughFlushesAndCrashes, ()) {
  World world(40);
  Twin twin;
  const auto steps = *rc::gen::inRange<std::size_t>(1, 60);
  std::int64_t unique_us = 0;
  for (std::size_t step = 0; step < steps; ++step) {
    const int what = *rc::gen::inRange(0, 12);
    if (what == 0) {
      world.crash();
      continue;
    }
    if (what == 1) {
      world.flush();
      continue;
    }
    std::vector<Said> group;
    const auto size = *rc::gen::inRange<std::size_t>(1, 12);
    for (std::size_t i = 0; i < size; ++i) {
      Said said;
      const std::array types{ActType::like, ActType::like, ActType::unlike, ActType::dislike, ActType::view};
      said.type = types[*rc::gen::inRange<std::size_t>(0, types.size())];
      said.actor = "u" + std::to_string(*rc::gen::inRange(0, 5));
      said.subject = "v" + std::to_string(*rc::gen::inRange(0, 4));
      // Distinct moments, out of order, so that lists have one right order.
      said.at_us = (*rc::gen::inRange(1, 1000)) * us_per_second + unique_us++;
      if (said.type == ActType::view) said.id = "view-" + std::to_string(*rc::gen::inRange(0, 30));
      if (!said.id.empty()) said.at_us = 1, said.actor = "u1", said.subject = "v1";
      group.push_back(said);
      twin.say(said);
    }
    world.say(group);
  }
  for (int v = 0; v < 4; ++v) {
    const std::string subject = "v" + std::to_string(v);
    RC_ASSERT(world.all_pages(false, subject, 2) == twin.list(false, subject));
    RC_ASSERT(world.likes(subject) == twin.list(false, subject).size());
    RC_ASSERT(world.core->reads().subject_counts(subject)->organic[2] == twin.views[subject]);
  }
  for (int u = 0; u < 5; ++u) {
    const std::string user = "u" + std::to_string(u);
    RC_ASSERT(world.all_pages(true, user, 3) == twin.list(true, user));
  }
  world.expect_clean();
}

}  // namespace
}  // namespace zan::engine
