// Trending: likes by subject over the last hour and day, a view that follows the journal.
//
// Organic genuine likes only, by the acts' own `at`; an unlike takes back from the moment of the like it ends. Buckets of a
// minute for the hour, of a quarter for the day; a bucket is dropped when it is older than its window. Rebuilt at start from the last
// day of the journal, in the background.
//
// Threads: add by the projector; top from any thread.
#pragma once

#include <map>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "engagement/events.h"
#include "engagement/reads.h"

namespace zan::engagement {

class Trending {
 public:
  struct Item {
    SubjectId subject;
    std::uint64_t likes = 0;
  };

  void add(const RecordedAct& act, Timestamp now);
  void add(const VerdictRecord& verdict, Timestamp now);
  // Most first; ties by the smaller id. REQUIRES: window is hour or day.
  [[nodiscard]] std::vector<Item> top(TopWindow window, Timestamp now, std::size_t limit) const;

 private:
  using Bucket = std::unordered_map<std::uint32_t, std::int32_t>;
  struct Window {
    std::int64_t length_us;
    std::int64_t bucket_us;
    std::map<std::int64_t, Bucket> buckets;  // by at / bucket_us
  };

  void add(SubjectId subject, Timestamp at, std::int32_t amount, Timestamp now);

  mutable std::mutex mutex_;
  Window hour_{us_per_hour, us_per_minute, {}};
  Window day_{us_per_day, 15 * us_per_minute, {}};
};

// The `limit` largest, most first, ties by the smaller id.
std::vector<Trending::Item> largest(std::vector<Trending::Item> items, std::size_t limit);

}  // namespace zan::engagement
