#include "engine/integrity_view.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>

#include "base/log.h"
#include "engine/threads.h"

namespace zan::engine {
namespace {

using integrity::Change;
using integrity::Group;
using integrity::GroupLike;
using integrity::Standing;

constexpr int nice_level = 10;
constexpr std::int64_t period_us = 250'000;
constexpr std::int64_t retry_us = us_per_second;
constexpr std::int64_t expire_every_us = 60 * us_per_second;
constexpr std::size_t records_a_step = 100'000;
constexpr std::uint8_t reason_lockstep = 1;  // numbers of reasons in the journal: only append
constexpr std::uint8_t reason_accounts = 2, reason_subjects = 3, reason_chance = 4;

// Of its first like: the same when the journal is read again.
std::uint64_t case_id(const GroupLike& anchor) {
  const std::uint64_t pair = std::uint64_t{anchor.actor} << 32 | anchor.subject;
  const std::uint64_t id = mix64(mix64(pair) ^ static_cast<std::uint64_t>(anchor.at_us));
  return id == 0 ? 1 : id;
}

}  // namespace

Result<std::unique_ptr<IntegrityView>> IntegrityView::open(Core& core, const IntegrityOptions& options,
                                                           Command command) {
  ZAN_TRY(core.disk().make_folder(integrity_folder));
  ZAN_TRY(core.disk().sync_folder(""));
  std::unique_ptr<IntegrityView> view(new IntegrityView(core, options, std::move(command)));
  ZAN_ASSIGN(const bool there, core.disk().exists(integrity_position_path));
  if (there) {
    ZAN_ASSIGN(const Bytes text, storage::read_file(core.disk(), integrity_position_path));
    const std::string_view digits = as_text(text);
    // Damaged or from another journal: from the beginning, which only costs verdicts that change nothing.
    std::uint64_t position = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), position);
    if (position <= core.journal().last().value) view->commanded_ = {position};
  }
  return view;
}

void IntegrityView::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void IntegrityView::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

void IntegrityView::run(const std::stop_token& stop) {
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), nice_level);
  while (!stop.stop_requested()) {
    const Result<bool> more = step();
    {
      const std::lock_guard lock(mutex_);
      status_.trouble = more.ok() ? std::string() : more.error().message;
    }
    if (!more.ok() && more.error().kind == ErrorKind::corrupt) {
      log::error("likes are no longer judged", {{"reason", more.error().message}});
      return;
    }
    if (!more.ok()) {
      Bell().wait_for(stop, retry_us);
    } else if (!*more) {
      Bell().wait_for(stop, period_us);
    }
  }
}

Result<bool> IntegrityView::step() {
  if (!pending_.empty()) ZAN_TRY(command_all());
  if (reader_ == nullptr) {
    ZAN_ASSIGN(reader_, core_.journal().read(seen_));
  }
  bool more = false;
  storage::Group group;
  for (std::size_t records = 0; records < records_a_step;) {
    ZAN_ASSIGN(more, reader_->next(group));
    if (!more) break;
    ZAN_TRY(read_group(group));
    records += group.count;
  }
  ZAN_TRY(command_all());
  publish();
  return more;
}

Result<void> IntegrityView::read_group(const storage::Group& group) {
  ByteSpan record;
  storage::RecordReader records(group.payload);
  while (records.next(record)) {
    if (record.empty()) continue;
    if (record.front() == static_cast<std::byte>(engagement::RecordTag::act)) {
      ZAN_ASSIGN(const engagement::RecordedAct act, engagement::read_act(record, group.at));
      observe(act, group.at);
    } else if (record.front() == integrity::case_note_tag) {
      ZAN_TRY(take_note(record, group.at));
    }
  }
  if (!records.ok()) return corrupt("a journal group is malformed");
  seen_ = {group.first.value + group.count - 1};
  collect();
  return {};
}

// Organic likes that changed something. What is paid for is disclosed, and has its own rules.
void IntegrityView::observe(const engagement::RecordedAct& act, Timestamp committed) {
  holds_.observe(act, committed);
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
    touched_.push_back(outcome.group);
  }
  stream_us_ = std::max(stream_us_, view.at_us);
  if (stream_us_ - expired_us_ < expire_every_us) return;
  expired_us_ = stream_us_;
  lockstep_.expire(stream_us_);
}

Result<void> IntegrityView::take_note(ByteSpan record, Timestamp at) {
  ZAN_ASSIGN(const integrity::CaseNote note, integrity::read_note(record));
  const std::uint32_t group = lockstep_.group_of(note.anchor_actor, note.anchor_subject);
  // Detectors that changed since may not see this group any more: what was decided stands in the counts all the same.
  if (group == 0) return {};
  CaseNoteLine line;
  line.at = at;
  line.kind = note.kind;
  line.decision = note.decision;
  line.ground = note.ground;
  line.by = note.by;
  line.note = note.note;
  line.actors = note.actors.size();
  line.subjects = note.subjects.size();
  notes_[group].push_back(std::move(line));
  touched_.push_back(group);
  if (note.decision != integrity::Decision::none)
    lockstep_.rule(group, note.decision == integrity::Decision::confirm ? Standing::confirmed : Standing::cleared,
                   note.actors, note.subjects);
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
    if (change.group != 0) touched_.push_back(change.group);
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
        verdict.group = case_id(group.first);
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
    ZAN_TRY(save_position());
  }
  const std::lock_guard lock(mutex_);
  status_.likes_held += held;
  status_.likes_rejected += rejected;
  return {};
}

