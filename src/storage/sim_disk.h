// SimDisk: a disk in memory that behaves as badly as a real one may, on command and by seed.
//
// It keeps two states of every file: what was written and what was synced. crash() throws the first away, except that
// each unsynced write may survive whole, in part or not at all, as the seed says (a torn tail). Names follow the same
// rule: a created, renamed or removed name is certain only after sync_folder().
//
// Threads: any. For tests and the simulation only.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "storage/disk.h"

namespace zan::storage {

struct SimFaults {
  std::uint64_t bytes_max = ~0ULL;    // more than this in all files: no space left
  double sync_failure = 0;            // probability that a sync fails; what was unsynced is then lost
  double write_failure = 0;           // probability that a write fails after a prefix
  bool no_power = false;              // every call fails
  std::function<void()> before_call;  // for slow disks: advances a fake clock, counts calls
};

class SimDisk : public Disk {
 public:
  static std::unique_ptr<SimDisk> make(std::uint64_t seed);
  // Power is lost: open File handles turn useless, unsynced state is gone or torn. The same object is the disk
  // after power returns.
  virtual void crash() = 0;
  virtual void set_faults(SimFaults faults) = 0;
  // Flips one bit of one byte of a file's content, synced or not. not_found: no such file or offset.
  virtual Result<void> flip(std::string_view path, std::uint64_t offset, unsigned bit) = 0;
  virtual std::uint64_t bytes_used() const = 0;
  virtual std::uint64_t syncs() const = 0;
  // Called by crash(), after files were reverted; the in-memory Kv twin hangs on to it.
  virtual void on_crash(std::function<void()> callback) = 0;
};

}  // namespace zan::storage
