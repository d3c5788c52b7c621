#include "integrity/rules/parser.h"

#include <fmt/format.h>

#include <algorithm>

#include "integrity/rules/expression_parser.h"

namespace zan::integrity::rules {
namespace {

class Parser {
 public:
  Parser(std::string_view text, const Limits& limits, Problems& problems)
      : text_(text),
        limits_(limits),
        problems_(problems),
        tokens_(lex(text, limits, problems), problems),
        expressions_(tokens_, limits) {}

  Syntax run() {
    while (tokens_.peek().kind != TokenKind::end && !problems_.full()) {
      statement();
      tokens_.recover();
    }
    return std::move(syntax_);
  }

 private:
  void statement() {
    if (tokens_.take_word("let")) return let();
    if (tokens_.take_word("set")) return set();
    if (tokens_.take_word("rule")) return rule();
    if (tokens_.take_word("test")) return test();
    tokens_.fail(
        "nothing begins like this", "let, set, rule or test",
        tokens_.peek().kind == TokenKind::name ? nearest(tokens_.peek().text, {"let", "set", "rule", "test"}) : "");
  }

  // Keeps what was read whole.
  template <typename T>
  void keep(StatementKind kind, std::vector<T>& to, T item, std::size_t most, const char* what) {
    if (to.size() >= most) tokens_.fail_at(item.offset, fmt::format("there are more than {} {}", most, what));
    if (tokens_.failed()) return;
    syntax_.order.push_back({kind, static_cast<std::uint32_t>(to.size())});
    to.push_back(std::move(item));
  }

  void let() {
    LetSyntax item;
    item.name = expressions_.name("the name of a definition", item.offset);
    tokens_.expect_symbol("=");
    item.value = expressions_.expression();
    if (tokens_.failed()) syntax_.broken.push_back(item.name);
    keep(StatementKind::let, syntax_.lets, std::move(item), limits_.definitions - syntax_.sets.size(), "definitions");
  }

  void set() {
    SetSyntax item;
    item.name = expressions_.name("the name of a set", item.offset);
    tokens_.expect_symbol("=");
    item.is_loaded = tokens_.take_word("load");
    if (item.is_loaded) {
      item.source = unquoted(expressions_.string("the name of a set from outside").text);
    } else if (!tokens_.is_symbol("{")) {
      tokens_.fail("something is missing", "load \"...\" or { ... }");
    } else {
      item.members = expressions_.members();
    }
    if (tokens_.failed()) syntax_.broken.push_back(item.name);
    keep(StatementKind::set, syntax_.sets, std::move(item), limits_.definitions - syntax_.lets.size(), "definitions");
  }

  void rule() {
    RuleSyntax item;
    item.name = expressions_.name("the name of a rule", item.offset);
    tokens_.expect_symbol(":");
    tokens_.expect_word("when");
    item.when = expressions_.expression();
    tokens_.expect_word("then");
    do {
      item.actions.push_back(action(false));
      if (item.actions.size() > limits_.actions) tokens_.fail(fmt::format("more than {} actions", limits_.actions), {});
    } while (tokens_.take_symbol(","));
    if (tokens_.is_word("enforce")) delay(item.delay);
    tokens_.expect_word("because");
    item.english = because();
    if (tokens_.take_word("zh")) item.chinese = because();
    if (tokens_.failed()) syntax_.broken.push_back(item.name);
    keep(StatementKind::rule, syntax_.rules, std::move(item), std::min(limits_.rules, rules_max), "rules");
  }

  ActionSyntax action(bool in_test) {
    ActionSyntax item;
    const Token word = tokens_.take();
    item.offset = word.offset;
    if (word.text == "allow" || word.text == "reject" || word.text == "hold") {
      item.kind = word.text == "allow"  ? ActionKind::allow
                  : word.text == "hold" ? ActionKind::hold
                                        : ActionKind::reject;
    } else if (word.text == "score") {
      item.kind = ActionKind::score;
      score(item);
    } else if (word.text == "tag") {
      item.kind = ActionKind::tag;
      item.tag = unquoted(expressions_.string("a tag").text);
    } else if (in_test && (word.text == "none" || word.text == "match")) {
      item.kind = word.text == "none" ? ActionKind::none : ActionKind::match;
    } else if (in_test && word.text == "not") {
      item.kind = ActionKind::no_match;
      tokens_.expect_word("match");
    } else {
      unknown_action(word, in_test);
    }
    return item;
  }

  void score(ActionSyntax& item) {
    const bool plus = tokens_.take_symbol("+");
    const Expr number = plus && tokens_.is_symbol("-") ? Expr{} : expressions_.signed_literal();
    if (number.kind != ExprKind::integer && number.kind != ExprKind::number)
      tokens_.fail_at(item.offset, "a score is a number", {}, "for example score +20");
    item.score = number.number;
  }

