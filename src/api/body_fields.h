// Fields of a JSON body: each given once, none that the call does not know, each of its type.
//
// Threads: any; the parser is the thread's own, and what it read holds until its next body.
// Errors:  invalid, with the JSON pointer of the field; without one when the body is not the JSON it should be.
#pragma once

#include <simdjson.h>

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace zan::api {

// False: there is no such field.
using TakeField = std::function<Result<bool>(std::string_view key, simdjson::dom::element value)>;

// `body` is an object and followed by engagement::Parser::padding_bytes readable bytes; `take` gets each of its fields.
Result<void> read_fields(std::string_view body, const TakeField& take);

Result<std::string_view> read_text(simdjson::dom::element element, const std::string& pointer, std::size_t bytes_max);
// As in events: a string or a non-negative integer.
Result<std::string_view> read_name(simdjson::dom::element element, const std::string& pointer);
// Not empty: nothing is no way of saying all, it may be a client's mistake.
Result<simdjson::dom::array> read_array(simdjson::dom::element element, const std::string& pointer, std::size_t most);
// Names, at most so many and at least one.
Result<std::vector<std::string>> read_names(simdjson::dom::element element, const std::string& pointer, std::size_t most);
Result<bool> read_truth(simdjson::dom::element element, const std::string& pointer);
Result<double> read_number(simdjson::dom::element element, const std::string& pointer);
// The index of the text among the names.
Result<std::size_t> read_choice(simdjson::dom::element element, const std::string& pointer,
                                std::span<const std::string_view> names);
// The element's text, or nothing where it is none.
std::string_view text_or_nothing(simdjson::dom::element element);

}  // namespace zan::api
