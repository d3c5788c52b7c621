// Where a server of ours listens, and how it is reached.
#pragma once

#include <string>

#include "connectors/connectors.h"

namespace zan::app {

// "HOST:PORT", with an IPv6 address in brackets. invalid: anything else.
Result<connectors::ServerAddress> parse_listen(const std::string& text);

// Where this machine reaches the server: a wildcard address is no address to call.
std::string reachable_url(connectors::ServerAddress address);

}  // namespace zan::app
