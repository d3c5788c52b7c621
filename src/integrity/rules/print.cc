#include "integrity/rules/print.h"

#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

namespace zan::integrity::rules {
namespace {

constexpr int level_compare = 4;
constexpr int level_sum = 5;
constexpr int level_unary = 7;
constexpr int level_primary = 8;

struct Sign {
  std::string_view text;
  int level;
};

Sign sign_of(BinaryOp op) {
  switch (op) {
    case BinaryOp::either:
      return {" or ", 1};
    case BinaryOp::both:
      return {" and ", 2};
    case BinaryOp::eq:
      return {" == ", level_compare};
    case BinaryOp::ne:
      return {" != ", level_compare};
    case BinaryOp::lt:
      return {" < ", level_compare};
    case BinaryOp::le:
      return {" <= ", level_compare};
    case BinaryOp::gt:
      return {" > ", level_compare};
    case BinaryOp::ge:
      return {" >= ", level_compare};
    case BinaryOp::in:
      return {" in ", level_compare};
    case BinaryOp::add:
      return {" + ", level_sum};
    case BinaryOp::sub:
      return {" - ", level_sum};
    case BinaryOp::mul:
      return {" * ", 6};
    case BinaryOp::div:
      return {" / ", 6};
  }
  return {"", 0};
}

bool is_not_in(const Expr& expr) {
  return expr.kind == ExprKind::no && expr.parts[0].kind == ExprKind::binary && expr.parts[0].op == BinaryOp::in;
}

int level_of(const Expr& expr) {
  if (expr.kind == ExprKind::binary) return sign_of(expr.op).level;
  if (expr.kind == ExprKind::no) return is_not_in(expr) ? level_compare : 3;
  // Members of sets and given values carry their sign themselves.
  return expr.kind == ExprKind::negate ? level_unary : level_primary;
}

void append_escaped(std::string& out, std::string_view text, bool braces) {
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else {
      out += c;
      if (braces && (c == '{' || c == '}')) out += c;
    }
  }
}

void append_text(std::string& out, std::string_view text) {
  out += '"';
  append_escaped(out, text, false);
  out += '"';
}

class Printer {
 public:
  std::string run(const Syntax& syntax) {
    StatementKind last = StatementKind::let;
    for (const Statement& statement : syntax.order) {
      const bool definition = statement.kind == StatementKind::let || statement.kind == StatementKind::set;
      const bool after_definition = last == StatementKind::let || last == StatementKind::set;
      if (!out_.empty() && !(definition && after_definition)) out_ += '\n';
      last = statement.kind;
      print_statement(syntax, statement);
    }
    return std::move(out_);
  }

  std::string run(const Expr& expr) {
    print_expr(expr, 0);
    return std::move(out_);
  }

 private:
  void print_statement(const Syntax& syntax, const Statement& statement) {
    switch (statement.kind) {
      case StatementKind::let:
        out_ += "let " + syntax.lets[statement.index].name + " = ";
        print_expr(syntax.lets[statement.index].value, 0);
        out_ += '\n';
        return;
      case StatementKind::set:
        return print_set(syntax.sets[statement.index]);
      case StatementKind::rule:
        return print_rule(syntax.rules[statement.index]);
      case StatementKind::test:
        return print_test(syntax.tests[statement.index]);
    }
  }

  void print_set(const SetSyntax& set) {
    out_ += "set " + set.name + " = ";
    if (set.is_loaded) {
      out_ += "load ";
      append_text(out_, set.source);
    } else {
      print_expr(set.members, 0);
    }
    out_ += '\n';
  }

  void print_rule(const RuleSyntax& rule) {
    out_ += "rule " + rule.name + ":\n  when ";
    print_expr(rule.when, 0);
    out_ += "\n  then ";
    print_actions(rule.actions);
    if (rule.delay.given) {
      out_ += "\n  enforce after random(" + print_duration(rule.delay.from_ms) + " .. " +
              print_duration(rule.delay.to_ms) + ")";
    }
    out_ += "\n  because ";
    print_template(rule.english);
    if (!rule.chinese.texts.empty()) {
      out_ += "\n  zh ";
      print_template(rule.chinese);
    }
    out_ += '\n';
  }

