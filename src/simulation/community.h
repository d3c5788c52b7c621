// The size and length of a made-up community.
#pragma once

#include <cstdint>

#include "base/clock.h"
#include "base/result.h"

namespace zan::simulation {

inline constexpr std::uint64_t likes_max = 100'000'000;
inline constexpr std::uint32_t accounts_max = 50'000'000;
inline constexpr std::uint32_t subjects_max = 10'000'000;
inline constexpr std::uint32_t days_max = 60;
inline constexpr Timestamp default_start{1'767'225'600'000'000};  // 2026-01-01T00:00:00Z

struct Community {
  std::uint64_t seed = 1;
  std::uint64_t likes = 1'000'000;  // of everybody, attacks and decoys included; met within a few per cent
  std::uint32_t accounts = 0;       // 0: a quarter of a day's likes; of more days, by their root
  std::uint32_t subjects = 0;       // 0: one for thirty likes
  std::uint32_t creators = 0;       // 0: one for twelve subjects
  std::uint32_t days = 1;
  Timestamp start = default_start;
  bool likes_only = true;     // false: views, follows, comments and shares as well; the likes are the same
  double views_per_like = 2;  // that lead to no like
};

// Fills in the sizes left at zero. invalid: a size beyond its bound, named in `field`.
Result<Community> complete(Community community);

}  // namespace zan::simulation
