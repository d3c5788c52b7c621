// An act as the detectors see it: dense numbers instead of names (from 1; zero is none), keyed hashes instead of tokens of device and
// network (zero: not known). It names nobody to somebody without the registry.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace zan::integrity {

// As engagement's types of act, in the same numbers.
enum class ActKind : std::uint8_t {
  like = 1,
  unlike = 2,
  dislike = 3,
  view = 4,
  complete = 5,
  comment = 6,
  follow = 7,
  unfollow = 8,
  share = 9,
  profile_visit = 10,
};

// Of a word as in JSON; an empty word is a like.
std::optional<ActKind> find_act_kind(std::string_view word);

struct ActView {
  ActKind kind = ActKind::like;
  std::uint32_t actor = 0, subject = 0, creator = 0;
  std::uint64_t device = 0, network = 0;
  std::int64_t at_us = 0;
  std::uint32_t watch_ms = 0, duration_ms = 0;
};

}  // namespace zan::integrity
