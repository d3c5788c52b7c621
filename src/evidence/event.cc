// EVP costs 30 ns more a hash, on 50 to 90.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "evidence/event.h"

#include <openssl/sha.h>

#include <algorithm>
#include <cstring>

#include "base/require.h"
#include "evidence/text_form.h"

namespace zan::evidence {
namespace {

constexpr std::size_t block_bytes = 64;
constexpr std::string_view opening_label{"zhenzan opening 1\0", 18};
constexpr std::string_view actor_label{"zhenzan actor 1\0", 16};

constexpr std::array<std::string_view, 9> type_names{"", "like",    "unlike", "dislike", "",
                                                     "", "comment", "follow", "unfollow"};
constexpr std::string_view verdict_type_name = "verdict";
constexpr std::array<std::string_view, 4> replaced_names{"nothing", "liked", "disliked", "withdrawn"};
constexpr std::array<std::string_view, 4> verdict_names{"unjudged", "genuine", "held", "rejected"};

// Flags of the canonical form.
constexpr unsigned incentivised_flag = 1;
constexpr unsigned changed_flag = 2;
constexpr unsigned replaced_incentivised_flag = 4;
constexpr unsigned text_flag = 8;
constexpr unsigned known_flags = 15;

template <std::size_t Size>
std::optional<std::size_t> find_name(const std::array<std::string_view, Size>& names, std::string_view name) {
  const auto found = std::ranges::find(names, name);
  if (name.empty() || found == names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names.begin());
}

// The two halves of HMAC (RFC 2104) behind their padded keys; copied for each message under that key.
class Hmac {
 public:
  explicit Hmac(ByteSpan key) {
    std::array<std::byte, block_bytes> block{};
    const Hash long_key = key.size() > block_bytes ? sha256(key) : Hash{};
    if (key.size() > block_bytes) key = long_key;
    std::ranges::copy(key, block.begin());
    for (std::byte& byte : block) byte ^= std::byte{0x36};
    SHA256_Init(&inner_);
    SHA256_Update(&inner_, block.data(), block.size());
    for (std::byte& byte : block) byte ^= std::byte{0x36 ^ 0x5c};
    SHA256_Init(&outer_);
    SHA256_Update(&outer_, block.data(), block.size());
  }

  template <typename... Parts>
  [[nodiscard]] Hash of(const Parts&... parts) const {
    Hash digest;
    SHA256_CTX context = inner_;
    (SHA256_Update(&context, parts.data(), parts.size()), ...);
    SHA256_Final(reinterpret_cast<unsigned char*>(digest.data()), &context);
    context = outer_;
    SHA256_Update(&context, digest.data(), digest.size());
    SHA256_Final(reinterpret_cast<unsigned char*>(digest.data()), &context);
    return digest;
  }

