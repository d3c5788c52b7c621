#include "engagement/record.h"

#include <cstring>

namespace zan::engagement {
namespace {

// Second byte of an act.
constexpr unsigned type_mask = 0x0f;
constexpr unsigned incentivised_bit = 0x10;
constexpr unsigned changed_bit = 0x20;
constexpr unsigned id_bit = 0x40;
constexpr unsigned extras_bit = 0x80;

// Extras byte.
constexpr unsigned watch_bit = 0x01;
constexpr unsigned duration_bit = 0x02;
constexpr unsigned device_bit = 0x04;
constexpr unsigned network_bit = 0x08;
constexpr unsigned region_bit = 0x10;
constexpr unsigned surface_bit = 0x20;
constexpr unsigned text_bit = 0x40;
constexpr unsigned judged_bit = 0x80;

// First byte of a judgement: verdict in bits 0-1, from here the number of reasons.
constexpr unsigned reasons_shift = 2;

// Before byte.
constexpr unsigned before_mask = 0x03;
constexpr unsigned before_incentivised_bit = 0x04;
constexpr unsigned before_verdict_shift = 3;

// Second and third byte of a late verdict.
constexpr unsigned group_bit = 0x20;
constexpr unsigned after_shift = 2, revision_shift = 4;

bool replaces_state(ActType type) {
  return type == ActType::like || type == ActType::unlike || type == ActType::dislike || type == ActType::follow ||
         type == ActType::unfollow;
}

template <typename Integer>
std::byte* write_fixed(std::byte* to, Integer value) {
  std::memcpy(to, &value, sizeof value);
  return to + sizeof value;
}

// A time as its distance from another: in ms where it is whole ms (lowest bit 1), else in µs.
std::byte* write_time(std::byte* to, Timestamp at, Timestamp base) {
  if (at.us % us_per_ms == 0) return write_varint(to, zigzag(at.us / us_per_ms - base.us / us_per_ms) << 1 | 1);
  return write_varint(to, zigzag(at.us - base.us) << 1);
}

Timestamp read_time(ByteReader& in, Timestamp base) {
  const std::uint64_t value = in.varint();
  const std::int64_t distance = unzigzag(value >> 1);
  if (distance > timestamp_max.us || distance < -timestamp_max.us) return {-1};
  return (value & 1) != 0 ? Timestamp{(base.us / us_per_ms + distance) * us_per_ms} : Timestamp{base.us + distance};
}

bool valid(Timestamp at) {
  return at.us >= 0 && at.us <= timestamp_max.us;
}

unsigned extras_of(const RecordedAct& act) {
  return (act.watch_ms != 0 ? watch_bit : 0) | (act.duration_ms != 0 ? duration_bit : 0) |
         (act.device != 0 ? device_bit : 0) | (act.network != 0 ? network_bit : 0) | (act.region ? region_bit : 0) |
         (act.surface ? surface_bit : 0) | (!act.sealed_text.empty() ? text_bit : 0) |
         (act.judgement.judged ? judged_bit : 0);
}

std::byte* write_reasons(std::byte* to, const Reasons& reasons, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    *to++ = static_cast<std::byte>(reasons[i].code);
    to = write_varint(to, reasons[i].number);
  }
  return to;
}

// REQUIRES: count at most reasons_max.
void read_reasons(ByteReader& in, Reasons& reasons, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    reasons[i].code = in.fixed<std::uint8_t>();
    reasons[i].number = in.varint32();
  }
}

std::byte* write_judgement(std::byte* to, const Judgement& judgement) {
  *to++ = static_cast<std::byte>(static_cast<unsigned>(judgement.verdict) |
                                 static_cast<unsigned>(judgement.reason_count) << reasons_shift);
  *to++ = static_cast<std::byte>(judgement.quality);
  return write_reasons(to, judgement.reasons, judgement.reason_count);
}