  void unknown_action(const Token& word, bool in_test) {
    if (tokens_.failed()) return;
    std::vector<std::string_view> known = {"allow", "reject", "hold", "score", "tag"};
    if (in_test) known.insert(known.end(), {"none", "match", "not match"});
    std::string expected;
    for (const std::string_view name : known) expected += (expected.empty() ? "" : ", ") + std::string(name);
    problems_.error(word.offset, in_test ? "nothing that a test can expect" : "no action", say(word), expected,
                    nearest(word.text, known));
    tokens_.fail_silently();
  }

  void delay(DelaySyntax& item) {
    item.given = true;
    item.offset = tokens_.take().offset;
    tokens_.expect_word("after");
    tokens_.expect_word("random");
    tokens_.expect_symbol("(");
    item.from_ms = duration();
    tokens_.expect_symbol("..");
    item.to_ms = duration();
    tokens_.expect_symbol(")");
    if (item.from_ms > item.to_ms) tokens_.fail_at(item.offset, "the delay ends before it begins");
  }

  double duration() {
    if (tokens_.peek().kind == TokenKind::duration) return tokens_.take().number;
    tokens_.fail("a duration is missing", "for example 30m");
    return 0;
  }

  // The text behind `because`. An expression in braces is read where it stands, so that its errors have their place.
  Template because() {
    Template result;
    const Token token = expressions_.string("the reason, a text");
    result.texts.emplace_back();
    if (tokens_.failed()) return result;
    std::size_t i = 1;
    const std::size_t end = token.text.size() - (token.text.ends_with('"') && token.text.size() > 1 ? 1 : 0);
    while (i < end && !tokens_.failed()) i = because_part(result, token, i, end);
    return result;
  }

  std::size_t because_part(Template& result, const Token& token, std::size_t i, std::size_t end) {
    const std::string_view text = token.text;
    const char c = text[i];
    const auto here = token.offset + static_cast<std::uint32_t>(i);
    if (c == '\\' || ((c == '{' || c == '}') && i + 1 < end && text[i + 1] == c)) {
      const std::string_view two = text.substr(i, 2);
      result.texts.back() += c == '\\' ? unquoted("\"" + std::string(two)) : std::string(1, c);
      return i + 2;
    }
    if (c == '}') tokens_.fail_at(here, "a brace that closes nothing", "\"}\"", "}} for a brace in the text");
    if (c != '{') {
      result.texts.back() += c;
      return i + 1;
    }
    const std::size_t close = text.substr(0, end).find('}', i);
    if (close == text.npos) {
      tokens_.fail_at(here, "the brace is not closed", "\"{\"",
                      "} behind the expression, or {{ for a brace in the text");
      return end;
    }
    result.values.push_back(value_in_braces(here + 1, token.offset + static_cast<std::uint32_t>(close)));
    result.texts.emplace_back();
    if (result.values.size() > reason_values_max)
      tokens_.fail_at(here, fmt::format("a reason has at most {} values", reason_values_max));
    return close + 1;
  }

  Expr value_in_braces(std::uint32_t from, std::uint32_t to) {
    TokenStream inner(lex_part(text_, from, to, limits_, problems_), problems_);
    Expr expr = ExpressionParser(inner, limits_).expression();
    if (inner.peek().kind != TokenKind::end) inner.fail("one value stands in braces", "\"}\"");
    if (inner.failed()) tokens_.fail_silently();
    return expr;
  }

  void test() {
    TestSyntax item;
    item.rule = expressions_.name("the rule that is tested", item.offset);
    tokens_.expect_symbol(":");
    if (tokens_.take_word("given")) {
      do {
        GivenSyntax given;
        given.feature = expressions_.given_feature();
        tokens_.expect_symbol("=");
        given.value = expressions_.signed_literal();
        item.givens.push_back(std::move(given));
        if (item.givens.size() > limits_.givens)
          tokens_.fail(fmt::format("a test with more than {} values", limits_.givens), {});
      } while (tokens_.take_symbol(","));
    }
    tokens_.expect_word("expect");
    do {
      item.expected.push_back(action(true));
      if (item.expected.size() > limits_.actions)
        tokens_.fail(fmt::format("more than {} expectations", limits_.actions), {});
    } while (tokens_.take_symbol(","));
    keep(StatementKind::test, syntax_.tests, std::move(item), limits_.tests, "tests");
  }

  std::string_view text_;
  const Limits& limits_;
  Problems& problems_;
  TokenStream tokens_;
  ExpressionParser expressions_;
  Syntax syntax_;
};

}  // namespace

Syntax parse_syntax(std::string_view text, const Limits& limits, Problems& problems) {
  return Parser(text, limits, problems).run();
}

}  // namespace zan::integrity::rules
