// What the journal keeps of this room: what feeds showed, what people said of what is assumed about them, and what
// operators decided. Record tags 0x50 .. 0x5f, never reused; docs/formats/matching.md has the bytes.
//
// A record is checked alone, its shape and its limits. Whether it fits what was there before (an id that is taken, a
// rule that has ended) is seen where it is applied: what does not fit is void, the same at every reading.
//
// Threads: any; pure.
// Errors:  corrupt: bytes that are no such record. invalid, with the field: a record that says what may not be said.
#pragma once

#include <string>
#include <variant>

#include "base/bytes.h"
#include "base/result.h"
#include "matching/experiment/experiments.h"
#include "matching/facts.h"
#include "matching/feed/policy.h"
#include "matching/feed/rules.h"
#include "matching/live/people.h"

namespace zan::matching {

inline constexpr std::byte shown_tag{0x50};
inline constexpr std::byte rule_made_tag{0x51};
inline constexpr std::byte rule_ended_tag{0x52};
inline constexpr std::byte policy_set_tag{0x53};
inline constexpr std::byte wished_tag{0x54};
inline constexpr std::byte experiment_started_tag{0x55};
inline constexpr std::byte experiment_ended_tag{0x56};

inline constexpr std::size_t wish_tag_bytes_max = 128;

struct PolicySet {
  Policy policy;
  std::string who, why;
};

// Of a tag by its name, or of a creator.
struct Wished {
  PersonId person;
  Wish wish = Wish::none;  // none: what was wished before is taken back
  std::string tag;         // 1 to wish_tag_bytes_max; empty: of the creator
  CreatorId creator;
};

using MatchingChange = std::variant<Shown, FeedRule, RuleEnded, PolicySet, Wished, ExperimentStarted, ExperimentEnded>;

bool is_matching_change(ByteSpan record);  // by its tag
Result<void> check(const MatchingChange& change);
// REQUIRES: check() has passed it.
void put_matching_change(Bytes& out, const MatchingChange& change);
// A showing's time is that of its group where it says none itself.
Result<MatchingChange> read_matching_change(ByteSpan record);

}  // namespace zan::matching
