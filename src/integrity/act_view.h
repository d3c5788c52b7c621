// An act as the detectors see it: dense ids and keyed hashes, no names. Zero stands for absent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace zan::integrity {

// Stored in saved state and in FeatureIds: only append.
enum class ActKind : std::uint8_t { like = 0, view = 1, follow = 2, comment = 3, share = 4, other = 5 };
inline constexpr std::size_t act_kind_count = 6;

// Of a type of act as in JSON; an empty word is a like. Nothing: no such type.
std::optional<ActKind> find_act_kind(std::string_view word);

struct ActView {
  ActKind kind = ActKind::like;
  std::uint32_t actor = 0, subject = 0, creator = 0;
  std::uint64_t device = 0, network = 0;
  std::int64_t at_us = 0;
  std::uint32_t watch_ms = 0, duration_ms = 0;
};

}  // namespace zan::integrity
