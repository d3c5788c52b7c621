// Recursive descent over the text of a segment; the grammar is in docs/segments.md.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "audience/nearest.h"
#include "audience/segment/check.h"

namespace zan::audience {
namespace {

enum class TokenKind : std::uint8_t { name, number, days, text, symbol, bad, end };

struct Token {
  TokenKind kind = TokenKind::end;
  std::size_t offset = 0;
  std::string_view written;
  std::string text;          // of a text, without quotes and escapes
  std::uint64_t number = 0;  // number, days
};

constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Token next() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r'))
      ++at_;
    Token token;
    token.offset = at_;
    if (at_ == text_.size()) return token;
    const char c = text_[at_];
    if (is_letter(c)) {
      token.kind = TokenKind::name;
      while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]) || text_[at_] == '.')) ++at_;
    } else if (is_digit(c)) {
      number(token);
    } else if (c == '"') {
      string(token);
    } else {
      symbol(token);
    }
    token.written = text_.substr(token.offset, at_ - token.offset);
    return token;
  }

 private:
  void number(Token& token) {
    const char* const end = text_.data() + text_.size();
    const auto read = std::from_chars(text_.data() + at_, end, token.number);
    token.kind = read.ec == std::errc() ? TokenKind::number : TokenKind::bad;
    at_ = static_cast<std::size_t>(read.ptr - text_.data());
    if (at_ < text_.size() && text_[at_] == 'd') {
      token.kind = token.kind == TokenKind::number ? TokenKind::days : TokenKind::bad;
      ++at_;
    }
    if (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]) || text_[at_] == '.')) {
      token.kind = TokenKind::bad;
      while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]) || text_[at_] == '.')) ++at_;
    }
  }

  void string(Token& token) {
    token.kind = TokenKind::bad;
    for (++at_; at_ < text_.size() && static_cast<unsigned char>(text_[at_]) >= 0x20; ++at_) {
      if (text_[at_] == '"') {
        ++at_;
        token.kind = TokenKind::text;
        return;
      }
      if (text_[at_] == '\\') {
        ++at_;
        if (at_ == text_.size() || (text_[at_] != '"' && text_[at_] != '\\')) return;
      }
      token.text += text_[at_];
    }
  }

  void symbol(Token& token) {
    static constexpr std::string_view two[] = {"!=", "<=", ">="};
    token.kind = TokenKind::symbol;
    const std::string_view rest = text_.substr(at_);
    if (std::any_of(std::begin(two), std::end(two), [&](std::string_view one) { return rest.starts_with(one); })) {
      at_ += 2;
      return;
    }
    if (std::string_view("()=<>,:").find(rest.front()) == std::string_view::npos) token.kind = TokenKind::bad;
    for (++at_; at_ < text_.size() && (static_cast<unsigned char>(text_[at_]) & 0xc0) == 0x80;) ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

class Parser {
 public:
  Parser(std::string_view text, const Catalogue& catalogue, const SegmentLimits& limits)
      : text_(text), catalogue_(catalogue), limits_(limits), lexer_(text) {
    take();
  }

  SegmentOr run() {
    Node node = either();
    if (!failed_ && token_.kind != TokenKind::end)
      fail("the segment ends here", "and, or, or the end", meant({"and", "or"}));
    if (!failed_)
      if (const auto problem = check_size(node, catalogue_, limits_)) fail_at(0, *problem);
    if (failed_) return problem_;
    return node;
  }

 private:
  Node either() {
    return group(NodeKind::either, "or", [this] { return both(); });
  }
  Node both() {
    return group(NodeKind::both, "and", [this] { return negation(); });
  }

  template <typename Part>
  Node group(NodeKind kind, std::string_view word, Part part) {
    Node first = part();
    if (failed_ || !is_word(word)) return first;
    Node out;
    out.kind = kind;
    out.parts.push_back(std::move(first));
    while (!failed_ && is_word(word)) {
      take();
      out.parts.push_back(part());
    }
    return out;
  }

  Node negation() {
    if (!is_word("not")) return primary();
    if (!enter()) return {};
    take();
    Node out;
    out.kind = NodeKind::negate;
    out.parts.push_back(negation());
    --depth_;
    return out;
  }

  Node primary() {
    if (is_symbol("(")) {
      if (!enter()) return {};
      take();
      Node out = either();
      expect(")");
      --depth_;
      return out;
    }
    if (token_.kind != TokenKind::name)
      return fail("a term is missing", "a tag, not, count(...), segment(...), list(...), similar to ... or ("), Node();
    const Token name = token_;
    take();
    Node node;
    node.name = std::string(name.written);
    if (name.written == "everybody") return Node();
    if (name.written == "count") return window();
    if (name.written == "similar") return similar(name.offset);
    if (name.written == "segment" || name.written == "list") return reference(name.written == "list");
    const Tag* const tag = catalogue_.find(name.written);
    if (tag == nullptr) return fail_at(name.offset, *check_tag(catalogue_, name.written)), node;
    const std::size_t start = name.offset;
    tag_term(*tag, node);
    if (failed_) return node;
    Node& leaf = node.kind == NodeKind::negate ? node.parts.front() : node;
    if (const auto problem = check_leaf(catalogue_, leaf, limits_)) fail_at(start, *problem);
    return node;
  }

  void tag_term(const Tag& tag, Node& node) {
    if (is_word("is")) {
      take();
      expect_word("known");
      node.kind = NodeKind::known;
      return;
    }
    if (tag.type == TagType::flag) {
      node.kind = NodeKind::flag;
      if (is_comparison() || is_word("in")) fail(tag.name + " is a flag", expected_after(tag));
    } else if (tag.is_set()) {
      set_term(tag, node);
    } else if (tag.type == TagType::time && is_word("within")) {
      take();
      node.kind = NodeKind::within;
      node.days = days();
    } else {
      node.kind = tag.type == TagType::number ? NodeKind::range : NodeKind::days;
      range(tag, node);
    }
  }

  void set_term(const Tag& tag, Node& node) {
    node.kind = NodeKind::any_of;
    bool negative = false;
    if (is_symbol("=") || is_symbol("!=")) {
      negative = is_symbol("!=");
      take();
      value(tag, node);
    } else if (is_word("in") || is_word("not")) {
      negative = is_word("not");
      if (negative) take();
      expect_word("in");
      expect("(");
      value(tag, node);
      while (!failed_ && is_symbol(",")) {
        take();
        value(tag, node);
      }
      expect(")");
    } else {
      fail(tag.name + " needs a value", expected_after(tag));
    }
    if (negative) negate(node);
  }

  static void negate(Node& node) {
    Node inner = std::move(node);
    node = {};
    node.kind = NodeKind::negate;
    node.parts.push_back(std::move(inner));
  }

  void value(const Tag& tag, Node& node) {
    if (failed_) return;
    if (token_.kind != TokenKind::text) return fail("a value is missing", "a text in quotes");
    if (const auto problem = check_value(tag, token_.text)) return fail_at(token_.offset, *problem);
    node.values.push_back(token_.text);
    if (node.values.size() > limits_.values) return fail(fmt::format("more than {} values", limits_.values), ")");
    take();
  }

  void range(const Tag& tag, Node& node) {
    if (is_word("between")) {
      take();
      node.low = bound(tag);
      expect_word("and");
      node.high = bound(tag);
      return;
    }
    if (!is_comparison()) return fail(tag.name + " needs a comparison", expected_after(tag));
    const std::string op(token_.written);
    take();
    compare(node, op, bound(tag));
    if (op == "!=") negate(node);
  }

  void compare(Node& node, std::string_view op, std::uint64_t number) {
    if (failed_) return;
    if (op == "<" && number == 0) return fail("nothing is below zero", "a greater number");
    if (op == "=" || op == "!=") node.low = node.high = number;
    if (op == "<") node.high = number - 1;
    if (op == "<=") node.high = number;
    if (op == ">") node.low = number + 1;
    if (op == ">=") node.low = number;
  }

  std::uint64_t bound(const Tag& tag) {
    if (failed_) return 0;
    if (tag.type == TagType::time) {
      const auto day = token_.kind == TokenKind::text ? day_of_text(token_.text) : std::nullopt;
      if (!day) return fail("a day is missing", "a day such as \"2024-02-29\""), 0;
      take();
      return *day;
    }
    return number();
  }

  std::uint64_t number() {
    if (failed_) return 0;
    if (token_.kind != TokenKind::number || token_.number > 1'000'000'000'000)
      return fail("a number is missing", "a whole number"), 0;
    const std::uint64_t number = token_.number;
    take();
    return number;
  }

  std::uint32_t days() {
    if (failed_) return 0;
    if (token_.kind != TokenKind::days || token_.number > 100'000)
      return fail("a number of days is missing", "days such as 7d"), 0;
    const auto days = static_cast<std::uint32_t>(token_.number);
    take();
    return days;
  }

  Node window() {
    Node node;
    node.kind = NodeKind::window;
    const std::size_t start = token_.offset;
    expect("(");
    act(node);
    while (!failed_ && is_word("or")) {
      take();
      act(node);
    }
    expect(",");
    if (is_word("category")) {
      take();
      expect(":");
      if (!failed_ && token_.kind != TokenKind::text) fail("a category is missing", "a text in quotes");
      node.category = token_.text;
      if (!failed_) take();
      expect(",");
    }
    expect_word("last");
    node.days = days();
    expect(")");
    times(node);
    if (!failed_)
      if (const auto problem = check_leaf(catalogue_, node, limits_)) fail_at(start, *problem);
    return node;
  }

  void times(Node& node) {
    if (failed_) return;
    node.low = 1;
    if (is_word("between")) {
      take();
      node.low = number();
      expect_word("and");
      node.high = number();
      return;
    }
    if (!is_comparison() || is_symbol("!="))
      return fail("the count needs a comparison", "=, <, <=, >, >= or between, as in >= 3");
    const std::string op(token_.written);
    take();
    compare(node, op, number());
  }

  void act(Node& node) {
    if (failed_) return;
    const auto type = token_.kind == TokenKind::name ? act_type_of(token_.written) : std::nullopt;
    if (!type)
      return fail("an act is missing", "like, view, complete, comment, share, follow ...",
                  meant({"like", "unlike", "dislike", "view", "complete", "comment", "follow", "unfollow", "share",
                         "profile_visit"}));
    node.acts.push_back(*type);
    take();
  }

  Node reference(bool list) {
    Node node;
    node.kind = list ? NodeKind::list : NodeKind::segment;
    expect("(");
    if (!failed_ && (token_.kind != TokenKind::text || token_.text.empty() ||
                     token_.text.size() > segment_name_bytes_max))
      fail("a name is missing", fmt::format("a text in quotes of 1 to {} bytes", segment_name_bytes_max));
    node.name = token_.text;
    if (!failed_) take();
    expect(")");
    return node;
  }

  Node similar(std::size_t start) {
    expect_word("to");
    expect_word("segment");
    Node node;
    if (!failed_) node = reference(false);
    node.kind = NodeKind::similar;
    expect_word("size");
    node.low = number();
    if (!failed_)
      if (const auto problem = check_leaf(catalogue_, node, limits_)) fail_at(start, *problem);
    return node;
  }

  // --- tokens ---
  void take() {
    token_ = lexer_.next();
    if (token_.kind == TokenKind::bad && !failed_) fail("this is nothing known here", "");
  }
  [[nodiscard]] bool is_word(std::string_view word) const {
    return token_.kind == TokenKind::name && token_.written == word;
  }
  [[nodiscard]] bool is_symbol(std::string_view symbol) const {
    return token_.kind == TokenKind::symbol && token_.written == symbol;
  }
  [[nodiscard]] bool is_comparison() const {
    static constexpr std::string_view all[] = {"=", "!=", "<", "<=", ">", ">="};
    return token_.kind == TokenKind::symbol &&
           std::find(std::begin(all), std::end(all), token_.written) != std::end(all);
  }
  void expect(std::string_view symbol) {
    if (failed_) return;
    if (!is_symbol(symbol)) return fail("something is missing", '"' + std::string(symbol) + '"');
    take();
  }
  void expect_word(std::string_view word) {
    if (failed_) return;
    if (!is_word(word)) return fail("something is missing", '"' + std::string(word) + '"', meant({word}));
    take();
  }
  bool enter() {
    if (failed_) return false;
    if (++depth_ <= limits_.depth) return true;
    fail(fmt::format("nested deeper than {}", limits_.depth), "");
    return false;
  }
  [[nodiscard]] std::string meant(const std::vector<std::string_view>& candidates) const {
    return token_.kind == TokenKind::name ? nearest(token_.written, candidates) : std::string();
  }

  // --- problems; only the first one counts ---
  void fail(std::string message, std::string expected, std::string meant = {}) {
    const std::string found = token_.kind == TokenKind::end    ? "the end"
                              : token_.kind == TokenKind::text ? "the text " + in_quotes(token_.text)
                                                               : in_quotes(token_.written);
    fail_at(token_.offset, {std::move(message), found, std::move(expected), std::move(meant)});
  }
  void fail_at(std::size_t offset, const LeafProblem& problem) {
    if (failed_) return;
    failed_ = true;
    const std::string_view before = text_.substr(0, offset);
    const auto line = before.rfind('\n');
    const std::string_view in_line = line == std::string_view::npos ? before : before.substr(line + 1);
    problem_.line = static_cast<std::uint32_t>(1 + std::count(before.begin(), before.end(), '\n'));
    problem_.column = static_cast<std::uint32_t>(1 + std::count_if(in_line.begin(), in_line.end(), [](char c) {
                                                   return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
                                                 }));
    problem_.message = problem.message;
    problem_.found = problem.found;
    problem_.expected = problem.expected;
    problem_.meant = problem.meant;
  }

  std::string_view text_;
  const Catalogue& catalogue_;
  const SegmentLimits& limits_;
  Lexer lexer_;
  Token token_;
  std::size_t depth_ = 0;
  bool failed_ = false;
  SegmentProblem problem_;
};

}  // namespace

SegmentOr parse_segment(std::string_view text, const Catalogue& catalogue, const SegmentLimits& limits) {
  if (text.size() > limits.text_bytes) {
    SegmentProblem problem;
    problem.line = problem.column = 1;
    problem.message = fmt::format("the text has {} bytes; at most {} are allowed", text.size(), limits.text_bytes);
    return problem;
  }
  return Parser(text, catalogue, limits).run();
}

}  // namespace zan::audience
