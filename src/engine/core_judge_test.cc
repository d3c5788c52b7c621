// Counts follow verdicts: the Core with a judge, against a dumb twin, through late verdicts, flushes and crashes.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

#include "engine/core_world.h"
#include "engine/fake_judge.h"

namespace zan::engine {
namespace {

using engagement::ActType;
using engagement::LateVerdict;
using engagement::Tally;
using engagement::Verdict;

struct JudgedWorld : World {
  FakeJudge judge;  // options point at it
  explicit JudgedWorld(std::size_t memtable_acts_max = 1'000'000) : World(memtable_acts_max) {
    options.judge = &judge;
    open();
  }

  LateVerdict late(const std::string& user, const std::string& target, std::int64_t at_us, Verdict verdict,
                   ActType type = ActType::like) {
    LateVerdict what;
    what.person = {id(storage::NameKind::person, user)};
    what.target = id(type == ActType::follow ? storage::NameKind::creator : storage::NameKind::subject, target);
    what.type = type;
    what.at = {at_us};
    what.verdict = verdict;
    what.group = 77;
    what.reason_count = 1;
    what.reasons[0] = {9, 1};
    return what;
  }
  Answer find_out(std::vector<LateVerdict> verdicts) {
    clock.now_us += 1000;
    const Command command{JudgeActs{std::move(verdicts)}};
    auto answers = core->commit({&command, 1});
    EXPECT_TRUE(answers.front().ok()) << answers.front().error().message;
    if (core->full()) flush();
    return answers.front().ok() ? *answers.front() : Answer{};
  }
  Tally counts(const std::string& subject) { return *core->reads().subject_counts(subject); }
  // An id of an act that the judge says this of.
  std::string id_for(Verdict verdict) {
    for (;;) {
      std::string id = "id " + std::to_string(++ids_);
      if (FakeJudge::verdict_of(engagement::act_id_hash(core->secret(), id)) == verdict) return id;
    }
  }

