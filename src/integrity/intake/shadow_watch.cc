#include "integrity/intake/shadow_watch.h"

namespace zan::integrity {
namespace {

using engagement::RecordedAct;
using engagement::Verdict;

std::uint64_t print_of(std::uint32_t person, std::uint32_t target, engagement::ActType type, Timestamp at) {
  const std::uint64_t pair = std::uint64_t{person} << 32 | target;
  return mix64(mix64(pair) ^ mix64(static_cast<std::uint64_t>(at.us)) ^ static_cast<std::uint64_t>(type));
}

rules::Action action_of(Verdict verdict) {
  if (verdict == Verdict::rejected) return rules::Action::reject;
  return verdict == Verdict::held ? rules::Action::hold : rules::Action::none;
}

}  // namespace

Verdict decided_then(const engagement::Judgement& judgement) {
  const auto delayed = delayed_of(judgement);
  return delayed ? delayed->verdict : judgement.verdict;
}

std::uint64_t act_print(const RecordedAct& act) {
  const bool of_creator = act.type == engagement::ActType::follow;
  return print_of(act.actor.value, of_creator ? act.creator.value : act.subject.value, act.type, act.at);
}

std::uint64_t act_print(const engagement::LateVerdict& verdict) {
  return print_of(verdict.person.value, verdict.target, verdict.type, verdict.at);
}

ShadowWatch::ShadowWatch(std::shared_ptr<const rules::Ruleset> ruleset, std::size_t acts_max)
    : ruleset_(std::move(ruleset)), acts_max_(acts_max), tally_(ruleset_->program.rules().size()) {}

const ShadowWatch::Matched& ShadowWatch::intern(const rules::Verdict& shadow) {
  Matched matched{shadow.action == rules::Action::hold || shadow.action == rules::Action::reject, {}};
  for (std::size_t i = 0; shadow.matched_count != 0 && i < tally_.rules.size(); ++i)
    if (shadow.has(i)) matched.rules.push_back(static_cast<std::uint16_t>(i));
  const auto [kind, is_new] = kinds_.try_emplace(std::move(matched), 0);
  ++kind->second;
  return kind->first;
}

void ShadowWatch::label(const Matched& matched, Verdict stands, std::int64_t by) {
  if (stands == Verdict::held) return;
  const bool fake = stands == Verdict::rejected;
  const auto add = [by](std::uint64_t& count) { count += static_cast<std::uint64_t>(by); };
  add(fake ? tally_.fake : tally_.genuine);
  if (matched.flags) add(fake ? tally_.decision.matched_fake : tally_.decision.matched_genuine);
  for (const std::uint16_t rule : matched.rules)
    add(fake ? tally_.rules[rule].matched_fake : tally_.rules[rule].matched_genuine);
}

void ShadowWatch::release(const Matched& matched) {
  const auto kind = kinds_.find(matched);
  if (--kind->second == 0) kinds_.erase(kind);
}

void ShadowWatch::judged(const RecordedAct& act, const rules::Verdict& shadow) {
  tally_.count(shadow, action_of(decided_then(act.judgement)));
  const Matched& matched = intern(shadow);
  const std::uint64_t print = act_print(act);
  label(matched, act.judgement.verdict, 1);
  const auto [place, is_new] = acts_.try_emplace(print, Remembered{&matched, act.judgement.verdict});
  if (is_new) {
    order_.push_back(print);
  } else {
    release(*place->second.matched);
    place->second = {&matched, act.judgement.verdict};
  }
  if (order_.size() <= acts_max_) return;
  const auto oldest = acts_.find(order_.front());
  order_.pop_front();
  release(*oldest->second.matched);
  acts_.erase(oldest);
  ++forgotten_;
}

void ShadowWatch::corrected(const engagement::VerdictRecord& verdict) {
  const auto act = acts_.find(act_print(verdict.what));
  if (act == acts_.end()) return;
  label(*act->second.matched, act->second.stands, -1);
  act->second.stands = verdict.what.verdict;
  label(*act->second.matched, act->second.stands, 1);
}

}  // namespace zan::integrity
