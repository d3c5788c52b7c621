// Reads expressions and the parts of them that stand alone: members of sets, texts, names.
//
// Threads: one.
#pragma once

#include <string>
#include <string_view>

#include "integrity/rules/syntax.h"
#include "integrity/rules/token_stream.h"

namespace zan::integrity::rules {

class ExpressionParser {
 public:
  ExpressionParser(TokenStream& tokens, const Limits& limits) : tokens_(tokens), limits_(limits) {}

  Expr expression();
  Expr members();  // "{" … "}"
  Expr given_feature();
  Expr signed_literal();
  std::string name(std::string_view of_what, std::uint32_t& offset);
  Token string(std::string_view of_what);

 private:
  class Deeper;

  Expr either();
  Expr both();
  Expr no();
  Expr compared();
  Expr sum();
  Expr product();
  Expr unary();
  Expr primary();
  Expr call(const Token& word);
  Expr in(Expr left, std::uint32_t offset, bool negated);
  Expr literal();
  Expr binary(BinaryOp op, std::uint32_t offset, Expr left, Expr right);
  Expr wrap(ExprKind kind, std::uint32_t offset, Expr part);
  void check_depth(const Expr& expr);

  TokenStream& tokens_;
  const Limits& limits_;
  std::size_t depth_ = 0;
};

// What a text stands for, without its quotes and escapes.
std::string unquoted(std::string_view quoted);

}  // namespace zan::integrity::rules
