// What an entry of the log commits to: one event, in one canonical form of bytes, under an opening that only its person's
// key gives (docs/formats/evidence.md).
//
//   entry      = type byte, version byte, HMAC-SHA-256(opening, canonical event)
//   opening    = HMAC-SHA-256(person's key, "zhenzan opening 1" 00, number of the event)
//   actor key  = HMAC-SHA-256(person's key, "zhenzan actor 1" 00, scope)
//   actor      = HMAC-SHA-256(actor key, the person's name)
//
// The log shows a type and 32 bytes that nobody can guess. Whoever is given opening and event can check the entry; whoever is
// given the actor key too can check whose it is. The actor is the same in all events of one person in one scope (a subject, or
// a creator who is followed), and says nothing across scopes. Without the person's key all of it is lost: that is erasure.
//
// Threads: plain values and functions.
// Errors:  parse_event: invalid (`field` names the part; none where the length is wrong).
// Cost:    in blocks of SHA-256, 46 ns each: secrets_of 6, actor_of 4, entry_of 5 to 7.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "evidence/merkle.h"

namespace zan::evidence {

// As in the entry; never reused. 33 to 63 are settlements and report digests to come.
enum class EventType : std::uint8_t {
  like = 1,
  unlike = 2,
  dislike = 3,
  comment = 6,
  follow = 7,
  unfollow = 8,
  verdict = 32,  // another one on an act that is in the log
};
inline constexpr std::array event_types{EventType::like,   EventType::unlike,   EventType::dislike, EventType::comment,
                                        EventType::follow, EventType::unfollow, EventType::verdict};
std::string_view to_string(EventType type);
std::optional<EventType> find_event_type(std::string_view name);

// What the event took the place of; of a verdict what it is about, and leaves as it was.
enum class Replaced : std::uint8_t { nothing = 0, liked = 1, disliked = 2, withdrawn = 3 };
std::string_view to_string(Replaced replaced);
std::optional<Replaced> find_replaced(std::string_view name);

enum class Verdict : std::uint8_t { unjudged = 0, genuine = 1, held = 2, rejected = 3 };
std::string_view to_string(Verdict verdict);
std::optional<Verdict> find_verdict(std::string_view name);

inline constexpr std::size_t event_name_bytes_max = 256;  // subject, creator, region, surface, user

struct Event {
  EventType type = EventType::like;
  std::uint64_t number = 0;  // its position in the journal; no other event of the log has it
  Timestamp at, received;    // of a verdict `at` is that of the act it is about
  bool incentivised = false;
  bool changed = true;                    // false: superseded by a later act; counts nothing
  Replaced replaced = Replaced::nothing;  // of a follow, liked means followed
  bool replaced_incentivised = false;
  Verdict verdict = Verdict::unjudged;
  Hash actor{};
  std::string subject, creator, region, surface;  // empty: none
  std::optional<Hash> text_hash;                  // SHA-256 of a comment's text

  bool operator==(const Event&) const = default;
};

inline constexpr std::uint8_t event_version = 1;
inline constexpr std::size_t event_bytes_max = 61 + 4 * (2 + event_name_bytes_max) + sizeof(Hash);

// Appends the canonical form. REQUIRES: names of at most event_name_bytes_max, in UTF-8; times in Timestamp's valid range.
void put_event(Bytes& out, const Event& event);
Result<Event> parse_event(ByteSpan bytes);

inline constexpr std::size_t log_entry_bytes = 34;
using LogEntry = std::array<std::byte, log_entry_bytes>;
// For an event whose person was erased before it was logged the commitment is random: nobody will ever open it.
LogEntry make_entry(EventType type, const Hash& commitment);

Hash hmac_sha256(ByteSpan key, ByteSpan message);
LogEntry entry_of(const Event& event, const Hash& opening);

// The subject, or for a follow that names none, the creator.
struct ActorScope {
  bool creator = false;
  std::string_view name;
};
ActorScope scope_of(std::string_view subject, std::string_view creator);

// What one person's key gives for one event.
struct EventSecrets {
  Hash opening{};
  Hash actor_key{};
};
EventSecrets secrets_of(std::span<const unsigned char> person_key, std::uint64_t number, const ActorScope& scope);
// REQUIRES: a name of at most event_name_bytes_max.
Hash actor_of(const Hash& actor_key, std::string_view user);

}  // namespace zan::evidence
