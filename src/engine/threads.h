// The engine's threads around a Core: writer, flusher, compactor, projector; and how they wake and stop each other.
//
//   submit -> intake_ (bounded) -> writer: takes all that waits, commits it in groups, answers
//   writer -> flusher    a table is full; the writer waits only when a second one is full before the first is flushed
//   flusher -> compactor there may be a full tier
//   writer -> projector  something new is durable
//   evidence, integrity, audience, matching, insights, rules in the shadow  look for news a few times a second, by themselves; integrity hands late
//                        verdicts to intake_
//
// Stopping: integrity, audience, matching and insights end, submit refuses, the writer drains, then flusher, compactor, projector and evidence end, the intake saves
// its state, and the Core is closed.
#pragma once

#include <deque>
#include <list>
#include <mutex>
#include <thread>

#include "base/bounded_queue.h"
#include "engine/audience_view.h"
#include "engine/bell.h"
#include "engine/core.h"
#include "engine/evidence_view.h"
#include "engine/intake_judge.h"
#include "engine/insights_view.h"
#include "engine/integrity_view.h"
#include "engine/matching_view.h"
#include "engine/rule_desk.h"

namespace zan::engine {

class ThreadedEngine final : public Engine {
 public:
  // `intake`, `evidence`: null for none.
  ThreadedEngine(std::unique_ptr<storage::Disk> disk, std::unique_ptr<IntakeJudge> intake, std::unique_ptr<Core> core,
                 std::unique_ptr<EvidenceView> evidence);
  ~ThreadedEngine() override;

  const HashKey& secret() const override { return core_->secret(); }
  Result<void> submit(Command& command, Done done) override;
  const engagement::Reads& reads() const override { return core_->reads(); }
  Status status() const override;
  const Evidence* evidence() const override { return evidence_.get(); }
  const Integrity* integrity() const override { return integrity_.get(); }
  // Before the first command.
  Result<void> start_intake();
  const Rules* rules() const override { return &desk_; }
  Result<void> start_integrity(const IntegrityOptions& options);
  Audience* audience() const override { return audience_.get(); }
  Result<void> start_audience(const AudienceOptions& options);
  Matching* matching() const override { return matching_.get(); }
  void start_matching(const MatchingOptions& options);
  const Insights* insights() const override { return insights_.get(); }
  void start_insights(const InsightsOptions& options);
  Result<std::unique_ptr<Feed>> feed(Position after) const override;
  std::shared_ptr<void> on_progress(std::function<void()> wake) override;
  Result<void> backup(const std::string& folder) override;
  Result<void> compact() override;
  void stop() override;

 private:
  struct Waiting {
    Command command;
    Done done;
    std::uint32_t acts = 1;
  };
  struct Listeners {
    std::mutex mutex;
    std::list<std::function<void()>> wakes;
  };

  void write_loop();
  void commit_some(std::span<Waiting> group);
  void make_room();
  void flush_loop(std::stop_token stop);
  void compact_loop(std::stop_token stop);
  Result<bool> compact_once(const std::stop_token& stop);
  void project_loop(std::stop_token stop);
  Result<void> project(storage::JournalReader& reader);
  void count(const Result<Answer>& answer);
  void set_trouble(std::string reason);

  std::unique_ptr<storage::Disk> disk_;
  std::unique_ptr<IntakeJudge> intake_judge_;  // outlives the core
  std::unique_ptr<Core> core_;
  std::unique_ptr<EvidenceView> evidence_;
  std::unique_ptr<IntegrityView> integrity_;
  std::unique_ptr<AudienceView> audience_;
  std::unique_ptr<MatchingView> matching_;
  std::unique_ptr<InsightsView> insights_;
  RuleDesk desk_;
  BoundedQueue<Waiting> intake_;
  Bell flush_bell_, flushed_bell_, compact_bell_, project_bell_;
  std::mutex compact_mutex_;  // one compaction at a time: the loop's or compact()'s
  std::shared_ptr<Listeners> listeners_ = std::make_shared<Listeners>();
  std::atomic<bool> stopping_ = false;
  std::atomic<std::uint64_t> accepted_ = 0, duplicates_ = 0, rejected_ = 0, groups_ = 0;
  mutable std::mutex trouble_mutex_;
  std::string trouble_;  // why writes fail at the moment
  std::once_flag stopped_once_;
  std::thread writer_;
  std::jthread flusher_, compactor_, projector_;
};

Result<void> copy_backup(Core& core, const std::string& folder);
std::unique_ptr<Feed> make_feed(Core& core, std::unique_ptr<storage::JournalReader> reader, Position after);

}  // namespace zan::engine
