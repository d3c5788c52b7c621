// One person's standing towards one subject (or creator), packed into 64 bits: when and how they last reacted, and what
// else they did. It is a join-semilattice: merging is commutative, associative and idempotent, so that memory tables and
// runs may be merged in any order and any number of times (Shapiro et al. 2011, LWW-register and grow-only set).
//
//   bits 63..12  `at` of the reaction, µs (0: none yet)
//   bits  1..0   Reaction       bit 2  the reaction was incentivised
//   bits  6..3   viewed, completed, commented, shared
//   bits  8..7   Verdict on the reaction
//   bits 11..9   its revision: how often that has changed since the act came in
//
// Time and Reaction say which act the relation stands for; of two states of one act the later revision says what it is
// held to be. After revision_max changes the class is final.
#pragma once

#include <algorithm>
#include <cstdint>

#include "engagement/events.h"

namespace zan::engagement {

struct PairState {
  static constexpr unsigned at_shift = 12;
  static constexpr std::uint64_t reaction_mask = 0x07;  // with the incentivised bit
  static constexpr std::uint64_t viewed = 0x08, completed = 0x10, commented = 0x20, shared = 0x40;
  static constexpr std::uint64_t deeds_mask = viewed | completed | commented | shared;
  static constexpr unsigned verdict_shift = 7, revision_shift = 9;
  static constexpr std::uint64_t flags_mask = (std::uint64_t{1} << at_shift) - 1;

  std::uint64_t bits = 0;

  static PairState of(Reaction reaction, bool incentivised, Timestamp at, Verdict verdict = Verdict::genuine,
                      unsigned revision = 0) {
    return {static_cast<std::uint64_t>(at.us) << at_shift | std::uint64_t{revision} << revision_shift |
            static_cast<std::uint64_t>(verdict) << verdict_shift | (incentivised ? 4u : 0u) |
            static_cast<std::uint64_t>(reaction)};
  }
  static PairState from_columns(std::uint64_t at_us, std::uint64_t flags) { return {at_us << at_shift | flags}; }

  [[nodiscard]] Reaction reaction() const { return static_cast<Reaction>(bits & 3); }
  [[nodiscard]] bool incentivised() const { return (bits & 4) != 0; }
  [[nodiscard]] Verdict verdict() const { return static_cast<Verdict>(bits >> verdict_shift & 3); }
  [[nodiscard]] unsigned revision() const { return bits >> revision_shift & revision_max; }
  [[nodiscard]] Timestamp at() const { return {static_cast<std::int64_t>(bits >> at_shift)}; }
  [[nodiscard]] std::uint64_t flags() const { return bits & flags_mask; }
  [[nodiscard]] std::uint64_t deeds() const { return bits & deeds_mask; }
  // Time first, then Reaction (withdrawn > disliked > liked): the order of acts.
  [[nodiscard]] std::uint64_t rank() const { return (bits & ~flags_mask) | (bits & 3); }
  // Of one act the later revision, then the graver class: the order that decides who wins.
  [[nodiscard]] std::uint64_t order() const {
    return (bits & ~flags_mask) | (bits & 3) << 5 | (bits >> verdict_shift & 3) | std::uint64_t{revision()} << 2;
  }
  [[nodiscard]] bool reacted() const { return reaction() != Reaction::never; }

  void merge(PairState other) {
    const std::uint64_t deeds_of_both = deeds() | other.deeds();
    const PairState winner = other.order() > order() ? other : *this;
    bits = (winner.bits & ~deeds_mask) | deeds_of_both;
  }
};

}  // namespace zan::engagement
