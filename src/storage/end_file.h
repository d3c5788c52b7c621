// EndFile: the small file beside an append-only one that says where it ended when it was closed.
//
// While it exists, damage is damage; without it, a bad end may be a torn one. It must be gone, durably, before anything is
// appended, and it counts as there from the moment somebody tries to write it: a failed call may still have made it.
//
// Threads: one.
#pragma once

#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "storage/disk.h"

namespace zan::storage {

class EndFile {
 public:
  EndFile(std::string_view path, bool there) : path_(path), may_exist_(there), current_(there) {}

  [[nodiscard]] bool is_current() const { return current_; }

  Result<void> write(Disk& disk, ByteSpan content) {
    may_exist_ = true;
    ZAN_TRY(write_file(disk, path_, content));
    current_ = true;
    return {};
  }

  // A no-op when there is none.
  Result<void> remove(Disk& disk) {
    if (!may_exist_) return {};
    current_ = false;
    const auto removed = disk.remove(path_);
    if (!removed.ok() && removed.error().kind != ErrorKind::not_found) return removed;
    const auto slash = path_.rfind('/');
    ZAN_TRY(disk.sync_folder(slash == std::string_view::npos ? std::string_view{} : path_.substr(0, slash)));
    may_exist_ = false;
    return {};
  }

 private:
  std::string_view path_;  // of a literal
  bool may_exist_;
  bool current_;
};

// What the file says; empty when there is none.
template <typename End>
Result<std::optional<End>> read_end_file(Disk& disk, std::string_view path, Result<End> (*decode)(ByteSpan)) {
  ZAN_ASSIGN(const bool there, disk.exists(path));
  if (!there) return std::optional<End>{};
  ZAN_ASSIGN(const Bytes bytes, read_file(disk, path));
  ZAN_ASSIGN(End end, decode(bytes));
  return std::optional<End>(std::move(end));
}

}  // namespace zan::storage
