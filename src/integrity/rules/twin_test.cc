// Made-up rulesets: printing and reading gives the same again, and the compiled program decides as a naive walk over
// the tree does.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <limits>

#include "integrity/rules/parser.h"
#include "integrity/rules/print.h"
#include "integrity/rules/sim_catalogue.h"

namespace zan::integrity::rules {
namespace {

int below(int bound) {
  return *rc::gen::inRange(0, bound);
}

std::string pick(const std::vector<std::string>& from) {
  return from[static_cast<std::size_t>(below(static_cast<int>(from.size())))];
}

// Sources of one type, with names of the definitions made so far.
struct Writer {
  std::vector<std::string> booleans = {"has_avatar", "true", "false"};
  std::vector<std::string> numbers = {
      "follows", "night_share", "count(like, device, 1m)", "count(follow, actor, 7d)", "0", "1", "2.50", "0.1",
      "3",       "1000000"};
  std::vector<std::string> durations = {"account_age", "90s", "2d", "1500ms", "0s"};
  std::vector<std::string> ids = {"network", "region", "\"a\"", "\"b\""};

  std::string boolean(int depth) {
    if (depth <= 0) return pick(booleans);
    switch (below(9)) {
      case 0:
        return "(" + boolean(depth - 1) + " and " + boolean(depth - 1) + ")";
      case 1:
        return "(" + boolean(depth - 1) + " or " + boolean(depth - 1) + ")";
      case 2:
        return "(not " + boolean(depth - 1) + ")";
      case 3:
        return "(" + number(depth - 1) + pick({" < ", " <= ", " > ", " >= ", " == ", " != "}) + number(depth - 1) + ")";
      case 4:
        return "(" + duration(depth - 1) + pick({" < ", ">=", " == "}) + duration(depth - 1) + ")";
      case 5:
        return "(" + pick(ids) + pick({" == ", " != "}) + pick(ids) + ")";
      case 6:
        return "(" + pick(ids) + pick({" in ", " not in "}) +
               pick({"{\"a\", \"c\"}", "{\"b\"}", "{\"z\", \"a\", \"b\"}"}) + ")";
      case 7:
        return "(follows " + pick({"in", "not in"}) + " {0, 3, -1})";
      default:
        return pick(booleans);
    }
  }

  std::string number(int depth) {
    if (depth <= 0) return pick(numbers);
    switch (below(7)) {
      case 0:
        return "(" + number(depth - 1) + pick({" + ", " - ", " * ", " / "}) + number(depth - 1) + ")";
      case 1:
        return "(-" + number(depth - 1) + ")";
      case 2:
        return pick({"min(", "max("}) + number(depth - 1) + ", " + number(depth - 1) + ", " + number(depth - 1) + ")";
      case 3:
        return "abs(" + number(depth - 1) + ")";
      case 4:
        return "ratio(" + number(depth - 1) + ", " + number(depth - 1) + pick({"", ", 1", ", follows"}) + ")";
      case 5:
        return "(" + duration(depth - 1) + " / " + duration(depth - 1) + ")";
      default:
        return pick(numbers);
    }
  }

  std::string duration(int depth) {
    if (depth <= 0) return pick(durations);
    switch (below(5)) {
      case 0:
        return "(" + duration(depth - 1) + pick({" + ", " - "}) + duration(depth - 1) + ")";
      case 1:
        return "(" + duration(depth - 1) + pick({" * ", " / "}) + number(depth - 1) + ")";
      case 2:
        return "max(" + duration(depth - 1) + ", " + duration(depth - 1) + ")";
      default:
        return pick(durations);
    }
  }

  std::string because() {
    return pick({"", "\\\"", "{{}}", "好 \\n"}) + "{" + number(1) + "}" + pick({"", "{account_age}", "{network}"});
  }