 private:
  int ids_ = 0;
};

TEST(CoreJudge, OnlyGenuineLikesArePublic) {
  JudgedWorld world;
  world.say({{ActType::like, "u1", "v1", "c1", 1'000'000, world.id_for(Verdict::genuine)},
             {ActType::like, "u2", "v1", "c1", 2'000'000, world.id_for(Verdict::held)},
             {ActType::like, "u3", "v1", "c1", 3'000'000, world.id_for(Verdict::rejected), true}});
  for (int round = 0; round < 3; ++round) {
    for (const Tally& tally : {world.counts("v1"), *world.core->reads().creator_counts("c1")}) {
      EXPECT_EQ(tally.organic[0], 1u);
      EXPECT_EQ(tally.incentivised[0], 0u);
      EXPECT_EQ(tally.held, 1u);
      EXPECT_EQ(tally.rejected, 1u);
    }
    EXPECT_EQ(world.core->reads().user_counts("u2")->held, 1u);
    EXPECT_EQ(world.all_pages(false, "v1", 1), std::vector<std::string>{"u1"});
    EXPECT_EQ(world.all_pages(true, "u2", 1), std::vector<std::string>{"v1"});
    EXPECT_TRUE(world.viewer("u2", "v1").liked);
    EXPECT_TRUE(world.viewer("u3", "v1").liked);
    EXPECT_EQ(world.core->reads().top(engagement::TopWindow::all, 1)->at(0).likes, 1u);
    world.expect_clean();
    round == 0 ? world.crash() : world.flush();
  }
  world.say({{ActType::unlike, "u2", "v1"}, {ActType::unlike, "u3", "v1"}});
  EXPECT_EQ(world.counts("v1").held + world.counts("v1").rejected, 0u);
  EXPECT_EQ(world.counts("v1").organic[0], 1u);
  world.expect_clean();
}

TEST(CoreJudge, OtherActsThatAreNotGenuineAreNotCounted) {
  JudgedWorld world;
  const auto held = [&] { return world.id_for(Verdict::held); };
  world.say({{ActType::dislike, "u1", "v1", "c1", 1'000'000, held()},
             {ActType::view, "u1", "v1", "c1", 0, held()},
             {ActType::comment, "u1", "v1", "c1", 0, held(), false, "words"},
             {ActType::comment, "u2", "v1", "c1", 0, world.id_for(Verdict::genuine), false, "words"},
             {ActType::share, "u1", "v1", "c1", 0, held()},
             {ActType::follow, "u1", "c1", "", 1'000'000, held()},
             {ActType::profile_visit, "u1", "c1", "", 0, held()}});
  for (int round = 0; round < 2; ++round) {
    Tally expected;
    expected.organic[4] = 1;
    EXPECT_EQ(world.counts("v1"), expected);
    EXPECT_EQ(*world.core->reads().creator_counts("c1"), expected);
    EXPECT_EQ(*world.core->reads().user_counts("u1"), Tally{});
    EXPECT_TRUE(world.viewer("u1", "v1").disliked);
    EXPECT_TRUE(world.viewer("u1", "v1").commented);
    world.expect_clean();
    world.crash();
  }
  for (const char* user : {"u1", "u2"}) {
    const Command erase{EraseUser{user}};
    ASSERT_TRUE(world.core->commit({&erase, 1}).front().ok());
    world.expect_clean();
  }
  EXPECT_EQ(world.counts("v1"), Tally{});
}

TEST(CoreJudge, ALateVerdictMovesTheCountsAndTheList) {
  JudgedWorld world;
  world.say({{ActType::like, "u1", "v1", "c1", 1'000'000}, {ActType::like, "u2", "v1", "c1", 2'000'000}});
  world.say({{ActType::dislike, "u3", "v1", "c1", 1'000'000}, {ActType::follow, "u3", "c1", "", 1'000'000}});
  world.flush();
  const Answer answer = world.find_out({world.late("u1", "v1", 1'000'000, Verdict::rejected),
                                        world.late("u3", "v1", 1'000'000, Verdict::held, ActType::dislike),
                                        world.late("u3", "c1", 1'000'000, Verdict::held, ActType::follow)});
  EXPECT_EQ(answer.verdicts_applied, 3u);
  EXPECT_EQ(answer.accepted, 0u);
  for (int round = 0; round < 4; ++round) {
    Tally expected;
    expected.organic[0] = expected.rejected = 1;
    EXPECT_EQ(world.counts("v1"), expected);
    EXPECT_EQ(*world.core->reads().creator_counts("c1"), expected);
    EXPECT_EQ(world.core->reads().user_counts("u1")->rejected, 1u);
    EXPECT_EQ(world.all_pages(false, "v1", 1), std::vector<std::string>{"u2"});
    EXPECT_TRUE(world.viewer("u1", "v1").liked);
    world.expect_clean();
    if (round == 0) world.crash();
    if (round == 1) world.flush();
    if (round == 2) {
      EXPECT_TRUE(world.core->compact_all({}).ok());
    }
  }
  EXPECT_EQ(world.find_out({world.late("u1", "v1", 1'000'000, Verdict::genuine)}).verdicts_applied, 1u);
  EXPECT_EQ(world.all_pages(false, "v1", 1), (std::vector<std::string>{"u2", "u1"}));
  world.say({{ActType::unlike, "u1", "v1"}});
  world.flush();
  EXPECT_EQ(world.likes("v1"), 1u);
  EXPECT_EQ(world.all_pages(false, "v1", 1), std::vector<std::string>{"u2"});
  world.expect_clean();
}

TEST(CoreJudge, AVerdictOnWhatIsGoneIsVoid) {
  JudgedWorld world;
  world.say({{ActType::like, "u1", "v1", "", 1'000'000}, {ActType::like, "u2", "v1", "", 1'000'000}});
  world.say({{ActType::unlike, "u1", "v1", "", 2'000'000}, {ActType::like, "u2", "v1", "", 3'000'000}});
  LateVerdict nobody = world.late("u2", "v1", 3'000'000, Verdict::held);
  nobody.person = {999};
  const Answer answer = world.find_out({world.late("u1", "v1", 1'000'000, Verdict::held),
                                        world.late("u2", "v1", 1'000'000, Verdict::held),
                                        world.late("u2", "v1", 3'000'000, Verdict::genuine),
                                        world.late("u2", "v1", 3'000'000, Verdict::held, ActType::dislike), nobody});
  EXPECT_EQ(answer.verdicts_applied, 0u);
  EXPECT_EQ(answer.verdicts_void, 5u);
  EXPECT_EQ(world.likes("v1"), 1u);
  LateVerdict view = world.late("u2", "v1", 3'000'000, Verdict::held, ActType::view);
  const Command command{JudgeActs{{view}}};
  EXPECT_EQ(world.core->commit({&command, 1}).front().error().kind, ErrorKind::invalid);
  const Command many{JudgeActs{std::vector<LateVerdict>(engagement::late_verdicts_max + 1, nobody)}};
  EXPECT_EQ(world.core->commit({&many, 1}).front().error().kind, ErrorKind::invalid);
}

TEST(CoreJudge, AClassIsFinalAfterTheLastRevision) {
  JudgedWorld world;
  world.say({{ActType::like, "u1", "v1", "", 1'000'000}});
  for (unsigned change = 0; change < engagement::revision_max; ++change) {
    const Verdict next = change % 2 == 0 ? Verdict::held : Verdict::genuine;
    EXPECT_EQ(world.find_out({world.late("u1", "v1", 1'000'000, next)}).verdicts_applied, 1u);
    if (change % 3 == 0) world.flush();
  }
  EXPECT_EQ(world.find_out({world.late("u1", "v1", 1'000'000, Verdict::genuine)}).verdicts_void, 1u);
  EXPECT_EQ(world.counts("v1").held, 1u);
  world.expect_clean();
  // Another like is another act.
  world.say({{ActType::like, "u1", "v1", "", 2'000'000}});
  EXPECT_EQ(world.find_out({world.late("u1", "v1", 2'000'000, Verdict::rejected)}).verdicts_applied, 1u);
  world.expect_clean();
}

TEST(CoreJudge, ActsVerdictsAndAttributesShareAGroup) {
  JudgedWorld world;
  world.say({{ActType::like, "u1", "v1", "c1", 1'000'000}});
  std::vector<Command> commands(4);
  add(commands[0].body.emplace<engagement::ActBatch>(), world.core->secret(),
      {ActType::like, "u2", "v1", "", 2'000'000});
  commands[1].body = PutSubject{"v1", {"c2", "{\"creator\":\"c2\"}"}};
  commands[2].body = JudgeActs{{world.late("u1", "v1", 1'000'000, Verdict::held)}};
  commands[3].body = JudgeActs{{world.late("u1", "v1", 1'000'000, Verdict::rejected)}};
  for (const auto& answer : world.core->commit(commands)) ASSERT_TRUE(answer.ok()) << answer.error().message;
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(*world.core->reads().creator_counts("c1"), Tally{});
    EXPECT_EQ(world.core->reads().creator_counts("c2")->organic[0], 1u);
    EXPECT_EQ(world.core->reads().creator_counts("c2")->rejected, 1u);
    world.expect_clean();
    world.crash();
  }
}

TEST(CoreJudge, ADroppedGroupNeverHappenedForTheJudge) {
  JudgedWorld world;
  world.say({{ActType::like, "u1", "v1"}});
  const std::uint64_t before = world.judge.fingerprint();
  const int drops_before = world.judge.drops;
  storage::SimFaults full;
  full.bytes_max = world.disk->bytes_used();
  world.disk->set_faults(full);
  std::vector<Said> many;
  for (int i = 0; i < 2000; ++i) many.push_back({ActType::like, "someone" + std::to_string(i), "v2"});
  Command command{engagement::ActBatch{}};
  for (const Said& said : many) add(std::get<engagement::ActBatch>(command.body), world.core->secret(), said);
  ASSERT_FALSE(world.core->commit({&command, 1}).front().ok());
  EXPECT_EQ(world.judge.drops, drops_before + 1);
  EXPECT_EQ(world.judge.fingerprint(), before);
  world.disk->set_faults({});
  world.say({{ActType::like, "u2", "v1"}});
  EXPECT_EQ(world.likes("v1"), 2u);
  EXPECT_EQ(world.likes("v2"), 0u);
}

TEST(CoreJudge, AJudgeThatKnowsMoreThanTheJournalIsTold) {
  JudgedWorld world;
  world.say({{ActType::like, "u1", "v1"}});
  world.judge.committed({1000});
  world.core.reset();
  const auto opened = Core::open(*world.disk, world.clock, world.entropy, world.options);
  ASSERT_FALSE(opened.ok());
  EXPECT_TRUE(opened.error().message.starts_with("the judge knows position 1000")) << opened.error().message;
}

// The rules, the obvious way.
struct Relation {
  std::int64_t at = 0;
  int rank = 0;  // 1 liked, 2 disliked, 3 withdrawn
  Verdict verdict = Verdict::genuine;
  unsigned revision = 0;
  bool incentivised = false;
};
using Relations = std::map<std::pair<std::string, std::string>, Relation>;

class JudgedTwin {
 public:
  void say(const Said& said, Verdict verdict) {
    const int rank = said.type == ActType::like ? 1 : said.type == ActType::dislike ? 2 : 3;
    Relation& relation = relations[{said.actor, said.subject}];
    if (std::pair(said.at_us, rank) <= std::pair(relation.at, relation.rank)) return;
    relation = {said.at_us, rank, rank == 3 ? Verdict::genuine : verdict, 0, said.incentivised};
  }
  bool find_out(const std::string& user, const std::string& subject, ActType type, std::int64_t at, Verdict verdict) {
    Relation& relation = relations[{user, subject}];
    if (relation.at != at || relation.rank != (type == ActType::like ? 1 : 2) || relation.verdict == verdict ||
        relation.revision == engagement::revision_max)
      return false;
    relation.verdict = verdict;
    ++relation.revision;
    return true;
  }
  Tally tally(const std::string& subject) const {
    Tally tally;
    for (const auto& [pair, relation] : relations) {
      if (pair.second != subject || relation.rank == 3) continue;
      auto& kind = relation.incentivised ? tally.incentivised : tally.organic;
      if (relation.verdict == Verdict::genuine) ++kind[relation.rank - 1];
      if (relation.verdict == Verdict::held && relation.rank == 1) ++tally.held;
      if (relation.verdict == Verdict::rejected && relation.rank == 1) ++tally.rejected;
    }
    return tally;
  }
  std::vector<std::string> likers(const std::string& subject, bool incentivised_too) const {
    std::vector<std::pair<std::int64_t, std::string>> found;
    for (const auto& [pair, relation] : relations)
      if (relation.rank == 1 && relation.verdict == Verdict::genuine && pair.second == subject &&
          (incentivised_too || !relation.incentivised))
        found.emplace_back(-relation.at, pair.first);
    std::sort(found.begin(), found.end());
    std::vector<std::string> names;
    for (auto& [at, name] : found) names.push_back(name);
    return names;
  }
  Relations relations;
};

// What is done to the world and its twin, one step after the other.
class Play {
 public:
  void step() {
    const int what = *rc::gen::inRange(0, 16);
    if (what == 0) return crash();
    if (what == 1) return world.flush();
    if (what < 7) return find_out();
    say();
  }
  void compare() {
    for (int v = 0; v < 3; ++v) {
      const std::string subject = "v" + std::to_string(v);
      RC_ASSERT(world.all_pages(false, subject, 2) == twin.likers(subject, true));
      RC_ASSERT(world.latest_likers(subject) == world.persons(twin.likers(subject, false)));
      RC_ASSERT(world.counts(subject) == twin.tally(subject));
    }
    for (const auto& [pair, relation] : twin.relations)
      RC_ASSERT(world.viewer(pair.first, pair.second).liked == (relation.rank == 1));
    world.expect_clean();
  }

