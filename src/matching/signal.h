// What matching foretells and learns from: what became of a work that somebody was shown.
//
// Of every showing seven things are asked, and all of them may be true of one. Only genuine and organic acts answer:
// what is held, rejected or incentivised is no answer at all (docs/matching.md).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace zan::matching {

enum class Signal : std::uint8_t {
  click = 0,      // it was opened: any view of it
  long_view = 1,  // 18 seconds of it, or all of what is shorter
  like = 2,
  follow = 3,  // of its creator
  comment = 4,
  dislike = 5,
  leave = 6,  // opened, and left within 3 seconds and before a third of it
};
inline constexpr std::size_t signal_count = 7;
const char* to_string(Signal signal);  // as in JSON: "long_view"

inline constexpr std::uint32_t long_view_ms = 18'000;
inline constexpr std::uint32_t leave_ms = 3'000;

// A number a signal: a rate, a count, a probability.
using Rates = std::array<float, signal_count>;
constexpr float& at(Rates& rates, Signal signal) { return rates[static_cast<std::size_t>(signal)]; }
constexpr float at(const Rates& rates, Signal signal) { return rates[static_cast<std::size_t>(signal)]; }

// Some of the signals, a bit each.
using Signals = std::uint8_t;
constexpr Signals bit(Signal signal) { return static_cast<Signals>(1U << static_cast<unsigned>(signal)); }
constexpr bool has(Signals signals, Signal signal) { return (signals & bit(signal)) != 0; }

// What a view says. `duration_ms` 0: not known.
constexpr Signals signals_of_view(std::uint32_t watch_ms, std::uint32_t duration_ms) {
  Signals signals = bit(Signal::click);
  if (watch_ms >= long_view_ms || (duration_ms != 0 && watch_ms >= duration_ms)) signals |= bit(Signal::long_view);
  const bool early = duration_ms == 0 || watch_ms < duration_ms / 3;
  if (watch_ms < leave_ms && early) signals |= bit(Signal::leave);
  return signals;
}

}  // namespace zan::matching
