// The finished stream: everything that happened, in order of time, and what was behind each event.
//
// Numbers of accounts, works, creators, devices and networks are shuffled, so that they tell nothing of who is who. The same
// scenario gives the same stream on every machine.
//
// Threads: one.
// Errors:  invalid: a size beyond its bound, or too many groups.
// Memory:  32 bytes an event and about as much again while it is being made.
// Cost:    about a second for a million likes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "simulation/attack.h"
#include "simulation/community.h"
#include "simulation/draft.h"

namespace zan::simulation {

struct Scenario {
  std::string name;
  Community community;
  std::vector<Attack> attacks;  // and decoys
};

// What is known of a work whoever likes it.
struct Work {
  std::uint32_t creator = 0;
  std::uint32_t duration_ms = 0;
};

struct Stream {
  Timestamp start;
  std::vector<Event> events;  // by at_us
  std::vector<Work> works;    // by subject
  std::vector<std::uint8_t> account_regions;
  std::vector<Instance> instances;  // [0] is nobody's
  std::uint32_t devices = 0, networks = 0;

  [[nodiscard]] Label label(const Event& event) const {
    return {event.role, instances[event.instance].attack.family, event.instance};
  }
  [[nodiscard]] Timestamp at(const Event& event) const { return {start.us + event.at_us}; }
};

Result<Stream> generate(const Scenario& scenario);

// "day", "hard_day", "weeks", "decoys_only", "random": sizes of attacks and decoys follow the community's likes.
//   day          bursts, farms and slow rings, 3.3 % of the likes fake; all decoys
//   hard_day     every family, camouflage one to one, 5 % fake
//   weeks        fourteen days (unless the community says more), slow families, 3 % fake
//   decoys_only  nothing is fake
//   random       families, sizes, tempos, camouflage and shares drawn from the seed: the one to judge a detector by
// not_found: no such name; the message lists them.
Result<Scenario> make_scenario(std::string_view name, Community community);

}  // namespace zan::simulation
