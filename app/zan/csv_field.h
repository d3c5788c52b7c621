// A field of CSV as it is written: quoted where it must be (RFC 4180).
#pragma once

#include <string>
#include <string_view>

namespace zan::app {

void append_csv(std::string& text, std::string_view field);

}  // namespace zan::app
