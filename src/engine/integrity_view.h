// IntegrityView: the detectors that work seconds after an act, on a thread of their own, as a view of the journal; and a reactor:
// what they find becomes late verdicts, which are commands like any other.
//
// At a start the whole journal is shown to the detectors again: they are a function of it. What was commanded before is not
// commanded again: the file integrity/position says how far that had got, and a verdict that comes twice changes nothing.
//
// Threads: start/stop by the owner; Integrity's questions from any. Likes never wait for it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "engine/core.h"
#include "engine/intake_holds.h"
#include "engine/integrity.h"

namespace zan::engine {

inline constexpr const char* integrity_folder = "integrity";
inline constexpr const char* integrity_position_path = "integrity/position";

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
  [[nodiscard]] Result<CasePage> cases(std::optional<integrity::Standing> standing, std::size_t limit,
                                       std::uint64_t before) const override;
  [[nodiscard]] Result<CaseDetail> one(std::uint64_t id) const override;
  [[nodiscard]] Result<SubjectVerdicts> of_subject(std::string_view subject) const override;
  [[nodiscard]] Result<Bytes> note_of(const CaseStatement& statement) const override;

 private:
  // A case as readers see it: replaced, never changed.
  struct Facts {
    CaseSummary summary;
    std::uint32_t group = 0;
    integrity::GroupLike anchor;
    std::vector<std::uint32_t> members, subjects;
    std::vector<integrity::GroupLike> likes;
    std::unordered_map<std::uint32_t, std::uint32_t> likes_of_subject;
    std::vector<CaseNoteLine> notes;
  };
  using FactsPtr = std::shared_ptr<const Facts>;

  IntegrityView(Core& core, const IntegrityOptions& options, Command command)
      : core_(core),
        command_(std::move(command)),
        lockstep_(options.lockstep),
        holds_({.wait_us = options.intake.held_us_max}) {}

  void run(const std::stop_token& stop);
  Result<void> read_group(const storage::Group& group);
  void observe(const engagement::RecordedAct& act, Timestamp committed);
  Result<void> take_note(ByteSpan record, Timestamp at);
  void collect();
  void collect_due();
  [[nodiscard]] engagement::Verdict verdict_of(std::uint32_t actor, std::uint32_t subject, std::int64_t at_us,
                                               std::uint32_t group, integrity::Standing standing);
  Result<void> command_all();
  Result<void> save_position();
  void publish();
  FactsPtr facts_of(std::uint32_t group) const;
  [[nodiscard]] Result<void> ready() const;
  [[nodiscard]] FactsPtr find(std::uint64_t id) const;
  [[nodiscard]] Result<std::uint32_t> number(storage::NameKind kind, std::string_view name, const char* pointer) const;
  [[nodiscard]] std::string name(std::uint32_t id) const;

  Core& core_;
  Command command_;

  // The view's thread.
  integrity::Lockstep lockstep_;
  IntakeHolds holds_;
  std::unique_ptr<storage::JournalReader> reader_;
  Position seen_;       // shown to the detectors
  Position commanded_;  // what they found up to here is durable
  std::int64_t stream_us_ = 0, expired_us_ = 0;
  std::map<std::pair<std::uint64_t, std::int64_t>, engagement::LateVerdict> pending_;  // by relation and time
  std::unordered_map<std::uint32_t, std::vector<CaseNoteLine>> notes_;                 // by group
  std::vector<std::uint32_t> touched_;                                                 // groups, since publish()
  std::unordered_map<std::uint32_t, std::uint64_t> ids_;                               // case of a group

  mutable std::mutex mutex_;                                // guards what follows
  std::map<std::uint64_t, FactsPtr> cases_;                 // by order of finding: group number
  std::unordered_map<std::uint64_t, std::uint64_t> order_;  // case id to group number
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> groups_of_subject_;
  IntegrityStatus status_;

  std::jthread thread_;
};

}  // namespace zan::engine
