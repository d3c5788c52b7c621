// JSON bodies of calls that ask: what a hydrate wants to know, where a backup goes.
//
// Errors: invalid, with the JSON pointer of the offending part; without one when the body is not the JSON it should be.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace zan::api {

struct Question {
  std::string_view viewer;  // empty: none given
  std::vector<std::string_view> subjects;
};

// {"viewer":"u1","subjects":["v1",9]}. The views hold until the next call on this thread. `body` is followed by
// engagement::Parser::padding_bytes readable bytes.
Result<Question> parse_question(std::string_view body);

// {"to":"/somewhere"}
Result<std::string> parse_backup(std::string_view body);

}  // namespace zan::api
