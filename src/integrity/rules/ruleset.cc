#include "integrity/rules/ruleset.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/require.h"
#include "integrity/rules/compile.h"
#include "integrity/rules/parser.h"
#include "integrity/rules/print.h"

namespace zan::integrity::rules {
namespace {

// "zan ruleset v1": a fixed key, so that a digest is the same everywhere.
constexpr HashKey digest_key = {'z', 'a', 'n', ' ', 'r', 'u', 'l', 'e', 's', 'e', 't', ' ', 'v', '1', 0, 0};

std::string describe(const Program& program, const Verdict& verdict) {
  std::string matched;
  for (std::size_t i = 0; i < program.rules().size(); ++i) {
    if (verdict.has(i)) matched += (matched.empty() ? "" : ", ") + program.rules()[i].name;
  }
  return fmt::format("{} (matched: {})", to_string(verdict.action), matched.empty() ? "no rule" : matched);
}

bool has_tag(const Program& program, const Verdict& verdict, const std::string& tag) {
  for (std::size_t i = 0; i < program.rules().size(); ++i) {
    const auto& tags = program.rules()[i].tags;
    if (verdict.has(i) && std::find(tags.begin(), tags.end(), tag) != tags.end()) return true;
  }
  return false;
}

// What was expected and is not so; empty: it is.
std::string missed(const Ruleset& ruleset, const CompiledTest& test, const ActionSyntax& expected,
                   const Verdict& verdict) {
  const bool matched = verdict.has(test.rule);
  switch (expected.kind) {
    case ActionKind::allow:
      return matched && verdict.action == Action::allow ? "" : "allow";
    case ActionKind::reject:
      return matched && verdict.action == Action::reject ? "" : "reject";
    case ActionKind::hold:
      return matched && verdict.action == Action::hold ? "" : "hold";
    case ActionKind::none:
      return verdict.action == Action::none ? "" : "none";
    case ActionKind::match:
      return matched ? "" : "match";
    case ActionKind::no_match:
      return matched ? "not match" : "";
    case ActionKind::score:
      return verdict.score == expected.score
                 ? ""
                 : fmt::format("score {} and not {}", print_number(expected.score), print_number(verdict.score));
    case ActionKind::tag:
      return has_tag(ruleset.program, verdict, expected.tag) ? "" : "tag \"" + expected.tag + '"';
  }
  return "";
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

}  // namespace

std::string to_text(RulesetId id) {
  return fmt::format("{:016x}{:016x}", id.hash.high, id.hash.low);
}

Result<RulesetId> parse_ruleset_id(std::string_view text) {
  if (text.size() != 32) return invalid("a ruleset's id has 32 hex digits");
  RulesetId id;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int digit = hex_digit(text[i]);
    if (digit < 0) return invalid("a ruleset's id has 32 hex digits");
    std::uint64_t& half = i < 16 ? id.hash.high : id.hash.low;
    half = half << 4 | static_cast<std::uint64_t>(digit);
  }
  return id;
}

RulesetId id_of_canonical(std::string_view canonical) {
  return {keyed_hash128(digest_key, as_bytes(canonical))};
}

std::optional<RulesetId> id_of_text(std::string_view text) {
  Problems problems(text);
  const Syntax syntax = parse_syntax(text, Limits{}, problems);
  if (problems.any_error()) return std::nullopt;
  return id_of_canonical(print(syntax));
}

Loaded load_ruleset(std::string_view text, const Environment& environment) {
  require(environment.catalogue != nullptr, "rules need a catalogue");
  Problems problems(text);
  const Syntax syntax = parse_syntax(text, environment.limits, problems);
  // Of a text that could not be read whole, what was read is checked as well: one look finds most.
  Compiled compiled = compile(syntax, environment, problems);
  if (problems.any_error()) return {nullptr, std::move(problems).take()};
  auto ruleset = std::make_shared<Ruleset>();
  ruleset->canonical = print(syntax);
  ruleset->id = id_of_canonical(ruleset->canonical);
  ruleset->sets_digest = compiled.sets_digest;
  ruleset->program = std::move(compiled.program);
  ruleset->tests = std::move(compiled.tests);
  return {std::move(ruleset), std::move(problems).take()};
}

std::vector<std::string> run_tests(const Ruleset& ruleset) {
  std::vector<std::string> failures;
  Evaluator evaluator(ruleset.program);
  for (const CompiledTest& test : ruleset.tests) {
    const Verdict& verdict = evaluator.judge(test.values);
    for (const ActionSyntax& expected : test.expected) {
      const std::string what = missed(ruleset, test, expected, verdict);
      if (what.empty()) continue;
      failures.push_back(fmt::format("test {}: expected {}, got {}", ruleset.program.rules()[test.rule].name, what,
                                     describe(ruleset.program, verdict)));
    }
  }
  return failures;
}

}  // namespace zan::integrity::rules
