// Rules that operators write, from text to what judges acts (the language: docs/rules.md, its grammar: syntax.h).
//
// load_ruleset() reads, checks and compiles; a Ruleset is what came out, with its name: the digest of its canonical
// text. The language knows no feature. What there is comes in as a Catalogue, and sets of ids by name.
//
// Threads: a Ruleset is immutable.
// Errors:  Problems, for people; none of them stops the search for more.
// Cost:    loading is linear in the text; judging: program.h.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/result.h"
#include "integrity/rules/catalogue.h"
#include "integrity/rules/limits.h"
#include "integrity/rules/problem.h"
#include "integrity/rules/program.h"
#include "integrity/rules/syntax.h"

namespace zan::integrity::rules {

// The digest of a ruleset's canonical text: finds accidents, and is no proof against its own author.
struct RulesetId {
  Hash128 hash;
  auto operator<=>(const RulesetId&) const = default;
};
std::string to_text(RulesetId id);  // 32 hex digits
Result<RulesetId> parse_ruleset_id(std::string_view text);
RulesetId id_of_canonical(std::string_view canonical);
// Whether it compiles or not; nothing: it cannot be read.
std::optional<RulesetId> id_of_text(std::string_view text);

// Sets for `load`, by name; their members are hashed as features of type id are.
using NamedSets = std::map<std::string, std::vector<std::uint64_t>, std::less<>>;

// What rules are compiled against. `id_key` hashes the texts in rules: the key under which the detector hashes its ids.
struct Environment {
  const Catalogue* catalogue = nullptr;  // check_catalogue() has passed it
  const NamedSets* sets = nullptr;
  HashKey id_key{};
  Limits limits = {};
};

// One expectation of a test block, ready to run.
struct CompiledTest {
  std::uint16_t rule = 0;
  std::uint32_t offset = 0;
  std::vector<Value> values;  // as Program::features()
  std::vector<ActionSyntax> expected;
};

struct Ruleset {
  RulesetId id;
  std::string canonical;
  Hash128 sets_digest;  // of the members of all sets that were loaded; zero without one
  Program program;
  std::vector<CompiledTest> tests;
};

struct Loaded {
  std::shared_ptr<const Ruleset> ruleset;  // null when there is an error
  std::vector<Problem> problems;           // errors, or warnings alone
};

Loaded load_ruleset(std::string_view text, const Environment& environment);

// One line for each test that fails, "test <rule>: expected hold, got none (matched: a, b)".
std::vector<std::string> run_tests(const Ruleset& ruleset);

}  // namespace zan::integrity::rules
