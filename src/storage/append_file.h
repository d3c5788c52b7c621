// AppendFile: a file that grows at its end, over space that was filled with zeros beforehand.
//
// Why zeros: a sync after a write into blocks that exist and were written before has only data to bring to the platter;
// growing a file makes every sync a metadata commit as well (measured: 60 against 126 microseconds). The space is
// topped up after a sync, when less than half a step is left, so that an append does not wait for it; what was topped up
// becomes durable with the next sync. If there is no room for it, appends simply grow the file.
//
// Threads: one, but read through file() from any.
// Errors:  unavailable. After a failed append the file is as before (what was written of it is wiped before the next
//          append); after a failed sync nothing is known of the platter, and every further change is refused.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "storage/disk.h"

namespace zan::storage {

class AppendFile {
 public:
  struct Options {
    std::uint64_t step_bytes = 0;       // of zeros ahead; 0: none
    std::uint64_t limit_bytes = ~0ULL;  // the zeros do not go beyond this
  };

  // `end`: where the next append goes. REQUIRES: whatever the file holds behind `end` is zeros, all is synced.
  static Result<AppendFile> adopt(std::shared_ptr<File> file, std::string path, std::uint64_t end, Options options);

  Result<void> append(ByteSpan head, ByteSpan body);
  // All that was written is durable. A no-op, without asking the disk, when nothing was.
  Result<void> sync();
  // Overwrites what was appended before; durable with the next sync().
  Result<void> overwrite(std::uint64_t offset, ByteSpan bytes);
  // Syncs, and gives the zeros back: the file is exactly end() long.
  Result<void> seal();

  [[nodiscard]] std::uint64_t end() const { return end_; }
  [[nodiscard]] std::uint64_t synced_end() const { return synced_end_; }
  [[nodiscard]] bool broken() const { return broken_; }
  [[nodiscard]] const std::shared_ptr<File>& file() const { return file_; }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  AppendFile(std::shared_ptr<File> file, std::string path, std::uint64_t end, std::uint64_t reserved_end,
             Options options);

  Result<void> usable() const;
  Result<void> force();
  Result<void> wipe();
  void top_up();

  std::shared_ptr<File> file_;
  std::string path_;
  Options options_;
  std::uint64_t end_;
  std::uint64_t synced_end_;
  std::uint64_t reserved_end_;   // length of the file, as far as we know
  std::uint64_t dirty_end_ = 0;  // a failed append may have left bytes between end_ and here
  bool overwritten_ = false;     // since the last sync
  bool broken_ = false;
};

// Writes `count` zeros at `offset`.
Result<void> write_zeros(File& file, std::uint64_t offset, std::uint64_t count);

// Brings a file that was not closed into a state that is known: what lies between `from` and `end` is written once more,
// zeros go behind `end`, then all is synced. All of it is written even where it reads so already: after a failed sync the
// page cache shows what never reached the platter. The length stays: where it counts it is written down elsewhere, and a
// file may be longer, by zeros, when the sync of a truncation failed.
Result<void> settle(File& file, std::uint64_t from, std::uint64_t end);

}  // namespace zan::storage
