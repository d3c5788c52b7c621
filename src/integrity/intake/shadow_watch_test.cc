#include "integrity/intake/shadow_watch.h"

#include <gtest/gtest.h>

#include "integrity/intake/sim_intake.h"

namespace zan::integrity {
namespace {

using engagement::ActType;
using engagement::RecordedAct;
using engagement::Verdict;

constexpr std::string_view two_rules =
    "rule fast: when is_like and count(like, actor, 1m) >= 2 then hold because \"{count(like, actor, 1m)}\"\n"
    "rule on_device: when has_device then score +1 because \"d\"\n";

struct Watched {
  std::unique_ptr<Intake> intake = make_intake("");
  std::shared_ptr<const rules::Ruleset> ruleset = *load_intake_rules(two_rules);
  Onlooker onlooker{ruleset};
  ShadowWatch watch;
  explicit Watched(std::size_t acts_max = watched_acts_max) : watch(ruleset, acts_max) {}

  void say(const SimAct& said, Verdict then = Verdict::genuine) {
    RecordedAct act = recorded(said);
    act.judgement.judged = true;
    act.judgement.verdict = then;
    watch.judged(act, intake->look(onlooker, act));
    intake->observe(act);
  }
};

SimAct like(std::uint32_t subject, std::int64_t after_s = 0) {
  return {.actor = 7, .subject = subject, .at_s = 1'700'000'000 + after_s, .device = subject % 2};
}

TEST(ShadowWatch, CountsWhatWouldHaveBeenDecidedBesideWhatWas) {
  Watched watched;
  for (std::uint32_t i = 0; i < 5; ++i) watched.say(like(i), i == 4 ? Verdict::rejected : Verdict::genuine);
  const rules::ShadowTally& tally = watched.watch.tally();
  EXPECT_EQ(tally.acts, 5u);
  EXPECT_EQ(tally.live_flagged, 1u);
  EXPECT_EQ(tally.shadow_flagged, 3u);
  EXPECT_EQ(tally.both_flagged, 1u);
  EXPECT_EQ(tally.fake, 1u);
  EXPECT_EQ(tally.genuine, 4u);
  EXPECT_EQ(tally.decision, (rules::RuleTally{3, 1, 1, 2}));
  EXPECT_EQ(tally.rules[0], (rules::RuleTally{3, 1, 1, 2}));
  EXPECT_EQ(tally.rules[1], (rules::RuleTally{2, 0, 0, 2}));
}

TEST(ShadowWatch, ALaterVerdictMovesItsActAlone) {
  Watched watched;
  for (std::uint32_t i = 0; i < 4; ++i) watched.say(like(i));
  watched.watch.corrected(found_out(like(3), Verdict::genuine, Verdict::rejected));
  EXPECT_EQ(watched.watch.tally().decision, (rules::RuleTally{2, 0, 1, 1}));
  EXPECT_EQ(precision(watched.watch.tally().decision), 0.5);
  EXPECT_EQ(recall(watched.watch.tally().decision, watched.watch.tally()), 1.0);
  watched.watch.corrected(found_out(like(3), Verdict::rejected, Verdict::held));
  EXPECT_EQ(watched.watch.tally().fake, 0u);
  EXPECT_EQ(watched.watch.tally().genuine, 3u);
  watched.watch.corrected(found_out(like(3), Verdict::held, Verdict::genuine));
  EXPECT_EQ(watched.watch.tally().genuine, 4u);
  EXPECT_EQ(watched.watch.tally().decision, (rules::RuleTally{2, 0, 0, 2}));
  // Of an act that was not counted: before the rules came into the shadow.
  watched.watch.corrected(found_out(like(99), Verdict::genuine, Verdict::rejected));
  EXPECT_EQ(watched.watch.tally().fake, 0u);
}

TEST(ShadowWatch, RemembersTheLatestActsAndSaysHowManyItForgot) {
  Watched watched(3);
  for (std::uint32_t i = 0; i < 5; ++i) watched.say(like(i));
  EXPECT_EQ(watched.watch.forgotten(), 2u);
  watched.watch.corrected(found_out(like(1), Verdict::genuine, Verdict::rejected));
  EXPECT_EQ(watched.watch.tally().fake, 0u);
  watched.watch.corrected(found_out(like(2), Verdict::genuine, Verdict::rejected));
  EXPECT_EQ(watched.watch.tally().fake, 1u);
  EXPECT_EQ(watched.watch.tally().acts, 5u);
}

TEST(ShadowWatch, TheSameActTwiceIsRememberedOnce) {
  Watched watched(2);
  for (int i = 0; i < 50; ++i) watched.say(like(1));
  EXPECT_EQ(watched.watch.forgotten(), 0u);
  EXPECT_EQ(watched.watch.tally().acts, 50u);
}

TEST(Onlooker, SaysWhatAnIntakeWithItsRulesWouldSay) {
  const auto judge = make_intake(two_rules);
  Watched watched;
  for (std::uint32_t i = 0; i < 200; ++i) {
    const RecordedAct act = recorded({.actor = 1 + i % 7,
                                      .subject = i % 11,
                                      .at_s = 1'700'000'000 + i * 5,
                                      .device = i % 3,
                                      .type = i % 5 == 0 ? ActType::follow : ActType::like,
                                      .creator = 1 + i % 4});
    const rules::Verdict seen = watched.intake->look(watched.onlooker, act);
    RecordedAct judged = act;
    const auto weighed = judge->weigh(act);
    judged.judgement = judge->judge(act);
    EXPECT_EQ(weighed, judged.judgement);
    EXPECT_EQ(seen.action == rules::Action::hold, judged.judgement.verdict == Verdict::held) << i;
    watched.intake->observe(judged);
  }
  EXPECT_EQ(saved(*judge), saved(*watched.intake));
}

}  // namespace
}  // namespace zan::integrity
