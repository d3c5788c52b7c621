// What a group of accounts that move together is: an attack, or people with a reason (fans, a class, an audience that was
// sent somewhere). People who meet over something are otherwise as different as people are; accounts that one hand moves are
// alike also in the rest.
//
// Boosted trees over the measures below (Friedman 2001), monotone where the meaning is: less spread and deviation of what the members
// like beside the targets, more targets, more accounts a device, less human hours, more first likes on targets never speak for people. All
// other measures may speak either way. docs/integrity.md says what they were trained and tested on.
//
// Threads: any; pure.
#pragma once

#include <array>
#include <cstdint>

namespace zan::integrity {

struct GroupMeasures {
  double members = 0, targets = 0;
  double participation = 0;                             // share of the targets that a member likes
  double share = 0;                                     // of a member's likes that go to targets, median
  double other_median = 0;                              // likes of a member beside the targets
  double other_spread = 0;                              // interquartile range of ln(1 + those)
  double other_deviation = 0;                           // and their standard deviation
  double population_median = 0, population_spread = 0;  // the same of accounts in general
  double population_deviation = 0;
  double target_span_s = 0;         // interquartile range of the members' likes on one target, median over targets
  double target_age_s = 0;          // from a target's first like to the members' median like, median over targets
  double outsiders = 0;             // share of the likes of the targets that are not the group's
  double accounts_per_device = 0;   // median over members
  double accounts_per_network = 0;  // members on a member's network, median
  double first_like_on_target = 0;  // share of members whose first like was on a target
  double rhythm = 0;                // nats by which the group's hours are more (less) usual than people's in general
  double session = 0, population_session = 0;  // share of likes within ten minutes after another of the same account
  double order = 0;  // how often two members liked two targets in the same order; one half is no order
};

// Points (log odds) for an attack: above confirm_points a group is confirmed, below release_points a confirmed one waits again.
double weigh_group(const GroupMeasures& measures);
inline constexpr double confirm_points = 1.5;
// The same of a group that is no more than chance could bring together in so many accounts: others share its works, too.
inline constexpr double confirm_alone_points = 4;
inline constexpr double release_points = 0;

// What speaks most for and against, for people: how many points the group would lose (gain) if it were as people in general are in this.
enum class GroupTrait : std::uint8_t { alike, devices, targets, share, timing, order, rhythm, networks, first_like };
inline constexpr std::size_t group_trait_count = 9;
struct TraitPoints {
  GroupTrait trait = GroupTrait::alike;
  double points = 0;
};
// Strongest first.
std::array<TraitPoints, group_trait_count> explain_group(const GroupMeasures& measures);

}  // namespace zan::integrity
