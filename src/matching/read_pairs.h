// The text form in which public collaborative-filtering benchmarks come: one user a line, "user item item item …".
//
// Numbers are decimal, not negative, separated by blanks or tabs. A user without items, empty lines and CRLF are
// fine; a user may have several lines, and an item that stands twice counts once. Everything else is refused with its
// place. Numbers need not be dense: users and items are renumbered in the order of their numbers.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "matching/interactions.h"

namespace zan::matching {

inline constexpr std::uint64_t benchmark_number_max = 4'000'000'000;  // of a user or an item
inline constexpr std::size_t benchmark_pairs_max = 200'000'000;       // of one file
inline constexpr std::size_t benchmark_users_max = 20'000'000;        // of both files together, as of items

struct PairText {
  std::vector<std::uint32_t> users;  // all that were named, also those without items
  std::vector<Pair> pairs;
};

// invalid: "<name>:<line>: what was expected"; limited: more than a limit above, `pairs_max` being the first of them.
Result<PairText> read_pairs(std::string_view text, std::string_view name, std::size_t pairs_max = benchmark_pairs_max);

struct Benchmark {
  Interactions train, test;  // of one shape
};

// limited: more users or items than allowed.
Result<Benchmark> benchmark_of(PairText train, PairText test);

}  // namespace zan::matching
