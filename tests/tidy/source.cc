#include "source.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

namespace zan::tidy {
namespace {

namespace fs = std::filesystem;

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// Where the literal or comment that starts at `at` ends; nullopt when none starts there.
std::optional<std::size_t> end_of_comment(std::string_view text, std::size_t at) {
  if (text.substr(at, 2) == "//") return std::min(text.find('\n', at), text.size());
  if (text.substr(at, 2) == "/*") {
    const auto end = text.find("*/", at + 2);
    return end == std::string_view::npos ? text.size() : end + 2;
  }
  return std::nullopt;
}

std::optional<std::size_t> end_of_raw_string(std::string_view text, std::size_t at) {
  if (text.substr(at, 2) != "R\"" || (at > 0 && is_word(text[at - 1]))) return std::nullopt;
  const auto open = text.find('(', at);
  if (open == std::string_view::npos) return std::nullopt;
  const std::string close = ")" + std::string(text.substr(at + 2, open - at - 2)) + "\"";
  const auto end = text.find(close, open);
  return end == std::string_view::npos ? text.size() : end + close.size();
}

std::optional<std::size_t> end_of_quoted(std::string_view text, std::size_t at) {
  const char quote = text[at];
  if (quote != '"' && quote != '\'') return std::nullopt;
  if (quote == '\'' && at > 0 && is_word(text[at - 1])) return std::nullopt;  // 1'000
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      return i + 1;
    } else if (text[i] == '\n') {
      return i;
    }
  }
  return text.size();
}

}  // namespace

std::string blank_comments_and_strings(std::string_view text) {
  std::string code(text);
  std::size_t at = 0;
  while (at < text.size()) {
    auto end = end_of_comment(text, at);
    if (!end) end = end_of_raw_string(text, at);
    if (!end) end = end_of_quoted(text, at);
    if (!end) {
      ++at;
      continue;
    }
    for (; at < *end; ++at) {
      if (code[at] != '\n') code[at] = ' ';
    }
  }
  return code;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

Source make_source(std::string path, std::string text) {
  Source source{std::move(path), std::move(text), {}};
  source.code = is_cpp(source) ? blank_comments_and_strings(source.text) : source.text;
  return source;
}

Sources load_sources(const fs::path& root) {
  Sources sources;
  for (const char* folder : {"src", "app", "tests", "bench"}) {
    if (!fs::is_directory(root / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      const std::string path = fs::relative(entry.path(), root).generic_string();
      if (!entry.is_regular_file() || path.starts_with("tests/corpus/")) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      sources.push_back(make_source(path, {std::istreambuf_iterator<char>(file), {}}));
    }
  }
  std::sort(sources.begin(), sources.end(), [](const Source& a, const Source& b) { return a.path < b.path; });
  return sources;
}

bool is_header(const Source& source) {
  return source.path.ends_with(".h");
}

bool is_cpp(const Source& source) {
  return is_header(source) || source.path.ends_with(".cc");
}

bool is_test(const Source& source) {
  const std::string& path = source.path;
  return path.starts_with("tests/") || path.ends_with("_test.cc") || path.ends_with("_fuzz.cc") ||
         path.ends_with("_bench.cc");
}

std::string_view room_of(std::string_view path) {
  if (!path.starts_with("src/")) return {};
  path.remove_prefix(4);
  const auto slash = path.find('/');
  return slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash);
}

std::string to_string(const Findings& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    text += finding.path;
    if (finding.line != 0) text += ":" + std::to_string(finding.line);
    text += ": " + finding.what + "\n";
  }
  return text;
}

}  // namespace zan::tidy
