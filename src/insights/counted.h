// What is counted of a day: organic and incentivised apart, as everywhere; likes that are held or rejected together, as counters
// have them.
//
// Two sorts of counts. Standing ones say what counts now, on the day on which it was done: a like that is withdrawn, or that a late
// verdict takes out, leaves the day on which it was given. Summed over all days they are the work's counters, to the digit. Flows
// say what happened on the day itself: likes withdrawn, taken out of the count, given back to it.
//
// Dislikes are not among them: the journal does not say on which day a dislike was made that is replaced later.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/clock.h"
#include "engagement/events.h"

namespace zan::insights {

enum class Counted : std::uint8_t {
  // standing
  likes = 0,
  views = 1,
  completes = 2,  // views to the end
  comments = 3,
  shares = 4,
  follows = 5,  // of a creator
  profile_visits = 6,
  // flows
  unlikes = 7,  // likes that were withdrawn, or whose person was erased
  taken_out = 8,   // likes that counted until a verdict of that day
  given_back = 9,  // likes that count since a verdict of that day
};
inline constexpr std::size_t counted_kinds = 10;
inline constexpr std::size_t standing_kinds = 7;

// A place in Counts: organic, incentivised, and of the standing likes those that are held or rejected.
using Slot = std::uint8_t;
inline constexpr Slot held_slot = 2 * counted_kinds;
inline constexpr Slot rejected_slot = held_slot + 1;
inline constexpr std::size_t slot_count = rejected_slot + std::size_t{1};
constexpr Slot slot_of(Counted kind, bool incentivised) {
  return static_cast<Slot>(static_cast<std::size_t>(kind) + (incentivised ? counted_kinds : 0));
}
// Where an act is counted that is held to be this; slot_count: nowhere.
constexpr Slot slot_of(Counted kind, bool incentivised, engagement::Verdict verdict) {
  if (verdict == engagement::Verdict::genuine) return slot_of(kind, incentivised);
  if (kind != Counted::likes) return slot_count;
  return verdict == engagement::Verdict::held ? held_slot : rejected_slot;
}

using Counts = std::array<std::int64_t, slot_count>;
constexpr void add_to(Counts& sum, const Counts& more) {
  for (std::size_t i = 0; i < slot_count; ++i) sum[i] += more[i];
}

// Days since 1970-01-01 on the operator's clock, which is `zone_us` ahead of UTC.
using Day = std::uint32_t;
constexpr Day day_of(Timestamp at, std::int64_t zone_us) {
  const std::int64_t local = at.us + zone_us;
  return local <= 0 ? 0 : static_cast<Day>(local / us_per_day);
}

}  // namespace zan::insights
