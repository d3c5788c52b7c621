// How a log starts: see the head of log.h, and docs/formats/log.md for what each file promises.
#include <fmt/format.h>

#include "base/require.h"
#include "evidence/log.h"

namespace zan::evidence {
namespace {

// An error of the tree's reader, as one of the log's own files.
Error damaged(const Error& error) {
  if (error.kind == ErrorKind::unavailable) return error;
  return corrupt(fmt::format("the stored log is not what was signed: {}", error.message));
}

Result<bool> any_there(storage::Disk& disk, std::initializer_list<std::string> paths) {
  for (const std::string& path : paths) {
    ZAN_ASSIGN(const bool there, disk.exists(path));
    if (there) return true;
  }
  return false;
}

Result<void> make_folders(storage::Disk& disk, storage::Disk& lock_disk, const LogOptions& options) {
  ZAN_TRY(disk.make_folder(options.folder));
  ZAN_TRY(disk.make_folder(options.private_folder));
  ZAN_TRY(disk.sync_folder(""));
  if (&disk == &lock_disk) return {};
  ZAN_TRY(lock_disk.make_folder(options.private_folder));
  return lock_disk.sync_folder("");
}

}  // namespace

Log::Log(storage::Disk& disk, LogOptions options, std::unique_ptr<storage::FolderLock> lock, LogKeys keys)
    : disk_(disk),
      options_(std::move(options)),
      lock_(std::move(lock)),
      keys_(std::move(keys)),
      tiles_(disk, options_.folder),
      writer_(disk, options_.folder) {}

Result<std::unique_ptr<Log>> Log::open(storage::Disk& disk, Entropy& entropy, LogOptions options) {
  if (!is_key_name(options.origin))
    return invalid("the origin of a log has no white space, '+' or control bytes", "origin");
  storage::Disk& lock_disk = options.lock_disk != nullptr ? *options.lock_disk : disk;
  ZAN_TRY(make_folders(disk, lock_disk, options));
  const std::string own = options.private_folder + "/";
  ZAN_ASSIGN(auto lock, disk.lock(own + std::string(log_files::lock)));
  const std::string signed_path = own + std::string(log_files::last_signed);
  ZAN_ASSIGN(const bool was_signed, lock_disk.exists(signed_path));
  const std::string shared = options.folder + "/";
  ZAN_ASSIGN(const bool was_used,
             any_there(disk, {shared + std::string(log_files::checkpoint), shared + std::string(log_files::tiles)}));
  if (was_used && !was_signed)
    return conflict(
        fmt::format("{} is gone: what was signed last is not known, so nothing can be signed", signed_path));
  ZAN_ASSIGN(LogKeys keys,
             LogKeys::open(disk, own + std::string(log_files::key), options.origin, !was_signed, entropy));
  std::unique_ptr<Log> log(new Log(disk, std::move(options), std::move(lock), std::move(keys)));
  ZAN_TRY(was_signed ? log->load() : log->begin());
  ZAN_TRY(log->show_keys());
  return log;
}

// A log of nothing. Staging before the lock file: who finds that finds everything.
Result<void> Log::begin() {
  ZAN_ASSIGN(Staging staging, Staging::start(disk_, own(log_files::staging), {}));
  staging_.emplace(std::move(staging));
  ZAN_TRY(sign(0, empty_root()));
  return publish();
}

Result<void> Log::load() {
  // Its name may be there and not be durable: the sync of the swap that made it may have failed.
  ZAN_TRY(lock_disk().sync_folder(options_.private_folder));
  ZAN_ASSIGN(const Bytes lock_bytes, storage::read_file(lock_disk(), own(log_files::last_signed)));
  auto last = open_checkpoint(as_text(lock_bytes), options_.origin, keys_.verifiers());
  if (!last.ok()) return corrupt(fmt::format("{}: {}", own(log_files::last_signed), last.error().message));
  lock_text_ = as_text(lock_bytes);
  signed_ = std::move(last).value();
  const std::string path = own(log_files::staging);
  ZAN_ASSIGN(const bool staging_is_there, disk_.exists(path));
  if (!staging_is_there)
    return conflict(fmt::format("the log was signed up to {}, and {} is gone", signed_.checkpoint.size, path));
  ZAN_ASSIGN(const Bytes staged_bytes, storage::read_file(disk_, path));
  ZAN_ASSIGN(StagingReader staged, StagingReader::open(staged_bytes));
  ZAN_TRY(load_edge(staged.base()));
  ZAN_TRY(replay(staged));
  ZAN_TRY(check_published());
  published_before_ = 0;
  if (published_size_ != size()) ZAN_TRY(publish());
  if (size() == staged.base().size && staged.at_end()) {
    ZAN_ASSIGN(Staging staging, Staging::start(disk_, path, staged.base()));
    staging_.emplace(std::move(staging));
    return {};
  }
  return settle();
}

// The tree as of the last time all was synced, from the tiles, whose right edge must hash to the root that was signed
// then.
Result<void> Log::load_edge(const StagingBase& base) {
  if (signed_.checkpoint.size < base.size)
    return conflict(fmt::format("{} is of size {}, and the log already held {}: an old one was put back",
                                own(log_files::last_signed), signed_.checkpoint.size, base.size));
  auto tree = TreeReader::open(tiles_, base.size, base.root);
  if (!tree.ok()) return damaged(tree.error());
  const auto loaded = writer_.load(*tree);
  if (!loaded.ok()) return damaged(loaded.error());
  writer_.add_litter(base.litter);
  for (unsigned level = tile_levels; level-- > 0;) {
    for (const Hash& hash : tree->edge(level)) frontier_.append_subtree(level * tile_height, hash);
  }
  return {};
}

Result<void> Log::replay(StagingReader& staged) {
  const Checkpoint& wanted = signed_.checkpoint;
  while (size() < wanted.size) {
    const auto batch = staged.next();
    if (!batch && staged.at_end())
      return conflict(
          fmt::format("the log was signed up to {}, and holds {}: a backup was restored", wanted.size, size()));
    if (!batch || batch->first != size() || batch->end() > wanted.size)
      return corrupt(fmt::format("staging: the batch from {} on is damaged, and was signed", size()));
    ZAN_TRY(replay_batch(*batch));
  }
  if (frontier_.root() != wanted.root)
    return conflict(
        fmt::format("the log of size {} has another root than the one that was signed: a fork", wanted.size));
  return {};
}

Result<void> Log::replay_batch(const StagedBatch& batch) {
  std::vector<Hash> leaves;
  leaves.reserve(batch.count);
  for (ByteSpan rest = batch.entries; !rest.empty();) {
    leaves.push_back(leaf_hash(take_entry(rest).subspan(entry_length_bytes)));
    frontier_.append(leaves.back());
  }
  if (frontier_.root() != batch.root_after)
    return corrupt(fmt::format("staging: the batch from {} on does not hash to its root", batch.first));
  return writer_.extend(batch.entries, leaves);
}

// What the world saw last must be part of what we hold; after a crash it may be older.
Result<void> Log::check_published() {
  const std::string path = shared(log_files::checkpoint);
  ZAN_ASSIGN(const bool there, disk_.exists(path));
  if (!there) {
    if (size() == 0) return publish();  // cut short when it was made
    return conflict(fmt::format("{} is gone", path));
  }
  ZAN_ASSIGN(const Bytes bytes, storage::read_file(disk_, path));
  const auto published = open_checkpoint(as_text(bytes), options_.origin, keys_.verifiers());
  if (!published.ok()) return corrupt(fmt::format("{}: {}", path, published.error().message));
  ZAN_TRY(check_seen(published->checkpoint));
  published_size_ = published->checkpoint.size;
  return {};
}

Result<void> Log::show_keys() {
  const std::string lines = keys_.vkey_lines();
  const std::string path = shared(log_files::vkey);
  const auto shown = storage::read_file(disk_, path);
  if (shown.ok() && as_text(*shown) == lines) return {};
  if (!shown.ok() && shown.error().kind != ErrorKind::not_found) return shown.error();
  return storage::write_file(disk_, path, as_bytes(lines));
}

}  // namespace zan::evidence
