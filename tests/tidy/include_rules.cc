#include <map>
#include <optional>
#include <regex>
#include <set>
#include <string>
#include <string_view>

#include "rules.h"

namespace zan::tidy {
namespace {

using Names = std::set<std::string, std::less<>>;

// The floor table of docs/house.md: a room and those it may see.
const std::map<std::string, Names, std::less<>> floor_table = {
    {"base", {}},
    {"accounts", {"base"}},
    {"simulation", {"base"}},
    {"trees", {"base"}},
    {"storage", {"base"}},
    {"engagement", {"base", "storage"}},
    {"integrity", {"base", "trees", "storage", "engagement"}},
    {"audience", {"base", "storage", "engagement"}},
    {"evidence", {"base", "storage"}},
    {"matching", {"base", "trees"}},
    {"insights", {"base", "engagement"}},
    {"engine", {"base", "storage", "engagement", "integrity", "audience", "evidence", "matching", "insights"}},
    {"connectors", {"base", "storage", "engagement", "evidence", "engine"}},
    {"api",
     {"base", "accounts", "storage", "engagement", "integrity", "audience", "evidence", "matching", "insights",
      "engine"}},
};

struct LibraryRule {
  std::string_view prefix;
  std::vector<std::string_view> allowed;
};

const std::vector<LibraryRule> library_rules = {
    {"rocksdb/", {"src/storage/", "tests/", "bench/"}},
    {"xgboost/", {"src/trees/"}},
    {"cblas", {"src/matching/models/dense."}},
    {"boost/", {"src/api/", "app/", "tests/", "bench/"}},
    {"simdjson",
     {"src/trees/", "src/engagement/", "src/audience/", "src/integrity/", "src/evidence/", "src/matching/", "src/api/",
      "src/connectors/", "tests/", "bench/"}},
};

struct Include {
  std::size_t line;
  bool quoted;
  std::string path;
};

std::vector<Include> includes_of(const Source& source) {
  static const std::regex pattern(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"])");
  std::vector<Include> includes;
  std::size_t number = 0;
  for (const auto line : lines_of(source.text)) {
    ++number;
    if (line.find("include") == line.npos) continue;
    std::match_results<std::string_view::const_iterator> match;
    if (std::regex_search(line.begin(), line.end(), match, pattern)) {
      includes.push_back({number, match[1] == "\"", match[2]});
    }
  }
  return includes;
}

bool is_door(std::string_view room, std::string_view header) {
  return header == std::string(room) + ".h" || header == "events.h";
}

std::optional<std::string> why_not(const Source& source, const Include& include) {
  const std::string_view from = room_of(source.path);
  const auto slash = include.path.find('/');
  if (slash == std::string::npos) return "\"" + include.path + "\" does not name its room";
  const std::string to = include.path.substr(0, slash);
  const std::string header = include.path.substr(slash + 1);
  if (to == from) return std::nullopt;
  const bool from_app = source.path.starts_with("app/");
  if (from_app && to == "zan") return std::nullopt;
  if (!floor_table.contains(to)) return "\"" + include.path + "\": no such room";
  if (!from_app) {
    const auto row = floor_table.find(from);
    if (row == floor_table.end()) return "room " + std::string(from) + " is not in the floor table";
    if (!row->second.contains(to)) return std::string(from) + " may not see " + to;
  }
  if (to == "base" || is_door(to, header)) return std::nullopt;
  const bool is_twin = source.path.find("/sim_") != std::string::npos;
  if ((is_test(source) || is_twin) && header.starts_with("sim_")) return std::nullopt;
  return "\"" + include.path + "\" is no door: only " + to + "/" + to + ".h and " + to + "/events.h are";
}

bool in_any(std::string_view path, const std::vector<std::string_view>& prefixes) {
  for (const auto prefix : prefixes) {
    if (path.starts_with(prefix)) return true;
  }
  return false;
}

// The first forbidden library include that is reached from the header at `path`, as the chain of headers leading to it.
std::optional<std::string> taint_of(const std::map<std::string, const Source*>& headers, const std::string& path,
                                    std::set<std::string>& seen) {
  const auto header = headers.find(path);
  if (header == headers.end() || !seen.insert(path).second) return std::nullopt;
  for (const Include& include : includes_of(*header->second)) {
    if (include.quoted) {
      if (auto deeper = taint_of(headers, "src/" + include.path, seen)) return include.path + " > " + *deeper;
      continue;
    }
    for (const LibraryRule& rule : library_rules) {
      if (include.path.starts_with(rule.prefix)) return include.path;
    }
  }
  return std::nullopt;
}

}  // namespace

Findings check_room_includes(const Sources& sources) {
  Findings findings;
  for (const Source& source : sources) {
    if (!is_cpp(source)) continue;
    if (!source.path.starts_with("src/") && !source.path.starts_with("app/")) continue;
    for (const Include& include : includes_of(source)) {
      if (!include.quoted) continue;
      if (auto reason = why_not(source, include)) findings.push_back({source.path, include.line, *reason});
    }
  }
  return findings;
}

Findings check_cmake_rooms(const Sources& sources) {
  static const std::regex call(R"(zan_room\(\s*(\w+)([^)]*)\))");
  static const std::regex rooms(R"(ROOMS\s+((?:[a-z_]+\s*)+))");
  static const std::regex word("[a-z_]+");
  Findings findings;
  for (const Source& source : sources) {
    const std::string room(room_of(source.path));
    if (source.path != "src/" + room + "/CMakeLists.txt") continue;
    std::smatch match;
    if (!std::regex_search(source.text, match, call) || match[1] != room) {
      findings.push_back({source.path, 0, "does not call zan_room(" + room + " ...)"});
      continue;
    }
    const auto row = floor_table.find(room);
    if (row == floor_table.end()) {
      findings.push_back({source.path, 0, "room is not in the floor table"});
      continue;
    }
    const std::string arguments = match[2];
    Names named;
    if (std::regex_search(arguments, match, rooms)) {
      const std::string list = match[1];
      for (std::sregex_iterator it(list.begin(), list.end(), word), end; it != end; ++it) named.insert(it->str());
    }
    if (named != row->second) findings.push_back({source.path, 0, "its ROOMS are not its row of the floor table"});
  }
  return findings;
}

Findings check_library_includes(const Sources& sources) {
  Findings findings;
  for (const Source& source : sources) {
    if (!is_cpp(source)) continue;
    for (const Include& include : includes_of(source)) {
      for (const LibraryRule& rule : library_rules) {
        if (include.path.starts_with(rule.prefix) && !in_any(source.path, rule.allowed)) {
          findings.push_back({source.path, include.line, "<" + include.path + "> does not belong here"});
        }
      }
    }
  }
  return findings;
}

Findings check_door_purity(const Sources& sources) {
  std::map<std::string, const Source*> headers;
  for (const Source& source : sources) {
    if (is_header(source)) headers.emplace(source.path, &source);
  }
  Findings findings;
  for (const auto& [path, source] : headers) {
    const std::string_view room = room_of(path);
    if (room.empty() || !is_door(room, std::string_view(path).substr(5 + room.size()))) continue;
    std::set<std::string> seen;
    if (auto chain = taint_of(headers, path, seen)) findings.push_back({path, 0, "a door that leads to " + *chain});
  }
  return findings;
}

}  // namespace zan::tidy
