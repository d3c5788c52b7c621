// A folder that is removed when its owner ends, and the sizes of folders.
// Also the one place that knows what must be cleaned up when the user presses Ctrl-C: see
// guard_against_signals().
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include <sys/types.h>

namespace zan::bench {

class ScratchFolder {
 public:
  // Makes <parent>/<name>-XXXXXX, readable by the other users of the machine (PostgreSQL runs as
  // one).
  ScratchFolder(const std::filesystem::path& parent, const std::string& name);
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Bytes allocated on disk (st_blocks, not the apparent size) below `folder`; files that vanish
// meanwhile count 0.
std::uint64_t disk_bytes(const std::filesystem::path& folder);

// The same by part: the first folder below `folder`, or a file's own name when it lies at the top.
std::map<std::string, std::uint64_t> disk_bytes_by_part(const std::filesystem::path& folder);

// Starts a thread that, on SIGINT or SIGTERM, kills all children that were registered, removes all
// scratch folders and exits with 130. Call first in main, before any other thread exists.
void guard_against_signals();
void register_child(pid_t pid);
void forget_child(pid_t pid);

}  // namespace zan::bench
