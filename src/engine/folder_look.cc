#include "engine/folder_look.h"

#include "base/random.h"
#include "engine/core.h"

namespace zan::engine {
namespace {

constexpr int looks_max = 5;  // a journal that rolls while it is opened looks damaged for a moment

Result<FolderLook> look_once(const std::string& data_folder) {
  FolderLook looked;
  ZAN_ASSIGN(looked.disk, storage::open_machine_disk(data_folder));
  ZAN_ASSIGN(const bool formatted, looked.disk->exists(format_path));
  ZAN_ASSIGN(const bool used, looked.disk->exists("journal"));
  if (!formatted || !used) return not_found(data_folder + " is not a data folder: it has no file FORMAT or no journal");
  looked.look = storage::look_at(*looked.disk);
  ZAN_ASSIGN(looked.secret, open_folder(*looked.look, machine_entropy()));
  // Names are written before what refers to them.
  ZAN_ASSIGN(looked.journal, storage::Journal::open(*looked.look));
  ZAN_ASSIGN(looked.registry, storage::Registry::open(*looked.look, looked.secret, machine_entropy()));
  return looked;
}

}  // namespace

Result<FolderLook> look_at_folder(const std::string& data_folder) {
  Result<FolderLook> looked = look_once(data_folder);
  for (int i = 1; i < looks_max && !looked.ok() && looked.error().kind != ErrorKind::not_found; ++i)
    looked = look_once(data_folder);
  return looked;
}

}  // namespace zan::engine
