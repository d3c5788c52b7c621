// Time as a parameter: UTC microseconds, and a Clock that is handed in.
//
// Nothing outside this adapter (and app/, tests/, bench/) asks the machine for the time, so that a replay and a
// simulation see the time that was recorded, not the time they run at.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace zan {

// UTC microseconds since 1970-01-01. Valid range for anything stored: 0 .. timestamp_max (year 2112).
struct Timestamp {
  std::int64_t us = 0;
  auto operator<=>(const Timestamp&) const = default;
};

inline constexpr Timestamp timestamp_max{4'500'000'000'000'000};  // below 2^52; a multiple of 1000
inline constexpr std::int64_t us_per_ms = 1000;
inline constexpr std::int64_t us_per_second = 1'000'000;
inline constexpr std::int64_t us_per_minute = 60 * us_per_second;
inline constexpr std::int64_t us_per_hour = 60 * us_per_minute;
inline constexpr std::int64_t us_per_day = 24 * us_per_hour;

// RFC 3339 with 'T' or ' ', optional fraction (digits past microseconds are cut), 'Z' or an offset.
// invalid: anything else, or a moment outside 0 .. timestamp_max.
Result<Timestamp> parse_rfc3339(std::string_view text);

// "2022-04-25T15:05:41.436Z": milliseconds always, microseconds only where they are not zero.
std::string to_rfc3339(Timestamp at);
// The same, appended to `out` without another allocation.
void append_rfc3339(std::string& out, Timestamp at);

// Threads: all methods may be called from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Timestamp now() const = 0;              // may jump, as the machine's does
  virtual std::int64_t monotonic_us() const = 0;  // never goes back; for deadlines and durations
};

// The machine's clocks. Lives as long as the process.
const Clock& machine_clock();

}  // namespace zan
