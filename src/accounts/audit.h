// AuditTrail: what staff did, in the order in which it was done, in files that only grow.
//
//   note() -> bounded queue -> one thread: a record each, synced together -> `audit`; full: it becomes `audit.1`, that one `audit.2` …
//
// A record has a length and a checksum (docs/formats/accounts.md). What a crash left torn at the end is found by them when the
// trail is opened, put aside as `audit.torn` and cut off. Files beyond the last are dropped.
//
// Owns:    the files and the thread. Threads: all methods from any thread; page() waits for what was noted before it.
// Errors:  unavailable: the disk. A note that finds the queue full, or no disk, is counted as lost and told in the log.
// Durable: some milliseconds after note(); what was noted later than that is lost with the power.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/bounded_queue.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/result.h"

namespace zan::accounts {

struct AuditEntry {
  std::uint64_t number = 0;  // from 1, given when it is written
  Timestamp at;
  std::string by, role, what, target, request_id;
  std::uint16_t status = 0;

  bool operator==(const AuditEntry&) const = default;
};

struct AuditPage {
  std::vector<AuditEntry> entries;  // newest first
  std::uint64_t next = 0;           // pass as `before`; zero: that was all
};

struct AuditLimits {
  std::size_t file_bytes = 4 << 20;
  std::size_t files = 16;
  std::size_t waiting = 4096;
};
inline constexpr std::size_t audit_page_default = 50, audit_page_max = 200;
inline constexpr std::size_t audit_text_bytes_max = 1024;  // of each text; longer ones are cut
inline constexpr const char* audit_file_name = "audit";

class AuditTrail {
 public:
  static Result<std::unique_ptr<AuditTrail>> open(const std::string& data_folder, const AuditLimits& limits = {});
  ~AuditTrail() { stop(); }

  void note(AuditEntry entry);
  // Those with smaller numbers than `before`; zero: from the newest. Reads from disk.
  Result<AuditPage> page(std::size_t limit, std::uint64_t before);
  [[nodiscard]] std::uint64_t lost() const;
  // Writes what was noted. Idempotent.
  void stop();

 private:
  AuditTrail(std::string path, const AuditLimits& limits)
      : path_(std::move(path)), limits_(limits), queue_(limits.waiting) {}
  Result<void> load();
  void write_loop();
  Result<void> write(std::vector<AuditEntry>& entries);
  Result<void> begin_file();
  [[nodiscard]] std::string path_of(std::size_t file) const;
  void settle(std::size_t count, bool written);

  const std::string path_;
  const AuditLimits limits_;
  BoundedQueue<AuditEntry> queue_;
  std::mutex file_mutex_;  // guards the files, file_, file_bytes_ and last_
  std::unique_ptr<AppendFile> file_;
  std::size_t file_bytes_ = 0;
  std::uint64_t last_ = 0;  // number given

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable settled_changed_;
  std::uint64_t noted_ = 0, settled_ = 0, lost_ = 0;
  std::thread writer_;
};

// The records at the beginning of a file that are whole, and where they end.
struct AuditFile {
  std::vector<AuditEntry> entries;
  std::size_t good_bytes = 0;
};
// unsupported: it does not begin as such a file does.
Result<AuditFile> parse_audit(std::string_view file);
void append_audit(std::string& out, const AuditEntry& entry);
inline constexpr std::string_view audit_head = "zhenzan audit 1\n";

}  // namespace zan::accounts
