// JSON text: the one way a string is written. Reading is simdjson's, in the rooms that read.
//
// Threads: plain functions.
#pragma once

#include <string>
#include <string_view>

namespace zan {

// `text` in quotes, escaped, appended. Input is UTF-8; nothing but quotes, backslashes and C0 controls is escaped.
void append_json_string(std::string& out, std::string_view text);

}  // namespace zan
