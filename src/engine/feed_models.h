// FeedModels: the models that feeds were served from - files matching/model-<version>, and MANIFEST, which says what each
// was learnt from, how it was judged, and which one serves. A model is written before the manifest names it, and never changed.
//
// Only works are in the files: vectors, neighbours, trees. Nothing of a person.
//
// Threads: one. Errors: not_found: no such version, or its file is not kept any more; corrupt, unsupported: a file that
// is not what was written; the others serve on.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "engine/matching.h"
#include "storage/storage.h"

namespace zan::engine {

inline constexpr const char* feed_models_folder = "matching";
inline constexpr const char* feed_manifest_path = "matching/MANIFEST";
inline constexpr std::size_t feed_models_kept = 5;      // files; the serving one always
inline constexpr std::size_t feed_models_listed = 200;  // lines

class FeedModels {
 public:
  // A folder without models is one that has none.
  static Result<FeedModels> open(storage::Disk& disk);

  // Oldest first.
  [[nodiscard]] const std::vector<FeedModel>& models() const { return models_; }
  // 0: none.
  [[nodiscard]] std::uint32_t serving() const { return serving_; }
  [[nodiscard]] Result<matching::Models> read(std::uint32_t version, std::size_t threads) const;

  // Numbers it. One that was refused has no file.
  Result<std::uint32_t> put(const matching::Trained& trained, FeedModel facts);
  Result<void> serve(std::uint32_t version, Timestamp at, std::string_view by);

 private:
  explicit FeedModels(storage::Disk& disk) : disk_(&disk) {}
  Result<void> write(std::uint32_t version, const matching::Trained& trained) const;
  Result<void> save() const;
  Result<void> forget_old() const;

  storage::Disk* disk_;
  std::vector<FeedModel> models_;
  std::uint32_t serving_ = 0;
  Timestamp served_at_;
  std::string served_by_;
};

std::string feed_model_path(std::uint32_t version);
std::string encode_feed_manifest(const std::vector<FeedModel>& models, std::uint32_t serving, Timestamp at,
                                 std::string_view by);
struct FeedManifest {
  std::vector<FeedModel> models;
  std::uint32_t serving = 0;
  Timestamp served_at;
  std::string served_by;
};
// corrupt; unsupported: of a later format.
Result<FeedManifest> decode_feed_manifest(std::string_view text);

}  // namespace zan::engine