  std::string ruleset() {
    std::string text;
    for (int i = 0; i < below(4); ++i) {
      const std::string name = "d" + std::to_string(i);
      const int kind = below(3);
      text += "let " + name + " = " + (kind == 0 ? boolean(2) : kind == 1 ? number(2) : duration(2)) + "\n";
      (kind == 0 ? booleans : kind == 1 ? numbers : durations).push_back(name);
    }
    const int rules = 1 + below(8);
    for (int i = 0; i < rules; ++i) {
      text += "rule r" + std::to_string(i) + ": when " + boolean(4) + " then " +
              pick({"hold", "reject enforce after random(1s..90s)", "allow", "score -2.5", "tag \"t\\\\\", score 3",
                    "hold, score +1"}) +
              " because \"" + because() + "\"" + pick({"", " zh \"{follows}\""}) + "\n";
    }
    if (below(2) == 0)
      text +=
          "test r0: given follows = -3, account_age = 90s, has_avatar = true expect not match, none, score 1.5, tag "
          "\"x\"";
    return text;
  }
};

bool same(const Expr& a, const Expr& b) {
  if (a.kind != b.kind || a.op != b.op || a.number != b.number || a.text != b.text || a.parts.size() != b.parts.size())
    return false;
  for (std::size_t i = 0; i < a.parts.size(); ++i) {
    if (!same(a.parts[i], b.parts[i])) return false;
  }
  return true;
}

// ---- the naive walk; written without a look at operations.h

struct Twin {
  std::map<std::string, double> numbers;     // features by their text
  std::map<std::string, std::uint64_t> ids;  // features by their text
  std::map<std::string, const Expr*> lets;

  static double tidy(double x) {
    if (std::isnan(x)) return 0;
    if (std::isinf(x)) return x > 0 ? std::numeric_limits<double>::max() : std::numeric_limits<double>::lowest();
    return x;
  }
  [[nodiscard]] bool is_id(const Expr& e) const { return e.kind == ExprKind::text || ids.contains(e.text); }
  [[nodiscard]] std::uint64_t id(const Expr& e) const {
    return e.kind == ExprKind::text ? sim_id(e.text) : ids.at(e.text);
  }

  [[nodiscard]] double eval(const Expr& e) const {
    switch (e.kind) {
      case ExprKind::name:
        if (lets.contains(e.text)) return eval(*lets.at(e.text));
        return numbers.at(e.text);
      case ExprKind::negate:
        return tidy(-eval(e.parts[0]));
      case ExprKind::no:
        return eval(e.parts[0]) == 0 ? 1 : 0;
      case ExprKind::call:
        return call(e);
      case ExprKind::binary:
        return binary(e);
      default:
        return e.number;
    }
  }

  [[nodiscard]] double call(const Expr& e) const {
    if (numbers.contains(print(e))) return numbers.at(print(e));
    std::vector<double> values;
    for (const Expr& part : e.parts) values.push_back(eval(part));
    if (e.text == "abs") return std::abs(values[0]);
    if (e.text == "min") return *std::min_element(values.begin(), values.end());
    if (e.text == "max") return *std::max_element(values.begin(), values.end());
    if (values[1] == 0) return values.size() > 2 ? values[2] : 0;
    return tidy(values[0] / values[1]);
  }

  [[nodiscard]] double binary(const Expr& e) const {
    const Expr& left = e.parts[0];
    const Expr& right = e.parts[1];
    if (e.op == BinaryOp::in) return in(left, right) ? 1 : 0;
    if (is_id(left)) return (id(left) == id(right)) == (e.op == BinaryOp::eq) ? 1 : 0;
    const double a = eval(left);
    const double b = eval(right);
    switch (e.op) {
      case BinaryOp::either:
        return a != 0 || b != 0 ? 1 : 0;
      case BinaryOp::both:
        return a != 0 && b != 0 ? 1 : 0;
      case BinaryOp::eq:
        return a == b;
      case BinaryOp::ne:
        return a != b;
      case BinaryOp::lt:
        return a < b;
      case BinaryOp::le:
        return a <= b;
      case BinaryOp::gt:
        return a > b;
      case BinaryOp::ge:
        return a >= b;
      case BinaryOp::add:
        return tidy(a + b);
      case BinaryOp::sub:
        return tidy(a - b);
      case BinaryOp::mul:
        return tidy(a * b);
      default:
        return b == 0 ? 0 : tidy(a / b);
    }
  }

