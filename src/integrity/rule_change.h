// A change of the rules, as the journal keeps it: a new version with its text, which one is in service, which ones run in
// the shadow. Record tag 0x31 of this room's block 0x30 .. 0x3f.
//
//   tag 1, kind 1, ruleset 8 and 8 (high, low), then varint counted bytes: who, why, text (of a new version; else empty)
//
// Why in the journal: whoever reads it knows of every act which rules judged it. When it happened is the time of the
// record's group. A book is its changes in order (rules/book.h, RuleBook::take_over).
//
// Threads: any; pure. Errors: corrupt: not such a record, or trailing bytes.
#pragma once

#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "integrity/rules/book.h"

namespace zan::integrity {

inline constexpr std::byte rule_change_tag{0x31};

struct RuleChange {
  rules::ChangeKind kind = rules::ChangeKind::add;
  rules::RulesetId id;
  std::string who, why;  // neither is empty; at most rules::note_bytes_max
  std::string text;      // of a new version, at most rules::Limits::text_bytes
  bool operator==(const RuleChange&) const = default;
};

// REQUIRES: within the limits above.
void put_rule_change(Bytes& out, const RuleChange& change);
Result<RuleChange> read_rule_change(ByteSpan record);

// Adds the change to the book; `at_us`: of the record's group. corrupt: it cannot have been decided of this book.
Result<void> take_over(rules::RuleBook& book, const RuleChange& change, std::int64_t at_us);

}  // namespace zan::integrity
