// Book: every work's and creator's counts by day, made of the records of engagement in the order of the journal.
//
// A creator's counts by day are the sum over the works it has now, and its own follows and visits: as with counters, what a work has
// moves along when the work does. So series need no room of their own, and cannot differ from what they are of.
//
// Owns: some 150 bytes a work and eight a day and kind of which it had any; of people what Habits keeps, gone when they are erased.
// Past works_max nothing is kept of a new work; left_out() says how many acts that was.
// Threads: one, or many that only ask. Errors: not_found: no such work or creator, or a work past works_max.
// Cost: an act is 0.6 to 1.6 µs, by how much stays in the caches. A creator's series adds up all its works; `usual` reads at most usual_works_max of them.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "engagement/engagement.h"
#include "insights/best_times.h"
#include "insights/day_counts.h"
#include "insights/habits.h"
#include "insights/usual.h"

namespace zan::insights {

struct BookLimits {
  std::size_t works_max = 4'000'000;
  std::size_t people_max = 4'000'000;
};

inline constexpr std::size_t falls_max = 10;

// From the first to the last day, both with it.
struct Span {
  Day first = 0, last = 0;
};

// A day on which more likes were taken out of the count than given back to it.
struct Fall {
  Day day = 0;
  std::int64_t taken_out = 0, given_back = 0;  // organic
};

struct Series {
  Span span;
  std::vector<Counts> days;  // one a day of the span
  Counts before{}, after{};  // the rest; together all that is counted
  std::optional<Span> counted;  // the days on which anything was; before that days may not be known any more
  std::vector<Fall> falls;      // of all days that are known, the latest first, at most falls_max
  std::optional<Day> published;  // of a work: or its first act's day
  bool publication_known = false;
};

// What is usual beside a work.
struct Beside {
  std::size_t works = 0;  // that were looked at
  std::vector<std::optional<UsualAt>> days;  // one a day of the span
};

enum class WorkOrder : std::uint8_t { newest, likes };

struct WorkSummary {
  SubjectId subject;
  Timestamp published;  // zero: not known
  std::int64_t sort_key = 0;  // of the order asked for, greatest first; then the greater subject
  Counts total{}, last_week{};
};

struct WorksAfter {
  std::int64_t sort_key = 0;
  SubjectId subject;
};

class Book {
 public:
  Book(const BookLimits& limits, std::int64_t zone_us)
      : limits_(limits), zone_us_(zone_us), habits_(limits.people_max) {}

  // ---- what happened
  // Zero: the creator stays, the publication is not known.
  void put(SubjectId subject, CreatorId creator, Timestamp published);
  void take(const engagement::RecordedAct& act);
  // `at`: when it was recorded.
  void take(const engagement::VerdictRecord& verdict, Timestamp at);
  void take(const engagement::WithdrawalRecord& withdrawal, Timestamp at);
  void erased(PersonId person) { habits_.erase(person); }

  // ---- questions
  // REQUIRES: span.first <= span.last.
  [[nodiscard]] Result<Series> series(SubjectId subject, Span span) const;
  [[nodiscard]] Result<Series> series(CreatorId creator, Span span) const;
  // The creator's other works, at the ages this one has in the span.
  [[nodiscard]] Beside usual_beside(SubjectId subject, Span span, Day today) const;
  [[nodiscard]] Result<std::vector<WorkSummary>> works_of(CreatorId creator, WorkOrder order, std::size_t limit,
                                                          std::optional<WorksAfter> after, Day today) const;
  [[nodiscard]] std::size_t works_of(CreatorId creator) const;
  [[nodiscard]] Result<BestTimes> best_times(CreatorId creator) const;
  // Of a work's likers, which the book does not know by itself.
  [[nodiscard]] Result<BestTimes> best_times(SubjectId subject, std::span<const PersonId> likers) const;

  [[nodiscard]] Day day_of(Timestamp at) const { return insights::day_of(at, zone_us_); }
  [[nodiscard]] std::int64_t zone_us() const { return zone_us_; }
  [[nodiscard]] std::size_t works() const { return works_.size(); }
  [[nodiscard]] std::size_t creators() const { return creators_.size(); }
  [[nodiscard]] std::size_t people() const { return habits_.people(); }
  [[nodiscard]] std::uint64_t left_out() const { return left_out_; }
  [[nodiscard]] std::size_t bytes() const;

 private:
  struct Work {
    SubjectId subject;
    CreatorId creator;
    std::uint32_t place = 0;  // in its creator's list
    Timestamp published, first_act;
    DayCounts counts;
  };
  struct Creator {
    std::vector<std::uint32_t> works;  // rows
    DayCounts own;                     // follows and visits
  };

  Work* work_of(SubjectId subject);  // null: past works_max
  [[nodiscard]] const Work* find(SubjectId subject) const;
  void assign(Work& work, CreatorId creator);
  void seen(SubjectId subject, Timestamp at);
  void count(SubjectId subject, Timestamp at, Slot slot, std::int64_t amount);
  void count(CreatorId creator, Timestamp at, Slot slot, std::int64_t amount);
  void take_reaction(const engagement::RecordedAct& act, Timestamp happened);
  void take_follow(const engagement::RecordedAct& act);
  void liker(PersonId person, SubjectId subject, std::int64_t amount);
  [[nodiscard]] std::size_t hour_of(Timestamp at) const { return hour_of_week(at.us + zone_us_); }
  [[nodiscard]] static Timestamp came_out(const Work& work) {
    return work.published.us != 0 ? work.published : work.first_act;
  }
  [[nodiscard]] std::vector<AgedWork> others(const Work& work) const;

  const BookLimits limits_;
  const std::int64_t zone_us_;
  std::deque<Work> works_;
  std::unordered_map<std::uint32_t, std::uint32_t> rows_;  // of subjects
  std::unordered_map<std::uint32_t, Creator> creators_;
  Habits habits_;
  std::uint64_t left_out_ = 0;
};

}  // namespace zan::insights
