#include "integrity/rules/expression_parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace zan::integrity::rules {
namespace {

struct Comparison {
  std::string_view sign;
  BinaryOp op;
};
constexpr std::array<Comparison, 6> comparisons = {{{"==", BinaryOp::eq},
                                                    {"!=", BinaryOp::ne},
                                                    {"<", BinaryOp::lt},
                                                    {"<=", BinaryOp::le},
                                                    {">", BinaryOp::gt},
                                                    {">=", BinaryOp::ge}}};

std::optional<BinaryOp> comparison_of(const Token& token) {
  if (token.kind != TokenKind::symbol) return std::nullopt;
  for (const Comparison& c : comparisons) {
    if (c.sign == token.text) return c.op;
  }
  return std::nullopt;
}

Expr leaf(ExprKind kind, const Token& token) {
  Expr expr;
  expr.kind = kind;
  expr.offset = token.offset;
  expr.number = token.number;
  return expr;
}

}  // namespace

// Counts what is open around an expression: it bounds the recursion.
class ExpressionParser::Deeper {
 public:
  explicit Deeper(ExpressionParser& parser) : parser_(parser) {
    if (++parser_.depth_ > parser_.limits_.depth) {
      parser_.tokens_.fail(fmt::format("the expression is nested deeper than {}", parser_.limits_.depth),
                           "a let for a part of it");
    }
  }
  ~Deeper() { --parser_.depth_; }
  Deeper(const Deeper&) = delete;
  Deeper& operator=(const Deeper&) = delete;

 private:
  ExpressionParser& parser_;
};

std::string unquoted(std::string_view quoted) {
  std::string text;
  quoted.remove_prefix(1);
  if (quoted.ends_with('"')) quoted.remove_suffix(1);
  for (std::size_t i = 0; i < quoted.size(); ++i) {
    char c = quoted[i];
    if (c == '\\' && i + 1 < quoted.size()) {
      c = quoted[++i];
      if (c == 'n') c = '\n';
      if (c == 't') c = '\t';
    }
    text += c;
  }
  return text;
}

Expr ExpressionParser::expression() {
  const Deeper deeper(*this);
  return either();
}

Expr ExpressionParser::either() {
  Expr left = both();
  while (tokens_.is_word("or")) {
    const std::uint32_t offset = tokens_.take().offset;
    left = binary(BinaryOp::either, offset, std::move(left), both());
  }
  return left;
}

Expr ExpressionParser::both() {
  Expr left = no();
  while (tokens_.is_word("and")) {
    const std::uint32_t offset = tokens_.take().offset;
    left = binary(BinaryOp::both, offset, std::move(left), no());
  }
  return left;
}

Expr ExpressionParser::no() {
  if (!tokens_.is_word("not")) return compared();
  const Deeper deeper(*this);
  const std::uint32_t offset = tokens_.take().offset;
  return wrap(ExprKind::no, offset, no());
}

Expr ExpressionParser::compared() {
  Expr left = sum();
  const Token sign = tokens_.peek();
  if (tokens_.take_word("in")) return in(std::move(left), sign.offset, false);
  if (tokens_.take_word("not")) {
    tokens_.expect_word("in");
    return in(std::move(left), sign.offset, true);
  }
  const auto op = comparison_of(sign);
  if (tokens_.is_symbol("=")) tokens_.fail("a single = only names things", {}, "==");
  if (!op) return left;
  tokens_.take();
  left = binary(*op, sign.offset, std::move(left), sum());
  if (comparison_of(tokens_.peek())) tokens_.fail("comparisons do not chain", "for example a < b and b < c");
  return left;
}

Expr ExpressionParser::in(Expr left, std::uint32_t offset, bool negated) {
  Expr set;
  if (tokens_.is_symbol("{")) {
    set = members();
  } else {
    set.kind = ExprKind::name;
    set.text = name("a set, or its members in braces", set.offset);
  }
  Expr expr = binary(BinaryOp::in, offset, std::move(left), std::move(set));
  return negated ? wrap(ExprKind::no, offset, std::move(expr)) : expr;
}

Expr ExpressionParser::sum() {
  Expr left = product();
  while (tokens_.is_symbol("+") || tokens_.is_symbol("-")) {
    const Token sign = tokens_.take();
    left = binary(sign.text == "+" ? BinaryOp::add : BinaryOp::sub, sign.offset, std::move(left), product());
  }
  return left;
}

Expr ExpressionParser::product() {
  Expr left = unary();
  while (tokens_.is_symbol("*") || tokens_.is_symbol("/")) {
    const Token sign = tokens_.take();
    left = binary(sign.text == "*" ? BinaryOp::mul : BinaryOp::div, sign.offset, std::move(left), unary());
  }
  return left;
}

Expr ExpressionParser::unary() {
  if (!tokens_.is_symbol("-")) return primary();
  const Deeper deeper(*this);
  const std::uint32_t offset = tokens_.take().offset;
  return wrap(ExprKind::negate, offset, unary());
}

Expr ExpressionParser::primary() {
  const Token token = tokens_.peek();
  if (tokens_.take_symbol("(")) {
    Expr inner = expression();
    tokens_.expect_symbol(")");
    return inner;
  }
  if (tokens_.is_symbol("{")) tokens_.fail("a set stands only behind in", "a value");
  if (token.kind != TokenKind::name || token.text == "true" || token.text == "false") return literal();
  if (is_reserved(token.text)) {
    tokens_.fail("something is missing", "a value");
    return {};
  }
  tokens_.take();
  if (tokens_.is_symbol("(")) return call(token);
  Expr expr = leaf(ExprKind::name, token);
  expr.text = token.text;
  return expr;
}

