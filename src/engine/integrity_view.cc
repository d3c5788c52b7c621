#include "engine/integrity_view.h"

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace zan::engine {
namespace {

using integrity::Change;
using integrity::Group;
using integrity::Standing;

constexpr std::int64_t period_us = 250'000;
constexpr std::int64_t expire_every_us = 60 * us_per_second;
constexpr std::size_t records_a_step = 100'000;
constexpr std::uint8_t reason_lockstep = 1;  // numbers of reasons in the journal: only append
constexpr std::uint8_t reason_accounts = 2, reason_subjects = 3, reason_chance = 4;

}  // namespace

Result<std::unique_ptr<IntegrityView>> IntegrityView::open(Core& core, const IntegrityOptions& options,
                                                           Command command) {
  ZAN_TRY(core.disk().make_folder(integrity_folder));
  ZAN_TRY(core.disk().sync_folder(""));
  std::unique_ptr<IntegrityView> view(new IntegrityView(core, options, std::move(command)));
  const std::string_view own_rules = options.intake.rules;
  ZAN_ASSIGN(view->own_rules_,
             integrity::load_intake_rules(own_rules.empty() ? integrity::default_rules : own_rules));
  view->rules_ = view->own_rules_;
  view->quiet_ = core.journal().last();
  const auto position = read_integrity_position(core.disk(), view->quiet_);
  if (position.ok() && *position) view->commanded_ = **position;
  if (position.ok()) return view;
  if (position.error().kind != ErrorKind::corrupt) return position.error();
  log::warn("how far late verdicts had got is not known; it is found out from the journal",
            {{"reason", position.error().message}});
  return view;
}

void IntegrityView::start() {
  const auto tell = [this](const std::string& trouble) {
    const std::lock_guard lock(mutex_);
    status_.trouble = trouble;
  };
  follower_.start([this] { return step(); }, tell, "likes are no longer judged", period_us);
}

void IntegrityView::stop() {
  follower_.stop();
}

Result<bool> IntegrityView::step() {
  if (!pending_.empty() && seen_ >= quiet_) ZAN_TRY(command_all());
  ZAN_ASSIGN(const bool more, tail_.read(core_.journal(), seen_, records_a_step,
                                         [this](const storage::Group& group) { return read_group(group); }));
  if (seen_ >= quiet_) ZAN_TRY(command_all());
  publish();
  return more;
}

Result<void> IntegrityView::read_group(const storage::Group& group) {
  ByteSpan record;
  Position position = group.first;
  storage::RecordReader records(group.payload);
  for (; records.next(record); ++position.value) {
    if (record.empty()) continue;
    if (record.front() == static_cast<std::byte>(engagement::RecordTag::act)) {
      ZAN_ASSIGN(const engagement::RecordedAct act, engagement::read_act(record, group.at));
      observe(act, group.at);
    } else if (record.front() == integrity::case_note_tag) {
      ZAN_TRY(take_note(record, position, group.at));
    } else if (record.front() == static_cast<std::byte>(engagement::RecordTag::verdict)) {
      ZAN_TRY(take_verdict(record, group.at));
    } else if (changes_rules(record)) {
      ZAN_TRY(take_rules(record, group.at));
    }
  }
  if (!records.ok()) return corrupt("a journal group is malformed");
  seen_ = last_of(group);
  collect();
  if (std::exchange(look_at_all_, false)) {
    const std::vector<std::uint32_t> changed = book_.changed();
    touched_now_.insert(touched_now_.end(), changed.begin(), changed.end());
  }
  book_.look(touched_now_, seen_, group.at);
  touched_.insert(touched_.end(), touched_now_.begin(), touched_now_.end());
  touched_now_.clear();
  return {};
}

// Organic likes that changed something. What is paid for is disclosed, and has its own rules.
void IntegrityView::observe(const engagement::RecordedAct& act, Timestamp committed) {
  holds_.observe(act, committed);
  if (act.type == engagement::ActType::like && act.judgement.verdict != engagement::Verdict::genuine) {
    const std::lock_guard lock(mutex_);
    rule_verdicts_.add(act.subject.value, act.judgement.verdict, act.at,
                       {act.judgement.reasons.data(), act.judgement.reason_count}, rules_);
  }
  if (act.type != engagement::ActType::like || act.incentivised || act.effect != engagement::Effect::changed) return;
  // Beyond that the detectors have no state; such likes simply count.
  if (act.actor.value > integrity::Lockstep::id_max || act.subject.value > integrity::Lockstep::id_max) return;
  integrity::ActView view;
  view.actor = act.actor.value;
  view.subject = act.subject.value;
  view.creator = act.creator.value;
  view.device = act.device;
  view.network = act.network;
  view.at_us = act.at.us;
  view.watch_ms = act.watch_ms;
  view.duration_ms = act.duration_ms;
  const integrity::Lockstep::Outcome outcome = lockstep_.observe(view);
  const engagement::Verdict said =
      outcome.group == 0 ? act.judgement.verdict
                         : verdict_of(view.actor, view.subject, view.at_us, outcome.group, outcome.standing);
  if (outcome.group != 0 && (outcome.standing != Standing::cleared || said != act.judgement.verdict)) {
    engagement::LateVerdict& verdict = pending_[{std::uint64_t{view.actor} << 32 | view.subject, view.at_us}];
    verdict = {act.actor, view.subject, act.type, act.at, said, outcome.group, 0, {}};
    touched_now_.push_back(outcome.group);
  }
  stream_us_ = std::max(stream_us_, view.at_us);
  if (stream_us_ - expired_us_ < expire_every_us) return;
  expired_us_ = stream_us_;
  lockstep_.expire(stream_us_);
  look_at_all_ = true;
}

// Who says that a part is genuine says of the rest that it is not.
Result<void> IntegrityView::take_note(ByteSpan record, Position position, Timestamp at) {
  ZAN_ASSIGN(const integrity::CaseNote note, integrity::read_note(record));
  const std::uint32_t group = book_.take(note, position, at);
  // Detectors that changed since may not see this group any more: what was decided stands in the counts all the same.
  if (group == 0) return {};
  touched_now_.push_back(group);
  if (note.kind != integrity::NoteKind::decision) return {};
  const bool in_part = !note.actors.empty() || !note.subjects.empty();
  if (!in_part) {
    lockstep_.rule(group, note.decision == integrity::Decision::confirm ? Standing::confirmed : Standing::cleared, {},
                   {});
    return {};
  }
  lockstep_.rule(group, Standing::cleared, note.actors, note.subjects);
  if (lockstep_.group(group).standing == Standing::suspected) lockstep_.rule(group, Standing::confirmed, {}, {});
  return {};
}

Result<void> IntegrityView::take_verdict(ByteSpan record, Timestamp at) {
  ZAN_ASSIGN(const engagement::VerdictRecord verdict, engagement::read_verdict(record, at));
  const engagement::LateVerdict& what = verdict.what;
  if (what.type != engagement::ActType::like) return {};
  book_.count_verdict(what.verdict, at);
  const std::lock_guard lock(mutex_);
  rule_verdicts_.add(what.target, what.verdict, what.at, {what.reasons.data(), what.reason_count}, rules_);
  return {};
}

// What rules said is told in the words that they had then.
Result<void> IntegrityView::take_rules(ByteSpan record, Timestamp at) {
  ZAN_ASSIGN(const integrity::RuleChange change, integrity::read_rule_change(record));
  ZAN_TRY(integrity::take_over(rule_book_, change, at.us));
  rules_ = own_rules_;
  if (!rule_book_.active()) return {};
  const auto loaded = integrity::load_intake_rules(integrity::rules_in_service(rule_book_));
  rules_ = loaded.ok() ? *loaded : nullptr;
  return {};
}

// What the detectors changed since the last group. The last word on a like is the one that is commanded.
void IntegrityView::collect() {
  for (const Change& change : lockstep_.changes()) {
    engagement::LateVerdict& verdict = pending_[{std::uint64_t{change.actor} << 32 | change.subject, change.at_us}];
    verdict = {PersonId{change.actor},
               change.subject,
               engagement::ActType::like,
               Timestamp{change.at_us},
               verdict_of(change.actor, change.subject, change.at_us, change.group, change.standing),
               change.group,
               0,
               {}};
    if (change.group != 0) touched_now_.push_back(change.group);
  }
  lockstep_.clear_changes();
  collect_due();
  if (seen_ <= commanded_) pending_.clear();
}

// Only people take a like out of all groups.
engagement::Verdict IntegrityView::verdict_of(std::uint32_t actor, std::uint32_t subject, std::int64_t at_us,
                                              std::uint32_t group, Standing standing) {
  const bool by_people = group == 0 || lockstep_.group(group).ruled;
  return holds_.over(PersonId{actor}, SubjectId{subject}, Timestamp{at_us}, standing, by_people);
}

// Of the intake: what has waited long enough, and what was to be stated later. It knows what groups said before.
void IntegrityView::collect_due() {
  std::vector<engagement::LateVerdict> due;
  holds_.due(due);
  for (const engagement::LateVerdict& verdict : due) {
    const std::uint64_t pair = std::uint64_t{verdict.person.value} << 32 | verdict.target;
    pending_[{pair, verdict.at.us}] = verdict;
  }
}

Result<void> IntegrityView::command_all() {
  JudgeActs some;
  std::uint64_t held = 0, rejected = 0;
  while (!pending_.empty()) {
    some.verdicts.clear();
    auto last = pending_.begin();
    for (; last != pending_.end() && some.verdicts.size() < engagement::late_verdicts_max; ++last) {
      engagement::LateVerdict verdict = last->second;
      if (verdict.group != 0) {
        const Group& group = lockstep_.group(static_cast<std::uint32_t>(verdict.group));
        verdict.reason_count = 4;
        verdict.reasons[0] = {reason_lockstep, 0};
        verdict.reasons[1] = {reason_accounts, static_cast<std::uint32_t>(group.members.size())};
        verdict.reasons[2] = {reason_subjects, static_cast<std::uint32_t>(group.targets.size())};
        verdict.reasons[3] = {reason_chance, static_cast<std::uint32_t>(-group.chance_log10)};
        verdict.group = book_.id_of(group.id);
      }
      held += verdict.verdict == engagement::Verdict::held ? 1 : 0;
      rejected += verdict.verdict == engagement::Verdict::rejected ? 1 : 0;
      some.verdicts.push_back(verdict);
    }
    ZAN_TRY(command_(some));
    pending_.erase(pending_.begin(), last);
  }
  if (seen_ > commanded_) {
    commanded_ = seen_;
    ZAN_TRY(write_integrity_position(core_.disk(), commanded_));
  }
  const std::lock_guard lock(mutex_);
  status_.likes_held += held;
  status_.likes_rejected += rejected;
  return {};
}

void IntegrityView::publish() {
  const std::vector<std::uint32_t> fresh_groups = book_.take_new();
  touched_.insert(touched_.end(), fresh_groups.begin(), fresh_groups.end());
  std::sort(touched_.begin(), touched_.end());
  touched_.erase(std::unique(touched_.begin(), touched_.end()), touched_.end());
  std::vector<CaseFactsPtr> fresh;
  for (const std::uint32_t group : touched_)
    if (book_.id_of(group) != 0) fresh.push_back(book_.snapshot(group));
  touched_.clear();
  std::vector<StaffAct> acts = book_.take_staff_acts();
  std::vector<IntegrityDay> days = book_.days();
  const std::lock_guard lock(mutex_);
  for (CaseFactsPtr& facts : fresh) publish_one(std::move(facts));
  staff_acts_.insert(staff_acts_.end(), std::make_move_iterator(acts.begin()), std::make_move_iterator(acts.end()));
  days_ = std::move(days);
  status_.position = seen_;
  status_.caught_up = status_.caught_up || seen_ >= core_.journal().synced();
  status_.state_bytes = lockstep_.bytes();
  status_.cases = cases_.size();
}

void IntegrityView::publish_one(CaseFactsPtr facts) {
  const auto add_to = [group = facts->group](GroupsOf& groups_of, const std::vector<std::uint32_t>& numbers,
                                             std::size_t from) {
    for (std::size_t i = from; i < numbers.size(); ++i) groups_of[numbers[i]].push_back(group);
  };
  CaseFactsPtr& place = cases_[facts->group];
  // Both lists only grow, at their end.
  add_to(groups_of_subject_, facts->subjects, place == nullptr ? 0 : place->subjects.size());
  add_to(groups_of_user_, facts->members, place == nullptr ? 0 : place->members.size());
  order_[facts->summary.id] = facts->group;
  if (place != nullptr) count(*place, false);
  place = std::move(facts);
  count(*place, true);
}

// Into the sums of all cases, or out of them.
void IntegrityView::count(const CaseFacts& facts, bool in) {
  const CaseSummary& summary = facts.summary;
  const auto add = [in](auto& sum, std::size_t by) { in ? sum += by : sum -= by; };
  add(summary.standing == Standing::suspected   ? status_.suspected
      : summary.standing == Standing::confirmed ? status_.confirmed
                                                : status_.cleared,
      1);
  add(status_.appeals, facts.appeals);
  add(status_.overturned, facts.overturned);
  add(status_.case_bytes, facts.bytes());
  if (!summary.waiting) return;
  add(status_.waiting, 1);
  add(status_.unassigned, summary.assignee.empty() ? 1 : 0);
  const QueuePlace place{summary.due, facts.group};
  if (in) {
    queue_.insert(place);
  } else {
    queue_.erase(place);
  }
}

}  // namespace zan::engine