// Not judged: malformed.
Judgement read_judgement(ByteReader& in) {
  Judgement judgement;
  const unsigned head = in.fixed<std::uint8_t>();
  judgement.quality = in.fixed<std::uint8_t>();
  const unsigned verdict = head & 3;
  const unsigned reasons = head >> reasons_shift;
  if (verdict >= verdict_count || reasons > reasons_max || judgement.quality > quality_max) return {};
  judgement.judged = true;
  judgement.verdict = static_cast<Verdict>(verdict);
  judgement.reason_count = static_cast<std::uint8_t>(reasons);
  read_reasons(in, judgement.reasons, reasons);
  return judgement;
}

std::byte* write_extras(std::byte* to, const RecordedAct& act, unsigned extras) {
  *to++ = static_cast<std::byte>(extras);
  if ((extras & watch_bit) != 0) to = write_varint(to, act.watch_ms);
  if ((extras & duration_bit) != 0) to = write_varint(to, act.duration_ms);
  if ((extras & device_bit) != 0) to = write_fixed(to, act.device);
  if ((extras & network_bit) != 0) to = write_fixed(to, act.network);
  if ((extras & region_bit) != 0) to = write_varint(to, act.region.value);
  if ((extras & surface_bit) != 0) to = write_varint(to, act.surface.value);
  if ((extras & text_bit) != 0) {
    to = write_varint(to, act.sealed_text.size());
    std::memcpy(to, act.sealed_text.data(), act.sealed_text.size());
    to += act.sealed_text.size();
  }
  if ((extras & judged_bit) != 0) to = write_judgement(to, act.judgement);
  return to;
}

// False: a judgement that makes no sense.
bool read_extras(ByteReader& in, RecordedAct& act) {
  const auto extras = in.fixed<std::uint8_t>();
  if ((extras & watch_bit) != 0) act.watch_ms = in.varint32();
  if ((extras & duration_bit) != 0) act.duration_ms = in.varint32();
  if ((extras & device_bit) != 0) act.device = in.fixed<std::uint64_t>();
  if ((extras & network_bit) != 0) act.network = in.fixed<std::uint64_t>();
  if ((extras & region_bit) != 0) act.region = {in.varint32()};
  if ((extras & surface_bit) != 0) act.surface = {in.varint32()};
  if ((extras & text_bit) != 0) act.sealed_text = in.take(in.varint());
  if ((extras & judged_bit) == 0) return true;
  act.judgement = read_judgement(in);
  return act.judgement.judged;
}

Error malformed(const char* what) {
  return corrupt(std::string("malformed journal record: ") + what);
}

ByteReader body_of(ByteSpan record, RecordTag tag) {
  if (record.empty() || record.front() != static_cast<std::byte>(tag)) {
    ByteReader bad{ByteSpan{}};
    bad.fixed<std::uint8_t>();  // turns it not ok
    return bad;
  }
  return ByteReader(record.subspan(1));
}

}  // namespace

std::byte* write_act(std::byte* to, const RecordedAct& act, Timestamp group_at) {
  const unsigned extras = extras_of(act);
  *to++ = static_cast<std::byte>(RecordTag::act);
  *to++ = static_cast<std::byte>(static_cast<unsigned>(act.type) | (act.incentivised ? incentivised_bit : 0) |
                                 (act.effect == Effect::changed ? changed_bit : 0) | (act.has_id ? id_bit : 0) |
                                 (extras != 0 ? extras_bit : 0));
  to = write_varint(to, act.actor.value);
  to = write_varint(to, act.subject.value);
  to = write_varint(to, act.creator.value);
  to = write_time(to, act.at, group_at);
  if (replaces_state(act.type)) {
    *to++ = static_cast<std::byte>(static_cast<unsigned>(act.before) |
                                   (act.before_incentivised ? before_incentivised_bit : 0) |
                                   static_cast<unsigned>(act.before_verdict) << before_verdict_shift);
    if (act.before == Reaction::liked) to = write_time(to, act.before_at, act.at);
  }
  if (act.has_id) {
    to = write_fixed(to, act.id);
    to = write_fixed(to, act.digest);
  }
  if (extras != 0) to = write_extras(to, act, extras);
  return to;
}

