#include "engine/intake_judge.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "engine/core_world.h"
#include "engine/integrity_view.h"

namespace zan::engine {
namespace {

using engagement::ActType;
using engagement::RecordedAct;
using engagement::Verdict;

// The third like of an account within a day is held, the fifth rejected.
constexpr std::string_view touchy_rules = R"(
rule third: when is_like and count(like, actor, 1d) >= 2 then hold because "{count(like, actor, 1d)}"
rule fifth: when is_like and count(like, actor, 1d) >= 4 then reject because "{count(like, actor, 1d)} {account_rejected}"
)";

IntakeSettings touchy(std::uint64_t catch_up_at_once_max = 0) {
  IntakeSettings settings;
  settings.rules = touchy_rules;
  settings.accounts = 2000;
  settings.catch_up_at_once_max = catch_up_at_once_max;
  return settings;
}

struct IntakeWorld : World {
  IntakeSettings settings;
  std::unique_ptr<IntakeJudge> judge;

  explicit IntakeWorld(IntakeSettings chosen = touchy()) : settings(std::move(chosen)) { start(); }
  ~IntakeWorld() {
    judge.reset();
    core.reset();
  }
  void start() {
    core.reset();
    auto made = IntakeJudge::make(settings);
    ASSERT_TRUE(made.ok()) << made.error().message;
    judge = std::move(*made);
    options.judge = judge.get();
    options.rules_changed = [this](const integrity::rules::RuleBook& book) { judge->use(book); };
    open();
    const auto started = judge->start(*core);
    ASSERT_TRUE(started.ok()) << started.error().message;
  }
  // The process ends: cleanly, or with the machine.
  void restart(bool cleanly) {
    if (cleanly) {
      ASSERT_TRUE(judge->stop().ok());
    }
    judge.reset();
    core.reset();
    if (!cleanly) disk->crash();
    start();
  }
  void change_rules(integrity::rules::ChangeKind kind, std::string_view text) {
    integrity::RuleChange change{kind, *integrity::rules::id_of_text(text), "ops", "why", {}};
    if (kind == integrity::rules::ChangeKind::add) change.text = text;
    ChangeRules command;
    integrity::put_rule_change(command.record, change);
    const Command one{std::move(command)};
    const auto answer = core->commit({&one, 1}).front();
    ASSERT_TRUE(answer.ok()) << answer.error().message;
  }
  // Likes that are judged, and then the disk is full.
  void drop_a_group(const std::string& user) {
    storage::SimFaults full;
    full.bytes_max = disk->bytes_used();
    disk->set_faults(full);
    Command command{engagement::ActBatch{}};
    for (int i = 0; i < 2000; ++i)
      add(std::get<engagement::ActBatch>(command.body), core->secret(),
          {ActType::like, i % 2 == 0 ? user : "someone" + std::to_string(i), "w" + std::to_string(i)});
    ASSERT_FALSE(core->commit({&command, 1}).front().ok());
    disk->set_faults({});
  }
  void like(const std::string& user, const std::string& subject, std::int64_t at_us = 0) {
    say({{ActType::like, user, subject, "", at_us}});
  }
  void likes(const std::string& user, int count) {
    for (int i = 0; i < count; ++i) like(user, "v" + std::to_string(i));
  }
  engagement::Tally counts(const std::string& subject) { return *core->reads().subject_counts(subject); }
  // The state as it would be left by a clean stop now.
  Bytes file() {
    EXPECT_TRUE(judge->stop().ok());
    const auto content = storage::read_file(*disk, intake_path);
    EXPECT_TRUE(content.ok()) << content.error().message;
    return content.ok() ? *content : Bytes();
  }
  // What an intake says that judges the journal from its beginning, once more; and its state at the end.
  struct Again {
    std::size_t acts = 0, different = 0;
    Bytes state;
  };
  Again judge_again() {
    const auto ruleset = integrity::load_intake_rules(settings.rules).value();
    auto options_again = integrity::IntakeOptions::for_folder(core->secret(), settings.accounts);
    options_again.features = options_again.features.only(integrity::features_read(ruleset.get(), nullptr));
    options_again.delay_ms_max = settings.delay_ms_max;
    const auto intake = integrity::Intake::make(ruleset, nullptr, options_again).value();
    Again again;
    const auto reader = core->journal().read(Position{0}).value();
    storage::Group group;
    while (reader->next(group).value()) {
      ByteSpan record;
      for (storage::RecordReader records(group.payload); records.next(record);) {
        const auto tag = static_cast<engagement::RecordTag>(record.front());
        if (tag == engagement::RecordTag::verdict)
          intake->corrected(engagement::read_verdict(record, group.at).value());
        if (tag == engagement::RecordTag::erased) intake->erased(engagement::read_erased(record).value());
        if (tag != engagement::RecordTag::act) continue;
        const RecordedAct act = engagement::read_act(record, group.at).value();
        if (act.effect != engagement::Effect::changed) continue;
        RecordedAct bare = act;
        bare.judgement = {};
        ++again.acts;
        again.different += intake->judge(bare) == act.judgement ? 0 : 1;
      }
    }
    intake->save(again.state);
    return again;
  }
  void expect_as_judged_again() {
    const Again again = judge_again();
    EXPECT_EQ(again.different, 0u) << "of " << again.acts;
    EXPECT_TRUE(state_of(file()) == again.state);
  }
  static Bytes state_of(const Bytes& file) {
    return Bytes(file.begin() + std::min<std::ptrdiff_t>(24, std::ssize(file)), file.end());
  }
  void damage(std::uint64_t at) {
    const auto opened = disk->open(intake_path, storage::OpenMode::write).value();
    Bytes byte(1);
    ASSERT_EQ(opened->read_at(at, byte).value(), 1u);
    byte[0] ^= std::byte{4};
    ASSERT_TRUE(opened->write_at(at, byte).ok());
    ASSERT_TRUE(opened->sync().ok());
  }
};

TEST(IntakeJudge, RulesThatDoNotCompileAndModelsThatReadNothingAreRefusedBeforeAnythingIsOpened) {
  IntakeSettings bad = touchy();
  bad.rules = "rule a: when is_likee then hold because \"\"";
  EXPECT_EQ(IntakeJudge::make(bad).error().kind, ErrorKind::invalid);
  IntakeSettings strange = touchy();
  strange.model.emplace();
  strange.model->features = {"moonlight"};
  strange.model->trees = {{{.is_leaf = true, .value = 1}}};
  strange.model->calibration = {{0, 0.5F}};
  EXPECT_EQ(IntakeJudge::make(strange).error().message, "the model reads a feature that is not there: moonlight");
}

TEST(IntakeJudge, VerdictsAreInTheCountsAtOnce) {
  IntakeWorld world;
  world.likes("u1", 6);
  EXPECT_EQ(world.counts("v1").organic[0], 1u);
  EXPECT_EQ(world.counts("v2").held, 1u);
  EXPECT_EQ(world.counts("v5").rejected, 1u);
  const IntakeStatus status = world.judge->status();
  EXPECT_EQ(status.genuine, 2u);
  EXPECT_EQ(status.held, 2u);
  EXPECT_EQ(status.rejected, 2u);
  EXPECT_TRUE(status.caught_up);
  world.expect_as_judged_again();
  world.expect_clean();
}

TEST(IntakeJudge, OfADroppedGroupNothingStaysOnceTheJournalHasBeenReadAgain) {
  for (const bool at_once : {true, false}) {
    IntakeWorld world(touchy(at_once ? 1000 : 0));
    world.likes("u1", 2);
    world.drop_a_group("u1");
    EXPECT_FALSE(world.judge->status().caught_up);
    EXPECT_EQ(world.judge->status().held, 0u);
    if (!at_once) {
      world.like("u2", "v1");
      world.judge->await_catch_up();
    }
    world.likes("u3", 3);
    EXPECT_TRUE(world.judge->status().caught_up);
    EXPECT_EQ(world.counts("v2").held, 1u) << "the third of u3";
    EXPECT_EQ(world.judge_again().different, 0u);
    if (!at_once) world.expect_as_judged_again();
  }
}

TEST(IntakeJudge, ADiskThatRefusesGroupAfterGroupDoesNotHaveTheJournalReadAllTheTime) {
  IntakeWorld world;
  world.likes("u1", 1);
  world.drop_a_group("u1");
  world.like("u2", "v1");
  world.judge->await_catch_up();
  world.like("u2", "v2");
  EXPECT_TRUE(world.judge->status().caught_up);
  world.drop_a_group("u2");
  world.like("u3", "v1");
  world.judge->await_catch_up();
  world.like("u3", "v2");
  EXPECT_FALSE(world.judge->status().caught_up);
  (void)world.judge->stop();
  EXPECT_FALSE(world.disk->exists(intake_path).value()) << "half a state is none";
  world.clock.now_us += 601 * us_per_second;
  world.like("u3", "v3");
  world.judge->await_catch_up();
  world.like("u3", "v4");
  EXPECT_TRUE(world.judge->status().caught_up);
}

// Nothing of it was in doubt: an erasure of nobody does not have the journal read.
TEST(IntakeJudge, WhatIsRefusedBeforeItIsJudgedDropsNothing) {
  IntakeWorld world;
  world.likes("u1", 2);
  const Command erase{EraseUser{"nobody"}};
  EXPECT_FALSE(world.core->commit({&erase, 1}).front().ok());
  EXPECT_TRUE(world.judge->status().caught_up);
  world.expect_as_judged_again();
}

TEST(IntakeJudge, RulesThatReadWhatWasNotKeptFindItOnceTheJournalHasBeenReadAgain) {
  constexpr std::string_view crowd =
      "rule crowd: when is_like and count(like, subject, 1d) >= 3 then hold because \"{count(like, subject, 1d)}\"";
  for (const bool at_once : {true, false}) {
    IntakeWorld world(touchy(at_once ? 1000 : 0));
    for (const char* user : {"u1", "u2", "u3"}) world.like(user, "v1");
    world.change_rules(integrity::rules::ChangeKind::add, crowd);
    EXPECT_TRUE(world.judge->status().caught_up);
    const std::string before = world.judge->status().rules;
    world.change_rules(integrity::rules::ChangeKind::activate, crowd);
    EXPECT_FALSE(world.judge->status().caught_up);
    EXPECT_EQ(world.judge->status().rules, before);
    world.like("u4", "v1");
    EXPECT_EQ(world.counts("v1").held, at_once ? 1u : 0u);
    world.judge->await_catch_up();
    world.like("u5", "v1");
    EXPECT_TRUE(world.judge->status().caught_up);
    EXPECT_NE(world.judge->status().rules, before);
    EXPECT_EQ(world.counts("v1").held, at_once ? 2u : 1u);
    // The start knows by the book what is to be kept, and finds it in the file.
    world.restart(true);
    world.judge->await_catch_up();
    world.like("u6", "v1");
    EXPECT_EQ(world.counts("v1").held, at_once ? 3u : 2u);
    world.expect_clean();
  }
}

TEST(IntakeJudge, ASmallJournalIsReadAtOnceAndLeavesNoFile) {
  IntakeWorld world(touchy(1000));
  world.likes("u1", 2);
  world.restart(true);
  EXPECT_FALSE(world.disk->exists(intake_path).value());
  EXPECT_TRUE(world.judge->status().caught_up);
  world.like("u1", "v9");
  EXPECT_EQ(world.counts("v9").held, 1u);
}

TEST(IntakeJudge, AFileAndAShortTailAreReadAtOnce) {
  IntakeWorld world(touchy(4));
  world.likes("u1", 3);
  world.likes("u2", 3);
  world.restart(true);
  ASSERT_TRUE(world.disk->exists(intake_path).value());
  world.likes("u3", 2);
  world.restart(false);
  EXPECT_TRUE(world.judge->status().caught_up);
  world.like("u3", "v9");
  EXPECT_EQ(world.counts("v9").held, 1u);
  world.expect_as_judged_again();
}

TEST(IntakeJudge, ALongTailIsReadBesideTheServingAndThenTakenOver) {
  IntakeWorld world;
  world.likes("u1", 2);
  world.restart(false);
  // Not before the next group: what was read beside is taken over between two.
  world.like("u2", "v1");
  world.judge->await_catch_up();
  EXPECT_TRUE(world.judge->status().caught_up);
  world.like("u1", "v9");
  EXPECT_EQ(world.counts("v9").held, 1u);
  EXPECT_TRUE(IntakeWorld::state_of(world.file()) == world.judge_again().state);
}

TEST(IntakeJudge, ADamagedFileIsNamedRefusedAndMadeAnew) {
  for (const std::uint64_t at : {0ULL, 9ULL, 20ULL, 100ULL, 5000ULL}) {
    IntakeWorld world;
    world.likes("u1", 2);
    world.expect_as_judged_again();
    world.damage(at);
    const auto findings = check(*world.core, [](double) {});
    ASSERT_TRUE(findings.ok());
    ASSERT_EQ(findings->size(), 1u) << at;
    EXPECT_TRUE(findings->front().what.starts_with("integrity/intake: ")) << findings->front().what;
    world.restart(false);
    world.judge->await_catch_up();
    world.like("u1", "v9");
    EXPECT_EQ(world.counts("v9").held, 1u) << at;
    world.expect_as_judged_again();
    world.expect_clean();
  }
}

TEST(IntakeJudge, AFileOfALaterJournalIsRefused) {
  IntakeWorld world;
  world.likes("u1", 3);
  const Bytes file = world.file();
  IntakeWorld other;
  other.like("u1", "v1");
  ASSERT_TRUE(storage::write_file(*other.disk, intake_path, file).ok());
  const auto sound = check_intake_file(*other.disk, other.core->journal().synced());
  ASSERT_FALSE(sound.ok());
  EXPECT_EQ(sound.error().message, "integrity/intake: knows position 3, and the journal ends at 1");
  other.restart(false);
  other.judge->await_catch_up();
  other.like("u2", "v1");
  other.expect_as_judged_again();
}

TEST(IntakeJudge, AnErasedPersonIsForgottenInMemoryAndInTheFile) {
  IntakeWorld world;
  world.likes("u1", 4);
  world.likes("u2", 4);
  world.restart(true);
  ASSERT_TRUE(world.disk->exists(intake_path).value());
  const Command erase{EraseUser{"u1"}};
  ASSERT_TRUE(world.core->commit({&erase, 1}).front().ok());
  EXPECT_FALSE(world.disk->exists(intake_path).value());
  world.expect_as_judged_again();
  world.like("u1", "v9");
  EXPECT_EQ(world.counts("v9").organic[0], 1u);
  world.restart(false);
  world.judge->await_catch_up();
  world.like("u2", "v9");
  EXPECT_EQ(world.counts("v9").rejected, 1u);
  world.expect_as_judged_again();
}

// With the view that states what the intake wants stated later.
struct Watched : IntakeWorld {
  std::unique_ptr<IntegrityView> view;
  std::uint64_t applied = 0;

