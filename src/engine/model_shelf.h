// The learned models of a data folder: files integrity/models/<digest>.model, and MANIFEST, which says what they are and which one
// is in service (integrity/model/manifest.h). A model is written before the manifest names it, and never changed.
//
// Threads: one; two processes do not change it at a time. Errors: not_found: no such version; corrupt, unsupported: a file that is not
// what was written; limited: versions_max are there; conflict: somebody else is changing it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "integrity/integrity.h"

namespace zan::engine {

inline constexpr const char* models_folder = "integrity/models";
inline constexpr const char* models_manifest_path = "integrity/models/MANIFEST";
inline constexpr const char* models_lock_path = "integrity/models/LOCK";

class ModelShelf {
 public:
  // For reading. A folder without models is one that has none. The disk outlives it.
  static Result<ModelShelf> open(storage::Disk& disk);
  // For changing it as well.
  static Result<ModelShelf> open_to_change(storage::Disk& disk);

  [[nodiscard]] const integrity::model::Manifest& manifest() const { return manifest_; }
  [[nodiscard]] Result<integrity::model::Model> read(std::uint32_t version) const;
  // Nothing: none is in service.
  [[nodiscard]] Result<std::optional<integrity::model::Model>> active() const;

  // Not yet in service. Returns its version; of a model that is there already that one's. `facts`: version and digest are set here.
  Result<std::uint32_t> put(const integrity::model::Model& model, integrity::model::ModelVersion facts);
  // 0: none.
  Result<void> activate(std::uint32_t version, Timestamp at, std::string_view by);

 private:
  explicit ModelShelf(storage::Disk& disk) : disk_(&disk) {}
  Result<void> save();

  storage::Disk* disk_;
  std::unique_ptr<storage::FolderLock> lock_;
  integrity::model::Manifest manifest_;
};

std::string model_path(Hash128 digest);
// The files of all models and their list, for a backup.
Result<std::vector<std::string>> model_files(storage::Disk& disk);
// The list, and every model in it, whether it can be served.
Result<void> check_models(storage::Disk& disk, std::vector<Finding>& findings);

}  // namespace zan::engine
