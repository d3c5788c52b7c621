#include "engine/models.h"

#include <algorithm>
#include <cmath>

#include "engine/core.h"
#include "engine/model_shelf.h"
#include "engine/training.h"

namespace zan::engine {
namespace {

namespace model = integrity::model;

constexpr double millionths = 1e6;

struct OpenFolder {
  std::unique_ptr<storage::Disk> disk;
  std::unique_ptr<storage::FolderLock> lock;
  HashKey secret{};
};

Result<std::unique_ptr<storage::Disk>> open_data(const std::string& data_folder) {
  ZAN_ASSIGN(auto disk, storage::open_machine_disk(data_folder));
  ZAN_ASSIGN(const bool formatted, disk->exists(format_path));
  if (!formatted) return not_found(data_folder + " is not a data folder: it has no file FORMAT");
  return disk;
}

// One that nobody serves, or a backup.
Result<OpenFolder> open_closed(const std::string& data_folder) {
  OpenFolder folder;
  ZAN_ASSIGN(folder.disk, open_data(data_folder));
  ZAN_ASSIGN(folder.lock, folder.disk->lock(lock_path));
  ZAN_ASSIGN(folder.secret, open_folder(*folder.disk, machine_entropy()));
  return folder;
}

std::uint32_t in_millionths(double value) {
  return static_cast<std::uint32_t>(std::llround(std::clamp(value, 0.0, 4000.0) * millionths));
}

Result<void> install(ModelShelf& shelf, const TrainingOrder& order, TrainingReport& report) {
  const model::Trained& trained = report.trained;
  model::ModelVersion facts;
  const Timestamp now = machine_clock().now();
  facts.made_ms = now.us / us_per_ms;
  facts.trained_from_ms = trained.model.trained_from_ms;
  facts.trained_until_ms = trained.model.trained_until_ms;
  facts.position = report.position.value;
  facts.rows = trained.model.training_rows;
  facts.fakes = report.counts.fake_rows;
  facts.auc_millionths = in_millionths(trained.evaluation.auc);
  facts.log_loss_millionths = in_millionths(trained.evaluation.log_loss);
  facts.by = order.by;
  ZAN_ASSIGN(const std::uint32_t version, shelf.put(trained.model, std::move(facts)));
  ZAN_TRY(shelf.activate(version, now, order.by));
  report.version = version;
  return {};
}

}  // namespace

Result<TrainingReport> train_model(const TrainingOrder& order) {
  ZAN_ASSIGN(const OpenFolder data, open_closed(order.data_folder));
  std::unique_ptr<storage::Disk> other;
  if (!order.into_folder.empty()) {
    ZAN_ASSIGN(other, open_data(order.into_folder));
  }
  storage::Disk& into = other ? *other : *data.disk;
  ZAN_ASSIGN(ModelShelf shelf, order.install ? ModelShelf::open_to_change(into) : ModelShelf::open(into));
  ZAN_ASSIGN(const auto served, shelf.active());
  ZAN_ASSIGN(const auto journal, storage::Journal::open(*data.disk));
  ZAN_ASSIGN(TrainingReport report, train_from(*journal, data.secret, order, served));
  report.served = shelf.manifest().active();
  if (order.install && !report.refused) ZAN_TRY(install(shelf, order, report));
  return report;
}

Result<model::Manifest> list_models(const std::string& data_folder) {
  ZAN_ASSIGN(const auto disk, open_data(data_folder));
  ZAN_ASSIGN(const ModelShelf shelf, ModelShelf::open(*disk));
  return shelf.manifest();
}

Result<void> activate_model(const std::string& data_folder, std::uint32_t version, const std::string& by) {
  ZAN_ASSIGN(const auto disk, open_data(data_folder));
  ZAN_ASSIGN(ModelShelf shelf, ModelShelf::open_to_change(*disk));
  return shelf.activate(version, machine_clock().now(), by);
}

Result<std::uint32_t> roll_back_model(const std::string& data_folder, const std::string& by) {
  ZAN_ASSIGN(const auto disk, open_data(data_folder));
  ZAN_ASSIGN(ModelShelf shelf, ModelShelf::open_to_change(*disk));
  if (shelf.manifest().activations.empty()) return conflict("no model was ever in service");
  const std::uint32_t version = shelf.manifest().before_active();
  ZAN_TRY(shelf.activate(version, machine_clock().now(), by));
  return version;
}

}  // namespace zan::engine
