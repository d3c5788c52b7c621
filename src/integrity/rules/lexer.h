// A text of rules, cut into tokens. White space and comments (# to the end of the line) only separate.
//
// Errors:  gathered in Problems; a bad character is passed over, so that the rest is looked at as well.
// Cost:    linear in the text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "integrity/rules/limits.h"
#include "integrity/rules/problem.h"

namespace zan::integrity::rules {

enum class TokenKind : unsigned char { name, integer, number, duration, string, symbol, end };

struct Token {
  TokenKind kind = TokenKind::end;
  std::uint32_t offset = 0;
  std::string_view text;  // as it is written; of a string with its quotes
  double number = 0;      // integer, number; duration: milliseconds
};

constexpr bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_name_char(char c) {
  return is_name_start(c) || is_digit(c);
}

// Words that can name nothing: let set rule test when then because given expect enforce and or not in true false.
bool is_reserved(std::string_view word);
// Of these, the ones that open something at the outermost level.
bool opens_statement(std::string_view word);

// The text is valid UTF-8 (else one error with its place) and within limits; ends with a token `end`.
std::vector<Token> lex(std::string_view text, const Limits& limits, Problems& problems);
// The tokens between two offsets of `text`, for what stands in the braces of a `because`.
std::vector<Token> lex_part(std::string_view text, std::uint32_t from, std::uint32_t to, const Limits& limits,
                            Problems& problems);

// What a message says of a token: `"name"`, `the end of the text`.
std::string say(const Token& token);

}  // namespace zan::integrity::rules
