// What people say of a case, as the journal keeps it: decisions of the operator's staff, who looks after it, that it was handed
// out, and appeals. Record tag 0x30 of this room's block 0x30 .. 0x3f.
//
//   tag 1, kind 1, decision 1, ground 1, case 8, anchor actor 4, anchor subject 4, then varint counted: actors (4 each), subjects (4 each),
//   `by` and `note` as bytes; of an assignment also `assignee` as bytes
//
// A case is found again by one of its likes (the anchor), so that a note keeps its meaning when the detectors change. An appeal
// has a ground out of a list and no text, and numbers for who appeals: there is nothing in it that would have to be erased.
//
// Threads: any; pure. Errors: corrupt: not such a record, or trailing bytes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace zan::integrity {

inline constexpr std::byte case_note_tag{0x30};
inline constexpr std::size_t note_by_bytes_max = 128;
inline constexpr std::size_t note_text_bytes_max = 1000;
inline constexpr std::size_t note_names_max = 10'000;  // actors, and subjects

enum class NoteKind : std::uint8_t { decision = 1, appeal = 2, assignment = 3, handed_out = 4 };
enum class Decision : std::uint8_t { none = 0, confirm = 1, overturn = 2 };
enum class Ground : std::uint8_t {
  none = 0,
  genuine_likes = 1,
  shared_device = 2,
  fan_community = 3,
  attacked_by_others = 4,
  other = 5
};

struct CaseNote {
  NoteKind kind = NoteKind::decision;
  Decision decision = Decision::none;
  Ground ground = Ground::none;
  std::uint64_t case_id = 0;
  std::uint32_t anchor_actor = 0, anchor_subject = 0;
  // Of a decision in part: these accounts' likes, or the likes of these subjects. Both empty: the whole case. Of an appeal: the
  // account that appeals, or the subject whose creator does; at most one of both.
  std::vector<std::uint32_t> actors, subjects;
  std::string by;        // who of the staff did it: the name of a key; empty for an appeal
  std::string note;      // of the staff, for the staff
  std::string assignee;  // of an assignment: who of the staff looks after the case; empty: nobody
  bool operator==(const CaseNote&) const = default;
};

// REQUIRES: within the limits above.
void put_note(Bytes& out, const CaseNote& note);
Result<CaseNote> read_note(ByteSpan record);

}  // namespace zan::integrity
