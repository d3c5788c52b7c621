// InsightsView: what a creator wants to know, as a view of the journal on a thread of its own. The room insights has the sums; here is
// only what feeds them: the journal, names, the days that pass.
//
// It keeps no state on disk: at a start it reads the journal from its beginning, and answers when it is at the end. A book that is a
// function of the journal alone needs nothing else to be right after a kill.
//
// Threads: start/stop by the owner; step() by its thread; Insights' questions from any: they hold a shared lock for as long as they
// add up, and wait for one group of records at most. Likes never wait for it.
#pragma once

#include <atomic>
#include <mutex>
#include <shared_mutex>

#include "engine/core.h"
#include "engine/follower.h"
#include "engine/insights.h"
#include "engine/journal_tail.h"
#include "matching/matching.h"

namespace zan::engine {

class InsightsView final : public Insights {
 public:
  // Core outlives it.
  InsightsView(Core& core, const InsightsOptions& options);

  void start();
  void stop();
  // Reads what came since, at most some 20,000 records. False: nothing more to do now.
  Result<bool> step();

  [[nodiscard]] InsightsStatus status() const override;
  [[nodiscard]] Result<DaySeries> subject_series(std::string_view subject, const DaysAsked& asked) const override;
  [[nodiscard]] Result<DaySeries> creator_series(std::string_view creator, const DaysAsked& asked) const override;
  [[nodiscard]] Result<NamedWorks> works(std::string_view creator, insights::WorkOrder order, std::size_t limit,
                                         std::string_view cursor) const override;
  [[nodiscard]] Result<insights::BestTimes> creator_times(std::string_view creator) const override;
  [[nodiscard]] Result<insights::BestTimes> subject_times(std::string_view subject) const override;
  [[nodiscard]] std::int64_t zone_us() const override { return book_.zone_us(); }

 private:
  Result<void> read_group(const storage::Group& group);
  Result<void> take(ByteSpan record, Timestamp at);
  Result<void> take_act(ByteSpan record, Timestamp at);
  Result<void> take_subject(ByteSpan record);
  void publish(bool more);

  // insights_questions.cc
  [[nodiscard]] Result<void> ready() const;
  [[nodiscard]] Result<std::uint32_t> number(storage::NameKind kind, std::string_view name, const char* what) const;
  [[nodiscard]] insights::Day today() const;
  [[nodiscard]] insights::Span span_of(const DaysAsked& asked) const;

  Core& core_;

  mutable std::shared_mutex book_mutex_;  // guards the book
  insights::Book book_;

  // The view's thread.
  JournalTail tail_;
  Position seen_;
  Position quiet_;  // where the journal ended at the start
  std::int64_t measured_us_ = 0;

  std::atomic<std::int64_t> newest_us_{0};  // of all acts
  std::atomic<bool> caught_up_{false};
  mutable std::mutex mutex_;  // guards what follows
  InsightsStatus status_;

  Follower follower_;
};

}  // namespace zan::engine
