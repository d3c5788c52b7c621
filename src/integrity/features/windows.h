// The windows of time that acts are counted in, and a moment as seen by each of them.
//
// A window is two buckets side by side, of the window's length each, at multiples of it since 1970: the one a moment
// falls in and the one before. What happened within the last window's length is estimated as
// `before * share + now`, where share is the part of `before` that the window still covers.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

namespace zan::integrity {

inline constexpr std::array<std::uint32_t, 7> window_seconds = {60, 300, 3600, 21'600, 86'400, 604'800, 2'592'000};
inline constexpr std::size_t window_count = window_seconds.size();
inline constexpr std::uint32_t second_max = 4'000'000'000;  // in the year 2096

// Stored in FeatureIds: only append.
enum class Window : std::uint8_t { m1 = 0, m5 = 1, h1 = 2, h6 = 3, d1 = 4, d7 = 5, d30 = 6 };

constexpr double share_of_before(std::uint32_t second, std::size_t window) {
  return 1 - static_cast<double>(second % window_seconds[window]) / window_seconds[window];
}

struct Moment {
  std::uint32_t second = 0;
  std::array<std::uint32_t, window_count> bucket{};

  [[nodiscard]] constexpr double share(std::size_t window) const {
    return 1 - (second - bucket[window] * window_seconds[window]) / static_cast<double>(window_seconds[window]);
  }

  static constexpr Moment at_second(std::uint32_t second) {
    Moment moment{.second = second};
    for (std::size_t w = 0; w < window_count; ++w) moment.bucket[w] = second / window_seconds[w];
    return moment;
  }
  static constexpr Moment at_us(std::int64_t us) {
    return at_second(static_cast<std::uint32_t>(std::clamp<std::int64_t>(us / 1'000'000, 0, second_max)));
  }
};

}  // namespace zan::integrity
