#include "sim/integrity_round.h"

#include <fmt/format.h>

#include <deque>
#include <map>
#include <memory>

#include "engine/core.h"
#include "engine/integrity_view.h"
#include "sim/trouble.h"
#include "sim/workload.h"

namespace zan::sim {
namespace {

using engagement::Verdict;
using engine::Said;
using integrity::Decision;
using integrity::NoteKind;

constexpr int tries_under_trouble = 3, rest_steps_max = 1000;
constexpr int town_likes = 15'000, batch_likes = 1'000;
constexpr int crowd = 30, works = 10, attacks = 3;
constexpr std::int64_t minute_us = 60 * us_per_second;

Said like(std::string user, std::string subject, std::int64_t at_us, std::uint64_t device) {
  Said said{engagement::ActType::like, std::move(user), std::move(subject)};
  said.at_us = at_us;
  said.device = device;
  said.id = said.actor + "/" + said.subject;
  return said;
}

class IntegrityRound {
 public:
  explicit IntegrityRound(const RoundOptions& options)
      : options_(options),
        rng_(options.seed),
        disk_(storage::SimDisk::make(options.seed)),
        entropy_(options.seed),
        trouble_(options.trouble, rng_.next(), *disk_, clock_) {
    core_options_.memtable_acts_max = rng_.chance(0.5) ? 5'000 : 400;
    core_options_.fan_in = 2 + static_cast<unsigned>(rng_.below(3));
    core_options_.journal = {1ULL << (16 + rng_.below(4)), 1ULL << 14};
    integrity_options_.lockstep.log_pair_slots = 16;
    integrity_options_.lockstep.log_token_slots = 14;
    clock_.now_us = base_us;
    plan();
  }

  RoundReport run() {
    open_or_calm();
    while (ok() && calm_batches_ > 0) tell_next();
    for (int step = 0; ok() && (step < options_.steps || !batches_.empty()); ++step) {
      trouble_.stir();
      work();
      maintain();
      if (rng_.chance(0.03)) restart();
    }
    finish();
    return std::move(report_);
  }

 private:
  [[nodiscard]] bool ok() const { return report_.failure.empty(); }
  void fail(std::string what) {
    if (ok()) report_.failure = std::move(what);
  }
  void trace(const std::string& what) const {
    if (options_.trace) options_.trace(what);
  }

  // The town's likes first, mostly; then attacks in pieces among more of them.
  void plan() {
    std::vector<Said> all;
    const std::int64_t from_us = base_us - 60 * us_per_day;  // far enough back for a clock that jumps
    for (int i = 0; i < town_likes; ++i) {
      const auto person = static_cast<std::uint64_t>(4000.0 * rng_.unit() * rng_.unit());
      const auto work = static_cast<std::uint64_t>(2500.0 * rng_.unit() * rng_.unit());
      all.push_back(
          like("p" + std::to_string(person), "w" + std::to_string(work), from_us + i * 4 * us_per_second, person + 1));
      if (all.size() == batch_likes) batches_.push_back(std::move(all)), all.clear();
    }
    calm_batches_ = batches_.size();
    for (int attack = 0; attack < attacks; ++attack)
      for (int work = 0; work < works; ++work) {
        for (int bot = 0; bot < crowd; ++bot)
          all.push_back(like(fmt::format("bot{}-{}", attack, bot), fmt::format("w{}", 1200 + 3 * attack + 9 * work),
                             from_us + us_per_day + (attack * works + work) * 9 * minute_us + bot * us_per_second,
                             100'000 + static_cast<std::uint64_t>(attack * 1000 + bot / 3)));
        const std::size_t cut = rng_.chance(0.5) ? all.size() / 2 : all.size();
        batches_.emplace_back(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(cut));
        all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(cut));
      }
    if (!all.empty()) batches_.push_back(std::move(all));
  }

  // --- the engine ---
  Result<void> open() {
    view_.reset();
    core_.reset();
    auto opened = engine::Core::open(*disk_, clock_, entropy_, core_options_);
    trace(opened.ok() ? "started" : "does not start: " + opened.error().message);
    if (!opened.ok()) return opened.error();
    core_ = std::move(opened).value();
    ZAN_ASSIGN(view_, open_view());
    return {};
  }

  Result<std::unique_ptr<engine::IntegrityView>> open_view() {
    return engine::IntegrityView::open(*core_, integrity_options_, [this](engine::JudgeActs verdicts) {
      const engine::Command command{std::move(verdicts)};
      return core_->commit({&command, 1}).front();
    });
  }

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
    if (core_ && rng_.chance(0.5)) (void)core_->close();
    // The hint may be lost or damaged: it is no more than that.
    if (rng_.chance(0.3)) (void)disk_->remove(engine::integrity_position_path);
    if (rng_.chance(0.2))
      (void)storage::replace_file(*disk_, engine::integrity_position_path, as_bytes("4 nonsense\n"));
    view_.reset();
    core_.reset();
    if (rng_.chance(0.5)) disk_->crash();
    (void)trouble_.take_crash();
    open_or_calm();
  }

