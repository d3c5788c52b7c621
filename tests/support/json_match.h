// Compares an answer with what a story expects of it, both as JSON text.
//
// Every key of an expected object must be there and match; more keys are fine unless `exact`. Arrays match element by element.
// In expected strings '*' matches any text, so "*" alone matches any value of any kind; "{{=name}}" matches any value and
// remembers it as text.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace zan::testing_support {

using Captures = std::map<std::string, std::string>;

// nullopt when they match, else where and why not.
std::optional<std::string> json_mismatch(std::string_view expected, std::string_view actual, bool exact,
                                         Captures& captures);

bool is_json(std::string_view text);

// '*' in the pattern stands for any text.
bool glob_matches(std::string_view pattern, std::string_view text);

// "{{=name}}" as a whole; empty otherwise.
std::string capture_name(std::string_view pattern);

}  // namespace zan::testing_support
