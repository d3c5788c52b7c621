#include "integrity/case_note.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace zan::integrity {
namespace {

Bytes record_of(const CaseNote& note) {
  Bytes record;
  put_note(record, note);
  return record;
}

CaseNote decision() {
  CaseNote note;
  note.decision = Decision::overturn;
  note.case_id = 0x1122334455667788;
  note.anchor_actor = 7, note.anchor_subject = 9;
  note.actors = {7, 8}, note.subjects = {9};
  note.by = "li", note.note = "a choir";
  return note;
}

TEST(CaseNote, IsReadAsItWasWritten) {
  EXPECT_EQ(read_note(record_of(decision())).value(), decision());
  CaseNote appeal;
  appeal.kind = NoteKind::appeal, appeal.ground = Ground::fan_community, appeal.subjects = {3};
  EXPECT_EQ(read_note(record_of(appeal)).value(), appeal);
  CaseNote assignment;
  assignment.kind = NoteKind::assignment, assignment.by = "li", assignment.assignee = "ann";
  EXPECT_EQ(read_note(record_of(assignment)).value(), assignment);
  CaseNote handed_out;
  handed_out.kind = NoteKind::handed_out, handed_out.by = "li";
  EXPECT_EQ(read_note(record_of(handed_out)).value(), handed_out);
}

// What earlier versions wrote, byte for byte.
TEST(CaseNote, TheBytesAreThoseOfTheFormat) {
  CaseNote note;
  note.decision = Decision::confirm;
  note.case_id = 2, note.anchor_actor = 3, note.anchor_subject = 4, note.by = "li";
  const unsigned char bytes[] = {0x30, 1, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 0, 0, 2, 'l', 'i', 0};
  const Bytes record = record_of(note);
  ASSERT_EQ(record.size(), sizeof bytes);
  for (std::size_t i = 0; i < record.size(); ++i) EXPECT_EQ(static_cast<unsigned char>(record[i]), bytes[i]) << i;
}

TEST(CaseNote, WhatMakesNoSenseIsRefused) {
  const auto refused = [](const CaseNote& note) { return !read_note(record_of(note)).ok(); };
  CaseNote note = decision();
  note.decision = Decision::none;
  EXPECT_TRUE(refused(note));
  note.decision = Decision::confirm;  // in part
  EXPECT_TRUE(refused(note));
  note = decision();
  note.kind = NoteKind::appeal;
  EXPECT_TRUE(refused(note));  // of two, and decided
  note.decision = Decision::none;
  EXPECT_TRUE(refused(note));
  note = decision();
  note.kind = NoteKind::handed_out, note.decision = Decision::none;
  EXPECT_TRUE(refused(note));
  note.kind = static_cast<NoteKind>(5);
  EXPECT_TRUE(refused(note));
  note = decision();
  note.by = std::string(note_by_bytes_max + 1, 'x');
  EXPECT_TRUE(refused(note));
  note.by = std::string(note_by_bytes_max, 'x');
  EXPECT_FALSE(refused(note));
}

RC_GTEST_PROP(CaseNoteProperties, ANoteThatIsCutOrHasMoreIsCorrupt, ()) {
  CaseNote note = decision();
  note.actors = *rc::gen::container<std::vector<std::uint32_t>>(rc::gen::arbitrary<std::uint32_t>());
  note.note = std::string(*rc::gen::inRange<std::size_t>(0, note_text_bytes_max + 1), 'n');
  Bytes record = record_of(note);
  RC_ASSERT(read_note(record).value() == note);
  const auto cut = *rc::gen::inRange<std::size_t>(0, record.size());
  RC_ASSERT(!read_note(ByteSpan(record).first(cut)).ok());
  record.push_back(std::byte{0});
  RC_ASSERT(!read_note(record).ok());
}

}  // namespace
}  // namespace zan::integrity
