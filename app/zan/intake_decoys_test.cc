// What the rules that ship do to people who only look like an attack: nearly nothing. Streams with labels from the red team.
#include <gtest/gtest.h>

#include "integrity/integrity.h"
#include "simulation/simulation.h"

namespace zan::app {
namespace {

using engagement::ActType;
using engagement::Verdict;

ActType type_of(simulation::Type type) {
  switch (type) {
    case simulation::Type::like:
      return ActType::like;
    case simulation::Type::view:
      return ActType::view;
    case simulation::Type::follow:
      return ActType::follow;
    case simulation::Type::comment:
      return ActType::comment;
    case simulation::Type::share:
      break;
  }
  return ActType::share;
}

struct Outcome {
  std::uint64_t genuine_likes = 0, genuine_flagged = 0, decoy_likes = 0, decoy_flagged = 0, fakes_flagged = 0;
};

// `known_for_days`: since when the server counted, while all accounts of the stream are new: the worst case for people.
Outcome judge_stream(const char* scenario_name, std::uint64_t seed, bool likes_only, std::int64_t known_for_days) {
  simulation::Community community{.seed = seed, .likes = 60'000, .likes_only = likes_only};
  const auto scenario = simulation::make_scenario(scenario_name, community).value();
  const simulation::Stream stream = simulation::generate(scenario).value();
  const auto intake =
      integrity::Intake::make(integrity::default_rules, nullptr, integrity::IntakeOptions::for_folder({1}, 100'000))
          .value();
  engagement::RecordedAct first;
  first.actor = {1};
  first.subject = {2};
  first.at = {stream.start.us - known_for_days * us_per_day};
  (void)intake->judge(first);
  Outcome outcome;
  for (const simulation::Event& event : stream.events) {
    engagement::RecordedAct act;
    act.type = type_of(event.type);
    act.actor = {10 + event.actor};
    act.subject = {50'000'000 + event.subject};
    act.creator = {70'000'000 + stream.works[event.subject].creator};
    act.device = mix64(std::uint64_t{event.device} + 1);
    act.network = mix64((std::uint64_t{1} << 40) + event.network);
    act.at = stream.at(event);
    const bool flagged = intake->judge(act).verdict != Verdict::genuine;
    if (act.type != ActType::like) continue;
    const simulation::Role role = stream.label(event).role;
    if (simulation::is_fake(role)) {
      outcome.fakes_flagged += flagged ? 1 : 0;
      continue;
    }
    ++outcome.genuine_likes;
    outcome.genuine_flagged += flagged ? 1 : 0;
    outcome.decoy_likes += role == simulation::Role::decoy ? 1 : 0;
    outcome.decoy_flagged += role == simulation::Role::decoy && flagged ? 1 : 0;
  }
  return outcome;
}

TEST(IntakeDecoys, AtMostOneInAThousandOfTheirLikes) {
  for (const std::int64_t known_for_days : {0, 3}) {
    const Outcome outcome = judge_stream("decoys_only", 901, known_for_days == 0, known_for_days);
    ASSERT_GT(outcome.decoy_likes, 5000u);
    EXPECT_LE(outcome.decoy_flagged * 1000, outcome.decoy_likes);
    EXPECT_LE(outcome.genuine_flagged * 1000, outcome.genuine_likes);
  }
}

TEST(IntakeDecoys, OfAttacksTheyFindWhatIsPlainAndHarmNobodyBeside) {
  const Outcome outcome = judge_stream("day", 902, true, 3);
  EXPECT_GT(outcome.fakes_flagged, 0u);
  EXPECT_LE(outcome.genuine_flagged * 1000, outcome.genuine_likes);
  EXPECT_LE(outcome.decoy_flagged * 1000, outcome.decoy_likes);
}

}  // namespace
}  // namespace zan::app
