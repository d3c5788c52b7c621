// ScratchFolder: a temporary folder, removed with all that is in it, for this room's tests.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <string>

#include "base/require.h"

namespace zan::engine {

class ScratchFolder {
 public:
  ScratchFolder() : path_((std::filesystem::temp_directory_path() / "zan-engine-XXXXXX").string()) {
    require(::mkdtemp(path_.data()) != nullptr, "no temporary folder");
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  [[nodiscard]] std::string at(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace zan::engine
