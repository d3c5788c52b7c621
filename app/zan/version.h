// Which program this is.
#pragma once

namespace zan::app {

inline constexpr const char* version = "0.1.0";

}  // namespace zan::app
