// A request target taken apart: path, percent-decoded names, query parameters. All of it is chosen by strangers.
#pragma once

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace zan::api {

// Path and query of "/path?query" or "http://host/path?query". Views the target.
// invalid: neither of the two, or a fragment in it.
struct Target {
  std::string_view path;   // as sent, still percent-encoded
  std::string_view query;  // without the question mark
};
Result<Target> split_target(std::string_view target);

// %XX decoded, and '+' to a space where `form` says so. Nothing: a '%' without two hex digits.
std::optional<std::string> percent_decoded(std::string_view text, bool form = false);

// Query parameters by name. Owns its strings.
class Parameters {
 public:
  // invalid, naming the parameter: undecodable, given twice, or not among `known`.
  static Result<Parameters> parse(std::string_view query, std::span<const std::string_view> known);
  static Result<Parameters> parse(std::string_view query, std::initializer_list<std::string_view> known) {
    return parse(query, std::span(known.begin(), known.size()));
  }

  // Null when not given.
  const std::string* find(std::string_view name) const;

 private:
  std::vector<std::pair<std::string, std::string>> values_;
};

// The parameter "limit": 1 to `most`.
Result<std::size_t> read_limit(const Parameters& parameters, std::size_t otherwise, std::size_t most);

// The parameters "limit" and "cursor" of a list.
struct AskedPage {
  std::size_t limit = 0;
  std::string cursor;  // empty: from the beginning
};
Result<AskedPage> read_page(const Parameters& parameters, std::size_t otherwise, std::size_t most);

}  // namespace zan::api
