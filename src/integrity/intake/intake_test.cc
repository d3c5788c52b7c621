#include "integrity/intake/intake.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "integrity/intake/sim_intake.h"

namespace zan::integrity {
namespace {

using engagement::ActType;
using engagement::Judgement;
using engagement::Verdict;

Judgement judge(Intake& intake, const SimAct& act) {
  return intake.judge(recorded(act));
}

std::string said_of(const Judgement& judgement, const Intake& intake) {
  std::string all;
  for (const std::string& text : reason_texts(std::span(judgement.reasons).first(judgement.reason_count),
                                              intake.ruleset().get(), rules::Language::english))
    all += text + "\n";
  return all;
}

TEST(IntakeRules, WhatDoesNotCompileOrFailsItsTestsIsRefusedWithPlaces) {
  const auto unknown = load_intake_rules("rule a: when account_agee > 1d then hold because \"x\"");
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().kind, ErrorKind::invalid);
  EXPECT_NE(unknown.error().message.find("1:14: error: an unknown name; found \"account_agee\""), std::string::npos)
      << unknown.error().message;
  const auto failing =
      load_intake_rules("rule a: when is_like then hold because \"x\"\ntest a: given is_like = true expect reject\n");
  ASSERT_FALSE(failing.ok());
  EXPECT_EQ(failing.error().kind, ErrorKind::refused);
  EXPECT_NE(failing.error().message.find("test a: expected reject, got hold"), std::string::npos);
  const auto no_such_counter =
      load_intake_rules("rule a: when count(like, actor, device, 1m) > 1 then hold because \"\"");
  EXPECT_FALSE(no_such_counter.ok());
}

TEST(IntakeRules, TheCatalogueIsSoundAndLeadsToFeaturesThatExist) {
  const rules::Catalogue& catalogue = intake_catalogue();
  ASSERT_TRUE(check_catalogue(catalogue).ok());
  for (std::uint16_t i = 0; i < catalogue.counters.size(); ++i)
    for (std::size_t window = 0; window < rules::window_count; ++window) {
      if ((catalogue.counters[i].windows >> window & 1) == 0) continue;
      const rules::FeatureRef ref{true, i, static_cast<rules::Window>(window)};
      const auto text = describe(place_of(ref).id);
      ASSERT_TRUE(text.has_value()) << to_text(catalogue, ref);
      // The features' own name of it, but for the form of a pair.
      std::string name = rules::to_text(catalogue, ref);
      const bool pair = std::popcount(catalogue.counters[i].keys) == 2;
      if (!pair) {
        EXPECT_EQ(text->name, name);
      }
    }
  for (std::uint16_t i = 0; i < catalogue.features.size(); ++i) {
    const InputPlace place = place_of({false, i, rules::Window::m1});
    if (place.from == IntakeInput::feature) {
      EXPECT_TRUE(describe(place.id).has_value());
    }
  }
}

TEST(IntakeRules, WhatShipsCompilesPassesItsTestsAndIsCheap) {
  const auto rules = load_intake_rules(default_rules);
  ASSERT_TRUE(rules.ok()) << rules.error().message;
  EXPECT_GE((*rules)->tests.size(), (*rules)->program.rules().size());
  EXPECT_LT((*rules)->program.cost(), 250u);
}

TEST(Intake, OnlyOrganicLikesDislikesAndFollowsAreJudged) {
  const auto intake = make_intake("rule all: when observed >= 0s then reject because \"\"");
  for (const ActType type : {ActType::like, ActType::dislike, ActType::follow}) {
    EXPECT_EQ(judge(*intake, {.type = type}).verdict, Verdict::rejected);
    EXPECT_FALSE(judge(*intake, {.type = type, .incentivised = true}).judged);
  }
  for (const ActType type : {ActType::unlike, ActType::unfollow, ActType::view, ActType::complete, ActType::comment,
                             ActType::share, ActType::profile_visit})
    EXPECT_EQ(judge(*intake, {.type = type}), Judgement{});
}

TEST(Intake, WhatIsPaidForIsNoInputOfWhatIsOrganic) {
  const auto intake = make_intake("rule r: when count(like, actor, 1d) >= 1 then hold because \"\"");
  const Bytes before = saved(*intake);
  for (int i = 0; i < 10; ++i) (void)judge(*intake, {.incentivised = true});
  EXPECT_EQ(saved(*intake), before);
  EXPECT_EQ(judge(*intake, {}).verdict, Verdict::genuine);
  EXPECT_EQ(judge(*intake, {.subject = 1001}).verdict, Verdict::held);
}

TEST(Intake, APaceThatNoHandReachesIsHeldThenRejectedWithItsNumbers) {
  const auto intake = make_intake();
  std::array<int, 3> verdicts{};
  Judgement last;
  for (std::uint32_t i = 0; i < 610; ++i) {
    last = judge(*intake, {.subject = 1000 + i, .device = 7});
    ++verdicts[static_cast<std::size_t>(last.verdict)];
  }
  EXPECT_EQ(verdicts, (std::array{300, 300, 10}));
  EXPECT_EQ(said_of(last, *intake),
            "inhuman_pace: 609 likes of this account within a minute\n"
            "hurried_pace: 609 likes of this account within a minute\n");
  EXPECT_LE(last.quality, 10);
  // Another account, and the same one an hour later, are people again.
  EXPECT_EQ(judge(*intake, {.actor = 2, .device = 7}).verdict, Verdict::genuine);
  EXPECT_EQ(judge(*intake, {.subject = 5000, .at_s = 1'700'003'700, .device = 7}).verdict, Verdict::genuine);
}

TEST(Intake, WhatNamesNoDeviceHasNoPaceOfAHand) {
  const auto intake = make_intake();
  for (std::uint32_t i = 0; i < 1000; ++i) ASSERT_EQ(judge(*intake, {.subject = 1000 + i}).verdict, Verdict::genuine);
}

TEST(Intake, ManyAccountsOfOneDeviceOnOneWorkAreHeldAFamilyIsNot) {
  const auto intake = make_intake();
  for (std::uint32_t i = 0; i < 6; ++i)
    EXPECT_EQ(judge(*intake, {.actor = 10 + i, .device = 77}).verdict, Verdict::genuine);
  std::array<int, 3> verdicts{};
  for (std::uint32_t i = 6; i < 40; ++i)
    ++verdicts[static_cast<std::size_t>(judge(*intake, {.actor = 10 + i, .device = 77}).verdict)];
  EXPECT_EQ(verdicts[0], 3);
  EXPECT_GE(verdicts[2], 5);
  // A class behind one address with phones of their own.
  for (std::uint32_t i = 0; i < 60; ++i)
    EXPECT_EQ(judge(*intake, {.actor = 200 + i, .subject = 2000, .device = 1000 + i, .network = 9}).verdict,
              Verdict::genuine);
}

TEST(Intake, FreshAccountsAreNothingSpecialWhereNobodyIsKnownYet) {
  const auto rush = [](std::int64_t at_s) {
    const auto intake = make_intake();
    (void)judge(*intake, {.actor = 5000, .subject = 1});
    int held = 0;
    for (std::uint32_t i = 0; i < 8; ++i)
      held +=
          judge(*intake, {.actor = 10 + i, .at_s = 1'700'000'000 + at_s + i, .device = 77}).verdict == Verdict::held;
    return held;
  };
  EXPECT_EQ(rush(3600), 0);
  EXPECT_GT(rush(3 * 86'400), 2);
}

TEST(Intake, WhatWasFoundOutOfAnAccountCountsUntilItIsTakenBack) {
  const auto intake = make_intake();
  std::vector<SimAct> likes;
  for (std::uint32_t i = 0; i < 12; ++i) likes.push_back({.subject = 1000 + i, .at_s = 1'700'000'000 + i * 60});
  for (const SimAct& like : likes) EXPECT_EQ(judge(*intake, like).verdict, Verdict::genuine);
  const SimAct next{.subject = 2000, .at_s = 1'700'010'000};
  const std::uint8_t before = judge(*intake, next).quality;
  for (const SimAct& like : likes) intake->corrected(found_out(like, Verdict::genuine, Verdict::rejected));
  const Judgement judgement = judge(*intake, {.subject = 2001, .at_s = 1'700'010'001});
  EXPECT_EQ(judgement.verdict, Verdict::held);
  EXPECT_LT(judgement.quality, before);
  EXPECT_EQ(said_of(judgement, *intake), "known_for_fakes: 12 of this account's 13 likes were rejected\n");
  for (const SimAct& like : likes) intake->corrected(found_out(like, Verdict::rejected, Verdict::genuine));
  EXPECT_EQ(judge(*intake, {.subject = 2002, .at_s = 1'700'010'002}).verdict, Verdict::genuine);
}

TEST(Intake, QualityIsWatchingAccountAndWhatIsNotKnown) {
  const auto intake = make_intake("");
  // 10 of 40 for an account without history, half of what cannot be known.
  EXPECT_EQ(judge(*intake, {}).quality, 20 + 10 + 10);
  EXPECT_EQ(judge(*intake, {.actor = 2, .watch_ms = 10'000, .duration_ms = 10'000}).quality, 40 + 10 + 10);
  (void)judge(*intake, {.actor = 3, .type = ActType::view, .watch_ms = 15'000, .duration_ms = 20'000});
  EXPECT_EQ(judge(*intake, {.actor = 3, .duration_ms = 20'000}).quality, 30 + 10 + 10);
  // Its views are known, and this work is not among them.
  EXPECT_LT(judge(*intake, {.actor = 3, .subject = 2000}).quality, 30);
  for (std::uint32_t i = 0; i < 30; ++i) (void)judge(*intake, {.actor = 100 + i, .subject = 3000 + i, .device = 5});
  EXPECT_LT(judge(*intake, {.actor = 140, .device = 5}).quality, 35);
}

TEST(Intake, ScoresOfRulesMoveTheQualityWithinItsBounds) {
  const auto intake = make_intake(
      "rule good: when watch > 1s then score +500 because \"\"\n"
      "rule bad: when watch < 1s then score -500 because \"\"");
  EXPECT_EQ(judge(*intake, {.watch_ms = 2000}).quality, 100);
  EXPECT_EQ(judge(*intake, {.subject = 1001}).quality, 0);
}

model::Model model_of(std::string feature, float margin) {
  model::Model model;
  model.features = {std::move(feature)};
  model.trees = {{{.is_leaf = true, .value = margin}}};
  model.calibration = {{-1, 0.0F}, {1, 1.0F}};
  model.hold_margin = 0.5F;
  return model;
}

TEST(Intake, AModelHoldsAndNeverRejectsAndARuleCanProtectFromIt) {
  const model::Model sure = model_of("account_likes", 1), unsure = model_of("account_likes", 0);
  const auto strict = make_intake("rule vip: when has_device then allow because \"\"", small_intake(), &sure);
  const Judgement judgement = judge(*strict, {});
  EXPECT_EQ(judgement.verdict, Verdict::held);
  EXPECT_EQ(said_of(judgement, *strict), "the model: 100.0 % likely a fake\n");
  EXPECT_EQ(judge(*strict, {.device = 1}).verdict, Verdict::genuine);
  const auto lenient = make_intake("", small_intake(), &unsure);
  EXPECT_EQ(judge(*lenient, {}).verdict, Verdict::genuine);
  // Of what it was not trained on it is not asked; and one that may not hold does not.
  EXPECT_EQ(judge(*strict, {.type = engagement::ActType::dislike}).verdict, Verdict::genuine);
  EXPECT_EQ(judge(*strict, {.type = engagement::ActType::follow}).verdict, Verdict::genuine);
  model::Model silent = sure;
  silent.hold_margin.reset();
  EXPECT_EQ(judge(*make_intake("", small_intake(), &silent), {}).verdict, Verdict::genuine);
  const model::Model strange = model_of("likes_of_the_moon", 1);
  const auto refused = Intake::make(default_rules, &strange, small_intake());
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().message, "the model reads a feature that is not there: likes_of_the_moon");
}

TEST(Intake, ReasonsThatHaveNoRoomAreLeftOut) {
  std::string text;
  for (int i = 0; i < 4; ++i)
    text += "rule r" + std::to_string(i) + ": when is_like then hold because \"{account_likes} {account_age}\"\n";
  const auto intake = make_intake(text);
  const Judgement judgement = judge(*intake, {});
  EXPECT_EQ(judgement.reason_count, engagement::reasons_max);
  EXPECT_EQ(said_of(judgement, *intake), "r0: 0 0s\nr1 0\n");
}

TEST(Intake, ADelayedVerdictStandsInTheReasonsAndIsTheSameEachTime) {
  IntakeOptions options = small_intake();
  options.delay_ms_max = 3'600'000;
  const std::string_view rules = "rule all: when is_like then reject because \"{account_likes}\"";
  const auto first = make_intake(rules, options), again = make_intake(rules, options);
  std::set<std::int64_t> whiles;
  for (std::uint32_t i = 0; i < 50; ++i) {
    const Judgement judgement = judge(*first, {.actor = 1 + i});
    EXPECT_EQ(judgement.verdict, Verdict::genuine);
    EXPECT_GT(judgement.quality, 10);
    const auto delayed = delayed_of(judgement);
    ASSERT_TRUE(delayed.has_value());
    EXPECT_EQ(delayed->verdict, Verdict::rejected);
    EXPECT_GT(delayed->after_us, 0);
    EXPECT_LE(delayed->after_us, 3600 * us_per_second);
    whiles.insert(delayed->after_us);
    EXPECT_EQ(judge(*again, {.actor = 1 + i}), judgement);
    engagement::LateVerdict late;
    add_delayed_reasons(late, judgement);
    EXPECT_EQ(late.reason_count, 2);
    EXPECT_EQ(late.reasons[0].code, static_cast<std::uint8_t>(IntakeReason::rule));
  }
  EXPECT_GT(whiles.size(), 30u);
  options.delay_key[0] ^= 1;
  const auto other = make_intake(rules, options);
  EXPECT_NE(judge(*other, {}), judge(*make_intake(rules, options = small_intake()), {}));
}

TEST(Intake, ARuleMayAskForADelayOfItsOwn) {
  const auto intake = make_intake("rule r: when is_like then hold enforce after random(10s .. 20s) because \"\"");
  const auto delayed = delayed_of(judge(*intake, {}));
  ASSERT_TRUE(delayed.has_value());
  EXPECT_GE(delayed->after_us, 10 * us_per_second);
  EXPECT_LE(delayed->after_us, 20 * us_per_second);
}

TEST(Intake, OfAnErasedPersonNothingIsKept) {
  const auto intake = make_intake(), never = make_intake();
  const SimAct like{.actor = 5, .subject = 0, .creator = 0};
  for (int i = 0; i < 70; ++i) (void)judge(*intake, like);
  EXPECT_NE(saved(*intake), saved(*never));
  intake->erased({5});
  (void)never->judge(recorded({.actor = 6, .incentivised = true}));
  const Judgement after = judge(*intake, {.actor = 5, .at_s = 1'700'000'010});
  EXPECT_EQ(after.verdict, Verdict::genuine);
  EXPECT_EQ(after.quality, judge(*never, {.actor = 5, .at_s = 1'700'000'010}).quality);
}

TEST(Intake, DamagedForeignAndOtherStateIsRefusedAndNothingIsLost) {
  const auto intake = make_intake();
  for (std::uint32_t i = 0; i < 100; ++i) (void)judge(*intake, {.actor = 1 + i, .device = i % 7 + 1});
  const Bytes good = saved(*intake);
  for (std::size_t at = 0; at < good.size(); at += 97) {
    Bytes bad = good;
    bad[at] ^= std::byte{1};
    EXPECT_FALSE(intake->load(bad).ok()) << at;
  }
  EXPECT_FALSE(intake->load(ByteSpan(good).first(good.size() / 2)).ok());
  EXPECT_FALSE(intake->load({}).ok());
  const auto larger = make_intake(default_rules, small_intake(9000));
  EXPECT_EQ(larger->load(good).error().kind, ErrorKind::invalid);
  EXPECT_EQ(saved(*intake), good);
  EXPECT_TRUE(intake->load(good).ok());
  EXPECT_EQ(saved(*intake), good);
}

TEST(Intake, AFloodOfDevicesTakesNoMemoryAndForgetsDevicesAlone) {
  const auto intake = make_intake();
  for (std::uint32_t i = 0; i < 299; ++i) (void)judge(*intake, {.actor = 5, .subject = 1000 + i, .device = 70'000});
  const std::uint64_t bytes = intake->bytes();
  for (std::uint32_t i = 0; i < 60'000; ++i) (void)judge(*intake, {.actor = 6, .subject = 900, .device = 1 + i});
  EXPECT_EQ(intake->bytes(), bytes);
  EXPECT_EQ(judge(*intake, {.actor = 5, .subject = 5000, .device = 70'000}).verdict, Verdict::genuine);
  EXPECT_EQ(judge(*intake, {.actor = 5, .subject = 5001, .device = 70'000}).verdict, Verdict::held);
}

// --- the same acts give the same, whatever happened between ---

SimAct any_act() {
  SimAct act;
  act.actor = *rc::gen::inRange<std::uint32_t>(1, 8);
  act.subject = *rc::gen::inRange<std::uint32_t>(1000, 1006);
  act.creator = *rc::gen::inRange<std::uint32_t>(0, 3);
  // Backwards as well as forwards.
  act.at_s = 1'700'000'000 + *rc::gen::inRange<std::int64_t>(0, 400'000);
  act.device = *rc::gen::inRange<std::uint64_t>(0, 4);
  act.network = *rc::gen::inRange<std::uint64_t>(0, 3);
  act.type = *rc::gen::element(ActType::like, ActType::like, ActType::like, ActType::view, ActType::follow,
                               ActType::dislike, ActType::unlike, ActType::comment);
  act.incentivised = *rc::gen::inRange(0, 10) == 0;
  act.watch_ms = *rc::gen::inRange<std::uint32_t>(0, 3) * 9000;
  return act;
}

constexpr std::string_view touchy_rules = R"(
rule few: when count(like, actor, 1d) >= 2 then hold because "{count(like, actor, 1d)}"
rule more: when count(like, device, subject, 7d) >= 2 and account_rejected >= 1 then reject because "{account_likes}"
rule slow: when distinct(actor, device, 1d) >= 3 then hold enforce after random(1s .. 9m) because "{account_age}"
)";

RC_GTEST_PROP(Intake, JudgedLiveIsJudgedAgainAcrossSnapshotsAndTimeGoingBackwards, ()) {
  const auto live = make_intake(touchy_rules), again = make_intake(touchy_rules);
  auto follower = make_intake(touchy_rules);
  const auto groups = *rc::gen::inRange(1, 12);
  for (int group = 0; group < groups; ++group) {
    const auto count = *rc::gen::inRange(1, 8);
    for (int i = 0; i < count; ++i) {
      const SimAct said = any_act();
      engagement::RecordedAct act = recorded(said);
      const int what = *rc::gen::inRange(0, 12);
      if (what == 0) live->erased(act.actor);
      if (what == 1) live->corrected(found_out(said, Verdict::genuine, Verdict::rejected));
      act.judgement = live->judge(act);
      if (what == 0) again->erased(act.actor), follower->erased(act.actor);
      const auto record = found_out(said, Verdict::genuine, Verdict::rejected);
      if (what == 1) again->corrected(record), follower->corrected(record);
      RC_ASSERT(again->judge(act) == act.judgement);
      follower->observe(act);
    }
    RC_ASSERT(saved(*live) == saved(*again));
    RC_ASSERT(saved(*live) == saved(*follower));
    if (*rc::gen::inRange(0, 3) == 0) {
      const Bytes bytes = saved(*follower);
      follower = make_intake(touchy_rules);
      RC_ASSERT(follower->load(bytes).ok());
      RC_ASSERT(live->load(bytes).ok());
    }
  }
}

}  // namespace
}  // namespace zan::integrity
