#include "evidence/receipt.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <limits>

#include "base/json.h"
#include "evidence/text_form.h"

namespace zan::evidence {
namespace {

namespace dom = simdjson::dom;

constexpr std::uint8_t extra_version = 1;
constexpr std::size_t extra_bytes_max = 1 + 2 * sizeof(Hash) + 2 + event_name_bytes_max + event_bytes_max;
constexpr std::uint64_t size_max = std::numeric_limits<std::int64_t>::max();  // of a tree
constexpr std::size_t event_members = 16;
constexpr std::size_t identity_members = 2;
constexpr std::size_t receipt_members = 7;

void append_member(std::string& out, std::string_view name, std::string_view text) {
  fmt::format_to(std::back_inserter(out), ",\"{}\":", name);
  append_json_string(out, text);
}

void append_flag(std::string& out, std::string_view name, bool value) {
  fmt::format_to(std::back_inserter(out), ",\"{}\":{}", name, value);
}

// Reads members of one object; the first thing that is wrong is remembered.
class Members {
 public:
  Members(dom::element element, std::string path, std::size_t count) : path_(std::move(path)) {
    if (element.get_object().get(object_) != simdjson::SUCCESS) {
      fail("", "is not an object");
    } else if (object_.size() != count) {
      fail("", fmt::format("has {} members instead of {}", object_.size(), count));
    }
  }

  std::string_view text(std::string_view name) {
    std::string_view text;
    if (!failed() && object_.at_key(name).get_string().get(text) != simdjson::SUCCESS) fail(name, "is not a string");
    return text;
  }
  std::string name(std::string_view name) {
    const std::string_view found = text(name);
    if (found.size() > event_name_bytes_max) fail(name, "is too long");
    return std::string(found);
  }
  std::uint64_t number(std::string_view name) {
    std::uint64_t number = 0;
    if (!failed() && object_.at_key(name).get_uint64().get(number) != simdjson::SUCCESS) fail(name, "is not a number");
    return number;
  }
  bool flag(std::string_view name) {
    bool flag = false;
    if (!failed() && object_.at_key(name).get_bool().get(flag) != simdjson::SUCCESS)
      fail(name, "is neither true nor false");
    return flag;
  }
  Hash hash(std::string_view name) {
    const auto hash = parse_base64_hash(text(name));
    if (!hash) fail(name, "is not 32 bytes in base64");
    return hash.value_or(Hash{});
  }
  Timestamp time(std::string_view name) {
    const std::string_view found = text(name);
    const auto at = parse_rfc3339(found);
    if (!at.ok() || to_rfc3339(*at) != found) fail(name, "is no time as receipts write it");
    return at.ok() ? *at : Timestamp{};
  }
  template <typename Value>
  Value one_of(std::string_view name, std::optional<Value> (&find)(std::string_view)) {
    const auto value = find(text(name));
    if (!value) fail(name, "is a word that is not known here");
    return value.value_or(Value{});
  }
  // Empty: null.
  std::optional<dom::element> optional(std::string_view name) {
    dom::element element;
    if (failed()) return std::nullopt;
    if (object_.at_key(name).get(element) != simdjson::SUCCESS) return fail(name, "is missing"), std::nullopt;
    return element.is_null() ? std::nullopt : std::optional(element);
  }

  void fail(std::string_view name, std::string_view what) {
    if (error_) return;
    const std::string field = path_ + (path_.empty() || name.empty() ? "" : ".") + std::string(name);
    error_ = invalid(fmt::format("{} {}", field.empty() ? "the receipt" : field, what), field);
  }
  [[nodiscard]] bool failed() const { return error_.has_value(); }
  [[nodiscard]] Result<void> result() const { return error_ ? Result<void>(*error_) : Result<void>(); }

