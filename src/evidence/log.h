// Log: an append-only transparency log in a folder (C2SP tlog-tiles), which never signs two stories.
//
// A batch goes through these steps, and a crash between any two of them loses nothing that was signed:
//   1 its entries are staged in one file and synced; read back, and hashed to the same root again
//   2 the checkpoint of the new size is signed and swapped for the last one in the lock file, which still held that
//   3 tiles and bundles are written, without a sync each
//   4 publish(): the checkpoint becomes visible
//   5 now and then all is synced (Disk::sync_all), and staging begins anew; partial tiles that nobody needs any more
//     are removed
// A start reads the lock file, writes what staging holds once more, verifies the right edge of the tree from stored
// bytes and publishes what was signed. It refuses to go on where lock, tiles and published checkpoint do not tell one
// story. After sunlight (filippo.io/sunlight); staging entries and not tiles is ours.
//
// Owns:    in the data folder `<folder>/` (checkpoint, log.vkey, tile/: for the world, as it is served) and
//          `<private_folder>/` (LOCK, log.key, signed, staging). docs/formats/log.md has every byte.
// Threads: one. Readers read the files beside it.
// Errors:  unavailable (disk), corrupt (stored bytes are not what was signed: names them), conflict (two processes, or
//          a backup was restored: names sizes), limited/invalid as said below. After an error of integrate() or
//          publish() that broke it, broken() is true and the log must be opened again: size() then says what is in it.
// Memory:  the right edge (at most 8 KB a level and one bundle), and 32 bytes for each entry of the batch at hand.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "evidence/checkpoint.h"
#include "evidence/disk_tiles.h"
#include "evidence/entry_batch.h"
#include "evidence/log_keys.h"
#include "evidence/staging.h"
#include "evidence/tile_writer.h"
#include "storage/storage.h"

namespace zan::evidence {

struct LogOptions {
  std::string origin;  // also the name of the key; see is_key_name()
  std::string folder = "log";
  std::string private_folder = "evidence";
  // Where the lock file lies, if not on the log's own disk. Elsewhere it also shows that a whole folder was restored
  // from a backup.
  storage::Disk* lock_disk = nullptr;
  std::uint64_t staging_bytes_max = 16ULL
                                    << 20;  // staged before all is synced: a start after a crash hashes so much again
  std::size_t partial_files_max = 1024;     // written before all is synced and the old ones among them are removed
};

class Log {
 public:
  // Opens the log, or makes one of size 0 with a new key. The disk outlives it. conflict: also when another process has
  // it open.
  static Result<std::unique_ptr<Log>> open(storage::Disk& disk, Entropy& entropy, LogOptions options);

  // Puts the entries behind the last, in order: the first gets index size(). When it returns they are durable and
  // signed for, and the tiles can be read. An empty batch changes nothing.
  // unavailable, and not broken(): as if never tried. conflict: somebody else has signed since; broken().
  Result<void> integrate(const EntryBatch& batch);

  // Makes the last signed checkpoint visible, with these cosignatures. May be called again with more of them.
  Result<void> publish(std::span<const NoteSignature> cosignatures = {});

  [[nodiscard]] std::uint64_t size() const { return frontier_.size(); }
  [[nodiscard]] const Checkpoint& checkpoint() const { return signed_.checkpoint; }
  // The last signed checkpoint, as a witness is asked to cosign it.
  [[nodiscard]] std::string signed_checkpoint() const { return to_text(signed_.note); }
  [[nodiscard]] std::uint64_t published_size() const { return published_size_; }
  [[nodiscard]] std::vector<VerifierKey> verifiers() const { return keys_.verifiers(); }
  [[nodiscard]] bool broken() const { return broken_; }

  // Proofs and entries of the tree as signed last.
  Result<TreeReader> reader();
  // A checkpoint of this log that was seen elsewhere (at a witness, in a receipt): is it part of our story? conflict:
  // it is not, or it is of a size that we do not have: do not go on signing.
  Result<void> check_seen(const Checkpoint& seen);
  // Every tile and entry.
  Result<void> verify(const std::function<void(double)>& progress = {});

  // Syncs everything and empties staging, so that the next start has nothing to do. Done by itself when staging is
  // full.
  Result<void> settle();

  // A new key signs beside the old one from now on, the current checkpoint included.
  Result<void> add_key(Entropy& entropy);
  // The newest key signs alone from now on.
  Result<void> retire_old_keys();

 private:
  Log(storage::Disk& disk, LogOptions options, std::unique_ptr<storage::FolderLock> lock, LogKeys keys);

  // log_open.cc
  Result<void> begin();
  Result<void> load();
  Result<void> load_edge(const StagingBase& base);
  Result<void> replay(StagingReader& staged);
  Result<void> replay_batch(const StagedBatch& batch);
  Result<void> check_published();
  Result<void> show_keys();

  // log.cc
  Result<void> usable() const;
  Result<void> make_room(const EntryBatch& batch);
  Result<void> stage(const StagedBatch& batch);
  Result<void> check_stored(const Hash& root) const;
  Result<void> sign(std::uint64_t size, const Hash& root);
  Result<void> resign();
  Result<void> unbroken(Result<void> result);

  [[nodiscard]] std::string shared(std::string_view name) const { return options_.folder + "/" + std::string(name); }
  [[nodiscard]] std::string own(std::string_view name) const {
    return options_.private_folder + "/" + std::string(name);
  }
  [[nodiscard]] storage::Disk& lock_disk() const { return options_.lock_disk != nullptr ? *options_.lock_disk : disk_; }

  storage::Disk& disk_;
  const LogOptions options_;
  std::unique_ptr<storage::FolderLock> lock_;
  LogKeys keys_;
  DiskTiles tiles_;
  TileWriter writer_;
  Frontier frontier_;
  std::optional<Staging> staging_;  // after open()
  SignedCheckpoint signed_;         // as the lock file holds it
  std::string lock_text_;
  std::uint64_t published_size_ = 0;
  std::uint64_t published_before_ = 0;  // the one before that: readers may still follow it
  bool broken_ = false;
};

namespace log_files {
inline constexpr std::string_view checkpoint = "checkpoint";  // shared
inline constexpr std::string_view vkey = "log.vkey";
inline constexpr std::string_view tiles = "tile";
inline constexpr std::string_view lock = "LOCK";  // own
inline constexpr std::string_view key = "log.key";
inline constexpr std::string_view last_signed = "signed";  // on the lock disk
inline constexpr std::string_view staging = "staging";
}  // namespace log_files

}  // namespace zan::evidence
