#include "engagement/attributes.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <span>

#include "engagement/act_draft.h"
#include "engagement/limits.h"
#include "engagement/render.h"

namespace zan::engagement {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t shown_bytes_max = 64;

// Members by name, each as the JSON it is stored as.
using Members = std::map<std::string, std::string, std::less<>>;

std::string_view cut(std::string_view text) {
  if (text.size() <= shown_bytes_max) return text;
  std::size_t size = shown_bytes_max;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) --size;
  return text.substr(0, size);
}

std::string to_json_string(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

std::string to_json_object(const Members& members) {
  std::string out = "{";
  for (const auto& [name, value] : members) {
    if (out.size() > 1) out += ',';
    append_json_string(out, name);
    out += ':';
    out += value;
  }
  return out += '}';
}

Error bad(std::string_view pointer, std::string_view what) {
  return invalid(fmt::format("{} {}", pointer.substr(1), what), std::string(pointer));
}

Result<std::string> read_string(dom::element value, std::string_view pointer, std::size_t bytes_max) {
  std::string_view text;
  if (value.get_string().get(text) != simdjson::SUCCESS) return bad(pointer, "must be a string");
  if (text.size() > bytes_max) return bad(pointer, fmt::format("is longer than {} bytes", bytes_max));
  if (const char* fault = name_fault(text, bytes_max)) return bad(pointer, fault);
  return std::string(text);
}

Result<std::string> read_term(dom::element value, std::string_view pointer) {
  ZAN_ASSIGN(const std::string text, read_string(value, pointer, term_bytes_max));
  return to_json_string(text);
}

Result<std::string> read_title(dom::element value, std::string_view pointer) {
  ZAN_ASSIGN(const std::string text, read_string(value, pointer, title_bytes_max));
  return to_json_string(text);
}

// As in events: a string or a non-negative integer.
Result<std::string> read_name(dom::element value, std::string_view pointer) {
  std::uint64_t number = 0;
  if (value.get_uint64().get(number) == simdjson::SUCCESS) return std::to_string(number);
  if (!value.is_string()) return bad(pointer, "must be a string or an integer from 0 to 18446744073709551615");
  return read_string(value, pointer, name_bytes_max);
}

Result<std::string> read_name_json(dom::element value, std::string_view pointer) {
  ZAN_ASSIGN(const std::string name, read_name(value, pointer));
  return to_json_string(name);
}

Result<std::string> read_tags(dom::element value, std::string_view pointer) {
  dom::array tags;
  if (value.get_array().get(tags) != simdjson::SUCCESS) return bad(pointer, "must be an array of strings");
  if (tags.size() > attribute_tags_max) return bad(pointer, fmt::format("holds more than {} tags", attribute_tags_max));
  std::string out = "[";
  std::size_t index = 0;
  for (const dom::element tag : tags) {
    ZAN_ASSIGN(const std::string json, read_term(tag, fmt::format("{}/{}", pointer, index++)));
    if (out.size() > 1) out += ',';
    out += json;
  }
  return out += ']';
}

Result<std::string> read_duration(dom::element value, std::string_view pointer) {
  std::uint64_t number = 0;
  if (value.get_uint64().get(number) != simdjson::SUCCESS || number > duration_ms_max)
    return bad(pointer, fmt::format("must be an integer from 0 to {}", duration_ms_max));
  return std::to_string(number);
}

Result<std::string> read_time(dom::element value, std::string_view pointer) {
  std::uint64_t ms = 0;
  if (value.get_uint64().get(ms) == simdjson::SUCCESS && ms <= static_cast<std::uint64_t>(timestamp_max.us / us_per_ms))
    return to_json_string(to_rfc3339({static_cast<std::int64_t>(ms) * us_per_ms}));
  std::string_view text;
  if (value.get_string().get(text) == simdjson::SUCCESS)
    if (const Result<Timestamp> at = parse_rfc3339(text); at.ok()) return to_json_string(to_rfc3339(at.value()));
  return bad(pointer, "must be an RFC 3339 time from 1970 to 2112 or integer milliseconds since 1970");
}

// A calendar day, as parse_rfc3339 knows the calendar: 1970 to 2112.
Result<std::string> read_day(dom::element value, std::string_view pointer) {
  std::string_view text;
  if (value.get_string().get(text) == simdjson::SUCCESS && text.size() == 10 &&
      parse_rfc3339(std::string(text) + "T00:00:00Z").ok())
    return to_json_string(text);
  return bad(pointer, "must be a day such as 2022-04-25");
}

Result<std::string> read_custom_value(dom::element value, std::string_view pointer) {
  switch (value.type()) {
    case dom::element_type::STRING:
      return to_json_string(value.get_string().value_unsafe());
    case dom::element_type::BOOL:
      return std::string(value.get_bool().value_unsafe() ? "true" : "false");
    case dom::element_type::INT64:
      return std::to_string(value.get_int64().value_unsafe());
    case dom::element_type::UINT64:
      return std::to_string(value.get_uint64().value_unsafe());
    case dom::element_type::DOUBLE:
      return fmt::format("{}", value.get_double().value_unsafe());
    default:
      break;
  }
  return bad(pointer, "must be a string, a number, true or false");
}

Result<std::string> read_custom(dom::element value, std::string_view pointer) {
  dom::object object;
  if (value.get_object().get(object) != simdjson::SUCCESS) return bad(pointer, "must be an object");
  Members members;
  for (const dom::key_value_pair member : object) {
    const std::string inner = json_pointer(pointer, member.key);
    if (const char* fault = name_fault(member.key, term_bytes_max)) return bad(inner, fault);
    if (member.value.is_null()) continue;
    ZAN_ASSIGN(std::string json, read_custom_value(member.value, inner));
    if (!members.emplace(member.key, std::move(json)).second) return bad(inner, "is given twice");
  }
  if (members.size() > attribute_custom_max)
    return bad(pointer, fmt::format("holds more than {} members", attribute_custom_max));
  return to_json_object(members);
}

struct Attribute {
  std::string_view name;
  Result<std::string> (*read)(dom::element value, std::string_view pointer);
};

constexpr Attribute subject_attributes[] = {
    {"creator", read_name_json}, {"tags", read_tags},   {"duration_ms", read_duration},
    {"published_at", read_time}, {"title", read_title}, {"custom", read_custom},
};
constexpr Attribute user_attributes[] = {
    {"age_band", read_term}, {"region", read_term}, {"register_day", read_day}, {"custom", read_custom}};

Result<Members> read_members(dom::element root, std::span<const Attribute> known) {
  dom::object object;
  if (root.get_object().get(object) != simdjson::SUCCESS) return invalid("attributes must be a JSON object");
  Members members;
  std::vector<std::string_view> given;
  for (const dom::key_value_pair member : object) {
    const std::string pointer = json_pointer({}, member.key);
    const auto attribute =
        std::find_if(known.begin(), known.end(), [&](const Attribute& a) { return a.name == member.key; });
    if (attribute == known.end()) return bad(pointer, "is not an attribute");
    if (std::find(given.begin(), given.end(), attribute->name) != given.end()) return bad(pointer, "is given twice");
    given.push_back(attribute->name);
    if (member.value.is_null()) continue;
    ZAN_ASSIGN(std::string json, attribute->read(member.value, pointer));
    members.emplace(member.key, std::move(json));
  }
  return members;
}

Result<std::string> to_stored(const Members& members) {
  std::string json = to_json_object(members);
  if (json.size() > attributes_bytes_max)
    return invalid(fmt::format("attributes take more than {} bytes", attributes_bytes_max), "/custom");
  return json;
}

}  // namespace