Result<void> IntegrityView::save_position() {
  return storage::replace_file(core_.disk(), integrity_position_path,
                               as_bytes(std::to_string(commanded_.value) + "\n"));
}

IntegrityView::FactsPtr IntegrityView::facts_of(std::uint32_t number) const {
  const Group& group = lockstep_.group(number);
  auto facts = std::make_shared<Facts>();
  facts->group = number;
  facts->anchor = group.first;
  facts->members = group.members;
  facts->subjects = group.targets;
  facts->likes.assign(group.likes.begin(),
                      group.likes.begin() + static_cast<std::ptrdiff_t>(std::min(group.likes.size(), case_names_max)));
  for (const GroupLike& like : group.likes) ++facts->likes_of_subject[like.subject];
  if (const auto notes = notes_.find(number); notes != notes_.end()) facts->notes = notes->second;
  CaseSummary& summary = facts->summary;
  summary.id = case_id(group.first);
  summary.standing = group.standing;
  summary.decided_by_people = group.ruled;
  for (const CaseNoteLine& note : facts->notes)
    summary.open_appeals = note.kind == integrity::NoteKind::appeal ? summary.open_appeals + 1 : 0;
  summary.found = {group.found_us};
  summary.changed = {group.decided_us != 0 ? group.decided_us : group.found_us};
  summary.members = group.members.size();
  summary.subjects = group.targets.size();
  summary.likes = group.likes.size();
  summary.chance_log10 = group.chance_log10;
  summary.points = group.points;
  summary.traits = integrity::explain_group(group.measures);
  summary.measures = group.measures;
  return facts;
}

void IntegrityView::publish() {
  std::sort(touched_.begin(), touched_.end());
  touched_.erase(std::unique(touched_.begin(), touched_.end()), touched_.end());
  std::vector<FactsPtr> fresh;
  for (const std::uint32_t group : touched_) fresh.push_back(facts_of(group));
  touched_.clear();
  const std::lock_guard lock(mutex_);
  for (FactsPtr& facts : fresh) {
    FactsPtr& place = cases_[facts->group];
    for (const std::uint32_t subject : facts->subjects) {
      std::vector<std::uint32_t>& groups = groups_of_subject_[subject];
      if (std::find(groups.begin(), groups.end(), facts->group) == groups.end()) groups.push_back(facts->group);
    }
    order_[facts->summary.id] = facts->group;
    place = std::move(facts);
  }
  status_.position = seen_;
  status_.caught_up = status_.caught_up || seen_ >= core_.journal().last();
  status_.state_bytes = lockstep_.bytes();
  status_.cases = cases_.size();
  status_.suspected = status_.confirmed = status_.cleared = status_.appeals = status_.overturned = 0;
  for (const auto& [number, facts] : cases_) {
    const Standing standing = facts->summary.standing;
    ++(standing == Standing::suspected   ? status_.suspected
       : standing == Standing::confirmed ? status_.confirmed
                                         : status_.cleared);
    for (const CaseNoteLine& note : facts->notes) {
      status_.appeals += note.kind == integrity::NoteKind::appeal ? 1 : 0;
      status_.overturned += note.decision == integrity::Decision::overturn ? 1 : 0;
    }
  }
}

IntegrityStatus IntegrityView::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

Result<void> IntegrityView::ready() const {
  const std::lock_guard lock(mutex_);
  return status_.caught_up ? Result<void>() : unavailable("the journal is still being read after a start; try again");
}

IntegrityView::FactsPtr IntegrityView::find(std::uint64_t id) const {
  const std::lock_guard lock(mutex_);
  const auto number = order_.find(id);
  return number == order_.end() ? nullptr : cases_.at(number->second);
}

Result<CasePage> IntegrityView::cases(std::optional<Standing> standing, std::size_t limit, std::uint64_t before) const {
  ZAN_TRY(ready());
  const std::lock_guard lock(mutex_);
  CasePage page;
  auto end = cases_.end();
  if (before != 0) {
    const auto number = order_.find(before);
    if (number == order_.end()) return not_found("no such case");
    end = cases_.find(number->second);
  }
  limit = std::min(limit, cases_page_max);
  for (auto at = std::make_reverse_iterator(end); at != cases_.rend(); ++at) {
    if (standing && at->second->summary.standing != *standing) continue;
    if (page.cases.size() == limit) {
      page.next = page.cases.back().id;
      break;
    }
    page.cases.push_back(at->second->summary);
  }
  return page;
}

