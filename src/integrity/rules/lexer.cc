#include "integrity/rules/lexer.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

namespace zan::integrity::rules {
namespace {

constexpr std::array<std::string_view, 16> reserved = {"let",     "set",   "rule",   "test",    "when", "then",
                                                       "because", "given", "expect", "enforce", "and",  "or",
                                                       "not",     "in",    "true",   "false"};
constexpr std::array<std::string_view, 6> two_chars = {"==", "!=", "<=", ">=", "..", "&&"};
constexpr std::string_view one_char = "<>=+-*/(),:{}";

struct Unit {
  std::string_view name;
  double ms;
};
constexpr std::array<Unit, 5> units = {{{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};

// Length of the UTF-8 character at `at`; 0 when it is none (RFC 3629: no overlong forms, no surrogates).
std::size_t utf8_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
  };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xc0U) == 0x80U; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return follows(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    if ((first == 0xe0 && byte(1) < 0xa0) || (first == 0xed && byte(1) > 0x9f)) return 0;
    return follows(1) && follows(2) ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    if ((first == 0xf0 && byte(1) < 0x90) || (first == 0xf4 && byte(1) > 0x8f)) return 0;
    return follows(1) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

class Lexer {
 public:
  Lexer(std::string_view text, std::size_t from, const Limits& limits, Problems& problems)
      : text_(text), at_(from), limits_(limits), problems_(problems) {}

  std::vector<Token> run() {
    while (skip_blank(), at_ < text_.size() && !problems_.full()) next();
    push(TokenKind::end, text_.size());
    return std::move(tokens_);
  }

 private:
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  void push(TokenKind kind, std::size_t start, double number = 0) {
    tokens_.push_back({kind, static_cast<std::uint32_t>(start), text_.substr(start, at_ - start), number});
  }
  void error(std::size_t start, std::string message, std::string found = {}, std::string expected = {},
             std::string meant = {}) {
    problems_.error(static_cast<std::uint32_t>(start), std::move(message), std::move(found), std::move(expected),
                    std::move(meant));
  }

  void skip_blank() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        ++at_;
      } else {
        return;
      }
    }
  }

  void next() {
    const char c = peek();
    if (is_name_start(c)) return name();
    if (is_digit(c)) return number();
    if (c == '"') return string();
    symbol();
  }

  void name() {
    const std::size_t start = at_;
    while (is_name_char(peek())) ++at_;
    if (at_ - start > limits_.name_bytes) {
      error(start, fmt::format("a name of {} letters; at most {} are allowed", at_ - start, limits_.name_bytes),
            excerpt(text_.substr(start, at_ - start)));
    }
    push(TokenKind::name, start);
  }

  void number() {
    const std::size_t start = at_;
    while (is_digit(peek())) ++at_;
    const bool fraction = peek() == '.' && is_digit(peek(1));
    if (fraction) {
      ++at_;
      while (is_digit(peek())) ++at_;
    }
    const std::string_view digits = text_.substr(start, at_ - start);
    const std::size_t unit_start = at_;
    while (is_name_char(peek())) ++at_;
    const std::string_view unit = text_.substr(unit_start, at_ - unit_start);
    double value = 0;
    if (digits.size() > number_chars_max ||
        std::from_chars(digits.data(), digits.data() + digits.size(), value).ec != std::errc{} || value > integer_max) {
      error(start, fmt::format("the number is too large or has more than {} digits", number_chars_max), excerpt(digits),
            "at most 9007199254740992");
      value = 0;
    }
    if (unit.empty()) return push(fraction ? TokenKind::number : TokenKind::integer, start, value);
    duration(start, unit, fraction, value);
  }

  void duration(std::size_t start, std::string_view unit, bool fraction, double value) {
    const auto known = std::find_if(units.begin(), units.end(), [&](const Unit& u) { return u.name == unit; });
    const std::string written = excerpt(text_.substr(start, at_ - start));
    double ms = 0;
    if (known == units.end()) {
      error(start, "a number with letters behind it is a duration", written, "one of the units ms, s, m, h, d");
    } else if (fraction) {
      error(start, "a duration is a whole number of its unit", written, "for example 90s instead of 1.5m");
    } else if (value * known->ms > duration_ms_max) {
      error(start, "the duration is too long", written, "at most 3650d");
    } else {
      ms = value * known->ms;
    }
    push(TokenKind::duration, start, ms);
  }

