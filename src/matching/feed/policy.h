// Policy: what an operator wants of a feed, in numbers that can be read. What is best is the sum of the chances of what
// may happen, each times what it is worth here; that somebody dislikes a work or leaves it at once weighs against it,
// and heavily (a like is cheap, an annoyance is not).
//
// A policy is a fact in the journal: who set it, when and why stays. Threads: plain value.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/result.h"
#include "matching/signal.h"

namespace zan::matching {

struct Policy {
  // Worth of each signal, in the order of Signal: -1,000 to 1,000.
  Rates worth{0.3F, 1.0F, 2.0F, 4.0F, 1.5F, -12.0F, -0.7F};
  std::uint32_t per_creator_max = 2;    // of one feed: 1 to 100
  float tag_repeat = 0.85F;             // a work's worth times this for each of the same first tag before it: 0.1 to 1
  float explore_share = 0.1F;           // of the places, for new works: 0 to 0.5
  std::uint32_t explore_shown_max = 150;  // a work shown to fewer may explore: 1 to 100,000
  std::uint32_t explore_days = 14;      // nor one that is older: 1 to 365
  std::uint32_t seen_days = 30;         // for so long nothing is shown twice: 0 to 365
  float top_share_max = 0.7F;           // target: at most this share of showings for the most shown tenth: 0.1 to 1
  bool operator==(const Policy&) const = default;
};

// invalid, with the field and its range.
Result<void> check(const Policy& policy);

}  // namespace zan::matching
