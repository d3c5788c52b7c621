#include "sim/round.h"

#include <fmt/format.h>

#include <memory>
#include <optional>

#include "engine/core.h"
#include "engine/fake_judge.h"
#include "sim/evidence_watch.h"
#include "sim/model.h"

namespace zan::sim {
namespace {

constexpr int tries_under_trouble = 3;

class Round {
 public:
  explicit Round(const RoundOptions& options)
      : options_(options),
        rng_(options.seed),
        disk_(storage::SimDisk::make(options.seed)),
        entropy_(options.seed),
        // Late verdicts name the moment of their act, so that has to be known.
        workload_(options.mix, rng_.next(), !options.mix.judged && rng_.chance(0.4)),
        trouble_(options.trouble, rng_.next(), *disk_, clock_),
        evidence_(*disk_, entropy_) {
    constexpr std::size_t tables[] = {40, 300, 2'000};
    core_options_.memtable_acts_max = tables[rng_.below(3)];
    core_options_.fan_in = 2 + static_cast<unsigned>(rng_.below(3));
    core_options_.journal = {1ULL << (12 + rng_.below(6)), 1ULL << (10 + rng_.below(4))};
    clock_.now_us = base_us;
    if (!options.mix.judged) return;
    core_options_.judge = &judge_;
    model_.judge_by([this](const Said& said) {
      return engine::FakeJudge::verdict_of(engagement::act_id_hash(core_->secret(), said.id));
    });
  }

  RoundReport run() {
    open_or_calm();
    for (int step = 0; step < options_.steps && ok(); ++step) {
      trouble_.stir();
      work(workload_.next());
      maintain();
      if (rng_.chance(0.03)) restart();
      if (rng_.chance(0.04)) compare();
    }
    finish();
    return std::move(report_);
  }

 private:
  [[nodiscard]] bool ok() const { return report_.failure.empty(); }
  void trace(const std::string& what) const {
    if (options_.trace) options_.trace(what);
  }
  void fail(std::string what) {
    if (ok()) report_.failure = std::move(what);
  }

  // --- the engine ---
  Result<void> open() {
    evidence_.drop();
    core_.reset();
    auto opened = engine::Core::open(*disk_, clock_, entropy_, core_options_);
    trace(opened.ok() ? "started" : "does not start: " + opened.error().message);
    if (!opened.ok()) return opened.error();
    core_ = std::move(opened).value();
    return {};
  }

  // Opens under whatever goes on, and at last without.
  void open_or_calm() {
    ++report_.restarts;
    for (int attempt = 0; attempt < tries_under_trouble; ++attempt) {
      const auto opened = open();
      const bool crashed = trouble_.take_crash();
      if (opened.ok() && !crashed) return;
      if (!opened.ok() && opened.error().kind == ErrorKind::corrupt && !crashed && !trouble_.active())
        return fail("start: " + opened.error().message);
    }
    trouble_.calm();
    if (const auto opened = open(); !opened.ok()) fail("start without trouble: " + opened.error().message);
  }

  void restart() {
    // The judge keeps its memory where it likes, and may have lost what it learned lately.
    if (rng_.chance(0.3)) judge_.fall_back(kept_judge_);
    if (rng_.chance(0.3)) kept_judge_ = judge_;
    if (core_ && rng_.chance(0.5)) (void)core_->close();
    if (rng_.chance(0.3)) {
      evidence_.drop();
      core_.reset();
      disk_->crash();
    }
    (void)trouble_.take_crash();
    open_or_calm();
  }

  // Back to an engine that can commit.
  void recover() {
    const bool crashed = trouble_.take_crash();
    if (crashed || !core_ || core_->broken()) open_or_calm();
  }

  // What the threads of the real engine do between commits.
  void maintain() {
    if (!ok() || !core_ || core_->broken()) return recover();
    if (core_->full() || rng_.chance(0.02)) {
      if (core_->flush().ok() && core_->freeze()) (void)core_->flush();
    }
    if (rng_.chance(0.3)) (void)core_->compact({});
    if (rng_.chance(0.2)) evidence_.step(*core_);
    if (rng_.chance(0.005)) (void)core_->compact_all({});
    recover();
  }

  // --- the work ---
  engine::Command to_command(const Spoken& spoken) const {
    if (const auto* acts = std::get_if<std::vector<Said>>(&spoken)) {
      engagement::ActBatch batch;
      for (const Said& said : *acts) engine::add(batch, core_->secret(), said);
      return {std::move(batch)};
    }
    if (const auto* put = std::get_if<UserPut>(&spoken)) return {engine::PutUser{put->user, put->json}};
    if (const auto* put = std::get_if<SubjectPut>(&spoken)) return {engine::PutSubject{put->subject, {{}, put->json}}};
    if (const auto* late = std::get_if<Verdicts>(&spoken)) return {to_command(*late)};
    return {engine::EraseUser{std::get<Erase>(spoken).user}};
  }

  engine::JudgeActs to_command(const Verdicts& late) const {
    const auto id = [&](storage::NameKind kind, const std::string& name) {
      return core_->registry().find(storage::name_hash(core_->secret(), kind, name)).value;
    };
    engine::JudgeActs command;
    for (const auto& [act, verdict] : late.verdicts) {
      engagement::LateVerdict what;
      what.person = {id(storage::NameKind::person, act.actor)};
      what.target = act.type == engagement::ActType::follow ? id(storage::NameKind::creator, act.creator)
                                                            : id(storage::NameKind::subject, act.subject);
      what.type = act.type;
      what.at = {act.at_us};
      what.verdict = verdict;
      what.group = what.target % 3;
      command.verdicts.push_back(what);
    }
    return command;
  }

  std::vector<Result<engine::Answer>> commit(const std::vector<Spoken>& together) {
    std::vector<engine::Command> commands;
    for (const Spoken& spoken : together) commands.push_back(to_command(spoken));
    return core_->commit(commands);
  }

  // Sends until it is answered. Only a try that broke the engine, or the power, leaves it open whether it is in.
  void work(const std::vector<Spoken>& together) {
    bool open_question = false;
    for (int attempt = 0; ok(); ++attempt) {
      if (attempt == tries_under_trouble) trouble_.calm();
      recover();
      if (!ok()) return;
      const auto answers = commit(together);
      const bool nobody_to_erase = std::holds_alternative<Erase>(together.front()) && !answers.front().ok() &&
                                   answers.front().error().kind == ErrorKind::not_found && !trouble_.crashed();
      if (answers.front().ok() || nobody_to_erase) return settle(together, answers, open_question);
      ++report_.failures_met;
      trace("commit failed: " + answers.front().error().message + (core_->broken() ? " (broken)" : ""));
      if (answers.front().error().kind == ErrorKind::corrupt && !trouble_.active())
        return fail("commit: " + answers.front().error().message);
      if (attempt > tries_under_trouble) return fail("not taken without trouble: " + answers.front().error().message);
      // What a failed sync leaves behind is known only after a restart, whether it broke the engine or a file.
      open_question = open_question || core_->broken();
      if (attempt == tries_under_trouble) open_or_calm();
    }
  }

  void settle(const std::vector<Spoken>& together, const std::vector<Result<engine::Answer>>& answers, bool was_open) {
    std::optional<bool> was_in;  // one answer for the whole group
    for (std::size_t i = 0; i < together.size(); ++i) {
      if (const auto* acts = std::get_if<std::vector<Said>>(&together[i])) {
        if (!answers[i].ok()) return fail("acts refused: " + answers[i].error().message);
        settle_acts(*acts, *answers[i], was_open, was_in);
      } else if (const auto* late = std::get_if<Verdicts>(&together[i])) {
        if (!answers[i].ok()) return fail("verdicts refused: " + answers[i].error().message);
        settle_verdicts(*late, *answers[i], was_open, was_in);
      } else if (const auto* user = std::get_if<UserPut>(&together[i])) {
        model_.put_user(user->user, user->json);
      } else if (const auto* subject = std::get_if<SubjectPut>(&together[i])) {
        model_.put_subject(subject->subject, subject->json);
      } else {
        trace("erased " + std::get<Erase>(together[i]).user);
        model_.erase(std::get<Erase>(together[i]).user);
      }
    }
  }

  void settle_acts(const std::vector<Said>& acts, const engine::Answer& answer, bool was_open,
                   std::optional<bool>& was_in) {
    const Taken taken{answer.accepted, answer.duplicates};
    const Taken fresh = model_.expected(acts);
    const Taken known{0, fresh.accepted + fresh.duplicates};
    report_.acts += taken.accepted;
    if (!answer.rejected.empty()) return fail("rejected: " + answer.rejected.front().error.message);
    if (fresh != known) {
      const bool in = taken == known;
      const bool sensible = taken == fresh || (was_open && in);
      if (!sensible || (was_in && *was_in != in))
        return fail(fmt::format("{} accepted and {} duplicates, and should be {} and {}{}", taken.accepted,
                                taken.duplicates, fresh.accepted, fresh.duplicates,
                                was_in ? ", as the rest of its group" : ""));
      was_in = in;
    } else if (taken != known) {
      return fail(fmt::format("{} of {} known acts were accepted again", taken.accepted, acts.size()));
    }
    model_.apply(acts);
  }

  void settle_verdicts(const Verdicts& late, const engine::Answer& answer, bool was_open, std::optional<bool>& was_in) {
    const std::uint32_t fresh = model_.expected(late);
    if (answer.verdicts_applied + answer.verdicts_void != late.verdicts.size()) return fail("verdicts were lost");
    if (fresh != 0) {
      const bool in = answer.verdicts_applied == 0;
      const bool sensible = answer.verdicts_applied == fresh || (was_open && in);
      if (!sensible || (was_in && *was_in != in))
        return fail(fmt::format("{} verdicts applied, and should be {}", answer.verdicts_applied, fresh));
      was_in = in;
    } else if (answer.verdicts_applied != 0) {
      return fail(fmt::format("{} verdicts applied, and all of them were void", answer.verdicts_applied));
    }
    model_.apply(late);
  }

  void compare() {
    if (!ok() || !core_ || core_->broken() || trouble_.active()) return;
    if (std::string difference = model_.difference(*core_); !difference.empty()) fail(std::move(difference));
  }

  void finish() {
    if (!ok()) return;
    trouble_.calm();
    recover();
    if (!ok()) return;
    compare();
    check();
    if (const auto closed = core_->close(); !closed.ok()) return fail("close: " + closed.error().message);
    open_or_calm();
    if (!ok()) return;
    compare();
    check();
    if (std::string wrong = evidence_.finish(*core_); !wrong.empty()) fail(std::move(wrong));
  }

  void check() {
    if (!ok()) return;
    evidence_.drop();
    const auto findings = engine::check(*core_, [](double) {});
    if (!findings.ok()) return fail("check: " + findings.error().message);
    if (!findings->empty()) fail("check: " + findings->front().what);
  }

  const RoundOptions& options_;
  Rng rng_;
  std::unique_ptr<storage::SimDisk> disk_;
  engine::FakeClock clock_;
  SeededEntropy entropy_;
  engine::CoreOptions core_options_;
  Workload workload_;
  Trouble trouble_;
  Model model_;
  engine::FakeJudge judge_, kept_judge_;
  std::unique_ptr<engine::Core> core_;
  EvidenceWatch evidence_;  // goes before the core
  RoundReport report_;
};

}  // namespace

RoundReport run_round(const RoundOptions& options) {
  return Round(options).run();
}

}  // namespace zan::sim
