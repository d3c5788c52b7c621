// default_catalogue.json, as part of the program.
#pragma once

#include <string_view>

namespace zan::audience {

std::string_view default_catalogue();

}  // namespace zan::audience
