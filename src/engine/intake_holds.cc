#include "engine/intake_holds.h"

#include <algorithm>

namespace zan::engine {

using engagement::ActType;
using engagement::LateVerdict;
using engagement::Verdict;
using integrity::IntakeReason;
using integrity::Standing;

IntakeHolds::Key IntakeHolds::key_of(PersonId actor, std::uint32_t target, ActType type, Timestamp at) {
  const std::uint64_t pair = std::uint64_t{actor.value} << 32 | target;
  return mix64(mix64(pair) ^ mix64(static_cast<std::uint64_t>(at.us) << 4 | static_cast<std::uint64_t>(type)));
}

IntakeHolds::Key IntakeHolds::key_of(const LateVerdict& what) {
  return key_of(what.person, what.target, what.type, what.at);
}

void IntakeHolds::observe(const engagement::RecordedAct& act, Timestamp committed) {
  now_us_ = std::max(now_us_, std::min(act.at.us, committed.us));
  if (act.effect != engagement::Effect::changed || act.incentivised || !act.judgement.judged) return;
  if (!engagement::may_be_judged_late(act.type)) return;
  const auto delayed = integrity::delayed_of(act.judgement);
  if (!delayed && act.judgement.verdict == Verdict::genuine) return;
  LateVerdict what;
  what.person = act.actor;
  what.target = act.type == ActType::follow ? act.creator.value : act.subject.value;
  what.type = act.type;
  what.at = act.at;
  what.verdict = act.judgement.verdict;
  const Key key = key_of(what);
  if (!entries_.try_emplace(key, Entry{what}).second) return;
  if (!delayed) return wait_for(key, what.verdict);
  integrity::add_delayed_reasons(what, act.judgement);
  if (delayed_.size() == options_.entries_max) state(delayed_.begin(), early_);
  delayed_.emplace(now_us_ + delayed->after_us, Later{delayed->verdict, what});
}

void IntakeHolds::wait_for(Key key, Verdict verdict) {
  if (verdict == Verdict::held) held_.emplace_back(now_us_ + options_.wait_us, key);
  if (verdict == Verdict::rejected) rejected_.push_back(key);
  while (held_.size() + rejected_.size() > options_.entries_max) make_room();
}

void IntakeHolds::make_room() {
  if (rejected_.size() > held_.size()) {
    entries_.erase(rejected_.front());
    rejected_.pop_front();
  } else {
    release(held_.front().second, early_);
    held_.pop_front();
  }
}

// What groups said meanwhile is not undone by what the intake thought first.
void IntakeHolds::state(Delayed::iterator which, std::vector<LateVerdict>& out) {
  const Later later = which->second;
  delayed_.erase(which);
  const Key key = key_of(later.what);
  Entry& entry = entries_.at(key);
  const Verdict before = verdict_of(entry);
  entry.what.verdict = later.verdict;
  if (const Verdict now = verdict_of(entry); now != before) out.emplace_back(later.what).verdict = now;
  wait_for(key, later.verdict);
}

Verdict IntakeHolds::verdict_of(const Entry& entry) {
  const Verdict intake = entry.what.verdict;
  if (!entry.in_group && !entry.by_people) return intake;
  if (entry.standing == Standing::confirmed) return Verdict::rejected;
  if (entry.standing == Standing::suspected) return std::max(Verdict::held, intake);
  return entry.by_people ? Verdict::genuine : intake;
}

Verdict IntakeHolds::over(PersonId actor, SubjectId subject, Timestamp at, Standing standing, bool by_people) {
  const auto found = entries_.find(key_of(actor, subject.value, ActType::like, at));
  Entry unknown;
  Entry& entry = found == entries_.end() ? unknown : found->second;
  entry.standing = standing;
  entry.in_group = true;
  entry.by_people = by_people;
  return verdict_of(entry);
}

// The intake has nothing more to say of it; where it was the only one, it counts.
void IntakeHolds::release(Key key, std::vector<LateVerdict>& out) {
  const auto found = entries_.find(key);
  if (found == entries_.end()) return;
  const bool was_held = verdict_of(found->second) == Verdict::held;
  found->second.what.verdict = Verdict::genuine;
  if (was_held && verdict_of(found->second) == Verdict::genuine) {
    LateVerdict& verdict = out.emplace_back(found->second.what);
    verdict.reason_count = 1;
    verdict.reasons = {};
    verdict.reasons[0] = {static_cast<std::uint8_t>(IntakeReason::waited),
                          static_cast<std::uint32_t>(options_.wait_us / us_per_second)};
  }
  entries_.erase(found);
}

void IntakeHolds::due(std::vector<LateVerdict>& out) {
  while (!delayed_.empty() && delayed_.begin()->first <= now_us_) state(delayed_.begin(), out);
  while (!held_.empty() && held_.front().first <= now_us_) {
    release(held_.front().second, out);
    held_.pop_front();
  }
  out.insert(out.end(), early_.begin(), early_.end());
  early_.clear();
}

}  // namespace zan::engine
