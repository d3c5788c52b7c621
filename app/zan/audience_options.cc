#include "zan/audience_options.h"

#include "storage/storage.h"

namespace zan::app {

Result<std::shared_ptr<const audience::Catalogue>> read_tags(const std::string& path) {
  if (path.empty()) return std::shared_ptr<const audience::Catalogue>();
  ZAN_ASSIGN(const auto disk, storage::open_machine_disk("."));
  ZAN_ASSIGN(const Bytes text, storage::read_file(*disk, path));
  auto catalogue = audience::Catalogue::parse(as_text(text));
  if (!catalogue.ok())
    return Error{catalogue.error().kind, path + ": " + catalogue.error().field + ": " + catalogue.error().message,
                 "--tags"};
  return catalogue;
}

}  // namespace zan::app
