#include "insights/book.h"

#include <algorithm>

namespace zan::insights {
namespace {

using engagement::ActType;
using engagement::Effect;
using engagement::Reaction;
using engagement::RecordedAct;
using engagement::Verdict;
using engagement::Withdrawn;

// Of acts that are counted each time.
std::optional<Counted> counted_of(ActType type) {
  switch (type) {
    case ActType::view:
      return Counted::views;
    case ActType::complete:
      return Counted::completes;
    case ActType::comment:
      return Counted::comments;
    case ActType::share:
      return Counted::shares;
    case ActType::profile_visit:
      return Counted::profile_visits;
    default:
      return std::nullopt;
  }
}

bool names_creator(ActType type) {
  return type == ActType::follow || type == ActType::unfollow || type == ActType::profile_visit;
}

bool is_genuine(Verdict verdict) { return verdict == Verdict::genuine; }

}  // namespace

Book::Work* Book::work_of(SubjectId subject) {
  if (const auto found = rows_.find(subject.value); found != rows_.end()) return &works_[found->second];
  if (works_.size() == limits_.works_max) return nullptr;
  rows_.emplace(subject.value, static_cast<std::uint32_t>(works_.size()));
  works_.emplace_back().subject = subject;
  return &works_.back();
}

const Book::Work* Book::find(SubjectId subject) const {
  const auto found = rows_.find(subject.value);
  return found == rows_.end() ? nullptr : &works_[found->second];
}

void Book::assign(Work& work, CreatorId creator) {
  if (!creator || work.creator == creator) return;
  if (work.creator) {
    std::vector<std::uint32_t>& rows = creators_[work.creator.value].works;
    rows[work.place] = rows.back();
    works_[rows.back()].place = work.place;
    rows.pop_back();
  }
  std::vector<std::uint32_t>& rows = creators_[creator.value].works;
  work.creator = creator;
  work.place = static_cast<std::uint32_t>(rows.size());
  rows.push_back(rows_.at(work.subject.value));
}

void Book::put(SubjectId subject, CreatorId creator, Timestamp published) {
  Work* work = work_of(subject);
  if (work == nullptr) return;
  work->published = published;
  assign(*work, creator);
}

void Book::count(SubjectId subject, Timestamp at, Slot slot, std::int64_t amount) {
  if (!subject || slot == slot_count) return;
  if (Work* work = work_of(subject)) {
    work->counts.add(day_of(at), slot, amount);
  } else {
    ++left_out_;
  }
}

void Book::count(CreatorId creator, Timestamp at, Slot slot, std::int64_t amount) {
  if (!creator || slot == slot_count) return;
  // Anybody can follow a name that never made anything: there are no more of those than works.
  if (creators_.size() >= limits_.works_max && !creators_.contains(creator.value)) {
    ++left_out_;
    return;
  }
  creators_[creator.value].own.add(day_of(at), slot, amount);
}

// A person likes the work's creator once more, or once less.
void Book::liker(PersonId person, SubjectId subject, std::int64_t amount) {
  const Work* work = find(subject);
  if (work == nullptr) return;
  amount > 0 ? habits_.likes(person, work->creator) : habits_.likes_no_more(person, work->creator);
}

void Book::seen(SubjectId subject, Timestamp at) {
  Work* work = work_of(subject);
  if (work != nullptr && (work->first_act.us == 0 || at < work->first_act)) work->first_act = at;
}

void Book::take(const RecordedAct& act) {
  if (act.subject && !names_creator(act.type)) {
    if (Work* work = act.creator ? work_of(act.subject) : nullptr) assign(*work, act.creator);
    seen(act.subject, act.at);
  }
  const bool tells = act.effect == Effect::changed && !act.incentivised && is_genuine(act.judgement.verdict);
  if (tells && act.type != ActType::unlike && act.type != ActType::unfollow) habits_.acted(act.actor, hour_of(act.at));
  switch (act.type) {
    case ActType::like:
    case ActType::unlike:
    case ActType::dislike:
      return take_reaction(act, act.at);
    case ActType::follow:
    case ActType::unfollow:
      return take_follow(act);
    default:
      break;
  }
  const auto kind = counted_of(act.type);
  if (!kind) return;
  const Slot slot = slot_of(*kind, act.incentivised, act.judgement.verdict);
  count(act.subject, act.at, slot, 1);
  if (names_creator(act.type)) count(act.creator, act.at, slot, 1);
}

void Book::take_reaction(const RecordedAct& act, Timestamp happened) {
  if (act.effect == Effect::none) return;
  const bool likes = act.type == ActType::like;
  if (act.before == Reaction::liked) {
    count(act.subject, act.before_at, slot_of(Counted::likes, act.before_incentivised, act.before_verdict), -1);
    const bool counted = is_genuine(act.before_verdict);
    if (counted && !likes) count(act.subject, happened, slot_of(Counted::unlikes, act.before_incentivised), 1);
    if (counted && !act.before_incentivised) liker(act.actor, act.subject, -1);
  }
  if (!likes) return;
  count(act.subject, act.at, slot_of(Counted::likes, act.incentivised, act.judgement.verdict), 1);
  if (!act.incentivised && is_genuine(act.judgement.verdict)) liker(act.actor, act.subject, 1);
}

void Book::take_follow(const RecordedAct& act) {
  if (act.effect == Effect::none) return;
  if (act.before == Reaction::liked)
    count(act.creator, act.before_at, slot_of(Counted::follows, act.before_incentivised, act.before_verdict), -1);
  if (act.type == ActType::follow)
    count(act.creator, act.at, slot_of(Counted::follows, act.incentivised, act.judgement.verdict), 1);
}

void Book::take(const engagement::VerdictRecord& verdict, Timestamp at) {
  const engagement::LateVerdict& what = verdict.what;
  if (what.type == ActType::follow) {
    const CreatorId creator{what.target};
    count(creator, what.at, slot_of(Counted::follows, verdict.incentivised, verdict.before), -1);
    return count(creator, what.at, slot_of(Counted::follows, verdict.incentivised, what.verdict), 1);
  }
  if (what.type != ActType::like) return;
  const SubjectId subject{what.target};
  count(subject, what.at, slot_of(Counted::likes, verdict.incentivised, verdict.before), -1);
  count(subject, what.at, slot_of(Counted::likes, verdict.incentivised, what.verdict), 1);
  const bool was = is_genuine(verdict.before), is = is_genuine(what.verdict);
  if (was == is) return;
  count(subject, at, slot_of(is ? Counted::given_back : Counted::taken_out, verdict.incentivised), 1);
  if (verdict.incentivised) return;
  liker(what.person, subject, is ? 1 : -1);
  is ? habits_.acted(what.person, hour_of(what.at)) : habits_.unsaid(what.person, hour_of(what.at));
}

void Book::take(const engagement::WithdrawalRecord& withdrawal, Timestamp at) {
  if (withdrawal.what == Withdrawn::comment)
    return count(SubjectId{withdrawal.target}, withdrawal.before_at,
                 slot_of(Counted::comments, withdrawal.incentivised, withdrawal.verdict), -1);
  RecordedAct act;
  act.actor = withdrawal.person;
  act.before = withdrawal.before;
  act.before_incentivised = withdrawal.incentivised;
  act.before_verdict = withdrawal.verdict;
  act.before_at = withdrawal.before_at;
  act.type = withdrawal.what == Withdrawn::follow ? ActType::unfollow : ActType::unlike;
  if (withdrawal.what == Withdrawn::follow) {
    act.creator = {withdrawal.target};
    return take_follow(act);
  }
  act.subject = {withdrawal.target};
  take_reaction(act, at);
}

std::size_t Book::bytes() const {
  constexpr std::size_t node = 40, creator_node = 120;  // of hash maps
  std::size_t bytes = works_.size() * (sizeof(Work) + node + sizeof(std::uint32_t)) + creators_.size() * creator_node;
  for (const Work& work : works_) bytes += work.counts.bytes();
  for (const auto& [id, creator] : creators_) bytes += creator.own.bytes();
  return bytes + habits_.bytes();
}

}  // namespace zan::insights