 private:
  void crash() {
    const std::uint64_t seen = world.judge.fingerprint();
    if (*rc::gen::arbitrary<bool>()) world.judge.fall_back(kept_);
    world.crash();
    RC_ASSERT(world.judge.fingerprint() == seen);
    if (*rc::gen::arbitrary<bool>()) kept_ = world.judge;
  }
  void say() {
    std::vector<Said> group(*rc::gen::inRange<std::size_t>(1, 10));
    for (Said& said : group) {
      said.type = *rc::gen::element(ActType::like, ActType::like, ActType::like, ActType::unlike, ActType::dislike);
      said.actor = "u" + std::to_string(*rc::gen::inRange(0, 5));
      said.subject = "v" + std::to_string(*rc::gen::inRange(0, 3));
      said.at_us = (*rc::gen::inRange(1, 1000)) * us_per_second + unique_us_;
      said.id = "act " + std::to_string(unique_us_++);
      said.incentivised = *rc::gen::inRange(0, 4) == 0;
      twin.say(said, FakeJudge::verdict_of(engagement::act_id_hash(world.core->secret(), said.id)));
    }
    world.say(group);
  }
  void find_out() {
    std::vector<LateVerdict> verdicts;
    std::uint32_t applied = 0;
    const auto count = *rc::gen::inRange<std::size_t>(1, 6);
    for (std::size_t i = 0; i < count && !twin.relations.empty(); ++i) {
      auto found = twin.relations.begin();
      std::advance(found, *rc::gen::inRange<std::ptrdiff_t>(0, static_cast<std::ptrdiff_t>(twin.relations.size())));
      const auto& [pair, relation] = *found;
      const ActType type = *rc::gen::inRange(0, 8) == 0 ? ActType::dislike : ActType::like;
      const std::int64_t at = relation.at + (*rc::gen::inRange(0, 8) == 0 ? 1 : 0);
      const auto verdict = static_cast<Verdict>(*rc::gen::inRange(0, 3));
      verdicts.push_back(world.late(pair.first, pair.second, at, verdict, type));
      applied += twin.find_out(pair.first, pair.second, type, at, verdict) ? 1 : 0;
    }
    const auto all = static_cast<std::uint32_t>(verdicts.size());
    const Answer answer = world.find_out(std::move(verdicts));
    RC_ASSERT(answer.verdicts_applied == applied);
    RC_ASSERT(answer.verdicts_void == all - applied);
  }

  JudgedWorld world{30};
  JudgedTwin twin;
  FakeJudge kept_;
  std::int64_t unique_us_ = 0;
};

RC_GTEST_PROP(CoreJudge, EqualsItsTwinThroughVerdictsFlushesAndCrashes, ()) {
  Play play;
  const auto steps = *rc::gen::inRange(1, 60);
  for (int step = 0; step < steps; ++step) play.step();
  play.compare();
}

}  // namespace
}  // namespace zan::engine
