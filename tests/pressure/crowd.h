// Many clients that send large arrays at the same time, and one that goes on as usual beside them.
#pragma once

#include <atomic>
#include <cstdint>

namespace zan::pressure {

inline constexpr int crowd_clients = 64;
inline constexpr int crowd_events = 20'000;  // in one array, about 1.3 MB

struct Tally {
  std::uint64_t accepted_likes = 0;
  std::uint64_t accepted_requests = 0;
  std::uint64_t refused_requests = 0;  // 429 or 503, with Retry-After
};

// Every client has most of its array sent before the first of them ends it: no server can take all that at once.
// Throws Trouble on any other answer than 200, 429 or 503.
Tally crowd_round(std::uint16_t port, int round);

// Likes of its own until `enough`; each is sent again, when refused, until it is taken. Returns how many.
std::uint64_t ordinary_client(std::uint16_t port, const std::atomic<bool>& enough);

}  // namespace zan::pressure
