#include "engagement/keys.h"

#include "engagement/pair.h"

namespace zan::engagement {
namespace {

// Label of a stored comment: bit 0 incentivised, bits 1-2 Verdict.
constexpr unsigned comment_verdict_shift = 1;

void merge_pairs(storage::Row& older, const storage::Row& newer) {
  PairState state = PairState::from_columns(older.column[2], older.column[3]);
  state.merge(PairState::from_columns(newer.column[2], newer.column[3]));
  older.column[2] = static_cast<std::uint64_t>(state.at().us);
  older.column[3] = state.flags();
}

void merge_likers(storage::Row& older, const storage::Row& newer) {
  older.column[3] = merge_liker_flags(older.column[3], newer.column[3]);
}

void merge_tallies(storage::Row& older, const storage::Row& newer) {
  older.column[2] = zigzag(unzigzag(older.column[2]) + unzigzag(newer.column[2]));
}

void merge_creators(storage::Row& older, const storage::Row& newer) {
  if (newer.column[2] >= older.column[2]) older = newer;
}

void keep_older(storage::Row&, const storage::Row&) {}
bool keep_all(const storage::Row&, bool) {
  return true;
}

}  // namespace

std::vector<std::string> kv_families() {
  return {"comments", "users", "subjects"};
}

std::vector<storage::RunSchema> schemas(std::function<bool(EntityId)> erased) {
  // Only at the bottom: above it, the row is what hides an older one that still says "liked".
  const auto of_the_living = [erased = std::move(erased)](const storage::Row& row, bool oldest) {
    return !oldest || !erased(EntityId{static_cast<std::uint32_t>(row.column[0])});
  };
  const auto live_liker = [](const storage::Row& row, bool oldest) {
    const std::uint64_t flags = row.column[3];
    return (flags & liker_dead) == 0 || ((flags & liker_settled) == 0 && !oldest);
  };
  const auto not_zero = [](const storage::Row& row, bool) { return row.column[2] != 0; };
  return {
      {"reactions", 4, 2, true, merge_pairs, of_the_living}, {"likers", 4, 3, false, merge_likers, live_liker},
      {"follows", 4, 2, true, merge_pairs, of_the_living},   {"ids", 3, 2, true, keep_older, keep_all},
      {"tallies", 3, 2, false, merge_tallies, not_zero},     {"creators", 3, 1, false, merge_creators, keep_all},
  };
}

std::string person_key(PersonId person) {
  std::string key;
  put_be(key, person.value);
  return key;
}

std::string subject_key(SubjectId subject) {
  std::string key;
  put_be(key, subject.value);
  return key;
}

std::string comment_key(PersonId person, Position position) {
  std::string key = person_key(person);
  put_be(key, position.value);
  return key;
}

std::string comment_value(const StoredComment& comment) {
  Bytes value;
  put_varint(value, comment.subject.value);
  put_fixed(value, static_cast<std::uint8_t>((comment.incentivised ? 1u : 0u) | static_cast<unsigned>(comment.verdict)
                                                                                    << comment_verdict_shift));
  put_varint(value, static_cast<std::uint64_t>(comment.at.us));
  put_bytes(value, as_bytes(comment.sealed));
  return std::string(as_text(value));
}

Result<StoredComment> read_comment(std::string_view key, std::string_view value) {
  StoredComment comment;
  if (key.size() != 12) return corrupt("comment key of " + std::to_string(key.size()) + " bytes");
  for (const char byte : key.substr(4))
    comment.position.value = comment.position.value << 8 | static_cast<unsigned char>(byte);
  ByteReader in(as_bytes(value));
  comment.subject = {in.varint32()};
  const unsigned label = in.fixed<std::uint8_t>();
  comment.incentivised = (label & 1) != 0;
  comment.verdict = static_cast<Verdict>(label >> comment_verdict_shift);
  comment.at = {static_cast<std::int64_t>(in.varint())};
  comment.sealed = as_text(in.take(in.left()));
  if (!in.ok() || !comment.subject || label >> comment_verdict_shift >= verdict_count)
    return corrupt("comment at position " + std::to_string(comment.position.value));
  return comment;
}

}  // namespace zan::engagement
