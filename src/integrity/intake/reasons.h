// Why the intake thinks so, as it stands in the journal: at most five codes with a number each.
//
// A rule's reason is its code (the low half of the hash of its name, the same in every version) and behind it the numbers
// of its `because`, as many as have room. A number's own code says how it is written, so that a reader needs no rules to
// read it; with the rules, reason_texts() makes the sentence.
// A verdict that is to be stated later stands as one reason: which, and after how many seconds.
//
// Codes are in the journal: only append. 1 to 15 belong to groups (engine/integrity_view.cc).
// Threads: plain functions.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engagement/engagement.h"
#include "integrity/rules/reason.h"
#include "integrity/rules/ruleset.h"

namespace zan::integrity {

enum class IntakeReason : std::uint8_t {
  rule = 16,           // low 32 bits of rules::RuleInfo::code
  whole = 17,          // a whole number
  milliseconds = 18,   // a duration below 49 days
  seconds = 19,        // a longer one
  thousandths = 20,    // a number with a fraction
  flag = 21,           // 0 or 1
  below_zero = 22,     // a whole number or duration below zero: its amount
  model = 24,          // the probability, in millionths
  model_version = 25,  // the low 32 bits of its digest
  delayed = 28,        // seconds << 2 | verdict
  waited = 29,         // of a late verdict: held so many seconds, and nobody was implicated
};

std::uint32_t rule_code(const rules::RuleInfo& rule);

// Of the rules that matched, as many as have room in the judgement.
void add_reasons(engagement::Judgement& judgement, const rules::Program& program, const rules::Verdict& verdict);
// False: there is no room for all `count`.
bool add_reason(engagement::Judgement& judgement, IntakeReason code, std::uint32_t number);

// What is stated later.
struct Delayed {
  engagement::Verdict verdict = engagement::Verdict::genuine;
  std::int64_t after_us = 0;
};
engagement::Reason put_delayed(engagement::Verdict verdict, std::int64_t after_ms);
std::optional<Delayed> delayed_of(const engagement::Judgement& judgement);
// The reasons without that one, as the late verdict says them.
void add_delayed_reasons(engagement::LateVerdict& verdict, const engagement::Judgement& judgement);

// One sentence a rule or model. `ruleset`: the one in service then; rules it does not have are named by number.
std::vector<std::string> reason_texts(std::span<const engagement::Reason> reasons, const rules::Ruleset* ruleset,
                                      rules::Language language);

}  // namespace zan::integrity
