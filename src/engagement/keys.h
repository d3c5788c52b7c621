// The only place that knows this room's key bytes.
//
// Kv families (numbers are Family indexes, order fixed):
//   0 comments   be32 person, be64 position        -> varint subject, byte label, varint at µs, sealed text
//   1 users      be32 person                       -> sealed attributes
//   2 subjects   be32 subject                      -> attributes as canonical JSON
//
// Run sets (numbers are indexes into schemas()):
//   0 reactions  person, subject                   | at µs, flags (pair.h)
//   1 likers     subject, timestamp_max - at, person | flags (liker.h)
//   2 follows    person, creator                   | at µs, flags
//   3 ids        hash high, hash low               | digest of the act
//   4 tallies    entity, slot (totals.h)           | zigzag of the sum
//   5 creators   subject                           | creator, position of the assignment
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engagement/events.h"
#include "engagement/liker.h"
#include "storage/storage.h"

namespace zan::engagement {

inline constexpr storage::Family comments_family = 0;
inline constexpr storage::Family users_family = 1;
inline constexpr storage::Family subjects_family = 2;
std::vector<std::string> kv_families();

enum Set : std::size_t { set_reactions, set_likers, set_follows, set_ids, set_tallies, set_creators, set_count };
// `erased` is asked from the compaction thread.
std::vector<storage::RunSchema> schemas(std::function<bool(EntityId)> erased);

std::string person_key(PersonId person);
std::string subject_key(SubjectId subject);
std::string comment_key(PersonId person, Position position);

struct StoredComment {
  Position position;
  SubjectId subject;
  bool incentivised = false;
  Verdict verdict = Verdict::genuine;  // as it came in
  Timestamp at;
  std::string_view sealed;
};
std::string comment_value(const StoredComment& comment);
// corrupt: not what comment_key and comment_value made.
Result<StoredComment> read_comment(std::string_view key, std::string_view value);

// Row <-> meaning, for the two directions of a like.
constexpr std::uint64_t inverted(Timestamp at) {
  return static_cast<std::uint64_t>(timestamp_max.us - at.us);
}
constexpr Timestamp upright(std::uint64_t column) {
  return {timestamp_max.us - static_cast<std::int64_t>(column)};
}

}  // namespace zan::engagement
