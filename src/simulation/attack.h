// What an attack or a decoy is made of, and how it is written on a command line:
//
//   burst:groups=5,accounts=200,targets=12,camouflage=0.05
//
// A family's name, and whatever differs from that family's usual values. All families understand all parameters; those that
// mean nothing to one are ignored by it. A decoy is given in the same way, and is genuine.
//
// Threads: plain values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "simulation/label.h"

namespace zan::simulation {

enum class Churn : std::uint8_t { none, session, like };                   // a new device for each
enum class Networks : std::uint8_t { ordinary, pool, room, residential };  // where attackers' accounts are

struct Attack {
  Family family = Family::burst;
  std::uint32_t groups = 1;      // separate instances
  std::uint32_t accounts = 100;  // of each group
  std::uint32_t targets = 10;    // works of each group
  std::uint32_t per_device = 1;  // accounts a device
  double participation = 0.9;    // share of the targets that a member likes
  double camouflage = 0;         // innocent likes for each fake one
  double copied = 0;             // share of the camouflage that repeats likes of genuine accounts; else by taste
  double hijacked = 0;           // share of members who are genuine accounts with owners
  double human_rhythm = 0;       // share of fake likes at moments of a genuine account
  double overlap = 0;            // share of members and targets shared with the group before
  double window_s = 120;         // from a target's first fake like to its last, for those that strike together
  double start_h = -1;           // after the start of the stream; below zero: drawn
  double duration_h = 24;        // the targets lie within it
  double warm_up_days = 0;       // of innocent likes before
  double views = 0.3;            // share of fake likes with a view before them
  Churn churn = Churn::none;
  Networks networks = Networks::pool;
  bool operator==(const Attack&) const = default;
};

// The family's usual values.
Attack usual(Family family);

// invalid: names the place in the text, counted from 1, and what was expected there.
Result<Attack> parse_attack(std::string_view text);
// Text that parse_attack() makes the same attack of.
std::string to_text(const Attack& attack);

// How many likes it will add, roughly; camouflage and warm-up included.
double expected_likes(const Attack& attack, std::uint32_t days);

}  // namespace zan::simulation
