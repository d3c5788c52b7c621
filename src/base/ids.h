// Strong types for the dense ids that stand for the outside world's names.
//
// One sequence of 32-bit numbers serves every kind of name (storage/registry.h), so a PersonId and a SubjectId never
// share a value; the types keep them from being mixed up. Zero is no id.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace zan {

template <typename Tag>
struct Id {
  std::uint32_t value = 0;
  auto operator<=>(const Id&) const = default;
  explicit operator bool() const { return value != 0; }
};

using EntityId = Id<struct EntityTag>;    // any kind
using PersonId = Id<struct PersonTag>;    // who acts
using SubjectId = Id<struct SubjectTag>;  // what is acted on
using CreatorId = Id<struct CreatorTag>;  // who made it
using TermId = Id<struct TermTag>;        // a word of the operator's: region, surface

// A place in the journal: the ordinal of a record, from 1. Zero is before the first.
struct Position {
  std::uint64_t value = 0;
  auto operator<=>(const Position&) const = default;
};

}  // namespace zan

template <typename Tag>
struct std::hash<zan::Id<Tag>> {
  std::size_t operator()(zan::Id<Tag> id) const noexcept { return std::hash<std::uint32_t>()(id.value); }
};
