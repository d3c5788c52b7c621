// What is recorded of engagement: the acts people do, and the facts the journal keeps of them.
//
// An Act is what somebody says happened (a command); a RecordedAct is what was decided about it (a fact in the
// journal). Record tags of this room: 0x10 .. 0x1f, never reused. docs/formats/journal.md has the bytes.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/ids.h"
#include "base/result.h"

namespace zan::engagement {

enum class ActType : std::uint8_t {
  like = 1,
  unlike = 2,   // withdraws a like or a dislike
  dislike = 3,  // replaces a like
  view = 4,
  complete = 5,
  comment = 6,
  follow = 7,  // of the creator; where none is named, of the subject as a creator
  unfollow = 8,
  share = 9,
  profile_visit = 10,  // target as in follow
};

const char* to_string(ActType type);  // as in JSON: "profile_visit"

// What is counted. The order is stored (docs/formats/runs.md, set tallies): only append.
enum class Tallied : std::uint8_t {
  likes = 0,
  dislikes = 1,
  views = 2,
  completes = 3,
  comments = 4,
  shares = 5,
  follows = 6,
  profile_visits = 7,
};
inline constexpr std::size_t tallied_count = 8;
const char* to_string(Tallied kind);

// Bytes of an ActBatch's arena, with the keyed hash a name is found by. Absent: length 0.
struct NameRef {
  Hash128 hash;
  std::uint32_t offset = 0;
  std::uint32_t length = 0;
  explicit operator bool() const { return length != 0; }
};

struct Act {
  ActType type = ActType::like;
  bool incentivised = false;
  bool has_id = false;
  std::uint32_t index = 0;  // 0-based place in the request, for the answer
  NameRef actor, subject, creator, region, surface;
  Timestamp at;  // zero: the time of the commit
  std::uint32_t watch_ms = 0, duration_ms = 0;
  std::uint64_t device = 0, network = 0;  // keyed hashes, never the token; zero: none
  Hash128 id;                             // keyed hash of the idempotency id
  std::uint64_t digest = 0;               // of everything the client said except the id; tells a retry from a conflict
  std::uint32_t text_offset = 0, text_length = 0;  // a comment's text, in the arena
};

// What an act's id is known by in the data folder. REQUIRES: at most id_bytes_max.
Hash128 act_id_hash(const HashKey& secret, std::string_view id);

// Acts in the order they came, with the bytes of their names and texts. Serialisable, no pointers.
struct ActBatch {
  std::string arena;
  std::vector<Act> acts;

  [[nodiscard]] std::string_view text(const NameRef& name) const {
    return std::string_view(arena).substr(name.offset, name.length);
  }
};

// Whether and why the state changed. A superseded act is recorded and counted as accepted, and changes nothing.
enum class Effect : std::uint8_t {
  none = 0,     // superseded by a later act of the same person on the same subject
  changed = 1,  // the relation took the act's state
};

enum class Reaction : std::uint8_t { never = 0, liked = 1, disliked = 2, withdrawn = 3 };

// What an act is held to be. Only genuine acts are in the public counts; what was never judged counts as genuine.
// Stored in journal and runs: never renumber.
enum class Verdict : std::uint8_t { genuine = 0, held = 1, rejected = 2 };
inline constexpr std::size_t verdict_count = 3;
const char* to_string(Verdict verdict);

// Why; the codes belong to whoever judges.
struct Reason {
  std::uint8_t code = 0;  // 0: none
  std::uint32_t number = 0;
  bool operator==(const Reason&) const = default;
};
inline constexpr std::size_t reasons_max = 5;
using Reasons = std::array<Reason, reasons_max>;

struct Judgement {
  bool judged = false;
  Verdict verdict = Verdict::genuine;
  std::uint8_t quality = 0;  // 0..quality_max
  std::uint8_t reason_count = 0;
  Reasons reasons{};
  bool operator==(const Judgement&) const = default;
};
inline constexpr std::uint8_t quality_max = 100;

// One act as the journal keeps it. Ids instead of names; nothing here names a person to somebody without the registry.
struct RecordedAct {
  ActType type = ActType::like;
  bool incentivised = false;
  Effect effect = Effect::changed;
  Reaction before = Reaction::never;  // what the act replaced; for follows, liked means followed
  bool before_incentivised = false;
  Verdict before_verdict = Verdict::genuine;
  Timestamp before_at;  // of what was replaced, when `before` is liked
  PersonId actor;
  SubjectId subject;  // zero for follow/profile_visit that name only a creator
  CreatorId creator;  // the subject's creator as known at the time, or zero
  TermId region, surface;
  Timestamp at;
  std::uint32_t watch_ms = 0, duration_ms = 0;
  std::uint64_t device = 0, network = 0;
  bool has_id = false;
  Hash128 id;
  std::uint64_t digest = 0;
  ByteSpan sealed_text;  // a comment, encrypted under the person's key; views the record
  Judgement judgement;   // as it came in; what was found out later stands in VerdictRecords
};

// After so many late verdicts on one act its class is final: the next ones are void.
inline constexpr unsigned revision_max = 7;
constexpr bool may_be_judged_late(ActType type) {
  return type == ActType::like || type == ActType::dislike || type == ActType::follow;
}

// Somebody thinks otherwise of an act than when it came in (a command).
struct LateVerdict {
  PersonId person;
  std::uint32_t target = 0;      // subject; of a follow the creator
  ActType type = ActType::like;  // like, dislike or follow
  Timestamp at;                  // the act's: a later act of the pair is another one
  Verdict verdict = Verdict::genuine;
  std::uint64_t group = 0;  // of acts that were found together; 0: none
  std::uint8_t reason_count = 0;
  Reasons reasons{};
};

// One late verdict that changed a relation, as the journal keeps it.
struct VerdictRecord {
  LateVerdict what;
  Verdict before = Verdict::genuine;
  bool incentivised = false;  // the act
  CreatorId creator;          // of the subject as known at the time, or zero
  std::uint8_t revision = 0;  // of the relation's class, from 1
};

struct Tally {
  std::uint64_t organic[tallied_count] = {};
  std::uint64_t incentivised[tallied_count] = {};
  std::uint64_t held = 0;  // likes, organic and incentivised; other kinds that are not genuine are not counted at all
  std::uint64_t rejected = 0;
  bool operator==(const Tally&) const = default;
};

struct ViewerState {
  bool liked = false, disliked = false, viewed = false, completed = false, commented = false, shared = false;
};

}  // namespace zan::engagement
