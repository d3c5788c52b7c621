#include "matching/events.h"

#include <fmt/format.h>

#include <bit>

namespace zan::matching {
namespace {

Result<void> check_text(std::string_view text, const char* field) {
  if (!text.empty() && text.size() <= rule_text_bytes_max) return {};
  return invalid(fmt::format("1 to {} bytes", rule_text_bytes_max), field);
}

Result<void> check_one(const Shown& shown) {
  if (shown.items.empty() || shown.items.size() > shown_items_max)
    return invalid(fmt::format("1 to {} items", shown_items_max), "items");
  for (const ShownItem& item : shown.items) {
    if (!item.subject) return invalid("every item is a subject", "items");
  }
  return {};
}

Result<void> check_one(const FeedRule& rule) { return check(rule); }

Result<void> check_one(const RuleEnded& ended) {
  ZAN_TRY(check_text(ended.who, "who"));
  return check_text(ended.why, "why");
}

Result<void> check_one(const ExperimentStarted& started) { return check(started); }

Result<void> check_one(const ExperimentEnded& ended) {
  ZAN_TRY(check_text(ended.who, "who"));
  return check_text(ended.why, "why");
}

Result<void> check_one(const PolicySet& set) {
  ZAN_TRY(check(set.policy));
  ZAN_TRY(check_text(set.who, "who"));
  return check_text(set.why, "why");
}

Result<void> check_one(const Wished& wished) {
  if (!wished.person) return invalid("a wish is somebody's", "person");
  if (wished.tag.empty() == !wished.creator) return invalid("exactly one of tag and creator", "tag");
  if (wished.tag.size() > wish_tag_bytes_max) return invalid(fmt::format("1 to {} bytes", wish_tag_bytes_max), "tag");
  return {};
}

void put_text(Bytes& out, std::string_view text) {
  put_varint(out, text.size());
  put_bytes(out, as_bytes(text));
}

std::string read_text(ByteReader& in) {
  const std::uint64_t size = in.varint();
  return std::string(as_text(in.take(size > in.left() ? in.left() + 1 : size)));
}

void put_float(Bytes& out, float value) { put_fixed(out, std::bit_cast<std::uint32_t>(value)); }
float read_float(ByteReader& in) { return std::bit_cast<float>(in.fixed<std::uint32_t>()); }

constexpr std::uint8_t not_personalised = 1, explored = 0x80, of_rival = 0x40;

void put_one(Bytes& out, const Shown& shown) {
  out.push_back(shown_tag);
  out.push_back(std::byte{shown.personalised ? std::uint8_t{0} : not_personalised});
  put_varint(out, shown.person.value);
  put_varint(out, shown.surface.value);
  put_fixed(out, shown.at.us);
  out.push_back(std::byte{shown.arm});
  put_varint(out, shown.model_version);
  put_varint(out, shown.items.size());
  for (const ShownItem& item : shown.items) {
    put_varint(out, item.subject.value);
    const unsigned flags = (item.explored ? explored : 0U) | (item.of_rival ? of_rival : 0U);
    out.push_back(static_cast<std::byte>(static_cast<unsigned>(item.source) | flags));
  }
}

bool read_one(ByteReader& in, Shown& shown) {
  const auto flags = in.fixed<std::uint8_t>();
  shown.personalised = flags == 0;
  shown.person = {in.varint32()};
  shown.surface = {in.varint32()};
  shown.at = {in.fixed<std::int64_t>()};
  shown.arm = in.fixed<std::uint8_t>();
  shown.model_version = in.varint32();
  const std::uint64_t count = in.varint();
  if (flags > not_personalised || count > shown_items_max) return false;
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    ShownItem item;
    item.subject = {in.varint32()};
    const auto byte = in.fixed<std::uint8_t>();
    const unsigned source = byte & ~unsigned{explored | of_rival};
    if (source >= source_count) return false;
    item.source = static_cast<SourceKind>(source);
    item.explored = (byte & explored) != 0;
    item.of_rival = (byte & of_rival) != 0;
    shown.items.push_back(item);
  }
  return true;
}

void put_one(Bytes& out, const FeedRule& rule) {
  out.push_back(rule_made_tag);
  put_fixed(out, rule.id);
  out.push_back(static_cast<std::byte>(rule.kind));
  put_varint(out, rule.subject.value);
  put_varint(out, rule.creator.value);
  put_varint(out, rule.surface.value);
  put_float(out, rule.factor);
  put_varint(out, rule.place);
  put_fixed(out, rule.until.us);
  put_text(out, rule.who);
  put_text(out, rule.why);
}

bool read_one(ByteReader& in, FeedRule& rule) {
  rule.id = in.fixed<std::uint64_t>();
  const auto kind = in.fixed<std::uint8_t>();
  rule.kind = static_cast<RuleKind>(kind);
  rule.subject = {in.varint32()};
  rule.creator = {in.varint32()};
  rule.surface = {in.varint32()};
  rule.factor = read_float(in);
  rule.place = in.varint32();
  rule.until = {in.fixed<std::int64_t>()};
  rule.who = read_text(in);
  rule.why = read_text(in);
  return kind <= static_cast<std::uint8_t>(RuleKind::block);
}

void put_one(Bytes& out, const RuleEnded& ended) {
  out.push_back(rule_ended_tag);
  put_fixed(out, ended.id);
  put_text(out, ended.who);
  put_text(out, ended.why);
}

bool read_one(ByteReader& in, RuleEnded& ended) {
  ended.id = in.fixed<std::uint64_t>();
  ended.who = read_text(in);
  ended.why = read_text(in);
  return true;
}

void put_policy(Bytes& out, const Policy& policy) {
  for (const float worth : policy.worth) put_float(out, worth);
  put_varint(out, policy.per_creator_max);
  put_float(out, policy.tag_repeat);
  put_float(out, policy.explore_share);
  put_varint(out, policy.explore_shown_max);
  put_varint(out, policy.explore_days);
  put_varint(out, policy.seen_days);
  put_float(out, policy.top_share_max);
}

void read_policy(ByteReader& in, Policy& policy) {
  for (float& worth : policy.worth) worth = read_float(in);
  policy.per_creator_max = in.varint32();
  policy.tag_repeat = read_float(in);
  policy.explore_share = read_float(in);
  policy.explore_shown_max = in.varint32();
  policy.explore_days = in.varint32();
  policy.seen_days = in.varint32();
  policy.top_share_max = read_float(in);
}

void put_one(Bytes& out, const PolicySet& set) {
  out.push_back(policy_set_tag);
  put_policy(out, set.policy);
  put_text(out, set.who);
  put_text(out, set.why);
}

bool read_one(ByteReader& in, PolicySet& set) {
  read_policy(in, set.policy);
  set.who = read_text(in);
  set.why = read_text(in);
  return true;
}

void put_one(Bytes& out, const ExperimentStarted& started) {
  out.push_back(experiment_started_tag);
  put_fixed(out, started.id);
  put_text(out, started.name);
  put_varint(out, started.holdout_bp);
  put_varint(out, started.control_bp);
  put_varint(out, started.variants.size());
  for (const Variant& variant : started.variants) {
    put_text(out, variant.name);
    put_varint(out, variant.share_bp);
    put_policy(out, variant.policy);
  }
  put_text(out, started.who);
  put_text(out, started.why);
}

bool read_one(ByteReader& in, ExperimentStarted& started) {
  started.id = in.fixed<std::uint64_t>();
  started.name = read_text(in);
  started.holdout_bp = in.varint32();
  started.control_bp = in.varint32();
  const std::uint64_t count = in.varint();
  if (count > variants_max) return false;
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    Variant variant;
    variant.name = read_text(in);
    variant.share_bp = in.varint32();
    read_policy(in, variant.policy);
    started.variants.push_back(std::move(variant));
  }
  started.who = read_text(in);
  started.why = read_text(in);
  return true;
}

