#include "integrity/case_note.h"

namespace zan::integrity {
namespace {

void put_numbers(Bytes& out, const std::vector<std::uint32_t>& numbers) {
  put_varint(out, numbers.size());
  for (const std::uint32_t number : numbers) put_fixed(out, number);
}

bool read_numbers(ByteReader& in, std::vector<std::uint32_t>& numbers) {
  const std::uint64_t count = in.varint();
  if (count > note_names_max || count * sizeof(std::uint32_t) > in.left()) return false;
  for (std::uint64_t i = 0; i < count; ++i) numbers.push_back(in.fixed<std::uint32_t>());
  return true;
}

void put_text(Bytes& out, std::string_view text) {
  put_varint(out, text.size());
  put_bytes(out, as_bytes(text));
}

bool read_text(ByteReader& in, std::size_t bytes_max, std::string& text) {
  const std::uint64_t size = in.varint();
  if (size > bytes_max || size > in.left()) return false;
  text = as_text(in.take(size));
  return true;
}

// What each kind may hold.
bool makes_sense(const CaseNote& note) {
  const bool whole = note.actors.empty() && note.subjects.empty();
  switch (note.kind) {
    case NoteKind::decision:
      return note.decision == Decision::overturn || (note.decision == Decision::confirm && whole);
    case NoteKind::appeal:
      return note.decision == Decision::none && note.actors.size() + note.subjects.size() <= 1;
    case NoteKind::assignment:
    case NoteKind::handed_out:
      return note.decision == Decision::none && note.ground == Ground::none && whole;
  }
  return false;
}

}  // namespace

void put_note(Bytes& out, const CaseNote& note) {
  out.push_back(case_note_tag);
  put_fixed(out, static_cast<std::uint8_t>(note.kind));
  put_fixed(out, static_cast<std::uint8_t>(note.decision));
  put_fixed(out, static_cast<std::uint8_t>(note.ground));
  put_fixed(out, note.case_id);
  put_fixed(out, note.anchor_actor);
  put_fixed(out, note.anchor_subject);
  put_numbers(out, note.actors);
  put_numbers(out, note.subjects);
  put_text(out, note.by);
  put_text(out, note.note);
  if (note.kind == NoteKind::assignment) put_text(out, note.assignee);
}

Result<CaseNote> read_note(ByteSpan record) {
  ByteReader in(record);
  CaseNote note;
  const auto tag = in.fixed<std::uint8_t>();
  note.kind = static_cast<NoteKind>(in.fixed<std::uint8_t>());
  const auto decision = in.fixed<std::uint8_t>();
  const auto ground = in.fixed<std::uint8_t>();
  note.case_id = in.fixed<std::uint64_t>();
  note.anchor_actor = in.fixed<std::uint32_t>();
  note.anchor_subject = in.fixed<std::uint32_t>();
  bool whole = read_numbers(in, note.actors) && read_numbers(in, note.subjects) &&
               read_text(in, note_by_bytes_max, note.by) && read_text(in, note_text_bytes_max, note.note);
  if (whole && note.kind == NoteKind::assignment) whole = read_text(in, note_by_bytes_max, note.assignee);
  constexpr auto decision_last = static_cast<std::uint8_t>(Decision::overturn);
  constexpr auto ground_last = static_cast<std::uint8_t>(Ground::other);
  const bool known =
      tag == static_cast<std::uint8_t>(case_note_tag) && decision <= decision_last && ground <= ground_last;
  note.decision = static_cast<Decision>(decision);
  note.ground = static_cast<Ground>(ground);
  if (!in.ok() || !in.done() || !whole || !known || !makes_sense(note)) return corrupt("a note on a case is malformed");
  return note;
}

}  // namespace zan::integrity