Expr ExpressionParser::literal() {
  const Token token = tokens_.take();
  switch (token.kind) {
    case TokenKind::integer:
      return leaf(ExprKind::integer, token);
    case TokenKind::number:
      return leaf(ExprKind::number, token);
    case TokenKind::duration:
      return leaf(ExprKind::duration, token);
    case TokenKind::string: {
      Expr expr = leaf(ExprKind::text, token);
      expr.text = unquoted(token.text);
      return expr;
    }
    default:
      break;
  }
  Expr expr = leaf(ExprKind::boolean, token);
  expr.number = token.text == "true" ? 1 : 0;
  if (token.kind != TokenKind::name || (token.text != "true" && token.text != "false"))
    tokens_.fail_at(token.offset, "something is missing", say(token), "a value");
  return expr;
}

Expr ExpressionParser::call(const Token& word) {
  const Deeper deeper(*this);
  Expr expr = leaf(ExprKind::call, word);
  expr.text = word.text;
  tokens_.expect_symbol("(");
  do {
    expr.parts.push_back(expression());
    expr.depth = std::max(expr.depth, expr.parts.back().depth + 1);
    if (expr.parts.size() > arguments_max) tokens_.fail(fmt::format("more than {} arguments", arguments_max), {});
  } while (tokens_.take_symbol(","));
  if (!tokens_.is_symbol(")")) tokens_.fail("something is missing", "\",\" or \")\"");
  tokens_.take_symbol(")");
  check_depth(expr);
  return expr;
}

Expr ExpressionParser::members() {
  Expr set = leaf(ExprKind::members, tokens_.peek());
  tokens_.expect_symbol("{");
  do {
    if (tokens_.peek().kind != TokenKind::string && tokens_.peek().kind != TokenKind::integer &&
        !tokens_.is_symbol("-"))
      tokens_.fail("a set has texts or whole numbers", "a text or a whole number");
    Expr member = signed_literal();
    if (!set.parts.empty() && member.kind != set.parts.front().kind)
      tokens_.fail_at(member.offset, "a set has texts or whole numbers, not both");
    set.parts.push_back(std::move(member));
    if (set.parts.size() > limits_.literal_set) {
      tokens_.fail(fmt::format("a set of more than {} members", limits_.literal_set), "load of a set from outside");
    }
  } while (tokens_.take_symbol(","));
  if (!tokens_.is_symbol("}")) tokens_.fail("something is missing", "\",\" or \"}\"");
  tokens_.take_symbol("}");
  const auto less = [](const Expr& a, const Expr& b) {
    return a.number != b.number ? a.number < b.number : a.text < b.text;
  };
  std::sort(set.parts.begin(), set.parts.end(), less);
  const auto same = [&](const Expr& a, const Expr& b) { return !less(a, b) && !less(b, a); };
  set.parts.erase(std::unique(set.parts.begin(), set.parts.end(), same), set.parts.end());
  return set;
}

Expr ExpressionParser::signed_literal() {
  const Token sign = tokens_.peek();
  const bool negative = tokens_.take_symbol("-");
  Expr expr = literal();
  if (!negative) return expr;
  if (expr.kind != ExprKind::integer && expr.kind != ExprKind::number && expr.kind != ExprKind::duration)
    tokens_.fail_at(sign.offset, "only numbers and durations have a sign");
  expr.number = 0 - expr.number;
  expr.offset = sign.offset;
  return expr;
}

Expr ExpressionParser::given_feature() {
  Token token = tokens_.peek();
  Expr expr;
  expr.text = name("a feature", expr.offset);
  if (tokens_.is_symbol("(")) return call(token);
  expr.kind = ExprKind::name;
  return expr;
}

std::string ExpressionParser::name(std::string_view of_what, std::uint32_t& offset) {
  const Token token = tokens_.peek();
  offset = token.offset;
  if (token.kind != TokenKind::name || is_reserved(token.text)) {
    tokens_.fail(token.kind == TokenKind::name ? "this word has a meaning and cannot be a name" : "a name is missing",
                 std::string(of_what));
    return {};
  }
  tokens_.take();
  return std::string(token.text);
}

Token ExpressionParser::string(std::string_view of_what) {
  const Token token = tokens_.peek();
  if (token.kind != TokenKind::string) {
    tokens_.fail("a text is missing", std::string(of_what));
    return {TokenKind::string, token.offset, "\"\"", 0};
  }
  return tokens_.take();
}

Expr ExpressionParser::binary(BinaryOp op, std::uint32_t offset, Expr left, Expr right) {
  Expr expr;
  expr.kind = ExprKind::binary;
  expr.op = op;
  expr.offset = offset;
  expr.depth = 1 + std::max(left.depth, right.depth);
  expr.parts.reserve(2);
  expr.parts.push_back(std::move(left));
  expr.parts.push_back(std::move(right));
  check_depth(expr);
  return expr;
}

Expr ExpressionParser::wrap(ExprKind kind, std::uint32_t offset, Expr part) {
  Expr expr;
  expr.kind = kind;
  expr.offset = offset;
  expr.depth = 1 + part.depth;
  expr.parts.push_back(std::move(part));
  check_depth(expr);
  return expr;
}

void ExpressionParser::check_depth(const Expr& expr) {
  if (expr.depth > limits_.depth)
    tokens_.fail_at(expr.offset, fmt::format("the expression is nested deeper than {}", limits_.depth), {},
                    "a let for a part of it");
}

}  // namespace zan::integrity::rules
