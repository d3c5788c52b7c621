// What a row of a subject's likers list says in its flags, and what two rows of one like say together. Rows are merged
// in any order, any number of times, in memory tables, runs and answers; all of them come here.
//
//   bit  0     dead: the like has ended
//   bit  1     the like is incentivised
//   bit  2     settled: dead, and the like itself is in the row, so that nothing older can hold its key
//   bits 4..3  Verdict on the like       bits 7..5  its revision; the later one wins (pair.h)
//   bit  8     amends: only a late verdict, the like itself stands in an older row
#pragma once

#include <algorithm>
#include <cstdint>

#include "engagement/events.h"

namespace zan::engagement {

inline constexpr std::uint64_t liker_dead = 1;
inline constexpr std::uint64_t liker_incentivised = 2;
inline constexpr std::uint64_t liker_settled = 4;
inline constexpr std::uint64_t liker_class_mask = 0xf8;
inline constexpr std::uint64_t liker_amends = 0x100;
inline constexpr unsigned liker_flag_bits = 9;

constexpr std::uint64_t liker_flags(bool incentivised, Verdict verdict, unsigned revision = 0) {
  return (incentivised ? liker_incentivised : 0) | static_cast<std::uint64_t>(verdict) << 3 |
         std::uint64_t{revision} << 5 | (revision != 0 ? liker_amends : 0);
}
constexpr Verdict liker_verdict(std::uint64_t flags) {
  return static_cast<Verdict>(flags >> 3 & 3);
}
// Whether the list shows it.
constexpr bool liker_shown(std::uint64_t flags) {
  return (flags & liker_dead) == 0 && liker_verdict(flags) == Verdict::genuine;
}
// The like itself is in the row.
constexpr bool liker_whole(std::uint64_t flags) {
  return (flags & liker_settled) != 0 || (flags & (liker_dead | liker_amends)) == 0;
}

// Merged with anything gives that.
inline constexpr std::uint64_t liker_nothing = liker_amends;

// Commutative, associative, idempotent.
constexpr std::uint64_t merge_liker_flags(std::uint64_t a, std::uint64_t b) {
  const bool whole = liker_whole(a) || liker_whole(b);
  const std::uint64_t label = (a | b) & liker_incentivised;
  if (((a | b) & liker_dead) != 0) return liker_dead | label | (whole ? liker_settled : 0);
  return label | std::max(a & liker_class_mask, b & liker_class_mask) | (whole ? 0 : liker_amends);
}

}  // namespace zan::engagement
