#include "engagement/act_draft.h"

#include <algorithm>
#include <cstring>

#include "base/require.h"
#include "engagement/limits.h"
#include "storage/storage.h"

namespace zan::engagement {
namespace {

constexpr std::array<std::string_view, field_count> field_names{
    "type",        "id",     "actor",   "subject", "creator", "at",   "watch_ms",
    "duration_ms", "device", "network", "region",  "surface", "text", "incentivised",
};

constexpr std::size_t type_count = 11;
constexpr std::array<std::string_view, type_count> type_names{
    "", "like", "unlike", "dislike", "view", "complete", "comment", "follow", "unfollow", "share", "profile_visit",
};

// Keeps offsets of a batch within 32 bits; callers cut batches long before.
constexpr std::size_t arena_bytes_max = 1u << 30;

// Changing this changes every digest that is stored: journals hold them.
constexpr std::uint64_t digest_seed = 0x7a616e2d61637431;

ActType find_type(std::string_view name) {
  for (std::size_t i = 1; i < type_count; ++i)
    if (name.size() == type_names[i].size() && std::memcmp(name.data(), type_names[i].data(), name.size()) == 0)
      return static_cast<ActType>(i);
  return ActType{};
}

bool names_a_creator(ActType type) {
  return type == ActType::follow || type == ActType::unfollow || type == ActType::profile_visit;
}

bool printable_but_lines(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\r' || c == '\t';
  });
}

const char* too_long(std::size_t bytes_max) {
  switch (bytes_max) {
    case term_bytes_max:
      return "is longer than 64 bytes";
    case name_bytes_max:
      return "is longer than 256 bytes";
    case token_bytes_max:
      return "is longer than 512 bytes";
    default:
      return "is too long";
  }
}
static_assert(term_bytes_max == 64 && name_bytes_max == 256 && id_bytes_max == 256 && token_bytes_max == 512 &&
              text_bytes_max == 10'000 && duration_ms_max == 4'000'000'000u);  // as the messages say

Field matching(std::string_view key, Field candidate) {
  return key == to_string(candidate) ? candidate : Field::unknown;
}

NameRef keep_name(const HashKey& secret, storage::NameKind kind, std::string_view name, std::string& arena) {
  if (name.empty()) return {};
  const NameRef ref{storage::name_hash(secret, kind, name), static_cast<std::uint32_t>(arena.size()),
                    static_cast<std::uint32_t>(name.size())};
  arena.append(name);
  return ref;
}

}  // namespace

std::string_view to_string(Field field) {
  return field == Field::unknown ? std::string_view() : field_names[static_cast<std::size_t>(field)];
}

Field find_field(std::string_view key) {
  switch (key.size()) {
    case 2:
      return key[0] == 'i' ? matching(key, Field::id) : matching(key, Field::at);
    case 4:
      return key[1] == 'y' ? matching(key, Field::type) : matching(key, Field::text);
    case 5:
      return matching(key, Field::actor);
    case 6:
      return key[0] == 'd' ? matching(key, Field::device) : matching(key, Field::region);
    case 7:
      switch (key[1]) {
        case 'r':
          return matching(key, Field::creator);
        case 'e':
          return matching(key, Field::network);
        default:
          return key[2] == 'b' ? matching(key, Field::subject) : matching(key, Field::surface);
      }
    case 8:
      return matching(key, Field::watch_ms);
    case 11:
      return matching(key, Field::duration_ms);
    case 12:
      return matching(key, Field::incentivised);
    default:
      return Field::unknown;
  }
}

bool printable(std::string_view text) {
  unsigned char before = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) return false;
    if (before == 0xc2 && byte < 0xa0) return false;  // U+0080 .. U+009F
    before = byte;
  }
  return true;
}

const char* name_fault(std::string_view name, std::size_t bytes_max) {
  if (name.empty()) return "must not be empty";
  if (name.size() > bytes_max) return too_long(bytes_max);
  if (!printable(name)) return "must not contain control characters";
  return nullptr;
}

