// Days of a made-up community in the engine's core, as a server lives through them: likes come in with a judge at intake, the integrity
// view looks on and hands its verdicts in. Some attacks run on the days that are learned from and again on the last day; others come on
// the last day only.
//
// Threads: one.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "engine/core.h"
#include "engine/integrity_view.h"
#include "engine/training.h"
#include "simulation/simulation.h"

namespace zan::learning {

struct DaysOptions {
  std::uint64_t seed = 1;
  std::uint64_t likes = 200'000;  // in all
  std::uint32_t days = 3;         // the last is judged
  std::uint32_t members = 40;     // of each group
  std::uint32_t targets = 12;
  double hours_between = 2;  // groups begin
  double camouflage = 0.3;
  bool likes_only = false;  // nothing is known of views
  bool attacks = true;
};

// Known ones begin every so many hours; new ones on the last day.
simulation::Stream make_days(const DaysOptions& options);
bool is_new_family(simulation::Family family);

// A judge of likes as the server has it, which remembers the model's row of each like, by its bytes.
class WatchedIntake final : public engagement::ActJudge {
 public:
  WatchedIntake(const HashKey& secret, std::uint64_t accounts, const integrity::model::Model* model);

  engagement::Judgement judge(const engagement::RecordedAct& act) override;
  void committed(Position last) override;
  void dropped() override {}  // nothing is, in these tests
  [[nodiscard]] Position position() const override { return position_; }
  void observe(const engagement::RecordedAct& act, Position at) override;
  void corrected(const engagement::VerdictRecord& verdict) override { intake_->corrected(verdict); }
  void erased(PersonId person) override { intake_->erased(person); }

  [[nodiscard]] bool has_seen(std::span<const float> row) const { return rows_.contains(print_of(row)); }
  [[nodiscard]] std::size_t rows() const { return rows_.size(); }

 private:
  static std::uint64_t print_of(std::span<const float> row);
  std::unique_ptr<integrity::Intake> intake_;
  std::unordered_set<std::uint64_t> rows_;
  Position position_;
};

class Life {
 public:
  explicit Life(engagement::ActJudge* judge = nullptr);

  // Commits events [from, to) in small groups, with the view looking on after each.
  void live(const simulation::Stream& stream, std::size_t from, std::size_t to);
  void erase(const std::string& user);
  [[nodiscard]] engine::Core& core() { return *core_; }
  [[nodiscard]] engine::IntegrityView& view() { return *view_; }
  // People's word on a case.
  void decide(std::uint64_t case_id, integrity::Decision decision);
  void catch_up();

 private:
  struct StreamClock final : Clock {
    Timestamp now() const override { return {now_us}; }
    std::int64_t monotonic_us() const override { return now_us; }
    std::int64_t now_us = simulation::default_start.us;
  };
  std::unique_ptr<storage::SimDisk> disk_ = storage::SimDisk::make(5);
  StreamClock clock_;
  SeededEntropy entropy_{3};
  std::unique_ptr<engine::Core> core_;
  std::unique_ptr<engine::IntegrityView> view_;
};

// What a model says at intake of the likes from `from` on, beside what lockstep knows at that moment.
struct Judged {
  struct Line {
    double auc = 0.5;  // against all genuine likes of that time
    double held = 0;   // share that the model alone holds
    std::size_t likes = 0;
  };
  Line all_fakes;          // of all groups
  Line not_taken;          // fakes that lockstep had not yet taken when they came
  Line not_taken_new;      // of these, those of families that came for the first time
  Line never_taken;        // fakes that lockstep never took
  double false_holds = 0;  // of all genuine likes: organic, decoys', owners'
  double decoys_held = 0;
  std::size_t genuine = 0, decoys = 0;
  struct Family {
    simulation::Family family;
    bool is_new = false;
    Line not_taken;
  };
  std::vector<Family> families;
  std::size_t state_bytes = 0;
};
Judged judge_day(const simulation::Stream& stream, std::size_t from, const integrity::model::Model& model,
                 std::uint64_t accounts);
// Of the processor, an act at an intake that has seen the stream before. `model`: may be null.
double ns_an_act(const simulation::Stream& stream, const integrity::model::Model* model);

}  // namespace zan::learning
