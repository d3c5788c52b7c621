// How a ruleset in the shadow does: what it would have decided, beside what was decided, and beside what turned out
// later.
//
// Counters only, so that tallies of several threads, days or machines add up. An act is counted when it is judged
// (count), and again when its truth is known (label); the caller keeps the shadow's verdict, or judges the act anew.
//
// Threads: one; merge() brings several together.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.h"
#include "integrity/rules/program.h"

namespace zan::integrity::rules {

struct RuleTally {
  std::uint64_t matched = 0;
  std::uint64_t matched_live = 0;     // of these, the ruleset in service held or rejected as well
  std::uint64_t matched_fake = 0;     // of acts with a label
  std::uint64_t matched_genuine = 0;  // of acts with a label
  auto operator<=>(const RuleTally&) const = default;
};

struct ShadowTally {
  std::uint64_t acts = 0;
  std::uint64_t live_flagged = 0;    // held or rejected by the ruleset in service
  std::uint64_t shadow_flagged = 0;  // would have been, by this one
  std::uint64_t both_flagged = 0;
  std::uint64_t fake = 0;  // labels
  std::uint64_t genuine = 0;
  RuleTally decision;            // of the verdict as a whole: held or rejected
  std::vector<RuleTally> rules;  // as Program::rules()

  explicit ShadowTally(std::size_t rule_count = 0) : rules(rule_count) {}
  void count(const Verdict& shadow, Action live);
  void label(const Verdict& shadow, bool is_fake);
  // invalid: of another ruleset.
  Result<void> merge(const ShadowTally& other);
  auto operator<=>(const ShadowTally&) const = default;
};

// Of labelled acts; nothing where there is none to divide by.
std::optional<double> precision(const RuleTally& tally);
std::optional<double> recall(const RuleTally& tally, const ShadowTally& whole);
// The share of this rule's matches that the ruleset in service flags as well.
std::optional<double> overlap(const RuleTally& tally);

}  // namespace zan::integrity::rules
