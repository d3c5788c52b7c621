// A ruleset as it was written, without what only the eye needs: the tree that is checked, printed and compiled.
//
//   ruleset   = { let | set | rule | test }
//   let       = "let" name "=" expression
//   set       = "set" name "=" ( "load" text | members )
//   members   = "{" item { "," item } "}"                 item: a text or a whole number; one kind in one set
//   rule      = "rule" name ":" "when" expression "then" action { "," action }
//               [ "enforce" "after" "random" "(" duration ".." duration ")" ]
//               "because" template [ "zh" template ]
//   action    = "allow" | "reject" | "hold" | "score" [ "+" | "-" ] number | "tag" text
//   template  = a text with expressions in braces; {{ and }} stand for braces
//   test      = "test" name ":" [ "given" given { "," given } ] "expect" expected { "," expected }
//   given     = ( name | counter ) "=" [ "-" ] literal
//   expected  = "allow" | "reject" | "hold" | "none" | "match" | "not" "match" | "score" … | "tag" text
//   expression = or; or = and { "or" and }; and = not { "and" not }; not = { "not" } compared
//   compared  = sum [ ( "==" | "!=" | "<" | "<=" | ">" | ">=" ) sum | [ "not" ] "in" ( members | name ) ]
//   sum       = product { ( "+" | "-" ) product }; product = unary { ( "*" | "/" ) unary }; unary = { "-" } primary
//   primary   = "true" | "false" | number | duration | text | name | call | "(" expression ")"
//   call      = name "(" expression { "," expression } ")"   min max abs ratio count distinct
//
// Threads: plain values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace zan::integrity::rules {

enum class ExprKind : unsigned char {
  boolean,
  integer,
  number,
  duration,
  text,
  name,
  members,
  negate,
  no,
  binary,
  call
};
enum class BinaryOp : unsigned char { either, both, eq, ne, lt, le, gt, ge, in, add, sub, mul, div };

struct Expr {
  ExprKind kind = ExprKind::boolean;
  BinaryOp op = BinaryOp::either;
  std::uint32_t offset = 0;  // where it starts; a binary one: its sign
  std::uint32_t depth = 1;
  double number = 0;  // boolean, integer, number; duration: milliseconds
  std::string text;   // name, call: the word; text: without quotes and escapes
  std::vector<Expr> parts;
};

// `because`: texts[0] values[0] texts[1] values[1] … texts[n]
struct Template {
  std::vector<std::string> texts;
  std::vector<Expr> values;
};

enum class ActionKind : unsigned char { allow, reject, hold, score, tag, none, match, no_match };

struct ActionSyntax {
  ActionKind kind = ActionKind::hold;
  std::uint32_t offset = 0;
  double score = 0;
  std::string tag = {};
};

struct LetSyntax {
  std::string name;
  std::uint32_t offset = 0;
  Expr value;
};

struct SetSyntax {
  std::string name;
  std::uint32_t offset = 0;
  bool is_loaded = false;
  std::string source;  // of a loaded one
  Expr members;        // else
};

struct DelaySyntax {
  bool given = false;
  std::uint32_t offset = 0;
  double from_ms = 0;
  double to_ms = 0;
};

struct RuleSyntax {
  std::string name;
  std::uint32_t offset = 0;
  Expr when;
  std::vector<ActionSyntax> actions;
  DelaySyntax delay;
  Template english;
  Template chinese;  // no texts: there is none
};

struct GivenSyntax {
  Expr feature;
  Expr value;
};

struct TestSyntax {
  std::string rule;
  std::uint32_t offset = 0;
  std::vector<GivenSyntax> givens;
  std::vector<ActionSyntax> expected;
};

enum class StatementKind : unsigned char { let, set, rule, test };

struct Statement {
  StatementKind kind;
  std::uint32_t index;  // in the vector of its kind
};

struct Syntax {
  std::vector<LetSyntax> lets;
  std::vector<SetSyntax> sets;
  std::vector<RuleSyntax> rules;
  std::vector<TestSyntax> tests;
  std::vector<Statement> order;
  std::vector<std::string> broken;  // names of what could not be read: their use is no error of its own
};

}  // namespace zan::integrity::rules