  void print_actions(const std::vector<ActionSyntax>& actions) {
    static constexpr std::array<std::string_view, 8> words = {"allow", "reject", "hold",  "score",
                                                              "tag",   "none",   "match", "not match"};
    bool first = true;
    for (const ActionSyntax& action : actions) {
      if (!first) out_ += ", ";
      first = false;
      out_ += words[static_cast<std::size_t>(action.kind)];
      if (action.kind == ActionKind::score) out_ += (action.score < 0 ? " " : " +") + print_number(action.score);
      if (action.kind != ActionKind::tag) continue;
      out_ += ' ';
      append_text(out_, action.tag);
    }
  }

  void print_template(const Template& because) {
    out_ += '"';
    for (std::size_t i = 0; i < because.texts.size(); ++i) {
      append_escaped(out_, because.texts[i], true);
      if (i >= because.values.size()) continue;
      out_ += '{';
      print_expr(because.values[i], 0);
      out_ += '}';
    }
    out_ += '"';
  }

  void print_test(const TestSyntax& test) {
    out_ += "test " + test.rule + ":\n";
    bool first = true;
    for (const GivenSyntax& given : test.givens) {
      out_ += first ? "  given " : ",\n    ";
      first = false;
      print_expr(given.feature, 0);
      out_ += " = ";
      print_expr(given.value, 0);
    }
    out_ += first ? "  expect " : "\n  expect ";
    print_actions(test.expected);
    out_ += '\n';
  }

  void print_expr(const Expr& expr, int level) {
    const bool parentheses = level_of(expr) < level;
    if (parentheses) out_ += '(';
    print_bare(expr);
    if (parentheses) out_ += ')';
  }

  void print_bare(const Expr& expr) {
    switch (expr.kind) {
      case ExprKind::boolean:
        out_ += expr.number != 0 ? "true" : "false";
        return;
      case ExprKind::integer:
        out_ += print_number(expr.number);
        return;
      case ExprKind::number: {
        const std::string text = print_number(expr.number);
        out_ += text.find('.') == text.npos ? text + ".0" : text;
        return;
      }
      case ExprKind::duration:
        out_ += print_duration(expr.number);
        return;
      case ExprKind::text:
        return append_text(out_, expr.text);
      case ExprKind::name:
        out_ += expr.text;
        return;
      case ExprKind::members:
        return print_list(expr, "{", "}");
      case ExprKind::call:
        out_ += expr.text;
        return print_list(expr, "(", ")");
      case ExprKind::negate:
        out_ += '-';
        return print_expr(expr.parts[0], level_unary);
      case ExprKind::no:
        return print_no(expr);
      case ExprKind::binary:
        return print_binary(expr, sign_of(expr.op).text);
    }
  }

  void print_list(const Expr& expr, std::string_view open, std::string_view close) {
    out_ += open;
    bool first = true;
    for (const Expr& part : expr.parts) {
      if (!first) out_ += ", ";
      first = false;
      print_expr(part, 0);
    }
    out_ += close;
  }

  void print_no(const Expr& expr) {
    if (is_not_in(expr)) return print_binary(expr.parts[0], " not in ");
    out_ += "not ";
    print_expr(expr.parts[0], 3);
  }

  void print_binary(const Expr& expr, std::string_view text) {
    const int level = sign_of(expr.op).level;
    print_expr(expr.parts[0], level == level_compare ? level_sum : level);
    out_ += text;
    print_expr(expr.parts[1], level + 1);
  }

  std::string out_;
};

}  // namespace

std::string print(const Syntax& syntax) {
  return Printer().run(syntax);
}

std::string print(const Expr& expr) {
  return Printer().run(expr);
}

std::string print_number(double number) {
  char buffer[400];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, number == 0 ? 0.0 : number, std::chars_format::fixed);
  return {buffer, end.ptr};
}

std::string print_duration(double ms) {
  struct Unit {
    std::string_view name;
    double ms;
  };
  static constexpr std::array<Unit, 4> units = {{{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1000}}};
  if (ms == 0) return "0s";
  for (const Unit& unit : units) {
    if (std::fmod(ms, unit.ms) == 0) return print_number(ms / unit.ms) + std::string(unit.name);
  }
  return print_number(ms) + "ms";
}

}  // namespace zan::integrity::rules
