// What the journal keeps of this room: saved segments, lists of people, imported tags. Record tags 0x60 .. 0x6f, never
// reused; docs/formats/audience.md has the bytes.
//
// A record is checked alone: its shape, its limits, its texts. Whether it fits what was there before (a name that is
// taken, a version that somebody else changed meanwhile) is seen where it is applied: what does not fit is void, the
// same at every reading. When it happened is the time of the record's group, but for a measurement, which says it
// itself.
//
// Threads: any; pure.
// Errors:  corrupt: bytes that are no such record. invalid, with the field: a record that says what may not be said.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"

namespace zan::audience {

inline constexpr std::byte segment_saved_tag{0x60};
inline constexpr std::byte segment_marked_tag{0x61};
inline constexpr std::byte segment_measured_tag{0x62};
inline constexpr std::byte list_part_tag{0x63};
inline constexpr std::byte list_removed_tag{0x64};
inline constexpr std::byte tag_import_tag{0x65};

inline constexpr std::size_t segment_name_bytes_max = 128;  // of a list, too
inline constexpr std::size_t change_who_bytes_max = 128;
inline constexpr std::size_t change_why_bytes_max = 1000;
inline constexpr std::size_t import_source_bytes_max = 1000;
inline constexpr std::size_t catalogue_name_bytes_max = 64;  // of a tag, a value, a purpose
inline constexpr std::size_t segment_text_bytes_max = 16 << 10;
inline constexpr std::size_t part_users_max = 100'000;
inline constexpr std::uint32_t list_parts_max = 10'000;

// Chosen at random by whoever saves the segment first.
struct SegmentId {
  std::uint64_t value = 0;
  auto operator<=>(const SegmentId&) const = default;
};
std::string to_text(SegmentId id);  // 16 hex digits
std::optional<SegmentId> segment_id_of(std::string_view text);

// Users by number (PersonId), ascending, without repeats, none of them 0.
using UserList = std::vector<std::uint32_t>;

enum class Refresh : std::uint8_t { none = 0, hourly = 1, daily = 2 };
const char* to_string(Refresh refresh);

// A new segment, or a new version of one.
struct SegmentSaved {
  SegmentId id;
  std::uint32_t made_from = 0;  // the version that was changed; 0: there was none
  Refresh refresh = Refresh::none;
  bool watched = false;  // whether it is told who comes and goes
  std::string name, who, why, purpose;
  std::string text;  // canonical
  bool operator==(const SegmentSaved&) const = default;
};

enum class SegmentMark : std::uint8_t {
  retire = 1,
  freeze = 2,  // from now on it means the list of that name
  thaw = 3,    // and again what its text says
};
const char* to_string(SegmentMark mark);

struct SegmentMarked {
  SegmentId id;
  SegmentMark mark = SegmentMark::retire;
  std::string who, why;
  std::string list;  // of freeze; else empty
  bool operator==(const SegmentMarked&) const = default;
};

struct SegmentMeasured {
  SegmentId id;
  std::uint32_t version = 0;
  Timestamp at;
  std::optional<std::uint32_t> size;  // as it was said; nothing: too few people to say
  bool operator==(const SegmentMeasured&) const = default;
};

// A list is there once all parts of one upload have come.
struct ListPart {
  std::uint64_t upload = 0;           // chosen at random, the same for all parts
  std::uint32_t part = 0, parts = 1;  // from 0
  std::string name, who;
  std::string source;  // where it comes from, for people
  UserList users;
  bool operator==(const ListPart&) const = default;
};

struct ListRemoved {
  std::string name, who, why;
  bool operator==(const ListRemoved&) const = default;
};

// One value of one imported tag, of some people.
struct TagImport {
  std::uint64_t import = 0;  // chosen at random, the same for all parts of one file
  bool on = true;            // off: the value is taken away
  std::string tag;
  std::string value;         // of one_of and many_of; else empty
  std::uint64_t number = 0;  // of a number; of a day, since 1970
  std::string who, source;
  UserList users;
  bool operator==(const TagImport&) const = default;
};

using AudienceChange =
    std::variant<SegmentSaved, SegmentMarked, SegmentMeasured, ListPart, ListRemoved, TagImport>;

// Whether the bytes are meant to be a record of this room.
bool is_audience_change(ByteSpan record);
Result<void> check(const AudienceChange& change);
// REQUIRES: check() says yes.
void put_audience_change(Bytes& out, const AudienceChange& change);
Result<AudienceChange> read_audience_change(ByteSpan record);

// Users as their number and the steps between them, varints. Reading: nothing where that is malformed or more than
// `users_max`.
void put_users(Bytes& out, std::span<const std::uint32_t> users);
std::optional<UserList> read_users(ByteReader& in, std::size_t users_max);

}  // namespace zan::audience
