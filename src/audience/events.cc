#include "audience/events.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>

namespace zan::audience {

std::string to_text(SegmentId id) {
  return fmt::format("{:016x}", id.value);
}

std::optional<SegmentId> segment_id_of(std::string_view text) {
  if (text.size() != 16) return std::nullopt;
  SegmentId id;
  for (const char c : text) {
    const bool digit = c >= '0' && c <= '9';
    if (!digit && (c < 'a' || c > 'f')) return std::nullopt;
    id.value = id.value << 4 | static_cast<std::uint64_t>(digit ? c - '0' : c - 'a' + 10);
  }
  return id;
}

const char* to_string(Refresh refresh) {
  constexpr const char* names[] = {"none", "hourly", "daily"};
  return names[static_cast<std::size_t>(refresh)];
}

const char* to_string(SegmentMark mark) {
  constexpr const char* names[] = {"", "retire", "freeze", "thaw"};
  return names[static_cast<std::size_t>(mark)];
}

namespace {

struct TextRule {
  const char* field;
  std::size_t bytes_min, bytes_max;
  bool lines = false;  // may have several
};

// C0, DEL, and C1 as UTF-8 has it.
bool has_control(std::string_view text, bool lines) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if ((c < 0x20 && !(lines && c == '\n')) || c == 0x7f) return true;
    if (c == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0) return true;
  }
  return false;
}

Result<void> check_text(std::string_view text, const TextRule& rule) {
  if (text.size() < rule.bytes_min || text.size() > rule.bytes_max)
    return invalid(fmt::format("has {} bytes; {} to {} are allowed", text.size(), rule.bytes_min, rule.bytes_max),
                   rule.field);
  if (!simdjson::validate_utf8(text.data(), text.size())) return invalid("is not valid UTF-8", rule.field);
  if (has_control(text, rule.lines)) return invalid("has a control character", rule.field);
  return {};
}

constexpr TextRule name_rule{"/name", 1, segment_name_bytes_max};
constexpr TextRule who_rule{"/who", 1, change_who_bytes_max};
constexpr TextRule why_rule{"/why", 0, change_why_bytes_max, true};
constexpr TextRule source_rule{"/source", 1, import_source_bytes_max, true};

Result<void> check_users(const UserList& users) {
  if (users.size() > part_users_max)
    return invalid(fmt::format("{} users in one part; at most {}", users.size(), part_users_max), "/users");
  const bool ascending = std::adjacent_find(users.begin(), users.end(), std::greater_equal<>()) == users.end();
  if (!ascending || (!users.empty() && users.front() == 0))
    return invalid("users are not ascending, or named twice, or zero", "/users");
  return {};
}

Result<void> check_one(const SegmentSaved& one) {
  ZAN_TRY(check_text(one.name, name_rule));
  ZAN_TRY(check_text(one.who, who_rule));
  ZAN_TRY(check_text(one.why, why_rule));
  ZAN_TRY(check_text(one.purpose, {"/purpose", 1, catalogue_name_bytes_max}));
  return check_text(one.text, {"/expression", 1, segment_text_bytes_max});
}

Result<void> check_one(const SegmentMarked& one) {
  ZAN_TRY(check_text(one.who, who_rule));
  ZAN_TRY(check_text(one.why, why_rule));
  if (one.mark == SegmentMark::freeze) return check_text(one.list, {"/list", 1, segment_name_bytes_max});
  return one.list.empty() ? Result<void>() : invalid("only a frozen segment has a list", "/list");
}

Result<void> check_one(const SegmentMeasured& one) {
  if (one.version == 0) return invalid("versions count from 1", "/version");
  if (one.at.us < 0 || one.at > timestamp_max) return invalid("is no moment", "/at");
  return {};
}

Result<void> check_one(const ListPart& one) {
  ZAN_TRY(check_text(one.name, name_rule));
  ZAN_TRY(check_text(one.who, who_rule));
  ZAN_TRY(check_text(one.source, source_rule));
  if (one.parts == 0 || one.parts > list_parts_max)
    return invalid(fmt::format("a list has 1 to {} parts", list_parts_max), "/parts");
  if (one.part >= one.parts) return invalid("is beyond the last part", "/part");
  return check_users(one.users);
}

