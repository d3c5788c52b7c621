#include "support/json_match.h"

#include <simdjson.h>

namespace zan::testing_support {
namespace {

namespace dom = simdjson::dom;
using Mismatch = std::optional<std::string>;

// A string as it is, anything else as minified JSON.
std::string text_of(dom::element value) {
  std::string_view text;
  return value.get(text) == simdjson::SUCCESS ? std::string(text) : simdjson::minify(value);
}

Mismatch differ(const std::string& where, dom::element expected, dom::element actual) {
  return (where.empty() ? "/" : where) + ": expected " + simdjson::minify(expected) + ", is " +
         simdjson::minify(actual);
}

Mismatch compare(const std::string& where, dom::element expected, dom::element actual, bool exact, Captures& captures);

Mismatch compare_objects(const std::string& where, dom::object expected, dom::object actual, bool exact,
                         Captures& captures) {
  for (const auto field : expected) {
    const std::string below = where + "/" + std::string(field.key);
    dom::element value;
    if (actual.at_key(field.key).get(value) != simdjson::SUCCESS) return below + ": is missing";
    if (auto mismatch = compare(below, field.value, value, exact, captures)) return mismatch;
  }
  if (!exact) return std::nullopt;
  for (const auto field : actual) {
    dom::element ignored;
    if (expected.at_key(field.key).get(ignored) != simdjson::SUCCESS) {
      return where + "/" + std::string(field.key) + ": is not expected";
    }
  }
  return std::nullopt;
}

Mismatch compare_arrays(const std::string& where, dom::array expected, dom::array actual, bool exact,
                        Captures& captures) {
  if (expected.size() != actual.size()) {
    return where + ": expected " + std::to_string(expected.size()) + " elements, has " + std::to_string(actual.size());
  }
  std::size_t index = 0;
  auto value = actual.begin();
  for (const dom::element element : expected) {
    if (auto mismatch = compare(where + "/" + std::to_string(index), element, *value, exact, captures)) return mismatch;
    ++value;
    ++index;
  }
  return std::nullopt;
}

Mismatch compare(const std::string& where, dom::element expected, dom::element actual, bool exact, Captures& captures) {
  std::string_view pattern;
  if (expected.get(pattern) == simdjson::SUCCESS) {
    if (const std::string name = capture_name(pattern); !name.empty()) {
      captures[name] = text_of(actual);
      return std::nullopt;
    }
    const bool same_kind = actual.is_string() || pattern == "*";
    return same_kind && glob_matches(pattern, text_of(actual)) ? std::nullopt : differ(where, expected, actual);
  }
  dom::object object, actual_object;
  if (expected.get(object) == simdjson::SUCCESS) {
    if (actual.get(actual_object) != simdjson::SUCCESS) return differ(where, expected, actual);
    return compare_objects(where, object, actual_object, exact, captures);
  }
  dom::array array, actual_array;
  if (expected.get(array) == simdjson::SUCCESS) {
    if (actual.get(actual_array) != simdjson::SUCCESS) return differ(where, expected, actual);
    return compare_arrays(where, array, actual_array, exact, captures);
  }
  return text_of(expected) == text_of(actual) && !actual.is_string() ? std::nullopt : differ(where, expected, actual);
}

}  // namespace

std::optional<std::string> json_mismatch(std::string_view expected, std::string_view actual, bool exact,
                                         Captures& captures) {
  dom::parser expected_parser, actual_parser;
  dom::element expected_value, actual_value;
  if (expected_parser.parse(std::string(expected)).get(expected_value) != simdjson::SUCCESS) {
    return "the story's own expectation is not JSON: " + std::string(expected);
  }
  if (actual_parser.parse(std::string(actual)).get(actual_value) != simdjson::SUCCESS) {
    return "not JSON: " + std::string(actual.substr(0, 200));
  }
  return compare("", expected_value, actual_value, exact, captures);
}

bool is_json(std::string_view text) {
  dom::parser parser;
  return parser.parse(std::string(text)).error() == simdjson::SUCCESS;
}

bool glob_matches(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0, star = std::string_view::npos, retry = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      retry = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++retry;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::string capture_name(std::string_view pattern) {
  if (!pattern.starts_with("{{=") || !pattern.ends_with("}}")) return {};
  return std::string(pattern.substr(3, pattern.size() - 5));
}

}  // namespace zan::testing_support
