// From the tree of a ruleset to a program: names are resolved, types checked, constants folded, common parts shared,
// and the cost is compared with the limit.
//
// Errors:  gathered; a part that has one gives none to what uses it.
#pragma once

#include <vector>

#include "integrity/rules/problem.h"
#include "integrity/rules/ruleset.h"

namespace zan::integrity::rules {

struct Compiled {
  Program program;
  std::vector<CompiledTest> tests;
  Hash128 sets_digest;
};

// Of use only while `problems` has no error.
Compiled compile(const Syntax& syntax, const Environment& environment, Problems& problems);

}  // namespace zan::integrity::rules
