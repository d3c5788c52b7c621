// From a text of rules to its tree (grammar: syntax.h).
//
// Errors:  all are gathered; after one the reading goes on at the next let, set, rule or test.
// Cost:    linear in the text; recursion is bounded by Limits::depth.
#pragma once

#include <string_view>

#include "integrity/rules/limits.h"
#include "integrity/rules/problem.h"
#include "integrity/rules/syntax.h"

namespace zan::integrity::rules {

// What could be read; of use only while `problems` has no error.
Syntax parse_syntax(std::string_view text, const Limits& limits, Problems& problems);

}  // namespace zan::integrity::rules