Result<RecordedAct> read_act(ByteSpan record, Timestamp group_at) {
  ByteReader in = body_of(record, RecordTag::act);
  RecordedAct act;
  const auto head = in.fixed<std::uint8_t>();
  const unsigned type = head & type_mask;
  if (type < static_cast<unsigned>(ActType::like) || type > static_cast<unsigned>(ActType::profile_visit))
    return malformed("act type");
  act.type = static_cast<ActType>(type);
  act.incentivised = (head & incentivised_bit) != 0;
  act.effect = (head & changed_bit) != 0 ? Effect::changed : Effect::none;
  act.has_id = (head & id_bit) != 0;
  act.actor = {in.varint32()};
  act.subject = {in.varint32()};
  act.creator = {in.varint32()};
  act.at = read_time(in, group_at);
  if (replaces_state(act.type)) {
    const auto before = in.fixed<std::uint8_t>();
    act.before = static_cast<Reaction>(before & before_mask);
    act.before_incentivised = (before & before_incentivised_bit) != 0;
    const unsigned verdict = before >> before_verdict_shift;
    if (verdict >= verdict_count) return malformed("act");
    act.before_verdict = static_cast<Verdict>(verdict);
    if (act.before == Reaction::liked) act.before_at = read_time(in, act.at);
  }
  if (act.has_id) {
    act.id = in.fixed<Hash128>();
    act.digest = in.fixed<std::uint64_t>();
  }
  if ((head & extras_bit) != 0 && !read_extras(in, act)) return malformed("judgement");
  if (!in.ok() || !in.done() || !act.actor || !valid(act.at) || !valid(act.before_at)) return malformed("act");
  return act;
}

std::byte* write_verdict(std::byte* to, const VerdictRecord& record, Timestamp group_at) {
  const LateVerdict& what = record.what;
  *to++ = static_cast<std::byte>(RecordTag::verdict);
  *to++ = static_cast<std::byte>(static_cast<unsigned>(what.type) | (record.incentivised ? incentivised_bit : 0) |
                                 (what.group != 0 ? group_bit : 0));
  *to++ =
      static_cast<std::byte>(static_cast<unsigned>(record.before) | static_cast<unsigned>(what.verdict) << after_shift |
                             static_cast<unsigned>(record.revision) << revision_shift);
  to = write_varint(to, what.person.value);
  to = write_varint(to, what.target);
  to = write_varint(to, record.creator.value);
  to = write_time(to, what.at, group_at);
  if (what.group != 0) to = write_fixed(to, what.group);
  *to++ = static_cast<std::byte>(what.reason_count);
  return write_reasons(to, what.reasons, what.reason_count);
}

Result<VerdictRecord> read_verdict(ByteSpan record, Timestamp group_at) {
  ByteReader in = body_of(record, RecordTag::verdict);
  VerdictRecord verdict;
  LateVerdict& what = verdict.what;
  const unsigned head = in.fixed<std::uint8_t>();
  const unsigned classes = in.fixed<std::uint8_t>();
  what.type = static_cast<ActType>(head & type_mask);
  verdict.incentivised = (head & incentivised_bit) != 0;
  const unsigned before = classes & 3;
  const unsigned after = classes >> after_shift & 3;
  verdict.revision = static_cast<std::uint8_t>(classes >> revision_shift);
  if (!may_be_judged_late(what.type) || (head & ~(type_mask | incentivised_bit | group_bit)) != 0 ||
      before >= verdict_count || after >= verdict_count || verdict.revision == 0 || verdict.revision > revision_max)
    return malformed("verdict");
  verdict.before = static_cast<Verdict>(before);
  what.verdict = static_cast<Verdict>(after);
  what.person = {in.varint32()};
  what.target = in.varint32();
  verdict.creator = {in.varint32()};
  what.at = read_time(in, group_at);
  if ((head & group_bit) != 0) what.group = in.fixed<std::uint64_t>();
  what.reason_count = in.fixed<std::uint8_t>();
  if (what.reason_count > reasons_max) return malformed("verdict");
  read_reasons(in, what.reasons, what.reason_count);
  if (!in.ok() || !in.done() || !what.person || what.target == 0 || !valid(what.at)) return malformed("verdict");
  return verdict;
}