  void string() {
    const std::size_t start = at_++;
    while (at_ < text_.size() && peek() != '"' && peek() != '\n') {
      const auto c = static_cast<unsigned char>(peek());
      if (c == '\\') {
        escape();
      } else if (c < 0x20 || c == 0x7f) {
        error(at_, "a control character in a text", fmt::format("byte {:#04x}", c));
        ++at_;
      } else {
        ++at_;
      }
    }
    if (peek() != '"') {
      error(start, "the text does not end on its line", excerpt(text_.substr(start, at_ - start)), "a closing \"");
    } else {
      ++at_;
    }
    if (at_ - start > limits_.string_bytes + 2) {
      error(start, fmt::format("a text of {} bytes; at most {} are allowed", at_ - start - 2, limits_.string_bytes));
    }
    push(TokenKind::string, start);
  }

  void escape() {
    const char c = peek(1);
    if (c != '"' && c != '\\' && c != 'n' && c != 't') {
      error(at_, "an unknown escape in a text", excerpt(text_.substr(at_, 1 + utf8_length(text_, at_ + 1))),
            R"(\" \\ \n or \t)");
      ++at_;
      return;
    }
    at_ += 2;
  }

  void symbol() {
    const std::size_t start = at_;
    const std::string_view two = text_.substr(at_, 2);
    if (two != "&&" && std::find(two_chars.begin(), two_chars.end(), two) != two_chars.end()) {
      at_ += 2;
      return push(TokenKind::symbol, start);
    }
    if (one_char.find(peek()) != one_char.npos) {
      ++at_;
      return push(TokenKind::symbol, start);
    }
    unknown(start, two);
  }

  void unknown(std::size_t start, std::string_view two) {
    const bool doubled = two == "&&" || two == "||";
    at_ += doubled ? 2 : utf8_length(text_, at_);
    const std::string found = '"' + excerpt(text_.substr(start, at_ - start)) + '"';
    std::string meant;
    if (two == "&&") meant = "and";
    if (two == "||") meant = "or";
    if (found == "\"!\"") meant = "not";
    if (found == "\"'\"" || found == "\"“\"" || found == "\"”\"") meant = "the plain quote \"";
    error(start, "a character that means nothing here", found, {}, meant);
  }

  std::string_view text_;
  std::size_t at_;
  const Limits& limits_;
  Problems& problems_;
  std::vector<Token> tokens_;
};

}  // namespace

bool is_reserved(std::string_view word) {
  return std::find(reserved.begin(), reserved.end(), word) != reserved.end();
}

bool opens_statement(std::string_view word) {
  return word == "let" || word == "set" || word == "rule" || word == "test";
}

std::vector<Token> lex(std::string_view text, const Limits& limits, Problems& problems) {
  const auto refuse = [&](std::size_t at, std::string message) {
    problems.error(static_cast<std::uint32_t>(at), std::move(message));
    return std::vector<Token>{Token{}};
  };
  if (text.size() > limits.text_bytes)
    return refuse(0, fmt::format("the text has {} bytes; at most {} are allowed", text.size(), limits.text_bytes));
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_length(text, at);
    if (length == 0) return refuse(at, "the text is not UTF-8 from here on");
    at += length;
  }
  return Lexer(text, 0, limits, problems).run();
}

std::vector<Token> lex_part(std::string_view text, std::uint32_t from, std::uint32_t to, const Limits& limits,
                            Problems& problems) {
  return Lexer(text.substr(0, to), from, limits, problems).run();
}

std::string say(const Token& token) {
  if (token.kind == TokenKind::end) return "the end";
  if (token.kind == TokenKind::string) return "the text " + excerpt(token.text);
  return '"' + excerpt(token.text) + '"';
}

}  // namespace zan::integrity::rules