std::string IntegrityView::name(std::uint32_t id) const {
  const Result<std::string> name = core_.registry().name(EntityId{id});
  return name.ok() ? *name : std::string();
}

Result<CaseDetail> IntegrityView::one(std::uint64_t id) const {
  ZAN_TRY(ready());
  const FactsPtr facts = find(id);
  if (facts == nullptr) return not_found("no such case");
  CaseDetail detail;
  detail.summary = facts->summary;
  detail.notes = facts->notes;
  for (std::size_t i = 0; i < std::min(facts->members.size(), case_names_max); ++i)
    detail.members.push_back(name(facts->members[i]));
  for (std::size_t i = 0; i < std::min(facts->subjects.size(), case_names_max); ++i)
    detail.subjects.push_back(name(facts->subjects[i]));
  for (const GroupLike& like : facts->likes)
    detail.likes.push_back({name(like.actor), name(like.subject), Timestamp{like.at_us}});
  std::stable_sort(detail.likes.begin(), detail.likes.end(),
                   [](const CaseLike& a, const CaseLike& b) { return a.at < b.at; });
  return detail;
}

Result<std::uint32_t> IntegrityView::number(storage::NameKind kind, std::string_view name, const char* pointer) const {
  const EntityId id = core_.registry().find(storage::name_hash(core_.secret(), kind, name));
  if (!id) return invalid("\"" + std::string(name) + "\" is not known", pointer);
  return id.value;
}

Result<SubjectVerdicts> IntegrityView::of_subject(std::string_view subject) const {
  ZAN_TRY(ready());
  const auto id = number(storage::NameKind::subject, subject, "/subject");
  if (!id.ok()) return not_found("no such subject");
  SubjectVerdicts verdicts;
  core_.store().locked([&](const engagement::Totals& totals, const engagement::Memtable&) {
    const engagement::Tally tally = totals.get(*id);
    verdicts.genuine = tally.organic[0];
    verdicts.held = tally.held;
    verdicts.rejected = tally.rejected;
    return 0;
  });
  const std::lock_guard lock(mutex_);
  const auto groups = groups_of_subject_.find(*id);
  if (groups == groups_of_subject_.end()) return verdicts;
  for (auto group = groups->second.rbegin(); group != groups->second.rend(); ++group) {
    const Facts& facts = *cases_.at(*group);
    const auto likes = facts.likes_of_subject.find(*id);
    if (likes == facts.likes_of_subject.end()) continue;
    if (verdicts.cases.size() == cases_page_max) break;
    verdicts.cases.push_back({facts.summary, likes->second});
  }
  return verdicts;
}

Result<Bytes> IntegrityView::note_of(const CaseStatement& statement) const {
  ZAN_TRY(ready());
  const FactsPtr facts = find(statement.case_id);
  if (facts == nullptr) return not_found("no such case");
  if (statement.users.size() > integrity::note_names_max || statement.subjects.size() > integrity::note_names_max)
    return invalid("more than " + std::to_string(integrity::note_names_max) + " names", "/users");
  if (statement.by.size() > integrity::note_by_bytes_max) return invalid("`by` is too long", "/by");
  if (statement.note.size() > integrity::note_text_bytes_max)
    return invalid("more than " + std::to_string(integrity::note_text_bytes_max) + " bytes", "/note");
  const bool in_part = !statement.users.empty() || !statement.subjects.empty();
  if (in_part && statement.decision != integrity::Decision::overturn)
    return invalid("only to overturn can be decided in part", "/decision");
  if ((statement.kind == integrity::NoteKind::decision) != (statement.decision != integrity::Decision::none))
    return invalid("confirm or overturn", "/decision");
  integrity::CaseNote note;
  note.kind = statement.kind;
  note.decision = statement.decision;
  note.ground = statement.ground;
  note.case_id = statement.case_id;
  note.anchor_actor = facts->anchor.actor;
  note.anchor_subject = facts->anchor.subject;
  note.by = statement.by;
  note.note = statement.note;
  const auto add = [&](storage::NameKind kind, const std::vector<std::string>& names,
                       const std::vector<std::uint32_t>& in, const char* pointer,
                       std::vector<std::uint32_t>& out) -> Result<void> {
    for (const std::string& name : names) {
      ZAN_ASSIGN(const std::uint32_t id, number(kind, name, pointer));
      if (std::find(in.begin(), in.end(), id) == in.end())
        return invalid("\"" + name + "\" is not in this case", pointer);
      out.push_back(id);
    }
    return {};
  };
  ZAN_TRY(add(storage::NameKind::person, statement.users, facts->members, "/users", note.actors));
  ZAN_TRY(add(storage::NameKind::subject, statement.subjects, facts->subjects, "/subjects", note.subjects));
  Bytes record;
  integrity::put_note(record, note);
  return record;
}

}  // namespace zan::engine
