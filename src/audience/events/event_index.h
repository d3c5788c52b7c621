// EventIndex: who did what on which day, for terms such as count(like, category: "beauty", last 7d) >= 3.
//
// For each block of 65,536 users, each kind of act and each category (and for all categories together) a list a day of the users who
// did it, two bytes an act. A term adds up the lists of its days into a byte a user, while they lie in the cache.
//
// Threads: changes by one thread; terms are asked from any, beside it. A block is read under its shared lock.
// Cost:    two bytes an act and category; a term 1 ns an act in the window and 10 µs a block.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "audience/bitmap/fair_mutex.h"
#include "audience/bitmap/plan.h"
#include "audience/state/state_file.h"
#include "base/clock.h"
#include "base/result.h"
#include "engagement/events.h"

namespace zan::audience {

inline constexpr std::uint32_t event_days_kept = 90;
inline constexpr std::size_t event_categories_max = 4;  // of one act; more are passed over
inline constexpr unsigned event_threads_max = 16;

class EventIndex {
 public:
  // `zone_us`: the operator's clock ahead of UTC.
  EventIndex(std::size_t categories, std::int64_t zone_us);
  ~EventIndex();
  EventIndex(const EventIndex&) = delete;
  EventIndex& operator=(const EventIndex&) = delete;

  // REQUIRES: organic and genuine. What is older than the days kept is passed over.
  void observe(const engagement::RecordedAct& act, std::span<const std::uint32_t> categories);
  // Until end_bulk() acts are put off until there are many, and then written down block by block by so many threads (at most
  // event_threads_max); meanwhile terms see them late. What comes out is the same.
  void begin_bulk(unsigned threads);
  void end_bulk();
  [[nodiscard]] bool in_bulk() const { return bulk_threads_ != 0; }

  // A late verdict on an act of these categories: it is taken out, or put in. Of a follow the verdict names no subject: only
  // the log of all categories together is put right.
  void corrected(const engagement::VerdictRecord& record, std::span<const std::uint32_t> categories);
  void erase(std::uint32_t user);

  // load() REQUIRES that nothing was observed; after an error the index is to be thrown away.
  Result<void> save(StateWriter& writer);
  Result<void> load(StateReader& reader);

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

  [[nodiscard]] std::size_t logs() const { return 11 * (categories_ + 1); }
  Block& block(std::uint32_t number);
  bool load_day(ByteReader& chunk);
  // An act on its way to its day.
  struct Entry {
    std::uint32_t user = 0, day = 0;
    std::uint32_t oldest = 0;  // that was kept when it came
    engagement::ActType type = engagement::ActType::view;
    std::uint8_t count = 0;
    std::array<std::uint16_t, event_categories_max> categories{};
  };
  static constexpr std::size_t pending_max = std::size_t{1} << 20;
  void take_back(engagement::ActType type, std::uint32_t user, Timestamp at, std::span<const std::uint32_t> categories);
  void put_in(engagement::ActType type, std::uint32_t user, Timestamp at, std::span<const std::uint32_t> categories);
  void note(Block& block, const Entry& entry) const;
  void fold_pending();
  [[nodiscard]] std::size_t log_of(engagement::ActType type, std::uint32_t category) const {
    return static_cast<std::size_t>(type) * (categories_ + 1) + category;
  }
  static void note(std::vector<Day>& log, std::uint32_t day, std::uint32_t oldest, std::uint16_t user);

  const std::size_t categories_;
  const std::int64_t zone_us_;
  std::uint32_t newest_ = 0;  // day
  unsigned bulk_threads_ = 0;  // 0: not in bulk
  std::vector<Entry> pending_;
  std::unique_ptr<std::atomic<Block*>[]> blocks_;
};

}  // namespace zan::audience
