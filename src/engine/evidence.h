// Evidence: the proofs of what was accepted, as the engine offers them.
//
// Threads: all methods from any thread; they may read from disk.
// Errors:  not_found (no such event, or of a kind that is not logged), expired (its person was erased: nobody can open it any
//          more), refused (another person's), invalid (cursor), unavailable, corrupt.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "evidence/evidence.h"

namespace zan::engine {

struct EvidenceOptions {
  bool on = false;
  // The log's name; see evidence::is_key_name(). Empty: that of the log that is there, or one made of random digits.
  std::string origin;
  // Where the last signed checkpoint is kept, if not in the data folder: shows that a folder was restored.
  std::string lock_folder;
  evidence::Cosigners* cosigners = nullptr;  // outlives the engine
};

// How long likes are gathered before they are logged, and how long cosigners have: a like is in a published checkpoint
// after the first, the second where there are cosigners, and the time of the writing.
inline constexpr std::int64_t evidence_period_us = 500'000;
inline constexpr std::int64_t cosigning_us_max = 400'000;
inline constexpr std::size_t evidence_page_max = 200;

struct EvidenceStatus {
  std::string trouble;  // why nothing is signed at the moment; empty: all is well
  std::string origin;
  std::uint64_t entries = 0;    // signed
  std::uint64_t published = 0;  // in the published checkpoint
  Position position;            // of the journal, logged so far
  std::uint64_t index_bytes = 0;
};

struct ReceiptAnswer {
  bool pending = false;
  std::int64_t ready_in_ms = 0;  // about; when pending
  evidence::Receipt receipt;     // when not
};

struct EvidenceRow {
  std::uint64_t index = 0;
  evidence::Hash opening{};
  evidence::Event event;
};

struct EvidencePage {
  std::vector<EvidenceRow> rows;  // newest first; without those of erased persons
  std::uint64_t pending = 0;      // newer ones that are not published yet, on a first page
  std::string next;               // opaque, empty at the end
};

struct EntryRange {
  std::uint64_t first = 0, end = 0;
};

class Evidence {
 public:
  virtual ~Evidence() = default;

  virtual EvidenceStatus status() const = 0;

  // `event`: the id that its client gave it, or "@" and its number. `user`: who asks for it and gets the proof that it is
  // theirs; empty: a receipt that names nobody.
  virtual Result<ReceiptAnswer> receipt(std::string_view event, std::string_view user) const = 0;
  // The published entries of a subject or creator. An unknown name has none.
  virtual Result<EvidencePage> of_subject(std::string_view subject, std::size_t limit,
                                          std::string_view cursor) const = 0;
  virtual Result<EvidencePage> of_creator(std::string_view creator, std::size_t limit,
                                          std::string_view cursor) const = 0;
  // Published entries whose events were received from `from` on and before `to`, if the clock never went back.
  virtual Result<EntryRange> received(Timestamp from, Timestamp to) const = 0;

  // A file of the log as the world reads it: "checkpoint", "log.vkey", "tile/..". not_found also for any other path.
  virtual Result<Bytes> file(std::string_view path) const = 0;
};

}  // namespace zan::engine
