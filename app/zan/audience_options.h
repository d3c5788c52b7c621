// Files of tags, for the commands that know an audience.
#pragma once

#include <memory>
#include <string>

#include "audience/audience.h"
#include "base/result.h"

namespace zan::app {

// An empty path: null, which is what comes along. invalid: names the file, the place in it and what is wrong there.
Result<std::shared_ptr<const audience::Catalogue>> read_tags(const std::string& path);

}  // namespace zan::app
