// Sorted runs: the place for facts that come by the hundred million. A run is an immutable file of
// rows in key order, written whole, packed in columns; a set is the runs that together are one
// table; newer runs are merged over older ones when read and, tier by tier, on disk. It is an LSM
// tree without its own log and memtable: the journal is the log, the owner's memory tables are the
// memtable (O'Neil et al. 1996; tiering as in Dayan, Idreos 2018).
//
// Why not RocksDB for these: one like is three rows of 5 to 9 packed bytes; a general table pays 20
// bytes and half a microsecond for each, and again at every compaction (docs/decisions/0002).
//
// Row:     up to four unsigned 64-bit columns; the first `key_columns` order the rows and are
//          unique within a run.
// Blocks:  row_block_rows rows, each column stored as (min, width) and bit-packed differences,
//          after division by 1000 where every value of the block allows it; a checksum each.
//          Format: docs/formats/runs.md.
// Filter:  a blocked Bloom filter of about 12 bits a row over the first two columns (Putze,
//          Sanders, Singler 2007), kept in memory, as is one fence key a block (0.1 byte a row).
// Threads: flush by one thread and compact by one other at the same time; views from any thread: a
//          view is an immutable snapshot and keeps its files alive.
// Errors:  unavailable (disk; nothing changed), corrupt (names file and block).
// Durable: when flush() returns. One manifest commit carries all sets and the journal position
//          together.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "storage/disk.h"

namespace zan::storage {

struct Row {
  std::array<std::uint64_t, 4> column{};
  bool operator==(const Row&) const = default;
};

inline constexpr unsigned row_columns_max = 4;
inline constexpr unsigned row_block_rows = 256;

struct RunSchema {
  std::string name;  // lower-case, names files and the manifest entry
  unsigned columns = 4;
  unsigned key_columns = 2;  // 1..3
  bool filtered = false;     // Bloom filter over columns 0 and 1 (REQUIRES key_columns >= 2)
  // Combines a newer row of the same key into an older one. Must be associative, and callable from
  // any thread. Empty: the newer row replaces the older.
  std::function<void(Row& older, const Row& newer)> merge;
  // Asked of every row a compaction writes; `oldest`: no older run exists below this one, so that a
  // marker which only hides older rows may go too. Called from the compaction thread. Empty: every
  // row is kept.
  std::function<bool(const Row&, bool oldest)> keep;
};

struct RunOptions {
  unsigned fan_in = 8;          // so many runs of one tier are merged into one of the next
  std::string folder = "runs";  // of the disk; the folder that holds it exists
};

struct Lookup {
  std::uint64_t key0 = 0;
  std::uint64_t key1 = 0;
  Row row;  // merged over all runs
  bool found = false;
};

// Rows of a set in key order, merged over its runs. Lazy: a page of a long range costs a block or
// two a run. Keeps its view alive. Threads: one. After an error every further call gives it again.
class RunCursor {
 public:
  virtual ~RunCursor() = default;
  // False at the end.
  Result<bool> next(Row& row) {
    if (rows_.empty()) [[unlikely]] {
      ZAN_ASSIGN(rows_, refill());
      if (rows_.empty()) return false;
    }
    row = rows_.front();
    rows_ = rows_.subspan(1);
    return true;
  }
  // The next rows, as many as are at hand: for whole scans, where a call a row would be the cost.
  // Empty at the end. The rows are valid until the next call.
  Result<std::span<const Row>> next_batch() {
    if (rows_.empty()) {
      ZAN_ASSIGN(rows_, refill());
    }
    return std::exchange(rows_, {});
  }

 protected:
  virtual Result<std::span<const Row>> refill() = 0;

 private:
  std::span<const Row> rows_;
};

class RunView {
 public:
  virtual ~RunView() = default;
  // For sets with key_columns == 2. Filters first, with the memory accesses of all lookups
  // overlapped.
  virtual Result<void> find_many(std::span<Lookup> lookups) const = 0;
  Result<bool> find(Lookup& lookup) const {
    ZAN_TRY(find_many({&lookup, 1}));
    return lookup.found;
  }
  // Rows with from <= key < to, compared over the key columns (other columns are ignored).
  virtual std::unique_ptr<RunCursor> scan(const Row& from, const Row& to) const = 0;
  virtual std::uint64_t rows() const = 0;   // before merging
  virtual std::uint64_t bytes() const = 0;  // on disk
  virtual std::size_t run_count() const = 0;
  virtual std::size_t memory_bytes() const = 0;  // fences and filters
};

struct RunSetRows {
  std::size_t set = 0;        // index into the schemas given to open()
  std::span<const Row> rows;  // sorted by key, keys unique
};

class Runs {
 public:
  // Opens what the manifest names, removes files it does not name. corrupt: manifest, footer,
  // fences or filter damaged, or a run is not the one the manifest means. unsupported: a set has
  // another shape than its schema says, or is not among the schemas. New schemas begin empty. Views
  // may outlive the Runs; the disk outlives both.
  static Result<std::unique_ptr<Runs>> open(Disk& disk, std::vector<RunSchema> schemas, RunOptions options = {});
  virtual ~Runs() = default;

  virtual Position position() const = 0;  // everything up to here is in the runs
  virtual std::shared_ptr<const RunView> view(std::size_t set) const = 0;

  // Makes one new run in each named set (none for no rows), and moves the position, in one atomic
  // step. On an error nothing has changed, and the same flush may be tried again. REQUIRES: no set
  // twice.
  virtual Result<void> flush(Position up_to, std::span<const RunSetRows> sets) = 0;
  // Merges one tier, the lowest that is full in any set. False: nothing to do, or stopped. A stop
  // or an error leaves everything as it was. Also removes replaced files that no view and no hold
  // uses any more: call it again after their release.
  virtual Result<bool> compact(std::stop_token stop) = 0;
  // Merges every set down to one run, rewriting single runs too, so that every row that was in when
  // it began has been shown to `keep` with oldest = true. Runs flushed meanwhile stay on top.
  // Stopped: some sets may be done.
  virtual Result<void> compact_all(std::stop_token stop) = 0;
  virtual std::size_t run_count_max() const = 0;  // of the fullest set, for backpressure

  // Reads every byte of every run: checksums, order, filter. corrupt names file and block.
  virtual Result<void> verify() const = 0;
  // The files of one consistent state, kept alive while the returned hold lives.
  struct Hold {
    std::vector<std::string> files;  // run files, immutable; paths as the Disk takes them
    Bytes manifest;                  // what `<folder>/MANIFEST` must hold in the copy
    std::shared_ptr<const void> keep_alive;
  };
  virtual Result<Hold> hold() const = 0;
};

}  // namespace zan::storage
