// Disk: the data folder as the rest of storage sees it, and the only road to files.
//
// Two of them exist: the machine's (POSIX) and a simulated one that keeps everything in memory, forgets what was not
// synced when it "crashes", and can be told to fail (full disk, failing sync, torn writes, slow calls). All paths are
// relative to the folder the Disk was made for, '/'-separated.
//
// Errors:  not_found (open without create), conflict (exclusive create of what exists, folder locked by another
//          process), unavailable (no space left, I/O error; the message names file and cause).
// Durable: write_at() after sync(); create, rename and remove after sync_folder() of the folder that holds the name;
//          whatever was done before it after sync_all().
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace zan::storage {

// Threads: read_at from any number of threads; the writing calls from one thread at a time.
class File {
 public:
  virtual ~File() = default;
  // Fills `into` from `offset`; returns how many bytes there were (fewer than asked only at the end of the file).
  virtual Result<std::size_t> read_at(std::uint64_t offset, std::span<std::byte> into) const = 0;
  // All bytes or an error; on an error any prefix may have been written.
  virtual Result<void> write_at(std::uint64_t offset, ByteSpan bytes) = 0;
  // `head` and `body` behind each other, without a copy and, on the machine's disk, in one system call.
  virtual Result<void> write_pair_at(std::uint64_t offset, ByteSpan head, ByteSpan body) = 0;
  // Data and length are on the platter (fdatasync). After a failure nothing is known of what was written since the
  // last success: the caller must not go on writing to this file.
  virtual Result<void> sync() = 0;
  virtual Result<std::uint64_t> size() const = 0;
  virtual Result<void> truncate(std::uint64_t size) = 0;
};

enum class OpenMode : unsigned char {
  read,    // must exist
  write,   // read and write; made if absent
  create,  // read and write; must not exist
};

// Held until destroyed; the operating system drops it with the process.
class FolderLock {
 public:
  virtual ~FolderLock() = default;
};

// Threads: any.
class Disk {
 public:
  virtual ~Disk() = default;
  virtual Result<std::unique_ptr<File>> open(std::string_view path, OpenMode mode) = 0;
  virtual Result<bool> exists(std::string_view path) = 0;
  virtual Result<void> rename(std::string_view from, std::string_view to) = 0;  // replaces `to`
  virtual Result<void> remove(std::string_view path) = 0;                       // a file
  // Names only, sorted; the empty path is the folder of the Disk itself, here and in sync_folder().
  virtual Result<std::vector<std::string>> list(std::string_view folder) = 0;
  virtual Result<void> make_folder(std::string_view path) = 0;    // fine if it exists
  virtual Result<void> remove_folder(std::string_view path) = 0;  // conflict: not empty
  virtual Result<void> sync_folder(std::string_view path) = 0;
  // All files and names, written by anybody: for thousands of small files, where a sync each would take minutes. The machine's
  // disk asks the file system that holds the folder to sync itself (syncfs), other programs' files included: be sparing.
  // After a failure nothing is known of what was written since the last success.
  virtual Result<void> sync_all() = 0;
  // One holder at a time. `path` is a file, made for the purpose; conflict names the process that has it.
  virtual Result<std::unique_ptr<FolderLock>> lock(std::string_view path) = 0;
  virtual Result<std::uint64_t> free_bytes() = 0;
  // The folder's absolute path, empty for a simulated disk (RocksDB needs real files).
  virtual std::string root() const = 0;
};

// Makes the folder (and those above it) if absent. Folders are 0700, files 0600, descriptors close on exec.
Result<std::unique_ptr<Disk>> open_machine_disk(const std::string& folder);

// Makes the folders above `path`, but for those in `known`, to which they are added.
Result<void> make_folders_above(Disk& disk, const std::string& path, std::set<std::string>& known);

// Whole small files. write_file: temporary file, sync, rename, sync_folder - the old or the new content, never a mix.
// The temporary file is `<path>.tmp`; one that a crash left over is overwritten by the next write_file.
Result<Bytes> read_file(Disk& disk, std::string_view path);
Result<void> write_file(Disk& disk, std::string_view path, ByteSpan content);
// As write_file, but a loss of power may bring the old content back: one sync less, for what can be made again.
Result<void> replace_file(Disk& disk, std::string_view path, ByteSpan content);

}  // namespace zan::storage
