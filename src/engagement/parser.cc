#include "engagement/parser.h"

#include <simdjson.h>

#include <array>
#include <charconv>

#include "engagement/act_draft.h"
#include "engagement/attributes.h"
#include "engagement/flat_reader.h"
#include "engagement/limits.h"

namespace zan::engagement {
namespace {

namespace dom = simdjson::dom;

static_assert(Parser::padding_bytes >= simdjson::SIMDJSON_PADDING);

// A document larger than this gives its index back afterwards; it is about 13 bytes a byte of JSON.
constexpr std::size_t kept_document_bytes = 1 << 20;

// `digits` is where an integer's spelling is kept until the draft is finished.
using Digits = std::array<char, 20>;

Scalar to_scalar(dom::element element, Digits& digits) {
  Scalar scalar;
  switch (element.type()) {
    case dom::element_type::STRING:
      scalar.kind = Scalar::Kind::string;
      scalar.text = element.get_string().value_unsafe();
      break;
    case dom::element_type::BOOL:
      scalar.kind = Scalar::Kind::boolean;
      scalar.flag = element.get_bool().value_unsafe();
      break;
    case dom::element_type::INT64:
    case dom::element_type::UINT64:
      scalar.kind = Scalar::Kind::number;
      if (const auto number = element.get_uint64(); number.error() == simdjson::SUCCESS) {
        scalar.kind = Scalar::Kind::integer;
        scalar.number = number.value_unsafe();
        const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), scalar.number);
        scalar.text = {digits.data(), static_cast<std::size_t>(written.ptr - digits.data())};
      }
      break;
    case dom::element_type::DOUBLE:
      scalar.kind = Scalar::Kind::number;
      break;
    case dom::element_type::NULL_VALUE:
      break;
    default:
      scalar.kind = Scalar::Kind::composite;
  }
  return scalar;
}

Error to_error(const Fault& fault) {
  const std::string name(to_string(fault.field));
  return invalid(name + " " + fault.message, "/" + name);
}

Result<void> read_object(dom::element element, ActDraft& draft, std::array<Digits, field_count>& digits) {
  draft.clear();
  dom::object object;
  if (element.get_object().get(object) != simdjson::SUCCESS) return invalid("an event must be a JSON object");
  for (const dom::key_value_pair member : object) {
    const Field field = find_field(member.key);
    if (field == Field::unknown)
      return invalid(quoted(member.key) + " is not a field of an event", json_pointer({}, member.key));
    const Scalar value = to_scalar(member.value, digits[static_cast<std::size_t>(field)]);
    if (const Fault fault = draft.set(field, value)) return to_error(fault);
  }
  return {};
}

}  // namespace

Result<void> check_name(std::string_view name, std::string_view field) {
  const bool utf8 = simdjson::validate_utf8(name.data(), name.size());
  const char* const fault = utf8 ? name_fault(name, name_bytes_max) : "is not valid UTF-8";
  if (fault == nullptr) return {};
  const std::string_view shown = field.substr(field.starts_with('/') ? 1 : 0);
  return invalid(std::string(shown) + " " + fault, std::string(field));
}

struct Parser::Impl {
  HashKey secret;
  Readers readers;
  ActDraft draft;
  dom::parser json;
  std::array<Digits, field_count> digits;

  Result<dom::element> parse(std::string_view text) {
    if (json.max_depth() != json_depth_max && json.allocate(line_bytes_max, json_depth_max) != simdjson::SUCCESS)
      return unavailable("out of memory");
    dom::element root;
    if (const auto code = json.parse(text.data(), text.size(), false).get(root)) return malformed(code);
    return root;
  }

  Result<void> add(dom::element element, std::uint32_t index, ActBatch& batch) {
    ZAN_TRY(read_object(element, draft, digits));
    if (const Fault fault = draft.finish(secret, index, batch)) return to_error(fault);
    return {};
  }

  bool add_flat(const char*& at, const char* end, std::uint32_t index, ActBatch& batch) {
    if (readers == Readers::complete) return false;
    const char* const after = read_flat_object(at, end, draft);
    if (after == nullptr || draft.finish(secret, index, batch)) return false;
    at = after;
    return true;
  }

  bool add_flat_event(std::string_view text, std::uint32_t index, ActBatch& batch) {
    if (readers == Readers::complete) return false;
    const char* const end = text.data() + text.size();
    const char* const after = read_flat_object(text.data(), end, draft);
    return after != nullptr && skip_space(after, end) == end && !draft.finish(secret, index, batch);
  }

  // Elements up to the closing bracket, all of them flat and good.
  bool add_flat_array(std::string_view text, ActBatch& batch) {
    const char* const end = text.data() + text.size();
    const char* at = skip_space(text.data(), end);
    if (at == end || *at != '[') return false;
    for (std::uint32_t index = 0;; ++index) {
      ++at;
      if (!add_flat(at, end, index, batch)) return false;
      at = skip_space(at, end);
      if (at == end) return false;
      if (*at == ']') return skip_space(at + 1, end) == end;
      if (*at != ',') return false;
    }
  }
};

Parser::Parser(const HashKey& secret, Readers readers) : impl_(std::make_unique<Impl>()) {
  impl_->secret = secret;
  impl_->readers = readers;
}
Parser::~Parser() = default;

Result<void> Parser::parse_event(std::string_view json, std::uint32_t index, ActBatch& batch) {
  if (impl_->add_flat_event(json, index, batch)) return {};
  ZAN_ASSIGN(const dom::element root, impl_->parse(json));
  return impl_->add(root, index, batch);
}

Result<void> Parser::parse_array(std::string_view json, ActBatch& batch,
                                 const std::function<void(std::uint32_t, Error)>& each_bad) {
  const std::size_t acts_before = batch.acts.size();
  const std::size_t arena_before = batch.arena.size();
  if (impl_->add_flat_array(json, batch)) return {};
  batch.acts.resize(acts_before);
  batch.arena.resize(arena_before);

  ZAN_ASSIGN(const dom::element root, impl_->parse(json));
  dom::array array;
  if (root.get_array().get(array) != simdjson::SUCCESS) return invalid("must be a JSON array of events");
  std::uint32_t index = 0;
  for (const dom::element element : array) {
    if (Result<void> added = impl_->add(element, index, batch); !added.ok()) each_bad(index, added.error());
    ++index;
  }
  if (json.size() > kept_document_bytes) impl_->json = dom::parser();
  return {};
}

void Parser::derive_id(std::string_view idempotency_key, Act& act) const {
  if (act.has_id) return;
  std::string id(idempotency_key.substr(0, id_bytes_max));
  id += '#';
  id += std::to_string(act.index);
  act.id = act_id_hash(impl_->secret, id);
  act.has_id = true;
}

Result<SubjectAttributes> Parser::parse_subject(std::string_view json) {
  const std::string padded = pad_json(json);
  ZAN_ASSIGN(const dom::element root, impl_->parse({padded.data(), json.size()}));
  return read_subject(root);
}

Result<std::string> Parser::parse_user(std::string_view json) {
  const std::string padded = pad_json(json);
  ZAN_ASSIGN(const dom::element root, impl_->parse({padded.data(), json.size()}));
  return read_user(root);
}

}  // namespace zan::engagement
