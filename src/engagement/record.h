// Journal records of this room: bytes <-> facts. docs/formats/journal.md, "records of engagement", has the grammar.
//
//   0x10 act          one decided act
//   0x11 user         attributes of a person, sealed under the person's key
//   0x12 subject      attributes of a subject, and its creator
//   0x13 withdrawal   one relation, or one comment, taken back by an erasure
//   0x14 erased       the person is gone; ends the withdrawals that came before it in its group
//   0x15 verdict      a relation's act is held to be something else than before
//
// Times in a record are relative to the group's, so that most take one to five bytes.
#pragma once

#include "base/result.h"
#include "engagement/events.h"

namespace zan::engagement {

enum class RecordTag : std::uint8_t {
  act = 0x10,
  user = 0x11,
  subject = 0x12,
  withdrawal = 0x13,
  erased = 0x14,
  verdict = 0x15,
};

inline constexpr std::size_t record_head_bytes_max = 192;  // of an act without its sealed text

struct UserRecord {
  PersonId user;
  ByteSpan sealed;
};
struct SubjectRecord {
  SubjectId subject;
  CreatorId creator;  // zero: none given, keep the present one
  std::string_view json;
};
enum class Withdrawn : std::uint8_t { reaction = 0, follow = 1, comment = 2 };
struct WithdrawalRecord {
  Withdrawn what = Withdrawn::reaction;
  PersonId person;
  std::uint32_t target = 0;  // subject, or creator for a follow
  CreatorId creator;         // of the subject
  Reaction before = Reaction::never;
  bool incentivised = false;
  Timestamp before_at;
  Verdict verdict = Verdict::genuine;  // of what is taken back
};

// Writes at `to`, which has room for record_head_bytes_max + sealed_text.size(); returns past the end.
std::byte* write_act(std::byte* to, const RecordedAct& act, Timestamp group_at);
// The same, with record_head_bytes_max.
std::byte* write_verdict(std::byte* to, const VerdictRecord& record, Timestamp group_at);
void put_user(Bytes& out, const UserRecord& record);
void put_subject(Bytes& out, const SubjectRecord& record);
void put_withdrawal(Bytes& out, const WithdrawalRecord& record);
void put_erased(Bytes& out, PersonId person);

// corrupt: not a record of this tag, or trailing bytes. Views in the answers point into `record`.
Result<RecordedAct> read_act(ByteSpan record, Timestamp group_at);
Result<VerdictRecord> read_verdict(ByteSpan record, Timestamp group_at);
Result<UserRecord> read_user(ByteSpan record);
Result<SubjectRecord> read_subject(ByteSpan record);
Result<WithdrawalRecord> read_withdrawal(ByteSpan record);
Result<PersonId> read_erased(ByteSpan record);

}  // namespace zan::engagement
