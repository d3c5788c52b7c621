// Function lengths by counting braces. The text between the last ';', '{' or '}' and a '{' is the block's head; a head with a
// parenthesis that is no type, control statement or initialiser belongs to a function. Good enough to police the tail.

#include <cctype>
#include <regex>
#include <set>
#include <string>
#include <string_view>

#include "rules.h"

namespace zan::tidy {
namespace {

constexpr std::size_t function_lines_max = 70;

std::string_view trim(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front()))) text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
  return text;
}

// Drops whatever stands in (nested) parentheses, and the parentheses.
std::string outside_parentheses(std::string_view text) {
  std::string rest;
  int depth = 0;
  for (const char c : text) {
    if (c == '(') ++depth;
    if (depth == 0) rest += c;
    if (c == ')') --depth;
  }
  return rest;
}

std::string without_preprocessor(std::string_view code) {
  std::string rest;
  bool continued = false;
  for (const auto line : lines_of(code)) {
    const bool directive = continued || trim(line).starts_with('#');
    continued = directive && line.ends_with('\\');
    rest += directive ? std::string(line.size(), ' ') : std::string(line);
    rest += '\n';
  }
  return rest;
}

bool is_function_head(std::string_view head) {
  static const std::regex no_function(
      R"(^(if|else|for|while|do|switch|try|catch|return|case|namespace|using)\b|^co_return\b)");
  static const std::regex type(R"((^|\s|>)(class|struct|union|enum)\s)");
  static const std::regex assignment(R"((^|[^=!<>r])=($|[^=]))");  // 'r': operator=
  const std::string bare = outside_parentheses(head);
  if (bare.size() == head.size()) return false;
  const std::string start(trim(head));
  if (std::regex_search(start, no_function)) return false;
  // "template <class T> void f()" is a function, "struct X : Y<f()>" is not: look behind the template list.
  const auto template_end = bare.starts_with("template") ? bare.rfind('>') : std::string::npos;
  const std::string tail = template_end == std::string::npos ? bare : bare.substr(template_end);
  if (head.find("operator") != std::string_view::npos) return true;
  return !std::regex_search(tail, type) && !std::regex_search(bare, assignment);
}

// "Foo(int x) : a_{x}": the brace belongs to the initialiser of a member, the body comes later.
bool is_member_initialiser(std::string_view head) {
  static const std::regex pattern(R"(\)\s*(noexcept\s*)?:[^:])");
  const std::string text(trim(head));
  if (text.empty() || !(std::isalnum(static_cast<unsigned char>(text.back())) || text.back() == '_')) return false;
  return std::regex_search(text, pattern);
}

std::string function_name(std::string_view head) {
  std::string flat = std::regex_replace(std::string(trim(head)), std::regex(R"(\s+)"), " ");
  static const std::regex macro(R"(^((?:TEST|TEST_F|TEST_P|RC_GTEST_PROP)\([^)]*\)?))");
  static const std::regex name(R"(([\w:~]+|operator[^(]*)\s*\()");
  std::smatch match;
  if (std::regex_search(flat, match, macro) || std::regex_search(flat, match, name)) return match[1];
  return flat;
}

std::size_t skip_braces(std::string_view code, std::size_t open, std::size_t& line) {
  int depth = 0;
  for (std::size_t i = open; i < code.size(); ++i) {
    if (code[i] == '\n') ++line;
    if (code[i] == '{') ++depth;
    if (code[i] == '}' && --depth == 0) return i;
  }
  return code.size();
}

Findings long_functions(const Source& source) {
  const std::string code = without_preprocessor(source.code);
  Findings findings;
  std::size_t line = 1;
  std::string head;
  for (std::size_t i = 0; i < code.size(); ++i) {
    const char c = code[i];
    if (c == '\n') ++line;
    if (c == ';' || c == '}') {
      head.clear();
    } else if (c != '{') {
      head += c;
    } else if (is_member_initialiser(head)) {
      i = skip_braces(code, i, line);
      head += "()";
    } else if (is_function_head(head)) {
      const std::size_t first = line;
      i = skip_braces(code, i, line);
      if (line - first + 1 > function_lines_max) {
        findings.push_back({source.path, first,
                            function_name(head) + " is longer than " + std::to_string(function_lines_max) + " lines"});
      }
      head.clear();
    } else {
      head.clear();
    }
  }
  return findings;
}

}  // namespace

Findings check_function_lengths(const Sources& sources) {
  Findings findings;
  for (const Source& source : sources) {
    if (!is_cpp(source)) continue;
    for (Finding& finding : long_functions(source)) findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace zan::tidy