 private:
  std::string path_;
  dom::object object_;
  std::optional<Error> error_;
};

Result<Event> read_event(dom::element element) {
  Members in(element, "event", event_members);
  Event event;
  event.type = in.one_of("type", find_event_type);
  if (in.number("version") != event_version) in.fail("version", "is not known here");
  event.number = in.number("number");
  event.at = in.time("at");
  event.received = in.time("received");
  event.incentivised = in.flag("incentivised");
  event.changed = in.flag("changed");
  event.replaced = in.one_of("replaced", find_replaced);
  event.replaced_incentivised = in.flag("replaced_incentivised");
  event.verdict = in.one_of("verdict", find_verdict);
  event.actor = in.hash("actor");
  event.subject = in.name("subject");
  event.creator = in.name("creator");
  event.region = in.name("region");
  event.surface = in.name("surface");
  if (in.optional("text_sha256")) event.text_hash = in.hash("text_sha256");
  ZAN_TRY(in.result());
  return event;
}

Result<std::optional<Receipt::Identity>> read_identity(const std::optional<dom::element>& element) {
  if (!element) return std::optional<Receipt::Identity>();
  Members in(*element, "identity", identity_members);
  Receipt::Identity identity{in.name("user"), in.hash("key")};
  if (identity.user.empty()) in.fail("user", "is empty");
  ZAN_TRY(in.result());
  return std::optional(std::move(identity));
}

Result<std::vector<Hash>> read_proof(const std::optional<dom::element>& element) {
  std::vector<Hash> proof;
  dom::array array;
  if (!element || element->get_array().get(array) != simdjson::SUCCESS)
    return invalid("proof is not an array of hashes", "proof");
  for (const dom::element item : array) {
    std::string_view text;
    const auto hash = item.get_string().get(text) == simdjson::SUCCESS ? parse_base64_hash(text) : std::nullopt;
    if (!hash || proof.size() == proof_hashes_max)
      return invalid(fmt::format("proof: hash {} is not 32 bytes in base64, or one too many", proof.size()), "proof");
    proof.push_back(*hash);
  }
  return proof;
}

template <typename Integer>
void put_count(Bytes& out, Integer value) {
  out.push_back(static_cast<std::byte>(value >> 8));
  out.push_back(static_cast<std::byte>(value & 0xff));
}

Hash take_hash(ByteReader& in) {
  Hash hash{};
  const ByteSpan bytes = in.take(hash.size());
  std::copy(bytes.begin(), bytes.end(), hash.begin());
  return hash;
}

}  // namespace

void append_event(std::string& out, const Event& event) {
  fmt::format_to(std::back_inserter(out),
                 "{{\"type\":\"{}\",\"version\":{},\"number\":{},\"at\":\"{}\",\"received\":\"{}\"",
                 to_string(event.type), event_version, event.number, to_rfc3339(event.at), to_rfc3339(event.received));
  append_flag(out, "incentivised", event.incentivised);
  append_flag(out, "changed", event.changed);
  append_member(out, "replaced", to_string(event.replaced));
  append_flag(out, "replaced_incentivised", event.replaced_incentivised);
  append_member(out, "verdict", to_string(event.verdict));
  append_member(out, "actor", to_base64(event.actor));
  append_member(out, "subject", event.subject);
  append_member(out, "creator", event.creator);
  append_member(out, "region", event.region);
  append_member(out, "surface", event.surface);
  out += ",\"text_sha256\":";
  if (event.text_hash) {
    append_json_string(out, to_base64(*event.text_hash));
  } else {
    out += "null";
  }
  out += '}';
}

std::string to_json(const Receipt& receipt) {
  std::string out = fmt::format("{{\"format\":\"{}\",\"event\":", receipt_format);
  append_event(out, receipt.event);
  append_member(out, "opening", to_base64(receipt.opening));
  out += ",\"identity\":";
  if (receipt.identity) {
    out += "{\"user\":";
    append_json_string(out, receipt.identity->user);
    append_member(out, "key", to_base64(receipt.identity->key));
    out += '}';
  } else {
    out += "null";
  }
  out += fmt::format(",\"index\":{},\"proof\":[", receipt.index);
  for (const Hash& hash : receipt.proof) {
    if (&hash != receipt.proof.data()) out += ',';
    append_json_string(out, to_base64(hash));
  }
  out += "],\"checkpoint\":";
  append_json_string(out, receipt.checkpoint);
  return out += "}\n";
}

Result<Event> parse_event_json(std::string_view json) {
  if (json.size() > proof_file_bytes_max) return invalid("an event of too many bytes");
  dom::parser parser;
  dom::element root;
  if (const auto problem = parser.parse(simdjson::padded_string(json)).get(root); problem != simdjson::SUCCESS)
    return invalid(fmt::format("not JSON: {}", simdjson::error_message(problem)));
  return read_event(root);
}

Result<Receipt> parse_receipt_json(std::string_view json) {
  if (json.size() > proof_file_bytes_max)
    return invalid(fmt::format("a receipt of more than {} bytes", proof_file_bytes_max));
  dom::parser parser;
  dom::element root;
  if (const auto problem = parser.parse(simdjson::padded_string(json)).get(root); problem != simdjson::SUCCESS)
    return invalid(fmt::format("not JSON: {}", simdjson::error_message(problem)));
  Members in(root, "", receipt_members);
  if (in.text("format") != receipt_format) in.fail("format", fmt::format("is not {}", receipt_format));
  const auto event = in.optional("event");
  if (!event) in.fail("event", "is missing");
  ZAN_TRY(in.result());
  Receipt receipt;
  ZAN_ASSIGN(receipt.event, read_event(*event));
  receipt.opening = in.hash("opening");
  const auto identity = in.optional("identity");
  receipt.index = in.number("index");
  if (receipt.index > size_max) in.fail("index", "is too high");
  const auto proof = in.optional("proof");
  receipt.checkpoint = in.text("checkpoint");
  ZAN_TRY(in.result());
  ZAN_ASSIGN(receipt.identity, read_identity(identity));
  ZAN_ASSIGN(receipt.proof, read_proof(proof));
  const auto checkpoint = parse_signed_checkpoint(receipt.checkpoint);
  if (!checkpoint.ok()) return invalid(checkpoint.error().message, "checkpoint");
  return receipt;
}

ProofFile to_proof_file(const Receipt& receipt) {
  Bytes extra;
  extra.reserve(extra_bytes_max);
  extra.push_back(std::byte{extra_version});
  put_bytes(extra, receipt.opening);
  put_count(extra, receipt.identity ? receipt.identity->user.size() : 0);
  if (receipt.identity) {
    put_bytes(extra, as_bytes(receipt.identity->user));
    put_bytes(extra, receipt.identity->key);
  }
  put_event(extra, receipt.event);
  return {std::move(extra), receipt.index, receipt.proof, receipt.checkpoint};
}

Result<Receipt> receipt_of(const ProofFile& file) {
  if (!file.extra) return invalid("the proof has no extra data, so it does not say what is proven", "extra");
  ByteReader in(*file.extra);
  if (in.fixed<std::uint8_t>() != extra_version)
    return invalid("the proof's extra data is of a version that is not known here", "extra");
  Receipt receipt;
  receipt.opening = take_hash(in);
  const ByteSpan size = in.take(2);
  const std::size_t user_bytes =
      in.ok() ? static_cast<std::size_t>(size[0]) << 8 | static_cast<std::size_t>(size[1]) : 0;
  if (user_bytes > event_name_bytes_max) return invalid("the user's name is too long", "extra");
  if (user_bytes > 0) {
    const std::string_view user = as_text(in.take(user_bytes));
    if (!is_utf8(user)) return invalid("the user's name is not UTF-8", "extra");
    receipt.identity = {std::string(user), take_hash(in)};
  }
  if (!in.ok()) return invalid("the proof's extra data is too short", "extra");
  auto event = parse_event(in.take(in.left()));
  if (!event.ok()) {
    const std::string& field = event.error().field;
    return invalid(event.error().message, field.empty() ? "event" : "event." + field);
  }
  receipt.event = *std::move(event);
  receipt.index = file.index;
  receipt.proof = file.proof;
  receipt.checkpoint = file.checkpoint;
  return receipt;
}

Result<Receipt> parse_receipt(std::string_view bytes) {
  const std::size_t start = bytes.find_first_not_of(" \t\r\n");
  if (start != std::string_view::npos && bytes[start] == '{') return parse_receipt_json(bytes);
  ZAN_ASSIGN(const ProofFile file, parse_proof_file(bytes));
  return receipt_of(file);
}

Result<PolicyVerdict> verify_receipt(const Receipt& receipt, const Policy& policy) {
  if (receipt.identity && actor_of(receipt.identity->key, receipt.identity->user) != receipt.event.actor)
    return conflict("this is another person's event: the name and key in the receipt do not give its actor");
  const LogEntry entry = entry_of(receipt.event, receipt.opening);
  return verify_proof_file(to_proof_file(receipt), leaf_hash(entry), policy);
}

}  // namespace zan::evidence
