// The tokens of one text as the parser takes them. After the first error of a statement nothing but the end is seen, so
// that whoever is reading comes to an end without looking for errors itself.
//
// Threads: one.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "integrity/rules/lexer.h"

namespace zan::integrity::rules {

class TokenStream {
 public:
  TokenStream(std::vector<Token> tokens, Problems& problems) : tokens_(std::move(tokens)), problems_(problems) {}

  [[nodiscard]] const Token& peek() const { return failed_ ? tokens_.back() : tokens_[at_]; }
  [[nodiscard]] bool failed() const { return failed_; }
  Token take() {
    const Token token = peek();
    if (!failed_ && token.kind != TokenKind::end) ++at_;
    return token;
  }

  [[nodiscard]] bool is(TokenKind kind, std::string_view text) const {
    return peek().kind == kind && peek().text == text;
  }
  [[nodiscard]] bool is_symbol(std::string_view text) const { return is(TokenKind::symbol, text); }
  [[nodiscard]] bool is_word(std::string_view text) const { return is(TokenKind::name, text); }
  bool take_symbol(std::string_view text) { return is_symbol(text) && (take(), true); }
  bool take_word(std::string_view text) { return is_word(text) && (take(), true); }

  void expect_symbol(std::string_view text) {
    if (!take_symbol(text)) fail("something is missing", '"' + std::string(text) + '"');
  }
  void expect_word(std::string_view text) {
    if (take_word(text)) return;
    const std::vector<std::string_view> candidates = {text};
    fail("something is missing", '"' + std::string(text) + '"',
         peek().kind == TokenKind::name ? nearest(peek().text, candidates) : "");
  }

  // Of the first error of a statement; later ones say nothing.
  void fail(std::string message, std::string expected, std::string meant = {}) {
    if (failed_) return;
    problems_.error(peek().offset, std::move(message), say(peek()), std::move(expected), std::move(meant));
    failed_ = true;
  }
  void fail_at(std::uint32_t offset, std::string message, std::string found = {}, std::string expected = {}) {
    if (failed_) return;
    problems_.error(offset, std::move(message), std::move(found), std::move(expected));
    failed_ = true;
  }

  // The error has been said elsewhere.
  void fail_silently() { failed_ = true; }

  // Goes on at the next word that opens a statement, if the last one failed.
  void recover() {
    if (!failed_) return;
    failed_ = false;
    while (peek().kind != TokenKind::end && !(peek().kind == TokenKind::name && opens_statement(peek().text))) take();
  }

 private:
  std::vector<Token> tokens_;  // the last one is the end
  std::size_t at_ = 0;
  bool failed_ = false;
  Problems& problems_;
};

}  // namespace zan::integrity::rules
