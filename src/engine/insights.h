// What a creator can ask of their works: counts by day, what is usual at that age, their works by number, when those who like them
// are there.
//
// Days are the operator's, as those of the audience: of the tags' time zone. "Today" is the clock's day; before anything was done
// today, as behind an import of the past, it is the newest act's.
//
// Threads: any.
// Errors:  not_found: no such subject or creator, or nothing was ever done or said of it; or a work past the number that
//          is followed. invalid: a cursor of another list. unavailable: the journal is still being read after a start.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "insights/insights.h"

namespace zan::engine {

struct InsightsOptions {
  bool on = true;
  insights::BookLimits limits;
  std::int64_t zone_us = 0;  // Engine::open() takes the audience's
};

struct InsightsStatus {
  Position position;       // of the journal, as far as it has been read
  bool caught_up = false;  // once it has been, it answers
  double progress = 0;     // of the first reading, 0..1
  std::uint64_t works = 0, creators = 0, people = 0;
  std::uint64_t left_out = 0;  // acts on works past the number that is followed
  std::size_t bytes = 0;       // now and then
  std::string trouble;
};

struct DaysAsked {
  std::size_t days = 30;
  std::optional<insights::Day> last;  // nothing: today
};
inline constexpr std::size_t series_days_max = insights::days_max;

struct DaySeries {
  insights::Series series;
  insights::Day today = 0;
  std::int64_t zone_us = 0;
  insights::Beside usual;  // of a subject: beside its creator's other works
};

struct NamedWork {
  std::string subject;
  std::string about;  // its attributes as JSON; empty: none were put
  insights::WorkSummary summary;
};

struct NamedWorks {
  std::vector<NamedWork> works;
  std::size_t all = 0;
  std::string next;  // empty at the end
};

class Insights {
 public:
  virtual ~Insights() = default;

  [[nodiscard]] virtual InsightsStatus status() const = 0;
  [[nodiscard]] virtual Result<DaySeries> subject_series(std::string_view subject, const DaysAsked& asked) const = 0;
  [[nodiscard]] virtual Result<DaySeries> creator_series(std::string_view creator, const DaysAsked& asked) const = 0;
  // May read from disk.
  [[nodiscard]] virtual Result<NamedWorks> works(std::string_view creator, insights::WorkOrder order, std::size_t limit,
                                                 std::string_view cursor) const = 0;
  [[nodiscard]] virtual Result<insights::BestTimes> creator_times(std::string_view creator) const = 0;
  // Of the latest who like it. May read from disk.
  [[nodiscard]] virtual Result<insights::BestTimes> subject_times(std::string_view subject) const = 0;
  [[nodiscard]] virtual std::int64_t zone_us() const = 0;
};

}  // namespace zan::engine
