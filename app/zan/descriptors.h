// A socket is a file descriptor, and the usual soft limit of 1,024 is less than the server's limit of connections.
#pragma once

#include <cstddef>

namespace zan::app {

// Raises the soft limit to the hard one, and warns in the log if `connections` and the server's own files exceed it.
void raise_descriptor_limit(std::size_t connections);

}  // namespace zan::app
