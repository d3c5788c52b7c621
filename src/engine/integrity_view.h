// IntegrityView: the detectors that work seconds after an act, on a thread of their own, as a view of the journal; and a reactor:
// what they find becomes late verdicts, which are commands like any other.
//
// At a start the whole journal is shown to the detectors again: they are a function of it. What was commanded before is not
// commanded again: the file integrity/position says how far that had got. Nothing is commanded until the journal's end as of
// the start has been read: then the last word on each like is known, and what stands already is void.
//
// Threads: start/stop by the owner; Integrity's questions from any. Likes never wait for it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <unordered_map>

#include "engine/case_book.h"
#include "engine/core.h"
#include "engine/follower.h"
#include "engine/intake_holds.h"
#include "engine/integrity.h"
#include "engine/integrity_position.h"
#include "engine/journal_tail.h"
#include "engine/rule_verdicts.h"

namespace zan::engine {

class IntegrityView final : public Integrity {
 public:
  // Hands verdicts in and waits until they are durable.
  using Command = std::function<Result<Answer>(JudgeActs)>;

  // The core outlives it.
  static Result<std::unique_ptr<IntegrityView>> open(Core& core, const IntegrityOptions& options, Command command);

  void start();
  void stop();
  // Shows the detectors what came since, at most some 100,000 records, and commands what they found. False: nothing new.
  Result<bool> step();

  [[nodiscard]] IntegrityStatus status() const override;
  [[nodiscard]] Result<CasePage> cases(const CaseFilter& filter, std::size_t limit,
                                       std::uint64_t before) const override;
  [[nodiscard]] Result<QueuePage> queue(const std::optional<std::string>& assignee, std::size_t limit,
                                        const std::optional<QueuePlace>& after) const override;
  [[nodiscard]] Result<CaseDetail> one(std::uint64_t id) const override;
  [[nodiscard]] Result<GraphPage> graph(std::uint64_t id, std::size_t limit, std::size_t from) const override;
  [[nodiscard]] Result<SubjectVerdicts> of_subject(std::string_view subject) const override;
  [[nodiscard]] Result<std::vector<CaseSummary>> of_user(std::string_view user) const override;
  [[nodiscard]] Result<LabelPage> labels(bool all, std::size_t limit, LabelPlace from) const override;
  [[nodiscard]] Result<StaffPage> staff_acts(const std::optional<std::string>& by, std::size_t limit,
                                             Position before) const override;
  [[nodiscard]] Result<std::vector<IntegrityDay>> days() const override;
  [[nodiscard]] Result<Bytes> note_of(const CaseStatement& statement) const override;

 private:
  IntegrityView(Core& core, const IntegrityOptions& options, Command command)
      : core_(core),
        command_(std::move(command)),
        lockstep_(options.lockstep),
        holds_({.wait_us = options.intake.held_us_max}),
        book_(lockstep_, options.levels) {
    status_.levels = options.levels;
  }

  Result<void> read_group(const storage::Group& group);
  void observe(const engagement::RecordedAct& act, Timestamp committed);
  Result<void> take_note(ByteSpan record, Position position, Timestamp at);
  Result<void> take_verdict(ByteSpan record, Timestamp at);
  Result<void> take_rules(ByteSpan record, Timestamp at);
  void collect();
  void collect_due();
  [[nodiscard]] engagement::Verdict verdict_of(std::uint32_t actor, std::uint32_t subject, std::int64_t at_us,
                                               std::uint32_t group, integrity::Standing standing);
  Result<void> command_all();
  void publish();
  // REQUIRES: mutex_ is held.
  void publish_one(CaseFactsPtr facts);
  void count(const CaseFacts& facts, bool in);

  // integrity_questions.cc
  [[nodiscard]] Result<void> ready() const;
  [[nodiscard]] CaseFactsPtr find(std::uint64_t id) const;
  [[nodiscard]] Result<void> check_statement(const CaseStatement& statement) const;
  [[nodiscard]] Result<void> check_new(const integrity::CaseNote& note, const CaseFacts& facts) const;
  [[nodiscard]] Result<std::vector<CaseFactsPtr>> labelled(bool all, std::size_t limit, LabelPlace from) const;
  [[nodiscard]] Result<std::uint32_t> number(storage::NameKind kind, std::string_view name, const char* pointer) const;
  [[nodiscard]] std::string name(std::uint32_t id) const;

  Core& core_;
  Command command_;

  // The view's thread.
  integrity::Lockstep lockstep_;
  IntakeHolds holds_;
  JournalTail tail_;
  Position seen_;       // shown to the detectors
  Position commanded_;  // what they found up to here is durable
  Position quiet_;      // up to here nothing is commanded
  std::int64_t stream_us_ = 0, expired_us_ = 0;
  std::map<std::pair<std::uint64_t, std::int64_t>, engagement::LateVerdict> pending_;  // by relation and time
  CaseBook book_;
  integrity::rules::RuleBook rule_book_;  // as of what was read
  RulesetPtr own_rules_;                  // where none of the book is in service
  RulesetPtr rules_;                      // in service then; null: they do not compile any more
  std::vector<std::uint32_t> touched_now_;  // groups, by the records that are being read
  std::vector<std::uint32_t> touched_;      // since publish()
  bool look_at_all_ = false;

  using GroupsOf = std::unordered_map<std::uint32_t, std::vector<std::uint32_t>>;
  mutable std::mutex mutex_;                                // guards what follows
  std::map<std::uint64_t, CaseFactsPtr> cases_;             // by order of finding: group number
  std::unordered_map<std::uint64_t, std::uint64_t> order_;  // case id to group number
  std::set<QueuePlace> queue_;                              // of cases that wait
  GroupsOf groups_of_subject_, groups_of_user_;
  RuleVerdicts rule_verdicts_;
  std::vector<StaffAct> staff_acts_;
  std::vector<IntegrityDay> days_;
  IntegrityStatus status_;

  Follower follower_;
};

}  // namespace zan::engine
