// Compares what `zan` answers with the truth of a sample: counts, hydrate, who liked a subject,
// what a user likes.
#pragma once

#include <cstdint>
#include <string_view>

#include "load/population.h"

namespace zan::bench {

void check_zan(std::uint16_t port, const Sample& sample);

// "2022-04-24T15:05:41.436Z" (RFC 3339, UTC, any number of decimals) to Unix milliseconds; fails
// the run otherwise.
std::uint64_t parse_rfc3339_ms(std::string_view text);

}  // namespace zan::bench