 private:
  SHA256_CTX inner_{}, outer_{};
};

template <typename Integer>
std::array<std::byte, sizeof(Integer)> big_endian(Integer value) {
  std::array<std::byte, sizeof value> bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<std::byte>(static_cast<std::uint64_t>(value) >> (8 * (bytes.size() - 1 - i)));
  return bytes;
}

void put_name(Bytes& out, std::string_view name) {
  require(name.size() <= event_name_bytes_max, "a name beyond event_name_bytes_max");
  put_bytes(out, big_endian(static_cast<std::uint16_t>(name.size())));
  put_bytes(out, as_bytes(name));
}

template <typename Integer>
Integer take_big_endian(ByteReader& in) {
  std::uint64_t value = 0;
  for (const std::byte byte : in.take(sizeof(Integer))) value = value << 8 | static_cast<std::uint64_t>(byte);
  return static_cast<Integer>(value);
}

Hash take_hash(ByteReader& in) {
  Hash hash{};
  const ByteSpan bytes = in.take(hash.size());
  std::ranges::copy(bytes, hash.begin());
  return hash;
}

Result<std::string> take_name(ByteReader& in, const char* field) {
  const auto size = take_big_endian<std::uint16_t>(in);
  const std::string_view name = as_text(in.take(size));
  if (!in.ok() || size > event_name_bytes_max || !is_utf8(name))
    return invalid("the event's " + std::string(field) + " is no name", field);
  return std::string(name);
}

bool in_range(Timestamp at) {
  return at.us >= 0 && at <= timestamp_max;
}

}  // namespace

std::string_view to_string(EventType type) {
  return type == EventType::verdict ? verdict_type_name : type_names.at(static_cast<std::size_t>(type));
}
std::optional<EventType> find_event_type(std::string_view name) {
  if (name == verdict_type_name) return EventType::verdict;
  const auto found = find_name(type_names, name);
  return found ? std::optional(static_cast<EventType>(*found)) : std::nullopt;
}

std::string_view to_string(Replaced replaced) {
  return replaced_names.at(static_cast<std::size_t>(replaced));
}
std::optional<Replaced> find_replaced(std::string_view name) {
  const auto found = find_name(replaced_names, name);
  return found ? std::optional(static_cast<Replaced>(*found)) : std::nullopt;
}

std::string_view to_string(Verdict verdict) {
  return verdict_names.at(static_cast<std::size_t>(verdict));
}
std::optional<Verdict> find_verdict(std::string_view name) {
  const auto found = find_name(verdict_names, name);
  return found ? std::optional(static_cast<Verdict>(*found)) : std::nullopt;
}

void put_event(Bytes& out, const Event& event) {
  out.push_back(static_cast<std::byte>(event.type));
  out.push_back(static_cast<std::byte>(event_version));
  put_bytes(out, big_endian(event.number));
  put_bytes(out, big_endian(event.at.us));
  put_bytes(out, big_endian(event.received.us));
  out.push_back(static_cast<std::byte>(
      (event.incentivised ? incentivised_flag : 0) | (event.changed ? changed_flag : 0) |
      (event.replaced_incentivised ? replaced_incentivised_flag : 0) | (event.text_hash ? text_flag : 0)));
  out.push_back(static_cast<std::byte>(event.replaced));
  out.push_back(static_cast<std::byte>(event.verdict));
  put_bytes(out, event.actor);
  put_name(out, event.subject);
  put_name(out, event.creator);
  put_name(out, event.region);
  put_name(out, event.surface);
  if (event.text_hash) put_bytes(out, *event.text_hash);
}

Result<Event> parse_event(ByteSpan bytes) {
  if (bytes.size() < 2) return invalid("the event is too short");
  ByteReader in(bytes);
  Event event;
  event.type = static_cast<EventType>(in.fixed<std::uint8_t>());
  if (std::ranges::find(event_types, event.type) == event_types.end())
    return invalid("the event is of a type that is not known here", "type");
  if (in.fixed<std::uint8_t>() != event_version)
    return invalid("the event is of a version that is not known here", "version");
  event.number = take_big_endian<std::uint64_t>(in);
  event.at = {take_big_endian<std::int64_t>(in)};
  event.received = {take_big_endian<std::int64_t>(in)};
  const unsigned flags = in.fixed<std::uint8_t>();
  const auto replaced = in.fixed<std::uint8_t>();
  const auto verdict = in.fixed<std::uint8_t>();
  event.actor = take_hash(in);
  if (!in.ok()) return invalid("the event is too short");
  if (!in_range(event.at)) return invalid("the event's time is out of range", "at");
  if (!in_range(event.received)) return invalid("the time the event was received is out of range", "received");
  if ((flags & ~known_flags) != 0) return invalid("the event has flags that are not known here", "flags");
  if (replaced >= replaced_names.size()) return invalid("what the event replaced is not known here", "replaced");
  if (verdict >= verdict_names.size()) return invalid("the event's verdict is not known here", "verdict");
  event.incentivised = (flags & incentivised_flag) != 0;
  event.changed = (flags & changed_flag) != 0;
  event.replaced_incentivised = (flags & replaced_incentivised_flag) != 0;
  event.replaced = static_cast<Replaced>(replaced);
  event.verdict = static_cast<Verdict>(verdict);
  ZAN_ASSIGN(event.subject, take_name(in, "subject"));
  ZAN_ASSIGN(event.creator, take_name(in, "creator"));
  ZAN_ASSIGN(event.region, take_name(in, "region"));
  ZAN_ASSIGN(event.surface, take_name(in, "surface"));
  if ((flags & text_flag) != 0) event.text_hash = take_hash(in);
  if (!in.ok()) return invalid("the event is too short");
  if (!in.done()) return invalid("there are bytes behind the event");
  return event;
}

LogEntry make_entry(EventType type, const Hash& commitment) {
  LogEntry entry;
  entry[0] = static_cast<std::byte>(type);
  entry[1] = static_cast<std::byte>(event_version);
  std::ranges::copy(commitment, entry.begin() + 2);
  return entry;
}

Hash hmac_sha256(ByteSpan key, ByteSpan message) {
  return Hmac(key).of(message);
}

LogEntry entry_of(const Event& event, const Hash& opening) {
  Bytes canonical;
  canonical.reserve(event_bytes_max);
  put_event(canonical, event);
  return make_entry(event.type, hmac_sha256(opening, canonical));
}

ActorScope scope_of(std::string_view subject, std::string_view creator) {
  return subject.empty() ? ActorScope{true, creator} : ActorScope{false, subject};
}

EventSecrets secrets_of(std::span<const unsigned char> person_key, std::uint64_t number, const ActorScope& scope) {
  const Hmac hmac(std::as_bytes(person_key));
  const std::array<char, 1> kind{scope.creator ? 'c' : 's'};
  return {hmac.of(opening_label, big_endian(number)), hmac.of(actor_label, kind, scope.name)};
}

Hash actor_of(const Hash& actor_key, std::string_view user) {
  require(user.size() <= event_name_bytes_max, "a name beyond event_name_bytes_max");
  return hmac_sha256(actor_key, as_bytes(user));
}

}  // namespace zan::evidence
