// Lockout: who failed to sign in too often waits, twice as long each time.
//
// A try counts as a failure when it begins and is taken back when it ends well, so that many at once are not one. The table is
// bounded: what was tried longest ago goes first.
//
// Threads: one at a time; the owner locks. Time is handed in, monotonic.
#pragma once

#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"

namespace zan::accounts {

struct LockoutLimits {
  std::uint32_t free = 5;  // failures without a wait
  std::int64_t first_us = us_per_second;
  std::int64_t most_us = 15 * us_per_minute;
  std::int64_t forget_us = us_per_day;  // after the last failure
  std::size_t entries_max = 10'000;
};

class Lockout {
 public:
  explicit Lockout(const LockoutLimits& limits) : limits_(limits) {}

  // How long it is still locked; zero: a try may begin.
  [[nodiscard]] std::int64_t wait_us(std::string_view key, std::int64_t now_us) const;
  void begin(std::string_view key, std::int64_t now_us);
  // The last begin() was no failure.
  void take_back(std::string_view key);
  // Nothing is held against it any more.
  void clear(std::string_view key);

  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    std::string key;
    std::uint32_t failures = 0;
    std::int64_t until_us = 0, last_us = 0;
  };
  using Entries = std::list<Entry>;  // tried longest ago first

  LockoutLimits limits_;
  Entries entries_;
  std::unordered_map<std::string_view, Entries::iterator> by_key_;  // views the entries' own keys
};

}  // namespace zan::accounts
