#include "support/temp_folder.h"

#include <cstdlib>
#include <string>
#include <system_error>

#include "support/outcome.h"

namespace zan::testing_support {

TempFolder::TempFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "zan-test-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw Trouble("cannot make a folder like " + pattern);
  path_ = pattern;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  if (!keep_) std::filesystem::remove_all(path_, ignored);
}

}  // namespace zan::testing_support
