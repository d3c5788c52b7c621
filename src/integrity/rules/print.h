// The one way a ruleset is written: two that mean the same to a reader but for comments, spacing, spare parentheses or
// the spelling of a number are written alike, and so have one digest. Reading what was printed gives the same tree.
//
// Threads: plain functions.
#pragma once

#include <string>

#include "integrity/rules/syntax.h"

namespace zan::integrity::rules {

std::string print(const Syntax& syntax);
std::string print(const Expr& expr);

// The shortest text that reads as the same number, never with an exponent; of whole numbers without a point.
std::string print_number(double number);
// In the largest unit that divides it: "90s", "2d".
std::string print_duration(double ms);

}  // namespace zan::integrity::rules
