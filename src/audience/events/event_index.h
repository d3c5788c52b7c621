// EventIndex: who did what on which day, for terms such as count(like, category: "beauty", last 7d) >= 3.
//
// For each block of 65,536 users, each kind of act and each category (and for all categories together) a list a day of the users who
// did it, two bytes an act. A term adds up the lists of its days into a byte a user, while they lie in the cache.
//
// Threads: changes by one thread; terms are asked from any, beside it. A block is read under its shared lock.
// Cost:    two bytes an act and category; a term 1 ns an act in the window and 10 µs a block.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "audience/bitmap/fair_mutex.h"
#include "audience/bitmap/plan.h"
#include "base/clock.h"
#include "engagement/events.h"

namespace zan::audience {

inline constexpr std::uint32_t event_days_kept = 90;

class EventIndex {
 public:
  // `zone_us`: the operator's clock ahead of UTC.
  EventIndex(std::size_t categories, std::int64_t zone_us);
  ~EventIndex();
  EventIndex(const EventIndex&) = delete;
  EventIndex& operator=(const EventIndex&) = delete;

  // REQUIRES: organic and genuine. What is older than the days kept is passed over.
  void observe(const engagement::RecordedAct& act, std::span<const std::uint32_t> categories);
  void erase(std::uint32_t user);

  struct Window {
    std::vector<engagement::ActType> acts;
    std::uint32_t category = 0;  // index + 1; 0: any
    std::uint32_t first_day = 0, last_day = 0;
    std::uint32_t low = 1, high = 255;  // 255 and more count as 255
  };
  // The index outlives the term.
  [[nodiscard]] std::shared_ptr<const TermSource> term(Window window) const;
  [[nodiscard]] std::uint32_t day_of(Timestamp at) const;
  [[nodiscard]] std::size_t bytes() const;

 private:
  class Term;
  struct Day {
    std::uint32_t day = 0;
    std::vector<std::uint16_t> users;  // as they came
  };
  struct Block {
    mutable FairMutex mutex;
    std::vector<std::vector<Day>> logs;  // by kind and category; days ascending
  };
  static constexpr std::uint32_t blocks_max = 65'536;

  [[nodiscard]] std::size_t log_of(engagement::ActType type, std::uint32_t category) const {
    return static_cast<std::size_t>(type) * (categories_ + 1) + category;
  }
  static void note(std::vector<Day>& log, std::uint32_t day, std::uint32_t oldest, std::uint16_t user);

  const std::size_t categories_;
  const std::int64_t zone_us_;
  std::uint32_t newest_ = 0;  // day
  std::unique_ptr<std::atomic<Block*>[]> blocks_;
};

}  // namespace zan::audience
