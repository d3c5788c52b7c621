// A secret from whoever runs the program: typed at a terminal without showing, or the first line of what is piped in. Never an
// argument, which anybody on the machine could read.
#pragma once

#include <string>

#include "base/result.h"

namespace zan::app {

// At a terminal it is asked for twice. invalid: the two differ, or there is none.
Result<std::string> read_secret(const std::string& prompt);

}  // namespace zan::app
