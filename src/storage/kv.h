// Kv: ordered keys and values for facts that come one by one (attributes, comments; later accounts, cases, segments),
// one column family a room. RocksDB holds it, without a write-ahead log of its own: the journal is the log. Each write
// carries the journal position it belongs to in the same atomic batch, families are flushed together, so after a crash
// the store is whole as of some position, and the replay of the journal goes on from there.
//
// Threads: get/scan/position/verify from any thread; write by the writer; flush, compact and checkpoint by one thread at
//          a time, which need not be the writer's.
// Errors:  unavailable (disk), corrupt (RocksDB's own checksums).
// Durable: after flush(), or through the journal.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "storage/disk.h"

namespace zan::engine {
class Core;
}

namespace zan::storage {

using Family = std::uint8_t;  // index into the families given to open

// Only the engine makes one; rooms write facts through what they are handed.
class WriteTxn {
 public:
  class Passkey {
    friend class zan::engine::Core;
    friend class KvTestAccess;
    Passkey() = default;
  };
  explicit WriteTxn(Passkey) {}

  void put(Family family, std::string key, std::string value) {
    ops_.push_back({family, true, std::move(key), std::move(value)});
  }
  void remove(Family family, std::string key) { ops_.push_back({family, false, std::move(key), {}}); }
  // Every key that starts with `prefix`.
  void remove_prefix(Family family, std::string prefix) { prefixes_.push_back({family, std::move(prefix)}); }
  [[nodiscard]] bool empty() const { return ops_.empty() && prefixes_.empty(); }

  struct Op {
    Family family;
    bool put;
    std::string key, value;
  };
  struct Prefix {
    Family family;
    std::string prefix;
  };
  [[nodiscard]] const std::vector<Op>& ops() const { return ops_; }
  [[nodiscard]] const std::vector<Prefix>& prefixes() const { return prefixes_; }

 private:
  std::vector<Op> ops_;
  std::vector<Prefix> prefixes_;
};

class Kv {
 public:
  virtual ~Kv() = default;
  virtual Result<std::optional<std::string>> get(Family family, std::string_view key) const = 0;
  // Keys that start with `prefix` and are >= `from`, in order, until `each` returns false.
  virtual Result<void> scan(Family family, std::string_view prefix, std::string_view from,
                            const std::function<bool(std::string_view key, std::string_view value)>& each) const = 0;
  // Applies the transaction, prefixes first. A no-op when `at` is not beyond position() (a replay met it again).
  virtual Result<void> write(const WriteTxn& txn, Position at) = 0;
  virtual Position position() const = 0;  // of the last write that is in
  virtual Result<void> flush() = 0;       // everything written is durable; after a full disk it may be tried again
  // Rewrites all files, so that nothing that was overwritten or removed is left in any of them. Slow: reads and writes
  // everything. Durable when it returns.
  virtual Result<void> compact() = 0;
  virtual Result<void> verify() const = 0;  // reads every byte
  // A consistent, durable copy as a folder at an absolute path that does not exist yet (the one above it does).
  // unsupported: by the twin in memory.
  virtual Result<void> checkpoint(const std::string& absolute_path) = 0;
};

// RocksDB in `<disk root>/kv`, or, on a simulated disk, a twin in memory that writes all it holds to the file `kv/twin` at
// every flush. `families`: names, in the order of their Family numbers; more may be added later, none taken away.
// corrupt: damaged files, or a family of the store that is not named.
Result<std::unique_ptr<Kv>> open_kv(Disk& disk, const std::vector<std::string>& families);

}  // namespace zan::storage
