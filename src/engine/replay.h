// Replay: what other rules or another model would have said of a past stretch of the journal, act by act.
//
// The folder is only looked at: nothing is written, and a server may be serving it meanwhile. What an act is judged by is
// counted from the journal's first record on, with the verdicts that were given then, so the lead-in is everything before the
// stretch. An act of the stretch is weighed by the replayed rules and then counted as it was recorded: two rulesets are compared over
// the same past, not over a past that each made for itself. With the rules as they were, it says what was said.
//
// Threads: one. Errors: invalid: rules, model or stretch; corrupt; unavailable. Cost: about a microsecond an act, and the intake's
// memory. Two runs over one stretch give the same lines.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "engagement/engagement.h"
#include "integrity/integrity.h"
#include "storage/storage.h"

namespace zan::engine {

// A place in the journal: a record, or a time of commit.
using ReplayBound = std::variant<std::monostate, Position, Timestamp>;

struct ReplayOptions {
  ReplayBound from, to;                // both inclusive; nothing: the journal's ends
  std::optional<std::string> rules;    // their text; nothing: those that were in service when each act came
  Bytes model;                         // of model::encode_model; empty: none
  std::uint64_t accounts = 1'000'000;  // as the server's, or features are forgotten at other moments
};

// An act of which something else is said now.
struct ReplayLine {
  Position position;
  Timestamp at;
  engagement::ActType type = engagement::ActType::like;
  std::string actor, subject;                                 // of a follow the creator; empty: erased
  engagement::Verdict then = engagement::Verdict::genuine;    // when it came in
  engagement::Verdict now = engagement::Verdict::genuine;     // of what is replayed
  engagement::Verdict stands = engagement::Verdict::genuine;  // in the journal's end, late verdicts included
  std::uint8_t quality_then = 0, quality_now = 0;
  std::string reason;  // the first, of what is said now; if that is genuine, of what was said
};

struct ReplaySummary {
  std::string rules, model;  // names of what was replayed
  Position first, last;      // the stretch; 0: it is empty
  std::uint64_t warmed = 0;  // acts before it
  std::uint64_t judged = 0;  // acts in it that can be held or rejected
  std::uint64_t changed = 0;
  std::uint64_t quality_changed = 0, reasons_changed = 0;                            // with the same verdict
  std::uint64_t from_to[engagement::verdict_count][engagement::verdict_count] = {};  // then, now
  // Against the verdicts that stand: rejected is fake, genuine is genuine, held is neither.
  integrity::rules::ShadowTally tally = integrity::rules::ShadowTally();
  std::vector<std::string> rule_names;  // as tally.rules; empty where the rules changed on the way
  std::string trouble;                  // versions of the journal that do not compile any more, and were left out
};

using ReplayEach = std::function<Result<void>(const ReplayLine&)>;  // an error ends the replay
// False to stop.
using ReplayProgress = std::function<bool(Position done, Position last)>;

// Of what is open already.
Result<ReplaySummary> replay(const storage::Journal& journal, const storage::Registry& registry, const HashKey& secret,
                             const ReplayOptions& options, const ReplayEach& each, const ReplayProgress& progress);
// expired: `progress` said false. not_found: no data folder.
Result<ReplaySummary> replay(const std::string& data_folder, const ReplayOptions& options, const ReplayEach& each,
                             const ReplayProgress& progress);

}  // namespace zan::engine
