// Attributes of subjects and users: what a PUT may say, made canonical so that equal attributes are equal bytes.
//
// Behind Parser only; the simdjson types stay inside the room. Members that are null count as not given.
#pragma once

#include <simdjson.h>

#include <string>
#include <string_view>

#include "base/result.h"
#include "engagement/parser.h"

namespace zan::engagement {

// What simdjson's verdict means for a developer; `field` stays empty.
Error malformed(simdjson::error_code code);

// `text` in quotes for a message, cut to a readable length.
std::string quoted(std::string_view text);

// `parent` and one more reference token, escaped (RFC 6901) and cut to a readable length.
std::string json_pointer(std::string_view parent, std::string_view token);

// A copy followed by Parser::padding_bytes of zeros.
std::string pad_json(std::string_view json);

Result<SubjectAttributes> read_subject(simdjson::dom::element root);
Result<std::string> read_user(simdjson::dom::element root);

}  // namespace zan::engagement