Result<void> check_one(const ListRemoved& one) {
  ZAN_TRY(check_text(one.name, name_rule));
  ZAN_TRY(check_text(one.who, who_rule));
  return check_text(one.why, why_rule);
}

Result<void> check_one(const TagImport& one) {
  ZAN_TRY(check_text(one.tag, {"/tag", 1, catalogue_name_bytes_max}));
  ZAN_TRY(check_text(one.value, {"/value", 0, catalogue_name_bytes_max}));
  if (!one.value.empty() && one.number != 0) return invalid("a value is a name or a number", "/number");
  ZAN_TRY(check_text(one.who, who_rule));
  ZAN_TRY(check_text(one.source, source_rule));
  return check_users(one.users);
}

void put_text(Bytes& out, std::string_view text) {
  put_varint(out, text.size());
  put_bytes(out, as_bytes(text));
}

void put_one(Bytes& out, const SegmentSaved& one) {
  out.push_back(segment_saved_tag);
  put_fixed(out, one.id.value);
  put_varint(out, one.made_from);
  put_fixed(out, static_cast<std::uint8_t>(one.refresh));
  put_fixed(out, static_cast<std::uint8_t>(one.watched));
  for (const std::string* text : {&one.name, &one.who, &one.why, &one.purpose, &one.text}) put_text(out, *text);
}

void put_one(Bytes& out, const SegmentMarked& one) {
  out.push_back(segment_marked_tag);
  put_fixed(out, one.id.value);
  put_fixed(out, static_cast<std::uint8_t>(one.mark));
  for (const std::string* text : {&one.who, &one.why, &one.list}) put_text(out, *text);
}

void put_one(Bytes& out, const SegmentMeasured& one) {
  out.push_back(segment_measured_tag);
  put_fixed(out, one.id.value);
  put_varint(out, one.version);
  put_fixed(out, one.at.us);
  put_varint(out, one.size ? std::uint64_t{*one.size} + 1 : 0);
}

void put_one(Bytes& out, const ListPart& one) {
  out.push_back(list_part_tag);
  put_fixed(out, one.upload);
  put_varint(out, one.part);
  put_varint(out, one.parts);
  for (const std::string* text : {&one.name, &one.who, &one.source}) put_text(out, *text);
  put_users(out, one.users);
}

void put_one(Bytes& out, const ListRemoved& one) {
  out.push_back(list_removed_tag);
  for (const std::string* text : {&one.name, &one.who, &one.why}) put_text(out, *text);
}

void put_one(Bytes& out, const TagImport& one) {
  out.push_back(tag_import_tag);
  put_fixed(out, one.import);
  put_fixed(out, static_cast<std::uint8_t>(one.on));
  put_varint(out, one.number);
  for (const std::string* text : {&one.tag, &one.value, &one.who, &one.source}) put_text(out, *text);
  put_users(out, one.users);
}

// Reads the fields of one record; what no writer writes makes it fail.
class Fields {
 public:
  explicit Fields(ByteReader& in) : in_(in) {}

  void text(std::string& to) {
    const std::uint64_t size = in_.varint();
    to = as_text(in_.take(size));
  }
  bool flag() { return up_to(1) != 0; }
  std::uint8_t up_to(std::uint8_t greatest) {
    const auto value = in_.fixed<std::uint8_t>();
    ok_ = ok_ && value <= greatest;
    return ok_ ? value : std::uint8_t{0};
  }
  void users(UserList& to) {
    auto read = read_users(in_, part_users_max);
    ok_ = ok_ && read.has_value();
    if (read) to = std::move(*read);
  }