void put_user(Bytes& out, const UserRecord& record) {
  out.push_back(static_cast<std::byte>(RecordTag::user));
  put_varint(out, record.user.value);
  put_bytes(out, record.sealed);
}

Result<UserRecord> read_user(ByteSpan record) {
  ByteReader in = body_of(record, RecordTag::user);
  UserRecord user;
  user.user = {in.varint32()};
  user.sealed = in.take(in.left());
  if (!in.ok() || !user.user) return malformed("user");
  return user;
}

void put_subject(Bytes& out, const SubjectRecord& record) {
  out.push_back(static_cast<std::byte>(RecordTag::subject));
  put_varint(out, record.subject.value);
  put_varint(out, record.creator.value);
  put_bytes(out, as_bytes(record.json));
}

Result<SubjectRecord> read_subject(ByteSpan record) {
  ByteReader in = body_of(record, RecordTag::subject);
  SubjectRecord subject;
  subject.subject = {in.varint32()};
  subject.creator = {in.varint32()};
  subject.json = as_text(in.take(in.left()));
  if (!in.ok() || !subject.subject) return malformed("subject");
  return subject;
}

void put_withdrawal(Bytes& out, const WithdrawalRecord& record) {
  out.push_back(static_cast<std::byte>(RecordTag::withdrawal));
  put_varint(out, record.person.value);
  put_varint(out, record.target);
  put_varint(out, record.creator.value);
  out.push_back(static_cast<std::byte>(static_cast<unsigned>(record.what) | static_cast<unsigned>(record.before) << 2 |
                                       (record.incentivised ? 0x10u : 0u) |
                                       static_cast<unsigned>(record.verdict) << 5));
  put_varint(out, static_cast<std::uint64_t>(record.before_at.us));
}

Result<WithdrawalRecord> read_withdrawal(ByteSpan record) {
  ByteReader in = body_of(record, RecordTag::withdrawal);
  WithdrawalRecord withdrawal;
  withdrawal.person = {in.varint32()};
  withdrawal.target = in.varint32();
  withdrawal.creator = {in.varint32()};
  const auto bits = in.fixed<std::uint8_t>();
  withdrawal.what = static_cast<Withdrawn>(bits & 0x03);
  withdrawal.before = static_cast<Reaction>(bits >> 2 & 0x03);
  withdrawal.incentivised = (bits & 0x10) != 0;
  withdrawal.verdict = static_cast<Verdict>(bits >> 5);
  withdrawal.before_at = {static_cast<std::int64_t>(in.varint())};
  if (!in.ok() || !in.done() || (bits & 0x03) == 3 || bits >> 5 >= verdict_count || !withdrawal.person ||
      !valid(withdrawal.before_at))
    return malformed("withdrawal");
  return withdrawal;
}

void put_erased(Bytes& out, PersonId person) {
  out.push_back(static_cast<std::byte>(RecordTag::erased));
  put_varint(out, person.value);
}

Result<PersonId> read_erased(ByteSpan record) {
  ByteReader in = body_of(record, RecordTag::erased);
  const PersonId person{in.varint32()};
  if (!in.ok() || !in.done() || !person) return malformed("erased");
  return person;
}

}  // namespace zan::engagement
