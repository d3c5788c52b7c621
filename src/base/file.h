// Small files that matter: read whole, replaced so that a crash leaves the old or the new one, appended to, locked.
//
// For what people and tools keep beside the journal (keys, accounts, the audit trail). The journal and the runs are storage's,
// which can be simulated; this is the machine's own.
//
// Threads: functions by path, from any thread; an AppendFile or a FileLock by one at a time.
// Errors:  unavailable: the system said no, and what. corrupt: larger than asked for.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace zan {

// An absent file is an empty one.
Result<std::string> read_whole(const std::string& path, std::size_t bytes_max);

// A new file in the place of the old one, readable by its owner only, durable with its name.
Result<void> replace_file(const std::string& path, std::string_view bytes);

// Changes when the file is replaced or written; "none" when there is no file.
std::string stamp_of(const std::string& path);

// Moves a file over another, or from an absent one: then nothing happens.
Result<void> move_file(const std::string& from, const std::string& to);

// Held by one process at a time; waits for the other. Let go by destruction, or by the end of the process.
class FileLock {
 public:
  static Result<FileLock> take(const std::string& path);
  FileLock(FileLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int fd) : fd_(fd) {}
  int fd_;
};

// Grows at its end. Made if absent, readable by its owner only.
class AppendFile {
 public:
  static Result<AppendFile> open(const std::string& path);
  AppendFile(AppendFile&& other) noexcept : fd_(std::exchange(other.fd_, -1)), path_(std::move(other.path_)) {}
  AppendFile& operator=(AppendFile&& other) noexcept {
    std::swap(fd_, other.fd_);
    std::swap(path_, other.path_);
    return *this;
  }
  ~AppendFile();

  // Durable when it returns well. After an error the end of the file is not known.
  Result<void> append(std::string_view bytes);
  // Cuts off what lies beyond; durable.
  Result<void> cut(std::uint64_t bytes);

 private:
  AppendFile(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
  int fd_;
  std::string path_;
};

}  // namespace zan
