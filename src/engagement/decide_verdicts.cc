// Late verdicts: what the relation says now, and what it is held to be -> a record. Ten thousand likes that were found
// together come as one command, so they are looked up in windows as acts are.
#include "engagement/decide.h"
#include "engagement/limits.h"

namespace zan::engagement {
namespace {

Reaction reaction_of(ActType type) {
  return type == ActType::dislike ? Reaction::disliked : Reaction::liked;
}

Result<void> check_verdicts(std::span<const LateVerdict> verdicts) {
  if (verdicts.size() > late_verdicts_max)
    return invalid("at most " + std::to_string(late_verdicts_max) + " verdicts a command");
  for (const LateVerdict& verdict : verdicts)
    if (!may_be_judged_late(verdict.type) || static_cast<std::size_t>(verdict.verdict) >= verdict_count ||
        verdict.reason_count > reasons_max)
      return invalid("a verdict on an act that cannot be judged late, or one that cannot be");
  return {};
}

}  // namespace

Result<LateAnswer> Decider::add_verdicts(std::span<const LateVerdict> verdicts) {
  ZAN_TRY(check_verdicts(verdicts));
  LateAnswer answer;
  const Layers layers = store_.layers();
  for (std::size_t start = 0; start < verdicts.size(); start += window_acts) {
    look_up_verdicts(layers, verdicts.subspan(start, std::min(window_acts, verdicts.size() - start)));
    ZAN_TRY(layers.runs[set_reactions]->find_many(reaction_lookups_));
    ZAN_TRY(layers.runs[set_follows]->find_many(follow_lookups_));
    for (PendingVerdict& pending : verdict_window_) {
      if (pending.prior_lookup != no_entry) {
        const auto& lookups = pending.what->type == ActType::follow ? follow_lookups_ : reaction_lookups_;
        const storage::Lookup& lookup = lookups[pending.prior_lookup];
        if (lookup.found) pending.prior = PairState::from_columns(lookup.row.column[2], lookup.row.column[3]);
      }
      ++(settle_verdict(pending) ? answer.applied : answer.voided);
    }
  }
  return answer;
}

void Decider::look_up_verdicts(const Layers& layers, std::span<const LateVerdict> verdicts) {
  verdict_window_.clear();
  reaction_lookups_.clear();
  follow_lookups_.clear();
  const auto table_of = [](const LateVerdict& verdict) {
    return verdict.type == ActType::follow ? &Memtable::follows : &Memtable::reactions;
  };
  for (const LateVerdict& verdict : verdicts) {
    for (const Memtable* memory : {layers.active.get(), layers.frozen.get()})
      if (memory != nullptr) (memory->*table_of(verdict)).prefetch(verdict.person.value, verdict.target);
    verdict_window_.push_back({&verdict, {}, no_entry});
  }
  for (PendingVerdict& pending : verdict_window_) {
    const LateVerdict& what = *pending.what;
    find_prior(layers, table_of(what), what.person.value, what.target,
               what.type == ActType::follow ? follow_lookups_ : reaction_lookups_, pending.prior, pending.prior_lookup);
  }
}

// False: it is void.
bool Decider::settle_verdict(const PendingVerdict& pending) {
  VerdictRecord record{*pending.what};
  const LateVerdict& what = record.what;
  const bool follow = what.type == ActType::follow;
  Overlay<PairState>& overlay = follow ? follows_ : reactions_;
  const PairState* in_group = overlay.find(what.person.value, what.target);
  const PairState prior = in_group != nullptr ? *in_group : pending.prior;
  if (prior.reaction() != reaction_of(what.type) || prior.at() != what.at || prior.verdict() == what.verdict ||
      prior.revision() == revision_max)
    return false;
  record.before = prior.verdict();
  record.incentivised = prior.incentivised();
  record.revision = static_cast<std::uint8_t>(prior.revision() + 1);
  if (!follow) record.creator = creator_for({what.target}, {});
  overlay.put(what.person.value, what.target,
              PairState::of(prior.reaction(), record.incentivised, what.at, what.verdict, record.revision));
  group_.commit_record(write_verdict(group_.begin_record(record_head_bytes_max), record, group_at_));
  verdicts_.push_back(record);
  if (judge_ != nullptr) judge_->corrected(record);
  return true;
}

}  // namespace zan::engagement
