#include "evidence/log_copy.h"

#include <set>

#include "evidence/checkpoint.h"
#include "evidence/log.h"
#include "evidence/staging.h"

namespace zan::evidence {
namespace {

const std::string shared_folder = LogOptions{}.folder;
const std::string own_folder = LogOptions{}.private_folder;

Result<void> put(storage::Disk& to, const std::string& path, ByteSpan content) {
  ZAN_ASSIGN(const auto file, to.open(path, storage::OpenMode::create));
  return file->write_at(0, content);
}

// A partial tile may have gone since the checkpoint; the full one begins with it.
Result<Bytes> read_tile(storage::Disk& from, const TileId& tile) {
  Result<Bytes> bytes = storage::read_file(from, shared_folder + "/" + tile_path(tile));
  if (bytes.ok() || bytes.error().kind != ErrorKind::not_found || tile.full()) return bytes;
  TileId full = tile;
  full.width = tile_width;
  ZAN_ASSIGN(Bytes whole, storage::read_file(from, shared_folder + "/" + tile_path(full)));
  if (!tile.entries) {
    whole.resize(std::min(whole.size(), tile.width * hash_bytes));
    return whole;
  }
  ZAN_ASSIGN(const std::vector<ByteSpan> entries, parse_bundle(whole, tile_width));
  Bytes first;
  for (unsigned i = 0; i < tile.width; ++i) put_entry(first, entries[i]);
  return first;
}

}  // namespace

Result<std::vector<std::string>> copy_log(storage::Disk& from, storage::Disk& to) {
  std::vector<std::string> paths;
  const std::string checkpoint_path = shared_folder + "/" + std::string(log_files::checkpoint);
  ZAN_ASSIGN(const bool there, from.exists(checkpoint_path));
  // The keys are shown after the first checkpoint, which is of nothing: till then there is no log to copy.
  ZAN_ASSIGN(const bool shown, from.exists(shared_folder + "/" + std::string(log_files::vkey)));
  if (!there || !shown) return paths;
  std::set<std::string> folders;
  const auto keep = [&](const std::string& path, ByteSpan content) -> Result<void> {
    ZAN_TRY(storage::make_folders_above(to, path, folders));
    paths.push_back(path);
    return put(to, path, content);
  };
  ZAN_ASSIGN(const Bytes note, storage::read_file(from, checkpoint_path));
  ZAN_ASSIGN(const SignedCheckpoint published, parse_signed_checkpoint(as_text(note)));
  const Checkpoint& tree = published.checkpoint;
  for (const TileId& tile : new_tiles(0, tree.size)) {
    ZAN_ASSIGN(const Bytes bytes, read_tile(from, tile));
    ZAN_TRY(keep(shared_folder + "/" + tile_path(tile), bytes));
  }
  for (const std::string& path :
       {shared_folder + "/" + std::string(log_files::vkey), own_folder + "/" + std::string(log_files::key)}) {
    ZAN_ASSIGN(const Bytes bytes, storage::read_file(from, path));
    ZAN_TRY(keep(path, bytes));
  }
  ZAN_TRY(keep(own_folder + "/" + std::string(log_files::staging), encode_staging_base({tree.size, tree.root, {}})));
  ZAN_TRY(keep(own_folder + "/" + std::string(log_files::last_signed), note));
  ZAN_TRY(keep(checkpoint_path, note));
  return paths;
}

}  // namespace zan::evidence