  explicit Watched(IntakeSettings chosen) : IntakeWorld(std::move(chosen)) { watch(); }
  void watch() {
    IntegrityOptions integrity;
    integrity.lockstep.log_pair_slots = 16;
    integrity.lockstep.log_token_slots = 14;
    integrity.intake = settings;
    view = IntegrityView::open(*core, integrity, [this](JudgeActs verdicts) -> Result<Answer> {
             const Command command{std::move(verdicts)};
             Result<Answer> answer = core->commit({&command, 1}).front();
             if (answer.ok()) applied += answer->verdicts_applied;
             return answer;
           }).value();
  }
  void look() {
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(view->step().ok());
  }
  void after(std::int64_t us) {
    clock.now_us += us;
    like("somebody" + std::to_string(clock.now_us), "elsewhere");
    look();
  }
};

TEST(IntakeJudge, WhatItHeldAndNobodyConfirmedCountsAfterADayOnce) {
  Watched world(touchy(1000));
  world.likes("u1", 5);
  world.after(23 * 3600 * us_per_second);
  EXPECT_EQ(world.counts("v2").held, 1u);
  world.after(2 * 3600 * us_per_second);
  EXPECT_EQ(world.counts("v2").held, 0u);
  EXPECT_EQ(world.counts("v2").organic[0], 1u);
  EXPECT_EQ(world.counts("v4").rejected, 1u);
  EXPECT_EQ(world.applied, 2u);
  world.view.reset();
  world.restart(false);
  world.watch();
  world.after(3600 * us_per_second);
  EXPECT_EQ(world.applied, 2u);
  EXPECT_EQ(world.counts("v2").organic[0], 1u);
  world.expect_clean();
}

TEST(IntakeJudge, ADelayedVerdictComesLaterAndMovesTheCredit) {
  IntakeSettings settings = touchy(1000);
  settings.delay_ms_max = 600'000;
  Watched world(settings);
  world.likes("u1", 6);
  EXPECT_EQ(world.counts("v2").held, 0u);
  EXPECT_EQ(world.counts("v5").organic[0], 1u);
  world.look();
  world.after(700 * us_per_second);
  EXPECT_EQ(world.counts("v2").held, 1u);
  EXPECT_EQ(world.counts("v5").rejected, 1u);
  EXPECT_EQ(world.judge_again().different, 0u);
  world.restart(false);
  EXPECT_EQ(world.judge_again().different, 0u);
}

// What is not kept reads as zero, and to rules that ask for too little zero is the worst there is.
TEST(IntakeJudge, RulesDoNotServeBeforeWhatTheyReadIsKnown) {
  constexpr std::string_view unseen =
      "rule unseen: when is_like and count(view, subject, 1d) < 1 then hold because \"{count(view, subject, 1d)}\"";
  constexpr std::string_view crowd =
      "rule crowd: when is_like and count(like, network, 1d) >= 3 then hold because \"{count(like, network, 1d)}\"";
  IntakeWorld world;
  for (const char* user : {"u1", "u2"}) world.say({{ActType::view, user, "v1"}});
  for (const std::string_view rules : {unseen, crowd}) world.change_rules(integrity::rules::ChangeKind::add, rules);
  world.change_rules(integrity::rules::ChangeKind::activate, unseen);
  world.like("u1", "v1");
  EXPECT_EQ(world.counts("v1").held, 0u) << "by the rules before: the journal is being read";
  world.judge->await_catch_up();
  // Others still, which read something else again: what was read for the first is taken over, and serves until then.
  world.change_rules(integrity::rules::ChangeKind::activate, crowd);
  world.change_rules(integrity::rules::ChangeKind::activate, unseen);
  world.like("u2", "v1");
  world.like("u2", "v2");
  EXPECT_TRUE(world.judge->status().caught_up);
  EXPECT_EQ(world.counts("v1").organic[0], 2u);
  EXPECT_EQ(world.counts("v2").held, 1u) << "nobody has seen it";
}

TEST(IntakeJudge, ACreatorHearsWhichRulesSaidSoInTheWordsTheyHadThen) {
  Watched world(touchy(1000));
  world.likes("u1", 5);
  world.likes("u2", 3);
  constexpr std::string_view later =
      "rule third: when is_like and count(like, actor, 1d) >= 2 then hold because \"{count(like, actor, 1d)} before\" "
      "zh \"此前{count(like, actor, 1d)}次\"";
  world.look();
  const auto first = world.view->of_subject("v2").value();
  ASSERT_EQ(first.rules.size(), 1u);
  EXPECT_EQ(first.rules[0].verdict, Verdict::held);
  EXPECT_EQ(first.rules[0].likes, 2u);
  EXPECT_EQ(first.rules[0].en, "third: 2");
  world.change_rules(integrity::rules::ChangeKind::add, later);
  world.change_rules(integrity::rules::ChangeKind::activate, later);
  world.likes("u3", 5);
  world.look();
  const auto rules = world.view->of_subject("v4").value().rules;
  ASSERT_EQ(rules.size(), 2u);
  EXPECT_EQ(rules[0].verdict, Verdict::held) << "by the later rules; the latest first where both were said once";
  EXPECT_EQ(rules[0].en, "third: 4 before");
  EXPECT_EQ(rules[0].zh, "third: 此前4次");
  EXPECT_EQ(rules[1].verdict, Verdict::rejected);
  EXPECT_EQ(rules[1].en, "fifth: 4 0");
  EXPECT_TRUE(world.view->of_subject("v0").value().rules.empty());
  world.view.reset();
  world.restart(false);
  world.watch();
  world.look();
  EXPECT_EQ(world.view->of_subject("v4").value().rules[1].en, "fifth: 4 0");
}

TEST(IntakeJudge, WhatIsStatedLaterIsToldOnlyThen) {
  IntakeSettings settings = touchy(1000);
  settings.delay_ms_max = 600'000;
  Watched world(settings);
  world.likes("u1", 3);
  world.look();
  EXPECT_TRUE(world.view->of_subject("v2").value().rules.empty());
  world.after(700 * us_per_second);
  world.look();
  const auto rules = world.view->of_subject("v2").value().rules;
  ASSERT_EQ(rules.size(), 1u);
  EXPECT_EQ(rules[0].en, "third: 2");
}

TEST(RuleVerdicts, MemoryHasLimits) {
  RuleVerdicts verdicts;
  const auto add = [&](std::uint32_t subject, std::uint32_t rule) {
    const engagement::Reason reason{static_cast<std::uint8_t>(integrity::IntakeReason::rule), rule};
    verdicts.add(subject, Verdict::held, {1}, {&reason, 1}, nullptr);
  };
  for (std::uint32_t rule = 0; rule < 20; ++rule) add(1, rule);
  ASSERT_EQ(verdicts.of(1).size(), RuleVerdicts::subject_lines_max);
  EXPECT_EQ(verdicts.of(1).front().en, "rule 00000013") << "the latest are kept";
  for (std::uint32_t subject = 2; subject <= RuleVerdicts::subjects_max; ++subject) add(subject, 7);
  EXPECT_FALSE(verdicts.of(1).empty());
  add(RuleVerdicts::subjects_max + 1, 7);
  EXPECT_TRUE(verdicts.of(1).empty());
  EXPECT_EQ(verdicts.of(2).size(), 1u);
  const engagement::Reason of_group{1, 0};
  verdicts.add(5'000'000, Verdict::rejected, {1}, {&of_group, 1}, nullptr);
  EXPECT_TRUE(verdicts.of(5'000'000).empty()) << "what groups said is told by their cases";
}

RC_GTEST_PROP(IntakeJudge, WhatIsKnownIsAFunctionOfTheJournalThroughDropsStopsAndCrashes, ()) {
  IntakeWorld world(touchy(*rc::gen::element<std::uint64_t>(0, 3, 20)));
  const auto steps = *rc::gen::inRange(1, 25);
  bool judged_by_less = false;
  for (int step = 0; step < steps; ++step) {
    const int what = *rc::gen::inRange(0, 12);
    if (what < 2) {
      world.restart(what == 0);
      judged_by_less |= !world.judge->status().caught_up;
      if (*rc::gen::arbitrary<bool>()) world.judge->await_catch_up();
    } else if (what == 2) {
      const Command erase{EraseUser{"u" + std::to_string(*rc::gen::inRange(0, 4))}};
      (void)world.core->commit({&erase, 1});
    } else if (what == 3) {
      storage::SimFaults full;
      full.bytes_max = world.disk->bytes_used();
      world.disk->set_faults(full);
      Command command{engagement::ActBatch{}};
      for (int i = 0; i < 1000; ++i)
        add(std::get<engagement::ActBatch>(command.body), world.core->secret(),
            {ActType::like, "new" + std::to_string(step * 1000 + i), "v1"});
      (void)world.core->commit({&command, 1});
      world.disk->set_faults({});
    } else {
      std::vector<Said> group(*rc::gen::inRange<std::size_t>(1, 6));
      for (Said& said : group) {
        said.type = *rc::gen::element(ActType::like, ActType::like, ActType::unlike, ActType::view, ActType::follow);
        said.actor = "u" + std::to_string(*rc::gen::inRange(0, 4));
        said.subject = "v" + std::to_string(*rc::gen::inRange(0, 5));
        said.creator = "c1";
        said.at_us = (1'600'000'000 + *rc::gen::inRange<std::int64_t>(1, 400'000)) * us_per_second;
        said.incentivised = *rc::gen::inRange(0, 6) == 0;
        said.device = *rc::gen::inRange<std::uint64_t>(0, 3);
      }
      world.say(group);
      judged_by_less |= !world.judge->status().caught_up;
    }
  }
  world.like("last", "v0");
  judged_by_less |= !world.judge->status().caught_up;
  world.judge->await_catch_up();
  const IntakeWorld::Again again = world.judge_again();
  const bool leaves_a_file = world.settings.catch_up_at_once_max < world.core->journal().last().value;
  // Where acts were judged by less than is known now, another judgement stands in the journal, and makes another credit.
  if (leaves_a_file && !judged_by_less) RC_ASSERT(IntakeWorld::state_of(world.file()) == again.state);
  if (!judged_by_less) RC_ASSERT(again.different == 0u);
}

}  // namespace
}  // namespace zan::engine
