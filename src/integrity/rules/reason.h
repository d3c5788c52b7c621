// What is done with a verdict: its reasons as text, its tags, and when it is enforced.
//
// Reasons are kept as data (rule, numbers); the text is made only when somebody reads it, in the reader's language.
// Enforcement can wait a while that nobody outside can tell, so that a rule cannot be probed; the while is a keyed hash
// of the rule and of whom it is about, so that a replay gives the same.
//
// Threads: plain functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "integrity/rules/program.h"

namespace zan::integrity::rules {

enum class Language : unsigned char { english, chinese };

// In English where the rule has no Chinese text.
std::string render_reason(const RuleInfo& rule, const Reason& reason, Language language);

// Whole numbers whole, others with at most three digits behind the point (ties to even), durations in their two largest
// units, ids as 16 hex digits.
std::string render_value(Value value, Type type, Language language);

// Of all rules that matched, each once, in the text's order.
std::vector<std::string_view> tags_of(const Program& program, const Verdict& verdict);

// How long to wait before the verdict about `party` (an actor or a group) is enforced: the earliest of the rules that
// decided. 0 for a verdict that does nothing or allows.
std::int64_t enforce_after_ms(const Program& program, const Verdict& verdict, const HashKey& key, std::uint64_t party);

}  // namespace zan::integrity::rules
