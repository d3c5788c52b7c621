// The text of a file of rules, as an operator wrote it.
//
// Errors: not_found; unavailable. A file that is too long is cut behind the limit, and refused by the language.
#pragma once

#include <string>

#include "base/result.h"

namespace zan::app {

Result<std::string> read_rules_file(const std::string& path);

}  // namespace zan::app
