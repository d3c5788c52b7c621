#include "engine/log_admin.h"

#include "engine/core.h"
#include "engine/evidence_view.h"

namespace zan::engine {
namespace {

struct ClosedFolder {
  std::unique_ptr<storage::Disk> disk;
  std::unique_ptr<storage::FolderLock> lock;
};

// A data folder with a log that nobody else has open.
Result<ClosedFolder> open_closed(const std::string& data_folder) {
  ClosedFolder folder;
  ZAN_ASSIGN(folder.disk, storage::open_machine_disk(data_folder));
  ZAN_ASSIGN(const bool formatted, folder.disk->exists(format_path));
  if (!formatted) return not_found(data_folder + " is not a data folder: it has no file FORMAT");
  ZAN_ASSIGN(folder.lock, folder.disk->lock(lock_path));
  ZAN_ASSIGN(const bool there, folder.disk->exists("log/checkpoint"));
  if (!there) return not_found(data_folder + " has no log yet");
  return folder;
}

Result<std::unique_ptr<evidence::Log>> open_log(storage::Disk& disk) {
  ZAN_ASSIGN(const std::string origin, choose_origin(disk, machine_entropy(), {}));
  return evidence::Log::open(disk, machine_entropy(), {.origin = origin});
}

Result<std::string> vkey_lines(storage::Disk& disk) {
  ZAN_ASSIGN(const Bytes lines, storage::read_file(disk, "log/log.vkey"));
  return std::string(as_text(lines));
}

}  // namespace

Result<std::uint64_t> reindex_log(const std::string& data_folder) {
  ZAN_ASSIGN(ClosedFolder folder, open_closed(data_folder));
  ZAN_TRY(forget_index(*folder.disk));
  folder.lock.reset();
  ZAN_ASSIGN(const auto core, Core::open(*folder.disk, machine_clock(), machine_entropy()));
  ZAN_ASSIGN(const auto view, EvidenceView::open(*core, machine_entropy(), {}));
  for (;;) {
    ZAN_ASSIGN(const bool more, view->step());
    if (!more) break;
  }
  ZAN_TRY(view->close());
  const std::uint64_t entries = view->index().entries();
  ZAN_TRY(core->close());
  return entries;
}

Result<std::string> add_log_key(const std::string& data_folder) {
  ZAN_ASSIGN(const ClosedFolder folder, open_closed(data_folder));
  ZAN_ASSIGN(const auto log, open_log(*folder.disk));
  ZAN_TRY(log->add_key(machine_entropy()));
  return vkey_lines(*folder.disk);
}

Result<std::string> retire_log_keys(const std::string& data_folder) {
  ZAN_ASSIGN(const ClosedFolder folder, open_closed(data_folder));
  ZAN_ASSIGN(const auto log, open_log(*folder.disk));
  ZAN_TRY(log->retire_old_keys());
  return vkey_lines(*folder.disk);
}

Result<void> resume_log(const std::string& data_folder, const std::optional<std::string>& newest_checkpoint) {
  ZAN_ASSIGN(const ClosedFolder folder, open_closed(data_folder));
  ZAN_ASSIGN(const auto log, open_log(*folder.disk));
  if (newest_checkpoint) {
    ZAN_ASSIGN(const auto seen,
               evidence::open_checkpoint(*newest_checkpoint, log->checkpoint().origin, log->verifiers()));
    ZAN_TRY(log->check_seen(seen.checkpoint));
  }
  ZAN_ASSIGN(const bool waiting, folder.disk->exists(restored_path));
  if (!waiting) return {};
  ZAN_TRY(folder.disk->remove(restored_path));
  return folder.disk->sync_folder(evidence_folder);
}

Result<std::string> abandon_log(const std::string& data_folder) {
  ZAN_ASSIGN(const ClosedFolder folder, open_closed(data_folder));
  ZAN_ASSIGN(const std::string origin, choose_origin(*folder.disk, machine_entropy(), {}));
  const std::string tag = evidence::to_hex(ByteSpan(evidence::sha256(as_bytes(origin))).first(4));
  // The private half first: a start that finds only the other says so.
  ZAN_TRY(folder.disk->rename(evidence_folder, "evidence-abandoned-" + tag));
  ZAN_TRY(folder.disk->rename("log", "log-abandoned-" + tag));
  ZAN_TRY(folder.disk->sync_folder(""));
  return "log-abandoned-" + tag;
}

Result<void> retain_log(const std::string& data_folder, std::uint64_t minimum_index, const std::string& policy) {
  if (policy.empty() || policy.find('\n') != std::string::npos)
    return invalid("a retention policy must be written down: give one line that says where", "policy");
  ZAN_ASSIGN(const ClosedFolder folder, open_closed(data_folder));
  ZAN_ASSIGN(const auto log, open_log(*folder.disk));
  if (minimum_index > log->published_size())
    return invalid("the log has only " + std::to_string(log->published_size()) + " entries", "minimum_index");
  ZAN_ASSIGN(const std::uint64_t before, read_minimum_index(*folder.disk));
  if (minimum_index < before)
    return conflict("the minimum index is " + std::to_string(before) + " already, and never goes down");
  const std::string text = "minimum_index " + std::to_string(minimum_index) + "\npolicy " + policy + "\n";
  return storage::write_file(*folder.disk, retention_path, as_bytes(text));
}

}  // namespace zan::engine
