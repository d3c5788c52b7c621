// Clients that no server asked for: idle, stuck in the middle of something, or sending nonsense.
#pragma once

#include <cstdint>
#include <vector>

#include "support/http.h"

namespace zan::pressure {

inline constexpr int idle_connections = 1000;
inline constexpr int stuck_connections = 50;  // of each kind

// The connections stay open, as they were left, as long as the result lives.
std::vector<testing_support::Connection> start_nuisance(std::uint16_t port);

// Each must be answered with a 4xx; throws Trouble otherwise.
void send_nonsense(std::uint16_t port);

}  // namespace zan::pressure