  void read(SegmentSaved& one) {
    one.id.value = in_.fixed<std::uint64_t>();
    one.made_from = in_.varint32();
    one.refresh = static_cast<Refresh>(up_to(2));
    one.watched = flag();
    for (std::string* to : {&one.name, &one.who, &one.why, &one.purpose, &one.text}) text(*to);
  }
  void read(SegmentMarked& one) {
    one.id.value = in_.fixed<std::uint64_t>();
    one.mark = static_cast<SegmentMark>(up_to(3));
    ok_ = ok_ && one.mark != SegmentMark{};
    for (std::string* to : {&one.who, &one.why, &one.list}) text(*to);
  }
  void read(SegmentMeasured& one) {
    one.id.value = in_.fixed<std::uint64_t>();
    one.version = in_.varint32();
    one.at.us = in_.fixed<std::int64_t>();
    const std::uint64_t size = in_.varint();
    ok_ = ok_ && size <= std::uint64_t{0xffff'ffff} + 1;
    if (size != 0) one.size = static_cast<std::uint32_t>(size - 1);
  }
  void read(ListPart& one) {
    one.upload = in_.fixed<std::uint64_t>();
    one.part = in_.varint32();
    one.parts = in_.varint32();
    for (std::string* to : {&one.name, &one.who, &one.source}) text(*to);
    users(one.users);
  }
  void read(ListRemoved& one) {
    for (std::string* to : {&one.name, &one.who, &one.why}) text(*to);
  }
  void read(TagImport& one) {
    one.import = in_.fixed<std::uint64_t>();
    one.on = flag();
    one.number = in_.varint();
    for (std::string* to : {&one.tag, &one.value, &one.who, &one.source}) text(*to);
    users(one.users);
  }
  [[nodiscard]] bool ok() const { return ok_ && in_.ok() && in_.done(); }

 private:
  ByteReader& in_;
  bool ok_ = true;
};

template <typename One>
Result<AudienceChange> read_one(ByteReader& in, const char* what) {
  One one;
  Fields fields(in);
  fields.read(one);
  if (!fields.ok()) return corrupt(fmt::format("a record of {} is malformed", what));
  ZAN_TRY(check_one(one));
  return AudienceChange(std::move(one));
}

}  // namespace

void put_users(Bytes& out, std::span<const std::uint32_t> users) {
  put_varint(out, users.size());
  std::uint32_t before = 0;
  for (const std::uint32_t user : users) {
    put_varint(out, user - before);
    before = user;
  }
}

std::optional<UserList> read_users(ByteReader& in, std::size_t users_max) {
  const std::uint64_t size = in.varint();
  if (size > users_max || size > in.left()) return std::nullopt;
  UserList users;
  users.reserve(size);
  std::uint64_t user = 0;
  for (std::uint64_t i = 0; i < size; ++i) {
    const std::uint32_t step = in.varint32();
    user += step;
    if (step == 0 || user > 0xffff'ffff) return std::nullopt;
    users.push_back(static_cast<std::uint32_t>(user));
  }
  return users;
}

bool is_audience_change(ByteSpan record) {
  return !record.empty() && record.front() >= segment_saved_tag && record.front() <= tag_import_tag;
}

Result<void> check(const AudienceChange& change) {
  return std::visit([](const auto& one) { return check_one(one); }, change);
}

void put_audience_change(Bytes& out, const AudienceChange& change) {
  std::visit([&](const auto& one) { put_one(out, one); }, change);
}

Result<AudienceChange> read_audience_change(ByteSpan record) {
  ByteReader in(record);
  switch (static_cast<std::byte>(in.fixed<std::uint8_t>())) {
    case segment_saved_tag:
      return read_one<SegmentSaved>(in, "a saved segment");
    case segment_marked_tag:
      return read_one<SegmentMarked>(in, "a segment's state");
    case segment_measured_tag:
      return read_one<SegmentMeasured>(in, "a segment's size");
    case list_part_tag:
      return read_one<ListPart>(in, "a part of a list");
    case list_removed_tag:
      return read_one<ListRemoved>(in, "a removed list");
    case tag_import_tag:
      return read_one<TagImport>(in, "an import of tags");
    default:
      return corrupt("no record of the room audience");
  }
}

}  // namespace zan::audience
