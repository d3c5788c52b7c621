#include "integrity/group_evidence.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

namespace zan::integrity {
namespace {

double share() {
  return *rc::gen::inRange(0, 1001) / 1000.0;
}
// Up to `most`, small numbers as often as large ones.
double wide(double most) {
  return std::expm1(share() * std::log1p(most));
}

GroupMeasures any_group() {
  GroupMeasures group;
  group.members = std::floor(3 + wide(1e5));
  group.targets = std::floor(3 + wide(1e3));
  group.participation = share();
  group.share = share();
  group.other_median = wide(1e4);
  group.other_spread = share() * 4;
  group.other_deviation = share() * 3;
  group.population_median = wide(1e3);
  group.population_spread = share() * 3;
  group.population_deviation = share() * 3;
  group.target_span_s = wide(1e7);
  group.target_age_s = wide(1e7);
  group.outsiders = share();
  group.accounts_per_device = wide(64);
  group.accounts_per_network = wide(64);
  group.first_like_on_target = share();
  group.rhythm = share() * 2 - 1.5;
  group.session = share();
  group.population_session = share();
  group.order = share();
  return group;
}

// Changes one measure of a group in the direction that may not lower the points.
using Worsen = void (*)(GroupMeasures&, double);
void never_lowers(Worsen worsen) {
  GroupMeasures group = any_group();
  const double before = weigh_group(group);
  worsen(group, share());
  RC_ASSERT(weigh_group(group) >= before - 1e-9);
}

RC_GTEST_PROP(GroupEvidence, MoreAlikeInSpreadNeverLowersIt, ()) {
  never_lowers([](GroupMeasures& group, double by) { group.other_spread *= by; });
}
RC_GTEST_PROP(GroupEvidence, MoreAlikeInDeviationNeverLowersIt, ()) {
  never_lowers([](GroupMeasures& group, double by) { group.other_deviation *= by; });
}
RC_GTEST_PROP(GroupEvidence, MoreTargetsNeverLowerIt, ()) {
  never_lowers([](GroupMeasures& group, double by) { group.targets *= 1 + 9 * by; });
}
RC_GTEST_PROP(GroupEvidence, MoreAccountsADeviceNeverLowerIt, ()) {
  never_lowers([](GroupMeasures& group, double by) { group.accounts_per_device *= 1 + 9 * by; });
}
RC_GTEST_PROP(GroupEvidence, LessHumanHoursNeverLowerIt, ()) {
  never_lowers([](GroupMeasures& group, double by) { group.rhythm -= by; });
}

RC_GTEST_PROP(GroupEvidence, MoreFirstLikesOnTargetsNeverLowerIt, ()) {
  never_lowers(
      [](GroupMeasures& group, double by) { group.first_like_on_target += (1 - group.first_like_on_target) * by; });
}

RC_GTEST_PROP(GroupEvidence, TheReasonsAreSortedAndWhatTheyCost, ()) {
  const GroupMeasures group = any_group();
  const auto traits = explain_group(group);
  std::uint32_t seen = 0;
  for (std::size_t i = 0; i < traits.size(); ++i) {
    RC_ASSERT(std::isfinite(traits[i].points));
    if (i != 0) RC_ASSERT(std::abs(traits[i - 1].points) >= std::abs(traits[i].points));
    seen |= 1u << static_cast<unsigned>(traits[i].trait);
    if (traits[i].trait != GroupTrait::devices) continue;
    GroupMeasures alone = group;
    alone.accounts_per_device = 1;
    RC_ASSERT(std::abs(weigh_group(group) - weigh_group(alone) - traits[i].points) < 1e-9);
  }
  RC_ASSERT(seen == (1u << group_trait_count) - 1);
}

// Nothing measured, no spread, a population of one: still a number.
TEST(GroupEvidence, DegenerateGroupsHavePoints) {
  EXPECT_TRUE(std::isfinite(weigh_group({})));
  for (const double value : {0.0, 1.0, 1e300}) {
    GroupMeasures group;
    for (double* measure : {&group.members,
                            &group.targets,
                            &group.participation,
                            &group.share,
                            &group.other_median,
                            &group.other_spread,
                            &group.other_deviation,
                            &group.population_median,
                            &group.population_spread,
                            &group.population_deviation,
                            &group.target_span_s,
                            &group.target_age_s,
                            &group.outsiders,
                            &group.accounts_per_device,
                            &group.accounts_per_network,
                            &group.first_like_on_target,
                            &group.rhythm,
                            &group.session,
                            &group.population_session,
                            &group.order})
      *measure = value;
    EXPECT_TRUE(std::isfinite(weigh_group(group)));
    for (const TraitPoints& trait : explain_group(group)) EXPECT_TRUE(std::isfinite(trait.points));
  }
}

TEST(GroupEvidence, ConfirmingTakesMoreThanKeeping) {
  EXPECT_GT(confirm_points, release_points);
}

}  // namespace
}  // namespace zan::integrity