Hash128 tagged_hash(const HashKey& secret, std::string_view tag, std::string_view value) {
  std::array<char, 1024> buffer;
  require(tag.size() + 1 + value.size() <= buffer.size(), "tagged_hash: value longer than any limit allows");
  std::memcpy(buffer.data(), tag.data(), tag.size());
  buffer[tag.size()] = '\0';
  std::memcpy(buffer.data() + tag.size() + 1, value.data(), value.size());
  return keyed_hash128(secret, as_bytes({buffer.data(), tag.size() + 1 + value.size()}));
}

Hash128 act_id_hash(const HashKey& secret, std::string_view id) {
  return tagged_hash(secret, "id", id);
}

Fault ActDraft::set(Field field, const Scalar& value) {
  if ((given_ & bit(field)) != 0) return {"is given twice", field};
  given_ |= bit(field);
  if (value.kind == Scalar::Kind::null) return {};
  present_ |= bit(field);
  return set_present(field, value);
}

Fault ActDraft::set_present(Field field, const Scalar& value) {
  switch (field) {
    case Field::type:
      return set_type(value);
    case Field::id:
      return set_name(field, value, id_bytes_max, false);
    case Field::actor:
    case Field::subject:
      return set_name(field, value, name_bytes_max, false);
    case Field::creator:
      return set_name(field, value, name_bytes_max, true);
    case Field::region:
    case Field::surface:
      return set_name(field, value, term_bytes_max, true);
    case Field::device:
    case Field::network:
      return set_name(field, value, token_bytes_max, true);
    case Field::at:
      return set_at(value);
    case Field::watch_ms:
      return set_ms(field, value, act_.watch_ms);
    case Field::duration_ms:
      return set_ms(field, value, act_.duration_ms);
    case Field::text:
      return set_text(value);
    case Field::incentivised:
      if (value.kind != Scalar::Kind::boolean) return {"must be true or false", field};
      act_.incentivised = value.flag;
      return {};
    case Field::unknown:
      break;
  }
  return {"is not a field of an event", field};
}

Fault ActDraft::set_type(const Scalar& value) {
  if (value.kind == Scalar::Kind::string) act_.type = find_type(value.text);
  if (value.kind != Scalar::Kind::string || act_.type == ActType{})
    return {"must be one of like, unlike, dislike, view, complete, comment, follow, unfollow, share, profile_visit",
            Field::type};
  return {};
}

Fault ActDraft::set_name(Field field, const Scalar& value, std::size_t bytes_max, bool empty_is_absent) {
  if (value.kind != Scalar::Kind::string && value.kind != Scalar::Kind::integer)
    return {"must be a string or an integer from 0 to 18446744073709551615", field};
  if (value.text.empty() && empty_is_absent) return present_ &= ~bit(field), Fault{};
  const bool fine = value.plain && !value.text.empty() && value.text.size() <= bytes_max;
  if (!fine)
    if (const char* fault = name_fault(value.text, bytes_max)) return {fault, field};
  views_[static_cast<std::size_t>(field)] = value.text;
  return {};
}

Fault ActDraft::set_text(const Scalar& value) {
  if (value.kind != Scalar::Kind::string) return {"must be a string", Field::text};
  if (value.text.empty()) return present_ &= ~bit(Field::text), Fault{};
  if (value.text.size() > text_bytes_max) return {"is longer than 10000 bytes", Field::text};
  if (!value.plain && !printable_but_lines(value.text))
    return {"must not contain control characters other than line ends and tabs", Field::text};
  views_[static_cast<std::size_t>(Field::text)] = value.text;
  return {};
}

