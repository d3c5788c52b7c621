// engine: the one room that knows all rooms. It owns the data folder, puts commands in one order, and runs the writer,
// the flusher, the compactor, the projector and the threads of the views.
//
//   command --submit--> intake line --> writer: decide, journal + registry synced, apply, answer
//                                         |-> flusher: memory tables -> runs      (every memtable_acts_max acts)
//                                         |-> compactor: runs -> fewer runs
//                                         |-> projector: journal -> views (top, stream wake-ups)
//                                         '-> evidence:  journal -> transparency log, receipts
//
// Threads: submit() and all const methods from any thread. `Done` runs on the writer thread and must not block.
// Errors:  limited: the intake line is full, try again after retry_after_seconds. unavailable: read-only (the message
//          says why) or stopping.
// Durable: when Done runs with a good answer; and visible to every read that starts afterwards.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "engagement/engagement.h"
#include "engine/audience.h"   // IWYU pragma: export
#include "engine/evaluate_feeds.h"  // IWYU pragma: export
#include "engine/evidence.h"   // IWYU pragma: export
#include "engine/insights.h"   // IWYU pragma: export
#include "engine/integrity.h"  // IWYU pragma: export
#include "engine/log_admin.h"  // IWYU pragma: export
#include "engine/matching.h"   // IWYU pragma: export
#include "engine/replay.h"     // IWYU pragma: export
#include "engine/rules.h"      // IWYU pragma: export
#include "engine/models.h"     // IWYU pragma: export
#include "storage/storage.h"

namespace zan::engine {

inline constexpr std::size_t intake_acts_max = 262'144;  // acts waiting; more is `limited`
inline constexpr int retry_after_seconds = 1;

struct PutUser {
  std::string user;
  std::string json;  // canonical, from Parser::parse_user
};
struct PutSubject {
  std::string subject;
  engagement::SubjectAttributes attributes;
};
struct EraseUser {
  std::string user;
};

// At most engagement::late_verdicts_max.
struct JudgeActs {
  std::vector<engagement::LateVerdict> verdicts;
};

// Something that was said of a case; Integrity::note_of() makes the record.
struct NoteCase {
  Bytes record;
};

// A change of the rules; Rules::record_of() makes the record. Alone in its group: what is judged before it is judged by the
// old ones, what comes after by the new ones.
struct ChangeRules {
  Bytes record;
};

// A saved segment, a list of people, an import of tags; Audience::record_of() makes the record.
struct ChangeAudience {
  Bytes record;
};

// What feeds showed, a person's wish, an operator's rule of feeds; Matching::record_of() makes each record. All or none.
struct ChangeMatching {
  std::vector<Bytes> records;
};

struct Command {
  std::variant<engagement::ActBatch, PutUser, PutSubject, EraseUser, JudgeActs, NoteCase, ChangeRules, ChangeAudience,
               ChangeMatching>
      body;
};

struct RejectedAct {
  std::uint32_t index = 0;
  Error error;
};

struct Answer {
  std::uint32_t accepted = 0;
  std::uint32_t duplicates = 0;
  std::vector<RejectedAct> rejected;  // ordered by index
  Position position;                  // everything of this command is at or before it
  // Of JudgeActs: what moved, and what was void (engagement::LateAnswer).
  std::uint32_t verdicts_applied = 0, verdicts_void = 0;
};

using Done = std::function<void(Result<Answer>)>;

struct EngineOptions {
  std::string data_folder;
  std::size_t memtable_acts_max = 1'000'000;
  unsigned fan_in = 8;
  EvidenceOptions evidence;
  IntegrityOptions integrity;
  AudienceOptions audience;
  MatchingOptions matching;
  InsightsOptions insights;
  // Outlives the engine. Null: integrity.intake judges, if it and integrity are on.
  engagement::ActJudge* judge = nullptr;
};

enum class Health : std::uint8_t { starting, ready, read_only, stopping };

struct Status {
  Health health = Health::starting;
  std::string reason;  // when read_only
  Position position;   // last durable
  std::uint64_t journal_bytes = 0, journal_syncs = 0, registry_syncs = 0;
  std::uint64_t accepted = 0, duplicates = 0, rejected = 0;  // acts since start
  std::uint64_t groups = 0;                                  // commits since start
  std::uint64_t intake_waiting = 0;                          // acts
  std::uint64_t names = 0;
  std::uint64_t runs = 0, run_bytes = 0, run_rows = 0;
  std::optional<IntakeStatus> intake;  // nothing: acts are not judged at intake
};

// Journal records from a position on, as JSON lines with names; for the live stream and for export.
class Feed {
 public:
  virtual ~Feed() = default;
  struct Item {
    Position position;
    std::string json;      // engagement::append_act or append_verdict
    std::string subject;   // external name, empty if none; whose counts this changed
    bool verdict = false;  // a late one, not an act
  };
  // Appends up to `max` items; none: caught up.
  virtual Result<void> next(std::size_t max, std::vector<Item>& out) = 0;
};

class Engine {
 public:
  static Result<std::unique_ptr<Engine>> open(EngineOptions options);
  virtual ~Engine() = default;

  // Under this every name, id and token is hashed; for engagement::Parser.
  virtual const HashKey& secret() const = 0;

  // Takes the command only when it accepts it: after `limited` the caller still has it and may offer it again.
  virtual Result<void> submit(Command& command, Done done) = 0;
  // Waits for the answer; for tools and tests, never on an io thread.
  Result<Answer> submit_and_wait(Command command);

  virtual const engagement::Reads& reads() const = 0;
  virtual Status status() const = 0;
  // Null: switched off.
  virtual const Evidence* evidence() const { return nullptr; }
  // Null: switched off.
  virtual const Integrity* integrity() const { return nullptr; }
  virtual const Rules* rules() const { return nullptr; }
  // Null: switched off.
  virtual Audience* audience() const { return nullptr; }
  // Null: switched off.
  virtual Matching* matching() const { return nullptr; }
  // Null: switched off.
  virtual const Insights* insights() const { return nullptr; }

  // After `after`; not_found if that lies beyond the end.
  virtual Result<std::unique_ptr<Feed>> feed(Position after) const = 0;
  // `wake` runs (on the projector thread, must not block) whenever something new is durable. The handle unsubscribes
  // when destroyed.
  virtual std::shared_ptr<void> on_progress(std::function<void()> wake) = 0;

  // Copies one consistent state into a folder that does not exist yet; the server goes on meanwhile.
  virtual Result<void> backup(const std::string& folder) = 0;
  // Merges all runs down to one a set; seconds to minutes.
  virtual Result<void> compact() = 0;

  // Refuses new commands, answers what is queued, flushes, joins all threads. Idempotent; also done by destruction.
  virtual void stop() = 0;
};

struct Finding {
  std::string what;  // "counters: subject 17 has 3 likes, its relation 2"
};
// Verifies every invariant of a closed data folder. Progress 0..1. The findings are empty when all is well.
Result<std::vector<Finding>> check(const std::string& data_folder, const std::function<void(double)>& progress);

// Makes `data_folder` from a backup. `erasures`: the living folder's erasures file, so that nobody who was erased since
// comes back; "none" when there is no living folder any more.
Result<void> restore(const std::string& backup_folder, const std::string& data_folder, const std::string& erasures);

}  // namespace zan::engine
