// IntakeJudge: asks integrity::Intake about every act before it is recorded, and keeps its state through drops and starts.
//
// The state is a function of the journal. A clean stop leaves it in the file integrity/intake; a start reads that and what
// came since. Where that is more than catch_up_at_once_max records (after a kill), it is read beside the serving, on a thread
// of its own: ten million events take ten seconds, and nobody waits ten seconds for a start. Until it is done, acts are
// judged by a small intake that knows the acts since the start alone: rates are seen at once, and rules about young accounts
// keep still by themselves (`observed`). Then the writer shows the new state what it has not seen, and goes on with it.
//
// In the same way the journal is read again where rules come into service that read what was not kept, and until then those
// before them serve; and after a group was dropped, whose acts are counted until then. An intake that could take them back
// costs every act twice what it costs to be judged, for a disk that was full once a year.
//
// Whoever is erased takes the file along: the next start reads the journal.
//
// Threads: as ActJudge; make, start and stop by the owner; status by any.
// Errors:  a file that is damaged, of other options or ahead of the journal is named in the log, and made anew.
// Memory:  Intake's, with the tables that rules, model and quality read; at a start a twentieth more while it catches up,
//          and twice as much while the journal is read again.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "engine/core.h"
#include "engine/integrity.h"

namespace zan::engine {

inline constexpr const char* intake_path = "integrity/intake";

class IntakeJudge final : public engagement::ActJudge {
 public:
  // invalid, refused: the rules or the model; nothing of a folder is touched.
  static Result<std::unique_ptr<IntakeJudge>> make(IntakeSettings settings);
  ~IntakeJudge() override;

  // Between the core's opening and its first commit. The core outlives stop().
  Result<void> start(Core& core);
  // Until what is read beside the serving has been read.
  void await_catch_up();
  // The rules of the book from now on, or from when what they read is known; where none is active, those of the settings. By
  // the writer between two groups, or before there is one.
  void use(const integrity::rules::RuleBook& book);
  // After the last commit, before the core is closed: leaves the state in its file.
  Result<void> stop();
  [[nodiscard]] IntakeStatus status() const;

  void prefetch(const Outline& outline) override;
  engagement::Judgement judge(const engagement::RecordedAct& act) override;
  void committed(Position last) override;
  void dropped() override;
  [[nodiscard]] bool reads_by_itself() const override { return true; }
  [[nodiscard]] Position position() const override { return position_; }
  void observe(const engagement::RecordedAct& act, Position at) override;
  void corrected(const engagement::VerdictRecord& verdict) override;
  void erased(PersonId person) override;

 private:
  // A state and how far it has read.
  struct Reading {
    std::unique_ptr<integrity::Intake> intake;
    Position position;
    bool file_was_tried = false;
  };

  explicit IntakeJudge(IntakeSettings settings) : settings_(std::move(settings)) {}

  [[nodiscard]] integrity::IntakeOptions options_for(std::uint64_t accounts, bool with_model) const;
  [[nodiscard]] Result<std::unique_ptr<integrity::Intake>> make_intake(std::uint64_t accounts, bool with_model) const;
  void load(Reading& reading);
  Result<void> read_on(Reading& reading, std::uint64_t left_max, const std::stop_token& stop);
  Result<Reading> make_reading();
  [[nodiscard]] bool is_short(const Reading& reading) const;
  Result<void> read_journal(Reading reading);
  void catch_up(Reading reading, const std::stop_token& stop);
  void go_on_with(Reading reading);
  void serve_rules();
  void begin();
  void read_again();
  Result<void> try_read_again();
  void take_over();
  [[nodiscard]] bool sound() const { return !tables_differ_ && !dirty_until_; }
  Result<void> save();
  void know_less(const Error& why);

  const IntakeSettings settings_;
  std::shared_ptr<const integrity::rules::Ruleset> ruleset_;  // of the settings
  Core* core_ = nullptr;

  // The writer's.
  std::shared_ptr<const integrity::rules::Ruleset> in_service_;
  std::unique_ptr<integrity::Intake> live_;
  Position position_;
  bool in_group_ = false, erases_ = false;
  bool reads_ = false;                    // thread_ reads the journal, or has read it
  bool tables_differ_ = false;            // the rules in service read others than kept_
  std::optional<Timestamp> dirty_until_;  // acts of a dropped group are counted, until the journal is read again, not before then
  Timestamp read_last_;                   // when that was begun last
  integrity::FeatureOptions live_keeps_;
  integrity::FeatureOptions kept_;  // by the state that knows the whole journal, or will
  std::array<std::uint64_t, engagement::verdict_count> pending_{};

  std::atomic<bool> whole_ = false;  // live_ knows the whole journal
  std::atomic<bool> built_ = false;  // built_reading_ is there
  std::array<std::atomic<std::uint64_t>, engagement::verdict_count> judged_{};
  std::atomic<std::uint64_t> state_bytes_ = 0, read_ = 0;

  mutable std::mutex mutex_;  // guards what follows
  Reading built_reading_;
  std::string rules_;  // id of those that serve
  std::string trouble_;

  std::jthread thread_;
};

// Shows the intake what of the group lies behind `after`. corrupt: a record that cannot be read.
Result<void> show_intake(integrity::Intake& intake, const storage::Group& group, Position after);

// The file of a folder that nobody writes to: not_found, corrupt, unsupported.
Result<void> check_intake_file(storage::Disk& disk, Position journal_end);

}  // namespace zan::engine