Fault ActDraft::set_at(const Scalar& value) {
  if (value.kind == Scalar::Kind::integer) {
    if (value.number > static_cast<std::uint64_t>(timestamp_max.us / us_per_ms))
      return {"must be milliseconds since 1970, before the year 2112", Field::at};
    act_.at = {static_cast<std::int64_t>(value.number) * us_per_ms};
    return {};
  }
  if (value.kind == Scalar::Kind::string) {
    if (const Result<Timestamp> at = parse_rfc3339(value.text); at.ok()) return act_.at = at.value(), Fault{};
  }
  return {"must be an RFC 3339 time from 1970 to 2112 or integer milliseconds since 1970", Field::at};
}

Fault ActDraft::set_ms(Field field, const Scalar& value, std::uint32_t& out) {
  if (value.kind != Scalar::Kind::integer || value.number > duration_ms_max)
    return {"must be an integer from 0 to 4000000000", field};
  out = static_cast<std::uint32_t>(value.number);
  return {};
}

Fault ActDraft::missing() const {
  if (!present(Field::type)) return {"is required", Field::type};
  if (!present(Field::actor)) return {"is required", Field::actor};
  if (!present(Field::subject) && !(names_a_creator(act_.type) && present(Field::creator)))
    return {names_a_creator(act_.type) ? "is required, or a creator" : "is required", Field::subject};
  if (act_.type == ActType::comment && !present(Field::text)) return {"is required for a comment", Field::text};
  if (act_.type != ActType::comment && present(Field::text)) return {"is only for comments", Field::text};
  return {};
}

void ActDraft::hash_secrets(const HashKey& secret) {
  // Zero says "none"; one in 2^64 tokens shares another's hash.
  const auto token = [&](Field field, std::string_view tag) {
    return present(field) ? std::max<std::uint64_t>(tagged_hash(secret, tag, view(field)).high, 1) : 0;
  };
  act_.device = token(Field::device, "device");
  act_.network = token(Field::network, "network");
  act_.has_id = present(Field::id);
  if (act_.has_id) act_.id = act_id_hash(secret, view(Field::id));
}

// Over keyed hashes instead of names: whoever reads a journal without the secret cannot try names against it.
std::uint64_t ActDraft::digest() const {
  const std::array<std::uint64_t, 16> content{
      static_cast<std::uint64_t>(act_.type) | static_cast<std::uint64_t>(act_.incentivised) << 8,
      static_cast<std::uint64_t>(act_.at.us),
      static_cast<std::uint64_t>(act_.watch_ms) << 32 | act_.duration_ms,
      act_.device,
      act_.network,
      act_.actor.hash.high,
      act_.actor.hash.low,
      act_.subject.hash.high,
      act_.subject.hash.low,
      act_.creator.hash.high,
      act_.creator.hash.low,
      act_.region.hash.high,
      act_.region.hash.low,
      act_.surface.hash.high,
      act_.surface.hash.low,
      present(Field::text) ? checksum64(as_bytes(view(Field::text)), act_.actor.hash.low) : 0,
  };
  return checksum64(std::as_bytes(std::span(content)), digest_seed);
}

Fault ActDraft::finish(const HashKey& secret, std::uint32_t index, ActBatch& batch) {
  if (const Fault fault = missing()) return fault;
  if (batch.arena.size() > arena_bytes_max) return {"does not fit the batch", Field::type};
  using storage::NameKind;
  act_.index = index;
  act_.actor = keep_name(secret, NameKind::person, view(Field::actor), batch.arena);
  act_.subject = keep_name(secret, NameKind::subject, view(Field::subject), batch.arena);
  act_.creator = keep_name(secret, NameKind::creator, view(Field::creator), batch.arena);
  act_.region = keep_name(secret, NameKind::term, view(Field::region), batch.arena);
  act_.surface = keep_name(secret, NameKind::term, view(Field::surface), batch.arena);
  hash_secrets(secret);
  if (present(Field::text)) {
    act_.text_offset = static_cast<std::uint32_t>(batch.arena.size());
    act_.text_length = static_cast<std::uint32_t>(view(Field::text).size());
    batch.arena.append(view(Field::text));
  }
  act_.digest = digest();
  batch.acts.push_back(act_);
  return {};
}

}  // namespace zan::engagement