Error malformed(simdjson::error_code code) {
  switch (code) {
    case simdjson::EMPTY:
      return invalid("no JSON where some was expected");
    case simdjson::DEPTH_ERROR:
      return invalid(fmt::format("JSON is nested deeper than {}", json_depth_max));
    case simdjson::UTF8_ERROR:
      return invalid("not valid UTF-8");
    case simdjson::UNCLOSED_STRING:
      return invalid("malformed JSON: a string is not closed");
    case simdjson::UNESCAPED_CHARS:
      return invalid("malformed JSON: a control character in a string is not escaped");
    case simdjson::STRING_ERROR:
      return invalid("malformed JSON: a string holds a bad escape");
    case simdjson::NUMBER_ERROR:
      return invalid("malformed JSON: a number is malformed or beyond 64 bits");
    case simdjson::MEMALLOC:
      return unavailable("out of memory");
    default:
      return invalid("malformed JSON");
  }
}

std::string quoted(std::string_view text) {
  return to_json_string(cut(text));
}

std::string json_pointer(std::string_view parent, std::string_view token) {
  std::string out(parent);
  out += '/';
  for (const char c : cut(token)) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

std::string pad_json(std::string_view json) {
  std::string padded;
  padded.reserve(json.size() + Parser::padding_bytes);
  padded.append(json);
  padded.append(Parser::padding_bytes, '\0');
  return padded;
}

Result<SubjectAttributes> read_subject(dom::element root) {
  ZAN_ASSIGN(const Members members, read_members(root, subject_attributes));
  SubjectAttributes attributes;
  if (members.contains("creator")) {
    ZAN_ASSIGN(attributes.creator, read_name(root["creator"].value_unsafe(), "/creator"));
  }
  ZAN_ASSIGN(attributes.json, to_stored(members));
  return attributes;
}

Result<std::string> read_user(dom::element root) {
  ZAN_ASSIGN(const Members members, read_members(root, user_attributes));
  return to_stored(members);
}

}  // namespace zan::engagement
