// Bodies of calls that ask about segments that need not be saved: whom they mean, for what purpose, as of when.
//
// Errors: invalid, with the JSON pointer of the field; of an expression with line, column, what was expected and what may be meant.
#pragma once

#include <simdjson.h>

#include <string>
#include <string_view>
#include <vector>

#include "audience/audience.h"
#include "base/clock.h"
#include "base/result.h"

namespace zan::api {

struct AudienceQuestion {
  std::vector<audience::Node> segments;
  std::uint32_t purpose = 0;  // index of the catalogue; where none is named its first one
  Timestamp as_of;            // zero: the audience's moment
  std::string user;           // of "why"
};

enum class AudienceShape : std::uint8_t { one, many, one_and_user };

// {"expression":"daily","purpose":"reports"}; in place of "expression" the same as JSON: "segment". Many: "segments", each a
// text or a tree. With a user: "user" as well. `body` is followed by engagement::Parser::padding_bytes readable bytes.
Result<AudienceQuestion> parse_audience_question(std::string_view body, const audience::Catalogue& catalogue,
                                                 AudienceShape shape);

// "reports" to its number. invalid: there is none of that name.
Result<std::uint32_t> find_purpose(const audience::Catalogue& catalogue, std::string_view name,
                                   const std::string& pointer);
// A segment as a text or as a tree, or why it is none.
Result<audience::Node> read_segment(bool as_text, simdjson::dom::element value, const audience::Catalogue& catalogue,
                                    const std::string& pointer);

}  // namespace zan::api
