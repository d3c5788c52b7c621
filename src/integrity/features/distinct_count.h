// How many different things were seen within the last hour, day and 30 days.
//
// Up to 21 things of the last 30 days are kept one by one with the minute they were last seen: exact to the minute.
// The 22nd turns the record into HyperLogLog sketches (Flajolet, Fusy, Gandouet, Meunier 2007), two buckets a window
// (windows.h) of 32 registers each: a standard error of 18 % of a bucket, counts above 500,000 are not told apart, and
// things of the bucket before that were not seen again are taken to be spread evenly over it. A record whose last 30
// days are empty starts anew. Things are told apart by 22 bits of their hash: two of 21 are taken for one with a
// chance of 5e-5.
#pragma once

#include <array>
#include <cstdint>

#include "integrity/features/windows.h"

namespace zan::integrity {

inline constexpr std::size_t distinct_window_count = 3;
inline constexpr std::array<std::size_t, distinct_window_count> distinct_windows = {2, 4, 6};  // of window_seconds
inline constexpr std::size_t distinct_exact_max = 21;

enum class Seen : std::uint8_t { no, yes, unknown };  // unknown: sketches do not tell

class DistinctCount {
 public:
  void add(std::uint32_t& last, const Moment& moment, std::uint64_t hash);
  // `window`: 0 .. 2 for the hour, the day and 30 days.
  [[nodiscard]] double read(std::uint32_t last, const Moment& moment, std::size_t window) const;
  // Whether it was seen within the last 30 days.
  [[nodiscard]] Seen seen(std::uint32_t last, const Moment& moment, std::uint64_t hash) const;
  [[nodiscard]] bool exact() const { return sketched_ == 0; }

  [[nodiscard]] bool valid(std::uint32_t last) const;

 private:
  static constexpr std::size_t register_bytes = 16;  // 32 registers of four bits
  static constexpr std::size_t entry_bytes = 6;      // 22 bits of hash, 26 bits of minute
  using Registers = std::array<std::uint8_t, register_bytes>;

  [[nodiscard]] std::uint64_t entry(std::size_t i) const;
  void set_entry(std::size_t i, std::uint64_t value);
  void add_exact(std::uint32_t last, std::uint32_t minute, std::uint32_t key);
  void drop_expired(std::uint32_t last_minute);
  void turn_into_sketch(std::uint32_t last);
  void move_on(std::uint32_t last, const Moment& moment);
  void raise(std::size_t window, bool before, std::uint32_t key);
  [[nodiscard]] Registers registers(std::size_t window, bool before) const;
  static double estimate(const Registers& registers);

  // Counts first: while there are few entries, all that is touched is one line of the cache.
  std::uint8_t count_ = 0;
  std::uint8_t sketched_ = 0;
  std::array<std::uint8_t, distinct_exact_max * entry_bytes> bytes_{};  // entries, or registers
};
static_assert(sizeof(DistinctCount) == 128);

}  // namespace zan::integrity
