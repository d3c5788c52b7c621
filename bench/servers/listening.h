// Servers of ours say on stdout where they listen: "listening on http://127.0.0.1:PORT".
#pragma once

#include <cstdint>
#include <filesystem>

#include "measure/child.h"

namespace zan::bench {

// Reads the child's log until that line is there; fails the run when the child ends or five minutes
// pass.
std::uint16_t await_port(Child& child, const std::filesystem::path& log);

}  // namespace zan::bench
