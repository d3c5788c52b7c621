#include "integrity/rule_change.h"

#include "base/clock.h"

namespace zan::integrity {
namespace {

using rules::ChangeKind;

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

}  // namespace

void put_rule_change(Bytes& out, const RuleChange& change) {
  out.push_back(rule_change_tag);
  put_fixed(out, static_cast<std::uint8_t>(static_cast<std::uint8_t>(change.kind) + 1));
  put_fixed(out, change.id.hash.high);
  put_fixed(out, change.id.hash.low);
  put_text(out, change.who);
  put_text(out, change.why);
  put_text(out, change.text);
}

Result<RuleChange> read_rule_change(ByteSpan record) {
  ByteReader in(record);
  RuleChange change;
  const auto tag = in.fixed<std::uint8_t>();
  const auto kind = in.fixed<std::uint8_t>();
  change.id.hash.high = in.fixed<std::uint64_t>();
  change.id.hash.low = in.fixed<std::uint64_t>();
  const bool texts = read_text(in, rules::note_bytes_max, change.who) &&
                     read_text(in, rules::note_bytes_max, change.why) &&
                     read_text(in, rules::Limits{}.text_bytes, change.text);
  const bool known = tag == static_cast<std::uint8_t>(rule_change_tag) && kind >= 1 &&
                     kind <= static_cast<std::uint8_t>(ChangeKind::unshadow) + 1;
  if (!in.ok() || !in.done() || !texts || !known || change.who.empty() || change.why.empty())
    return corrupt("a change of the rules is malformed");
  change.kind = static_cast<ChangeKind>(kind - 1);
  if (change.kind != ChangeKind::add && !change.text.empty()) return corrupt("only a new version has a text");
  return change;
}

Result<void> take_over(rules::RuleBook& book, const RuleChange& change, std::int64_t at_us) {
  return book.take_over({change.kind, change.id, {change.who, at_us / us_per_ms, change.why}}, change.text);
}

}  // namespace zan::integrity
