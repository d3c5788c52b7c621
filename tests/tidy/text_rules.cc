#include <algorithm>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <string_view>

#include "rules.h"

namespace zan::tidy {
namespace {

constexpr std::size_t file_lines_max = 600;
constexpr std::size_t test_lines_max = 1000;
constexpr std::size_t readme_lines_max = 40;

struct BannedCall {
  std::vector<std::string_view> words;  // one of them is in every line that breaks the rule: regexes are slow
  const char* pattern;                  // over code without comments and strings
  const char* why;
  bool in_tests_too;                           // else src only, without its tests
  std::vector<std::string_view> allowed = {};  // path prefixes
};

const std::vector<BannedCall> banned_calls = {
    {{"now", "gettime"},
     R"((system_clock|steady_clock|high_resolution_clock)\s*::\s*now|\b(clock_gettime|gettimeofday)\s*\()",
     "time is a parameter: base/clock.h",
     false,
     {"src/base/clock."}},
    {{"time"},
     R"((^|[^\w.>:])(std::|::)?time\s*\(\s*(nullptr|NULL|0|&))",
     "time is a parameter: base/clock.h",
     false,
     {"src/base/clock."}},
    {{"rand", "mt19937"},
     R"(\b(s?rand|rand_r|random|drand48)\s*\(|\brandom_device\b|\bmt19937)",
     "randomness is a parameter: base/random.h",
     false,
     {"src/base/random."}},
    {{"env"}, R"(\b(secure_)?(getenv|setenv|putenv)\s*\()", "no environment below app", false},
    {{"open", "tmpfile", "fstream"},
     R"(\b(fopen|freopen|tmpfile)\s*\(|\b[iof]?fstream\b)",
     "files are for base's and storage's adapters",
     false,
     {"src/base/file", "src/storage/disk", "src/storage/posix", "src/connectors/"}},
    {{"sleep"},
     R"((^|[^\w.>])(sleep|usleep|nanosleep)\s*\(|\bsleep_(for|until)\b)",
     "nothing sleeps: wait for what you wait for",
     true},
    {{"system", "popen", "exec"}, R"(\b(system|popen|execvp?e?|execl[pe]?)\s*\()", "no child processes", false},
    {{"printf", "put", "std::c"},
     R"(\b(printf|puts|putchar)\s*\(|\bstd::(cout|cerr|clog)\b)",
     "prints: use base/log.h",
     false,
     {"src/base/log", "src/base/require."}},
    {{"throw"}, R"(\bthrow\b)", "our code does not throw: base/result.h", false},
    {{"assert"}, R"(\bassert\s*\()", "use require(): it holds in release too", true},
    {{"detach"}, R"(\.\s*detach\s*\(\s*\))", "a thread nobody joins", true},
};

bool applies(const BannedCall& rule, const Source& source) {
  const bool ours = source.path.starts_with("src/") || source.path.starts_with("tests/");
  if (!is_cpp(source) || !ours || (is_test(source) && !rule.in_tests_too)) return false;
  return std::none_of(rule.allowed.begin(), rule.allowed.end(),
                      [&](std::string_view prefix) { return source.path.starts_with(prefix); });
}

bool has_any(std::string_view line, const std::vector<std::string_view>& words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return line.find(word) != line.npos; });
}

Findings search_lines(const Source& source, std::string_view text, const std::vector<std::string_view>& words,
                      const std::regex& pattern, const std::string& why) {
  Findings findings;
  std::size_t number = 0;
  for (const auto line : lines_of(text)) {
    ++number;
    if (!has_any(line, words)) continue;
    if (std::regex_search(line.begin(), line.end(), pattern)) findings.push_back({source.path, number, why});
  }
  return findings;
}

void append(Findings& findings, Findings more) {
  findings.insert(findings.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace

Findings check_file_sizes(const Sources& sources) {
  Findings findings;
  for (const Source& source : sources) {
    if (!is_cpp(source)) continue;
    const std::size_t bar = is_test(source) ? test_lines_max : file_lines_max;
    if (lines_of(source.text).size() > bar) {
      findings.push_back({source.path, 0, "longer than " + std::to_string(bar) + " lines"});
    }
  }
  return findings;
}

Findings check_banned_calls(const Sources& sources) {
  Findings findings;
  for (const BannedCall& rule : banned_calls) {
    const std::regex pattern(rule.pattern);
    for (const Source& source : sources) {
      if (applies(rule, source)) append(findings, search_lines(source, source.code, rule.words, pattern, rule.why));
    }
  }
  return findings;
}

Findings check_header_form(const Sources& sources) {
  Findings findings;
  for (const Source& source : sources) {
    if (!is_header(source)) continue;
    if (source.code.find("#pragma once") == std::string::npos)
      findings.push_back({source.path, 0, "has no #pragma once"});
    if (!source.text.starts_with("//")) findings.push_back({source.path, 1, "does not open by saying what it is"});
  }
  return findings;
}

Findings check_room_readmes(const Sources& sources) {
  std::set<std::string_view> rooms;
  std::map<std::string_view, std::size_t> readme_lines;
  for (const Source& source : sources) {
    const auto room = room_of(source.path);
    if (room.empty()) continue;
    if (is_cpp(source)) rooms.insert(room);
    if (source.path == "src/" + std::string(room) + "/README.md") readme_lines[room] = lines_of(source.text).size();
  }
  Findings findings;
  for (const auto room : rooms) {
    const std::string path = "src/" + std::string(room) + "/README.md";
    const auto found = readme_lines.find(room);
    if (found == readme_lines.end()) {
      findings.push_back({path, 0, "is missing"});
    } else if (found->second > readme_lines_max) {
      findings.push_back({path, 0, "longer than " + std::to_string(readme_lines_max) + " lines"});
    }
  }
  return findings;
}

Findings check_marks(const Sources& sources) {
  // Written in pieces, or this file would find itself.
  static const std::vector<std::string_view> mark_words = {
      "TO"
      "DO",
      "FIX"
      "ME",
      "XX"
      "X"};
  static const std::vector<std::string_view> path_words = {
      "/wo"
      "rk",
      "/t"
      "mp"};
  static const std::regex marks(
      "\\b(TO"
      "DO|FIX"
      "ME|XX"
      "X)\\b");
  static const std::regex paths(
      "(^|[^\\w.])/(wo"
      "rk|t"
      "mp)\\b");
  Findings findings;
  for (const Source& source : sources) {
    append(findings, search_lines(source, source.text, mark_words, marks, "a left-over mark: do it or file it"));
    if (!source.path.starts_with("src/")) continue;
    append(findings, search_lines(source, source.text, path_words, paths, "an absolute path of some machine"));
  }
  return findings;
}

Findings without_exceptions(Findings findings, const std::string& exceptions) {
  std::set<std::string> listed;
  for (const auto line : lines_of(exceptions)) {
    if (!line.empty() && !line.starts_with('#')) listed.emplace(line);
  }
  std::set<std::string> used;
  std::erase_if(findings, [&](const Finding& finding) {
    const std::string key = finding.path + " " + finding.what;
    if (!listed.contains(key)) return false;
    used.insert(key);
    return true;
  });
  for (const auto& exception : listed) {
    if (!used.contains(exception))
      findings.push_back({"tests/tidy/exceptions.txt", 0, "no longer needed: " + exception});
  }
  return findings;
}

}  // namespace zan::tidy
