// Many clients that send large arrays at the same time, and one that goes on as usual beside them.
#pragma once

#include <atomic>
#include <cstdint>

namespace zan::pressure {

inline constexpr int crowd_clients = 64;
inline constexpr int crowd_works = 20;  // "crowd-0" and so on, each liked once by everybody
inline constexpr int crowd_people = 1'000;
inline constexpr int crowd_events = crowd_works * crowd_people;  // in one array, about 1.3 MB

struct Tally {
  std::uint64_t accepted_requests = 0;
  std::uint64_t refused_requests = 0;  // 429 or 503, with Retry-After
};

// Every client has most of its array sent before the first of them ends it: no server can take all that at once. People
// differ between arrays and like twenty works each, so that what is remembered of people, which has bounds of its own,
// does not outweigh what requests take.
// Throws Trouble on any other answer than 200, 429 or 503.
Tally crowd_round(std::uint16_t port, int round);

// Likes of its own until `enough`; each is sent again, when refused, until it is taken. Returns how many.
std::uint64_t ordinary_client(std::uint16_t port, const std::atomic<bool>& enough);

}  // namespace zan::pressure
