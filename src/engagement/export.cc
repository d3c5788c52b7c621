// Everything held about one person (PIPL Art. 45), from the same tables that answer all other questions, and from the
// journal for the acts themselves.
#include "engagement/questions.h"
#include "engagement/record.h"
#include "engagement/seal.h"

namespace zan::engagement {
namespace {

using storage::NameKind;
using Write = std::function<Result<void>(std::string_view)>;

constexpr std::size_t piece_bytes = 64 << 10;

// Collects text and hands it on in pieces.
class Pieces {
 public:
  explicit Pieces(const Write& write) : write_(write) {}
  std::string& text() { return text_; }
  Result<void> pass_on(bool all) {
    if (text_.empty() || (!all && text_.size() < piece_bytes)) return {};
    ZAN_TRY(write_(text_));
    text_.clear();
    return {};
  }

 private:
  const Write& write_;
  std::string text_;
};

// An act or late verdict as JSON; false: another person's, or none of these.
Result<bool> append_record_of(PersonId person, ByteSpan record, Position position, Timestamp received, Names& names,
                              std::string& item) {
  if (record.empty()) return false;
  item.clear();
  if (record.front() == static_cast<std::byte>(RecordTag::act)) {
    ZAN_ASSIGN(const RecordedAct act, read_act(record, received));
    if (act.actor != person) return false;
    ZAN_ASSIGN(const ActNames act_names, names.of(act));
    append_act(item, position, received, act, act_names);
    return true;
  }
  if (record.front() != static_cast<std::byte>(RecordTag::verdict)) return false;
  ZAN_ASSIGN(const VerdictRecord verdict, read_verdict(record, received));
  if (verdict.what.person != person) return false;
  ZAN_ASSIGN(const ActNames verdict_names, names.of(verdict));
  append_verdict(item, position, received, verdict, verdict_names);
  return true;
}

}  // namespace

Result<void> Questions::export_user(std::string_view user, const Write& write) const {
  const EntityId id = find(NameKind::person, user);
  if (!id) return not_found("nobody of that name is known");
  const PersonId person{id.value};
  Pieces pieces(write);
  std::string& out = pieces.text();
  out += "{\"user\":";
  append_json_string(out, user);
  out += ",\"attributes\":";
  const Result<std::string> attributes = user_attributes(user);
  if (!attributes.ok() && attributes.error().kind != ErrorKind::not_found) return attributes.error();
  out += attributes.ok() ? *attributes : "null";
  ZAN_ASSIGN(const Tally tally, user_counts(user));
  out += ",\"counts\":{";
  append_tally(out, tally, TallyOf::person);
  out += "},\"acts\":[";

  Names names(store_.registry());
  ZAN_ASSIGN(const auto reader, journal_.read(Position{0}));
  storage::Group group;
  bool first = true;
  std::string item;
  for (;;) {
    ZAN_ASSIGN(const bool more, reader->next(group));
    if (!more) break;
    Position position = group.first;
    ByteSpan record;
    for (storage::RecordReader records(group.payload); records.next(record); ++position.value) {
      ZAN_ASSIGN(const bool theirs, append_record_of(person, record, position, group.at, names, item));
      if (!theirs) continue;
      if (!first) out += ',';
      first = false;
      out += item;
      ZAN_TRY(pieces.pass_on(false));
    }
  }
  out += "]}";
  return pieces.pass_on(true);
}

}  // namespace zan::engagement
