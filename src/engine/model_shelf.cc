#include "engine/model_shelf.h"

#include "engine/integrity_view.h"

namespace zan::engine {

using integrity::model::Manifest;
using integrity::model::Model;
using integrity::model::ModelVersion;

std::string model_path(Hash128 digest) {
  return std::string(models_folder) + "/" + integrity::model::to_hex(digest) + ".model";
}

Result<ModelShelf> ModelShelf::open(storage::Disk& disk) {
  ModelShelf shelf(disk);
  ZAN_ASSIGN(const bool there, disk.exists(models_manifest_path));
  if (!there) return shelf;
  ZAN_ASSIGN(const Bytes text, storage::read_file(disk, models_manifest_path));
  Result<Manifest> manifest = integrity::model::decode_manifest(as_text(text));
  if (!manifest.ok()) return Error{manifest.error().kind, manifest.error().message, models_manifest_path};
  shelf.manifest_ = std::move(*manifest);
  return shelf;
}

Result<ModelShelf> ModelShelf::open_to_change(storage::Disk& disk) {
  ZAN_TRY(disk.make_folder(integrity_folder));
  ZAN_TRY(disk.make_folder(models_folder));
  ZAN_ASSIGN(auto lock, disk.lock(models_lock_path));
  ZAN_ASSIGN(ModelShelf shelf, open(disk));
  shelf.lock_ = std::move(lock);
  return shelf;
}

Result<Model> ModelShelf::read(std::uint32_t version) const {
  const ModelVersion* one = manifest_.find(version);
  if (one == nullptr) return not_found("there is no model " + std::to_string(version));
  const std::string path = model_path(one->digest);
  ZAN_ASSIGN(const bool there, disk_->exists(path));
  if (!there) return corrupt("model " + std::to_string(version) + " is missing: " + path);
  ZAN_ASSIGN(const Bytes bytes, storage::read_file(*disk_, path));
  const auto damaged = [&](const std::string& why) {
    return corrupt("model " + std::to_string(version) + " is damaged, " + path + ": " + why);
  };
  if (integrity::model::digest_of(ByteSpan(bytes)) != one->digest) return damaged("it is not the file that was made");
  Result<Model> model = integrity::model::decode_model(bytes);
  if (!model.ok()) return damaged(model.error().message);
  for (const std::string& name : model->features)
    if (!integrity::feature_named(name)) return damaged("it asks for a feature that does not exist: " + name);
  return model;
}

Result<std::optional<Model>> ModelShelf::active() const {
  if (manifest_.active() == 0) return std::optional<Model>();
  ZAN_ASSIGN(Model model, read(manifest_.active()));
  return std::optional<Model>(std::move(model));
}

Result<std::uint32_t> ModelShelf::put(const Model& model, ModelVersion facts) {
  require(lock_ != nullptr, "a shelf that is open to change");
  const Bytes bytes = integrity::model::encode_model(model);
  facts.digest = integrity::model::digest_of(ByteSpan(bytes));
  ZAN_TRY(storage::write_file(*disk_, model_path(facts.digest), bytes));
  for (const ModelVersion& one : manifest_.versions)
    if (one.digest == facts.digest) return one.version;
  if (manifest_.versions.size() >= integrity::model::versions_max)
    return limited(std::to_string(integrity::model::versions_max) + " models are there; no more are kept");
  facts.version = static_cast<std::uint32_t>(manifest_.versions.size()) + 1;
  facts.by = integrity::model::fit_name(facts.by);
  manifest_.versions.push_back(std::move(facts));
  if (const Result<void> saved = save(); !saved.ok()) {
    manifest_.versions.pop_back();
    return saved.error();
  }
  return manifest_.versions.back().version;
}

Result<void> ModelShelf::activate(std::uint32_t version, Timestamp at, std::string_view by) {
  require(lock_ != nullptr, "a shelf that is open to change");
  if (version != 0) {
    ZAN_ASSIGN(const Model model, read(version));  // what cannot be served does not come into service
    (void)model;
  }
  const Manifest before = manifest_;
  auto& activations = manifest_.activations;
  if (activations.size() >= integrity::model::activations_max) activations.erase(activations.begin());
  activations.push_back({version, at.us / us_per_ms, integrity::model::fit_name(by)});
  const Result<void> saved = save();
  if (!saved.ok()) manifest_ = before;
  return saved;
}

Result<void> ModelShelf::save() {
  return storage::write_file(*disk_, models_manifest_path, as_bytes(integrity::model::encode_manifest(manifest_)));
}

Result<std::vector<std::string>> model_files(storage::Disk& disk) {
  std::vector<std::string> files;
  ZAN_ASSIGN(const bool there, disk.exists(models_manifest_path));
  if (!there) return files;
  ZAN_ASSIGN(const ModelShelf shelf, ModelShelf::open(disk));
  for (const ModelVersion& one : shelf.manifest().versions) files.push_back(model_path(one.digest));
  files.emplace_back(models_manifest_path);
  return files;
}

Result<void> check_models(storage::Disk& disk, std::vector<Finding>& findings) {
  const Result<ModelShelf> shelf = ModelShelf::open(disk);
  if (!shelf.ok()) {
    if (shelf.error().kind != ErrorKind::corrupt && shelf.error().kind != ErrorKind::unsupported) return shelf.error();
    findings.push_back({"models: " + shelf.error().message});
    return {};
  }
  for (const ModelVersion& one : shelf->manifest().versions) {
    const Result<Model> model = shelf->read(one.version);
    if (!model.ok()) findings.push_back({"models: " + model.error().message});
  }
  return {};
}

}  // namespace zan::engine
