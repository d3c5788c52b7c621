// A stream while it is being made: what is fixed already, what still needs a work to like, and who has been claimed by an attack.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <vector>

#include "simulation/attack.h"
#include "simulation/label.h"
#include "simulation/world.h"

namespace zan::simulation {

// One act. 32 bytes, since there are many.
struct Event {
  std::int64_t at_us = 0;  // after the start of the stream
  std::uint32_t actor = 0;
  std::uint32_t subject = 0;
  std::uint32_t device = 0;
  std::uint32_t network = 0;
  std::uint32_t watch_ms = 0;
  std::uint16_t instance = 0;
  Type type = Type::like;
  Role role = Role::organic;
  bool operator==(const Event&) const = default;
};
static_assert(sizeof(Event) == 32);

// Instead of a subject, while the stream is being made.
inline constexpr std::uint32_t to_choose = 0xffff'ffff;  // by taste and attention
inline constexpr std::uint32_t to_copy = 0xffff'fffe;    // that of the event whose index stands in watch_ms
inline constexpr std::uint32_t dropped = 0xffff'fffd;

// One group of an attack, or one decoy.
struct Instance {
  Attack attack;
  std::uint32_t members = 0;
};

inline constexpr std::size_t instances_max = 60'000;

struct Draft {
  std::vector<Event> events;
  std::vector<std::size_t> first_of;    // the likes of genuine account i are events[first_of[i] .. first_of[i + 1])
  std::vector<std::uint16_t> claims;    // of genuine accounts: the attack they work for or are used by; 0: none
  std::vector<Role> claimed_roles;      // and what their ordinary acts are called then
  std::vector<Instance> instances{{}};  // [0] is nobody's
};

// Likes of one sitting, with the pauses of somebody who watches in between.
struct Sitting {
  std::uint32_t account = 0;
  std::uint32_t likes = 0;
  std::int64_t at_us = 0;
  Role role = Role::organic;
  std::uint16_t instance = 0;
};
// Appends its likes, works to be chosen; those behind the end of the stream are left out.
void sit(const World& world, Rng& rng, const Sitting& sitting, std::vector<Event>& events);

// The ordinary likes of all genuine accounts, about so many.
void add_organic(const World& world, double likes, Draft& draft);

}  // namespace zan::simulation