void put_one(Bytes& out, const ExperimentEnded& ended) {
  out.push_back(experiment_ended_tag);
  put_fixed(out, ended.id);
  put_text(out, ended.who);
  put_text(out, ended.why);
}

bool read_one(ByteReader& in, ExperimentEnded& ended) {
  ended.id = in.fixed<std::uint64_t>();
  ended.who = read_text(in);
  ended.why = read_text(in);
  return true;
}

void put_one(Bytes& out, const Wished& wished) {
  out.push_back(wished_tag);
  put_varint(out, wished.person.value);
  out.push_back(static_cast<std::byte>(wished.wish));
  put_varint(out, wished.creator.value);
  put_text(out, wished.tag);
}

bool read_one(ByteReader& in, Wished& wished) {
  wished.person = {in.varint32()};
  const auto wish = in.fixed<std::uint8_t>();
  wished.wish = static_cast<Wish>(wish);
  wished.creator = {in.varint32()};
  wished.tag = read_text(in);
  return wish <= static_cast<std::uint8_t>(Wish::never);
}

template <typename Change>
Result<MatchingChange> read_as(ByteReader in) {
  Change change;
  if (!read_one(in, change) || !in.ok() || !in.done()) return corrupt("a record of matching is malformed");
  if (const Result<void> fits = check_one(change); !fits.ok())
    return corrupt("a record of matching says what it may not: " + fits.error().message);
  return MatchingChange(std::move(change));
}

}  // namespace

bool is_matching_change(ByteSpan record) {
  return !record.empty() && record.front() >= shown_tag && record.front() <= experiment_ended_tag;
}

Result<void> check(const MatchingChange& change) {
  return std::visit([](const auto& one) { return check_one(one); }, change);
}

void put_matching_change(Bytes& out, const MatchingChange& change) {
  std::visit([&out](const auto& one) { put_one(out, one); }, change);
}

Result<MatchingChange> read_matching_change(ByteSpan record) {
  if (record.empty()) return corrupt("a record of matching is empty");
  const ByteReader in(record.subspan(1));
  switch (record.front()) {
    case shown_tag:
      return read_as<Shown>(in);
    case rule_made_tag:
      return read_as<FeedRule>(in);
    case rule_ended_tag:
      return read_as<RuleEnded>(in);
    case policy_set_tag:
      return read_as<PolicySet>(in);
    case wished_tag:
      return read_as<Wished>(in);
    case experiment_started_tag:
      return read_as<ExperimentStarted>(in);
    case experiment_ended_tag:
      return read_as<ExperimentEnded>(in);
    default:
      return corrupt("not a record of matching");
  }
}

}  // namespace zan::matching