  void recover() {
    const bool crashed = trouble_.take_crash();
    if (crashed || !core_ || !view_ || core_->broken()) open_or_calm();
  }

  void maintain() {
    if (!ok() || !core_ || core_->broken()) return recover();
    if (core_->full() || rng_.chance(0.05)) {
      if (core_->flush().ok() && core_->freeze()) (void)core_->flush();
    }
    if (rng_.chance(0.3)) (void)core_->compact({});
    recover();
  }

  // --- the work ---
  void work() {
    if (!batches_.empty() && rng_.chance(0.4)) tell_next();
    recover();
    if (!ok()) return;
    if (rng_.chance(0.7)) (void)view_->step();
    recover();
    if (ok() && rng_.chance(0.3)) say_something();
    recover();
  }

  // Sent until it is answered; each like has an id and counts once.
  void tell_next() {
    for (int attempt = 0; ok(); ++attempt) {
      if (attempt == tries_under_trouble) trouble_.calm();
      recover();
      if (!ok()) return;
      engagement::ActBatch batch;
      for (const Said& said : batches_.front()) engine::add(batch, core_->secret(), said);
      const engine::Command command{std::move(batch)};
      const auto answer = core_->commit({&command, 1}).front();
      if (answer.ok()) {
        report_.acts += answer->accepted;
        break;
      }
      ++report_.failures_met;
      trace("commit failed: " + answer.error().message);
      if (attempt > tries_under_trouble) return fail("not taken without trouble: " + answer.error().message);
      if (attempt == tries_under_trouble) open_or_calm();
    }
    batches_.pop_front();
    calm_batches_ -= calm_batches_ > 0 ? 1 : 0;
  }

  // About some case, if there is one: it may be lost in the trouble, or be in although nobody was told.
  void say_something() {
    if (rng_.chance(0.1)) {
      const engine::Command erase{engine::EraseUser{fmt::format("bot{}-{}", rng_.below(attacks), rng_.below(crowd))}};
      (void)core_->commit({&erase, 1});
      return;
    }
    const auto page = view_->cases({}, engine::cases_page_max, 0);
    if (!page.ok() || page->cases.empty()) return;
    engine::CaseStatement statement;
    statement.case_id = page->cases[rng_.below(page->cases.size())].id;
    const auto detail = view_->one(statement.case_id);
    if (!detail.ok() || detail->members.empty()) return;
    switch (rng_.below(5)) {
      case 0:
        statement.decision = Decision::confirm;
        break;
      case 1:
        statement.decision = Decision::overturn;
        break;
      case 2:
        statement.decision = Decision::overturn;
        statement.users = {detail->members[rng_.below(detail->members.size())]};
        break;
      case 3:
        statement.kind = NoteKind::appeal;
        statement.ground = integrity::Ground::other;
        break;
      default:
        statement.kind = NoteKind::assignment;
        statement.assignee = rng_.chance(0.5) ? "ann" : "li";
    }
    auto record = view_->note_of(statement);
    if (!record.ok()) return;
    const engine::Command command{engine::NoteCase{std::move(record).value()}};
    if (!core_->commit({&command, 1}).front().ok()) ++report_.failures_met;
  }