  [[nodiscard]] bool in(const Expr& value, const Expr& members) const {
    for (const Expr& member : members.parts) {
      if (is_id(value) ? sim_id(member.text) == id(value) : member.number == eval(value)) return true;
    }
    return false;
  }
};

Twin made_up_act() {
  Twin twin;
  const std::vector<double> some = {0, 1, -1, 3, 0.1, 2.5, 90'000, 172'800'000, 1e300, -1e300};
  const auto any = [&] { return some[static_cast<std::size_t>(below(static_cast<int>(some.size())))]; };
  for (const char* name :
       {"follows", "night_share", "account_age", "count(like, device, 1m)", "count(follow, actor, 7d)"})
    twin.numbers[name] = any();
  twin.numbers["has_avatar"] = below(2);
  for (const char* name : {"network", "region"}) twin.ids[name] = sim_id(pick({"a", "b", "c"}));
  return twin;
}

std::vector<Value> values_of(const Program& program, const Twin& act) {
  std::vector<Value> values;
  for (const FeatureRef& ref : program.features()) {
    const std::string text = to_text(sim_catalogue(), ref);
    values.push_back(act.ids.contains(text) ? Value::of_id(act.ids.at(text)) : Value::of(act.numbers.at(text)));
  }
  return values;
}

Environment roomy() {
  Environment environment = sim_environment();
  environment.limits.cost = 100'000;
  return environment;
}

RC_GTEST_PROP(RulesTwin, the_program_decides_as_the_tree_does, ()) {
  const std::string text = Writer().ruleset();
  const Loaded loaded = load_ruleset(text, roomy());
  if (!loaded.ruleset) RC_FAIL(text + to_text(loaded.problems.front()));
  Problems problems(text);
  const Syntax syntax = parse_syntax(text, Limits{}, problems);
  Evaluator evaluator(loaded.ruleset->program);
  for (int round = 0; round < 5; ++round) {
    Twin act = made_up_act();
    for (const LetSyntax& let : syntax.lets) act.lets[let.name] = &let.value;
    const Verdict& verdict = evaluator.judge(values_of(loaded.ruleset->program, act));
    Action strongest = Action::none;
    double score = 0;
    for (std::size_t i = 0; i < syntax.rules.size(); ++i) {
      const bool matched = act.eval(syntax.rules[i].when) != 0;
      if (matched != verdict.has(i)) RC_FAIL(text + "rule " + std::to_string(i));
      if (!matched) continue;
      const RuleInfo& rule = loaded.ruleset->program.rules()[i];
      strongest = std::max(strongest, rule.action);
      score += rule.score;
    }
    RC_ASSERT(verdict.action == strongest);
    RC_ASSERT(verdict.score == score);
    for (std::size_t k = 0; k < verdict.reason_count; ++k) {
      const Reason& reason = verdict.reasons[k];
      const Expr& first = syntax.rules[reason.rule].english.values[0];
      RC_ASSERT(reason.values[0].number() == act.eval(first));
    }
  }
}

RC_GTEST_PROP(RulesTwin, what_was_printed_reads_as_the_same, ()) {
  const std::string text = Writer().ruleset();
  Problems problems(text);
  const Syntax syntax = parse_syntax(text, Limits{}, problems);
  RC_ASSERT(!problems.any_error());
  const std::string printed = print(syntax);
  Problems again_problems(printed);
  const Syntax again = parse_syntax(printed, Limits{}, again_problems);
  if (again_problems.any_error()) RC_FAIL(printed + to_text(std::move(again_problems).take().front()));
  RC_ASSERT(print(again) == printed);
  RC_ASSERT(again.rules.size() == syntax.rules.size() && again.order.size() == syntax.order.size());
  for (std::size_t i = 0; i < syntax.rules.size(); ++i) {
    if (!same(syntax.rules[i].when, again.rules[i].when)) RC_FAIL(text + "\n" + printed);
    RC_ASSERT(syntax.rules[i].english.texts == again.rules[i].english.texts);
  }
  for (std::size_t i = 0; i < syntax.lets.size(); ++i) RC_ASSERT(same(syntax.lets[i].value, again.lets[i].value));
  RC_ASSERT(load_ruleset(printed, roomy()).ruleset->id == load_ruleset(text, roomy()).ruleset->id);
}

RC_GTEST_PROP(RulesTwin, bytes_in_disorder_do_no_harm, ()) {
  std::string text(sim_rules);
  for (int i = 0; i < 1 + below(20); ++i) {
    const auto at = static_cast<std::size_t>(below(static_cast<int>(text.size())));
    if (below(2) == 0) {
      text.erase(at, static_cast<std::size_t>(below(5)));
    } else {
      text.insert(at, pick({"\"", "{", "}", "(", ")", "rule ", "not ", "-", "\\", "1", "..", "\n", "#", "\xe5", ", "}));
    }
  }
  const Loaded loaded = load_ruleset(text, roomy());
  if (!loaded.ruleset) {
    RC_ASSERT(!loaded.problems.empty());
    for (const Problem& problem : loaded.problems)
      RC_ASSERT(problem.line > 0 && problem.column > 0 && !problem.message.empty());
    return;
  }
  RC_ASSERT(load_ruleset(loaded.ruleset->canonical, roomy()).ruleset->canonical == loaded.ruleset->canonical);
}

}  // namespace
}  // namespace zan::integrity::rules
