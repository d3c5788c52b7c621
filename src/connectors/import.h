// The import loop: from a Source into a Sink, bounded in flight, interruptible, and resumable.
//
// What has become durable is noted in a small file, import/<hash of the source's identity>.cursor below the folder the
// caller names, so that an interrupted import goes on where it was. The note may lag behind: what lies between is sent
// again, and the events' ids keep it from counting twice.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "connectors/sink.h"
#include "connectors/source.h"
#include "storage/storage.h"

namespace zan::connectors {

struct ImportNote {
  std::string cursor;
  bool complete = false;
};

// Errors: unavailable (disk). A note that cannot be read as one counts as none.
Result<std::optional<ImportNote>> load_note(storage::Disk& disk, const std::string& identity);
Result<void> store_note(storage::Disk& disk, const std::string& identity, const ImportNote& note);

struct ImportOptions {
  storage::Disk* notes = nullptr;   // null, or a source without identity: starts at the beginning, notes nothing
  bool restart = false;             // ignores what was noted
  std::uint64_t problems_max = 20;  // bad rows told one by one; the rest is only counted
  std::function<void(const BadRow&)> on_problem;
  std::function<void(const Progress&, std::uint64_t events)> on_progress;  // after each batch
  std::stop_token stop;  // ends the import in order, after what is in flight
};

struct ImportReport {
  std::uint64_t accepted = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t attributes = 0;
  std::uint64_t showings = 0;
  std::uint64_t bad = 0;  // rows the source or the sink refused
  bool resumed = false;
  bool interrupted = false;
  bool was_complete = false;      // a former import had reached the end; this one read what came after
  std::vector<ReadTotal> totals;  // of the source
};

Result<ImportReport> import_into(Sink& sink, Source& source, const ImportOptions& options);

}  // namespace zan::connectors