  // --- the end ---
  void finish() {
    if (!ok()) return;
    trouble_.calm();
    recover();
    if (!ok() || !come_to_rest()) return;
    compare_with_twin();
    if (ok()) check();
    restart();
    if (!ok() || !come_to_rest()) return;
    compare_with_twin();
  }

  bool come_to_rest() {
    for (int i = 0; i < rest_steps_max; ++i) {
      const auto more = view_->step();
      if (!more.ok()) return fail("a step without trouble: " + more.error().message), false;
      if (!*more && view_->status().position == core_->journal().last()) return true;
    }
    return fail("the view never comes to rest"), false;
  }

  // Detectors that know only the journal: what they would command is what stands.
  void compare_with_twin() {
    std::map<std::pair<std::uint32_t, std::uint32_t>, Verdict> wanted;
    std::vector<engagement::LateVerdict> verdicts;
    if (const auto removed = disk_->remove(engine::integrity_position_path); !removed.ok()) return;
    const Position end = core_->journal().last();
    auto twin = engine::IntegrityView::open(*core_, integrity_options_, [&](engine::JudgeActs some) {
      for (const auto& verdict : some.verdicts) wanted[{verdict.person.value, verdict.target}] = verdict.verdict;
      const engine::Command command{some};
      auto answer = core_->commit({&command, 1}).front();
      if (answer.ok() && answer->verdicts_applied != 0)
        fail(fmt::format("{} late verdicts were missing", answer->verdicts_applied));
      return answer;
    });
    if (!twin.ok()) return fail("twin: " + twin.error().message);
    while (ok() && (*twin)->status().position != end)
      if (const auto more = (*twin)->step(); !more.ok()) return fail("twin: " + more.error().message);
    if (!ok()) return;
    std::uint64_t held = 0, rejected = 0, held_there = 0, rejected_there = 0;
    for (const auto& [like, verdict] : wanted) {
      if (core_->registry().erased(EntityId{like.first})) continue;
      held += verdict == Verdict::held ? 1 : 0;
      rejected += verdict == Verdict::rejected ? 1 : 0;
    }
    for (const std::uint32_t subject : core_->store().totals_unlocked().subjects()) {
      const engagement::Tally tally = core_->store().totals_unlocked().get(subject);
      held_there += tally.held;
      rejected_there += tally.rejected;
    }
    if (held != held_there || rejected != rejected_there)
      fail(fmt::format("{} likes are held and {} rejected, and should be {} and {}", held_there, rejected_there, held,
                       rejected));
    compare_cases(**twin);
  }

  void compare_cases(const engine::IntegrityView& twin) {
    const engine::IntegrityStatus ours = view_->status(), theirs = twin.status();
    if (ours.cases != theirs.cases || ours.confirmed != theirs.confirmed || ours.suspected != theirs.suspected ||
        ours.appeals != theirs.appeals || ours.overturned != theirs.overturned || ours.waiting != theirs.waiting)
      fail(fmt::format("{} cases, {} confirmed, {} waiting; the twin has {}, {} and {}", ours.cases, ours.confirmed,
                       ours.waiting, theirs.cases, theirs.confirmed, theirs.waiting));
    report_.cases = theirs.cases;
  }

  void check() {
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
  engine::IntegrityOptions integrity_options_{.on = true};
  Trouble trouble_;
  std::deque<std::vector<Said>> batches_;
  std::size_t calm_batches_ = 0;
  std::unique_ptr<engine::Core> core_;
  std::unique_ptr<engine::IntegrityView> view_;  // goes before the core
  RoundReport report_;
};

}  // namespace

RoundReport run_integrity_round(const RoundOptions& options) {
  return IntegrityRound(options).run();
}

}  // namespace zan::sim
