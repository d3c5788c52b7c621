// Backup and restore: one consistent state, copied file by file.
//
// Order of copying: the log, runs and kv first, the journal next, the registry last. Each later one knows at least what the
// earlier ones refer to, which is all that a start needs. `BACKUP` lists every file with length and checksum; it is
// written last, so a folder without it is no backup.
#include <algorithm>
#include <charconv>
#include <set>

#include "engine/core.h"
#include "engine/evidence_view.h"
#include "engine/model_shelf.h"
#include "engine/threads.h"

namespace zan::engine {
namespace {

constexpr const char* manifest_path = "BACKUP";
constexpr std::string_view manifest_head = "zhenzan backup, format 1\n";
constexpr std::size_t piece_bytes = 1 << 20;

struct CopiedFile {
  std::string path;
  std::uint64_t bytes = 0;
  std::uint64_t checksum = 0;
};

// Copies the first `bytes` of a file; the checksum chains the pieces.
Result<CopiedFile> copy(storage::Disk& from, storage::Disk& to, const std::string& path, std::uint64_t bytes,
                        bool durable = true) {
  ZAN_ASSIGN(const auto source, from.open(path, storage::OpenMode::read));
  ZAN_ASSIGN(const auto target, to.open(path, storage::OpenMode::create));
  CopiedFile copied{path, bytes, 0};
  Bytes piece(piece_bytes);
  for (std::uint64_t at = 0; at < bytes; at += piece.size()) {
    piece.resize(std::min<std::uint64_t>(piece_bytes, bytes - at));
    ZAN_ASSIGN(const std::size_t read, source->read_at(at, piece));
    if (read != piece.size()) return corrupt(path + ": shorter than " + std::to_string(bytes) + " bytes");
    ZAN_TRY(target->write_at(at, piece));
    copied.checksum = checksum64(piece, copied.checksum);
  }
  if (durable) ZAN_TRY(target->sync());
  return copied;
}

Result<CopiedFile> copy_whole(storage::Disk& from, storage::Disk& to, const std::string& path) {
  std::uint64_t bytes = 0;
  {
    ZAN_ASSIGN(const auto source, from.open(path, storage::OpenMode::read));
    ZAN_ASSIGN(bytes, source->size());
  }
  return copy(from, to, path, bytes);
}

Result<CopiedFile> describe(storage::Disk& disk, const std::string& path) {
  ZAN_ASSIGN(const Bytes content, storage::read_file(disk, path));
  CopiedFile file{path, content.size(), 0};
  for (std::size_t at = 0; at < content.size(); at += piece_bytes)
    file.checksum =
        checksum64(ByteSpan(content).subspan(at, std::min(piece_bytes, content.size() - at)), file.checksum);
  return file;
}

Result<void> copy_runs(Core& core, storage::Disk& to, std::vector<CopiedFile>& files) {
  ZAN_ASSIGN(const auto hold, core.runs().hold());
  ZAN_TRY(to.make_folder("runs"));
  for (const std::string& path : hold.files) {
    if (path == "runs/MANIFEST") continue;
    ZAN_ASSIGN(CopiedFile file, copy_whole(core.disk(), to, path));
    files.push_back(std::move(file));
  }
  ZAN_TRY(storage::write_file(to, "runs/MANIFEST", hold.manifest));
  ZAN_ASSIGN(CopiedFile manifest, describe(to, "runs/MANIFEST"));
  files.push_back(std::move(manifest));
  return {};
}

Result<void> copy_kv(Core& core, storage::Disk& to, std::vector<CopiedFile>& files) {
  ZAN_TRY(core.kv().checkpoint(to.root() + "/kv"));
  ZAN_ASSIGN(const auto names, to.list("kv"));
  for (const std::string& name : names) {
    ZAN_ASSIGN(CopiedFile file, describe(to, "kv/" + name));
    files.push_back(std::move(file));
  }
  return {};
}

Result<void> copy_journal(Core& core, storage::Disk& to, std::vector<CopiedFile>& files) {
  ZAN_ASSIGN(const auto extents, core.journal().extents());
  ZAN_TRY(to.make_folder("journal"));
  for (const auto& extent : extents) {
    ZAN_ASSIGN(CopiedFile file, copy(core.disk(), to, extent.path, extent.bytes));
    files.push_back(std::move(file));
  }
  return {};
}

// As of its published checkpoint: the journal, copied later, has all that is in it.
Result<void> copy_evidence(Core& core, storage::Disk& to, std::vector<CopiedFile>& files) {
  ZAN_ASSIGN(const auto paths, evidence::copy_log(core.disk(), to));
  for (const std::string& path : paths) {
    ZAN_ASSIGN(CopiedFile file, describe(to, path));
    files.push_back(std::move(file));
  }
  // Thousands of small files: a sync each would take minutes.
  return to.sync_all();
}

// Models cannot be made again once the journal has gone on.
Result<void> copy_models(Core& core, storage::Disk& to, std::vector<CopiedFile>& files) {
  ZAN_ASSIGN(const auto paths, model_files(core.disk()));
  std::set<std::string> folders;
  for (const std::string& path : paths) {
    ZAN_TRY(storage::make_folders_above(to, path, folders));
    ZAN_ASSIGN(CopiedFile file, copy_whole(core.disk(), to, path));
    files.push_back(std::move(file));
  }
  return {};
}

Bytes write_manifest(const std::vector<CopiedFile>& files) {
  std::string text(manifest_head);
  for (const CopiedFile& file : files)
    text += std::to_string(file.bytes) + " " + std::to_string(file.checksum) + " " + file.path + "\n";
  Bytes bytes;
  put_bytes(bytes, as_bytes(text));
  return bytes;
}

Result<std::vector<CopiedFile>> read_manifest(storage::Disk& disk) {
  ZAN_ASSIGN(const bool there, disk.exists(manifest_path));
  if (!there) return invalid("no backup: the file BACKUP is missing, or the backup was not finished");
  ZAN_ASSIGN(const Bytes content, storage::read_file(disk, manifest_path));
  std::string_view text = as_text(content);
  if (!text.starts_with(manifest_head)) return unsupported("BACKUP is of a format that this program does not read");
  text.remove_prefix(manifest_head.size());
  std::vector<CopiedFile> files;
  const auto number = [&](std::uint64_t& value) {
    const auto [rest, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    const auto used = static_cast<std::size_t>(rest - text.data());
    if (problem != std::errc{} || used >= text.size() || text[used] != ' ') return false;
    text.remove_prefix(used + 1);
    return true;
  };
  while (!text.empty()) {
    CopiedFile file;
    if (!number(file.bytes) || !number(file.checksum) || text.find('\n') == std::string_view::npos)
      return corrupt("BACKUP: line " + std::to_string(files.size() + 2) + " is damaged");
    file.path = text.substr(0, text.find('\n'));
    text.remove_prefix(file.path.size() + 1);
    if (file.path.empty() || file.path.front() == '/' || file.path.find("..") != std::string::npos)
      return corrupt("BACKUP: a path leads out of the folder");
    files.push_back(std::move(file));
  }
  return files;
}

Result<void> copy_back(storage::Disk& backup, storage::Disk& data) {
  ZAN_ASSIGN(const auto files, read_manifest(backup));
  std::set<std::string> folders;
  for (const CopiedFile& file : files) {
    ZAN_TRY(storage::make_folders_above(data, file.path, folders));
    ZAN_ASSIGN(const CopiedFile copied, copy(backup, data, file.path, file.bytes, false));
    if (copied.checksum != file.checksum) return corrupt("the backup's file " + file.path + " is damaged");
  }
  for (const char* folder : {"runs", "kv", "journal"}) ZAN_TRY(data.make_folder(folder));
  // Somebody may have signed further since the backup: whether to go on is for an operator to say.
  ZAN_ASSIGN(const bool log, data.exists("log/checkpoint"));
  if (log) {
    ZAN_ASSIGN(const Bytes checkpoint, storage::read_file(data, "log/checkpoint"));
    ZAN_TRY(storage::write_file(data, restored_path, checkpoint));
  }
  return data.sync_all();
}

Result<void> erase_again(Core& core, const std::vector<PersonId>& persons) {
  for (const PersonId person : persons) {
    const Result<Answer> erased = core.erase(person);
    // Not found: erased before the backup, or first named after it.
    if (!erased.ok() && erased.error().kind != ErrorKind::not_found) return erased.error();
  }
  return core.close();
}

}  // namespace

Result<void> copy_backup(Core& core, const std::string& folder) {
  ZAN_ASSIGN(const auto to, storage::open_machine_disk(folder));
  ZAN_ASSIGN(const auto present, to->list(""));
  if (!present.empty()) return conflict("the backup folder " + folder + " is not empty");
  std::vector<CopiedFile> files;
  ZAN_TRY(copy_evidence(core, *to, files));
  ZAN_TRY(copy_runs(core, *to, files));
  ZAN_TRY(copy_kv(core, *to, files));
  ZAN_TRY(copy_journal(core, *to, files));
  ZAN_TRY(copy_models(core, *to, files));
  ZAN_ASSIGN(CopiedFile registry, copy(core.disk(), *to, "registry.zr", core.registry().bytes()));
  files.push_back(std::move(registry));
  for (const char* path : {secret_path, format_path, erasures_path}) {
    ZAN_ASSIGN(const bool there, core.disk().exists(path));
    if (!there) continue;
    ZAN_ASSIGN(CopiedFile file, copy_whole(core.disk(), *to, path));
    files.push_back(std::move(file));
  }
  return storage::write_file(*to, manifest_path, write_manifest(files));
}

Result<void> restore(const std::string& backup_folder, const std::string& data_folder, const std::string& erasures) {
  std::vector<PersonId> persons;
  if (erasures != "none") {
    const std::size_t slash = erasures.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : erasures.substr(0, slash + 1);
    ZAN_ASSIGN(const auto disk, storage::open_machine_disk(folder));
    const std::string name = erasures.substr(slash + 1);
    ZAN_ASSIGN(const bool there, disk->exists(name));
    if (!there) return not_found("no file of erasures at " + erasures);
    ZAN_ASSIGN(persons, read_erasures(*disk, name));
  }
  ZAN_ASSIGN(const auto backup, storage::open_machine_disk(backup_folder));
  ZAN_ASSIGN(const auto data, storage::open_machine_disk(data_folder));
  ZAN_ASSIGN(const auto present, data->list(""));
  if (!present.empty()) return conflict("the data folder " + data_folder + " is not empty");
  ZAN_TRY(copy_back(*backup, *data));
  ZAN_ASSIGN(const auto core, Core::open(*data, machine_clock(), machine_entropy()));
  return erase_again(*core, persons);
}

}  // namespace zan::engine
