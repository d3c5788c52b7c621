#include "engine/case_book.h"

#include <algorithm>

#include "base/hash.h"

namespace zan::engine {
namespace {

using integrity::CaseNote;
using integrity::Decision;
using integrity::Group;
using integrity::GroupLike;
using integrity::NoteKind;
using integrity::Standing;

// Of its first like: the same when the journal is read again, or by detectors that find more of it.
std::uint64_t hash_of(const GroupLike& anchor) {
  const std::uint64_t pair = std::uint64_t{anchor.actor} << 32 | anchor.subject;
  return mix64(mix64(pair) ^ static_cast<std::uint64_t>(anchor.at_us));
}

std::vector<std::uint32_t> sorted_keys(const integrity::Tally& tally) {
  std::vector<std::uint32_t> keys;
  for (const integrity::Tally::Entry& entry : tally.entries()) keys.push_back(entry.key);
  std::sort(keys.begin(), keys.end());
  return keys;
}

CaseNoteLine line_of(const CaseNote& note, Position position, Timestamp at) {
  CaseNoteLine line;
  line.at = at;
  line.kind = note.kind;
  line.decision = note.decision;
  line.ground = note.ground;
  line.by = note.by;
  line.note = note.note;
  line.actors = note.actors.size();
  line.subjects = note.subjects.size();
  line.assignee = note.assignee;
  line.position = position;
  return line;
}

}  // namespace

void EdgeList::add(const GroupLike& like) {
  tail_.push_back(like);
  if (tail_.size() < edges_a_piece) return;
  pieces_.push_back(std::make_shared<const std::vector<GroupLike>>(std::move(tail_)));
  tail_ = {};
}

bool CaseFacts::spared(const GroupLike& like) const {
  return std::binary_search(spared_members.begin(), spared_members.end(), like.actor) ||
         std::binary_search(spared_subjects.begin(), spared_subjects.end(), like.subject);
}

// The edges are the book's, and are counted here once although a snapshot shares them.
std::size_t CaseFacts::bytes() const {
  constexpr std::size_t node_bytes = 64;  // of a hash map, about
  std::size_t sum = sizeof *this + (members.capacity() + subjects.capacity()) * sizeof(std::uint32_t) +
                    (spared_members.capacity() + spared_subjects.capacity()) * sizeof(std::uint32_t) +
                    edges.size() * sizeof(GroupLike) + 2 * likes_of_subject.size() * node_bytes +
                    standings.capacity() * sizeof(CaseStanding);
  for (const CaseNoteLine& line : notes) sum += 2 * (sizeof line + line.note.capacity() + line.by.capacity());
  return sum;
}

IntegrityDay& CaseBook::day_of(Timestamp at) {
  const std::int64_t day = at.us >= 0 ? at.us / us_per_day : -1 - (-1 - at.us) / us_per_day;
  IntegrityDay& found = days_[day];
  found.day = day;
  return found;
}

std::vector<IntegrityDay> CaseBook::days() const {
  std::vector<IntegrityDay> all;
  for (const auto& [number, day] : days_) all.push_back(day);
  return all;
}

void CaseBook::count_verdict(engagement::Verdict verdict, Timestamp at) {
  IntegrityDay& day = day_of(at);
  ++(verdict == engagement::Verdict::held       ? day.likes_held
     : verdict == engagement::Verdict::rejected ? day.likes_removed
                                                : day.likes_restored);
}

// Two groups may have the anchor: the id tells which one was meant, unless the detectors have changed since.
std::uint32_t CaseBook::find_group(const CaseNote& note) const {
  if (const auto known = groups_.find(note.case_id); known != groups_.end()) return known->second;
  return lockstep_.group_of(note.anchor_actor, note.anchor_subject);
}

std::uint32_t CaseBook::take(const CaseNote& note, Position position, Timestamp at) {
  const std::uint32_t group = find_group(note);
  if (group == 0 || group > dossiers_.size() || dossiers_[group - 1].id == 0) return 0;
  Dossier& dossier = dossiers_[group - 1];
  CaseNoteLine line = line_of(note, position, at);
  if (note.kind == NoteKind::appeal) {
    line.open = true;
    line.answer_by = {at.us + levels_.appeal_us};
    if (!take_appeal(dossier, note, line)) return 0;
    return group;
  }
  if (note.kind == NoteKind::assignment) dossier.assignee = note.assignee;
  if (note.kind == NoteKind::decision) {
    copy_edges(dossier, group);
    take_decision(dossier, note, at);
    if (line.actors + line.subjects > 0) recount(dossier, group, note);
  }
  staff_acts_.push_back({line, dossier.id});
  dossier.notes.push_back(std::move(line));
  return group;
}

bool CaseBook::take_appeal(Dossier& dossier, const CaseNote& note, const CaseNoteLine& line) {
  const OpenAppeal appeal{note.actors.empty() ? 0 : note.actors.front(),
                          note.subjects.empty() ? 0 : note.subjects.front(), dossier.notes.size()};
  for (const OpenAppeal& open : dossier.open)
    if (open.actor == appeal.actor && open.subject == appeal.subject) return false;
  dossier.open.push_back(appeal);
  dossier.notes.push_back(line);
  ++dossier.appeals;
  ++day_of(line.at).appeals;
  return true;
}

// Whatever is decided, it answers all that was asked before.
void CaseBook::take_decision(Dossier& dossier, const CaseNote& note, Timestamp at) {
  for (const OpenAppeal& open : dossier.open) dossier.notes[open.note].open = false;
  dossier.open.clear();
  IntegrityDay& day = day_of(at);
  ++day.decisions;
  if (note.decision != Decision::overturn) return;
  ++dossier.overturned;
  ++(note.actors.empty() && note.subjects.empty() ? day.overturned : day.overturned_in_part);
}

void CaseBook::copy_edges(Dossier& dossier, std::uint32_t group) {
  const std::vector<GroupLike>& likes = lockstep_.group(group).likes;
  for (; dossier.copied < likes.size(); ++dossier.copied) {
    dossier.edges.add(likes[dossier.copied]);
    ++dossier.likes_of_subject[likes[dossier.copied].subject];
  }
}

// The detectors are about to take what is spared out of the group's likes.
void CaseBook::recount(Dossier& dossier, std::uint32_t group, const CaseNote& spared) {
  dossier.copied = 0;
  dossier.likes_of_subject.clear();
  const auto among = [](const std::vector<std::uint32_t>& numbers, std::uint32_t number) {
    return std::find(numbers.begin(), numbers.end(), number) != numbers.end();
  };
  for (const GroupLike& like : lockstep_.group(group).likes) {
    if (among(spared.actors, like.actor) || among(spared.subjects, like.subject)) continue;
    ++dossier.copied;
    ++dossier.likes_of_subject[like.subject];
  }
}

void CaseBook::look(std::span<const std::uint32_t> touched, Position position, Timestamp at) {
  const std::size_t known = new_.size();
  note_new(at);
  for (std::size_t i = known; i < new_.size(); ++i) note_standing(new_[i], position, at);
  for (const std::uint32_t group : touched) note_standing(group, position, at);
}

std::vector<std::uint32_t> CaseBook::changed() const {
  std::vector<std::uint32_t> groups;
  for (std::size_t i = 0; i < dossiers_.size(); ++i) {
    const Dossier& dossier = dossiers_[i];
    const Group& group = lockstep_.group(static_cast<std::uint32_t>(i + 1));
    const bool stands_otherwise = !dossier.standings.empty() && dossier.standings.back().standing != group.standing;
    if (stands_otherwise || dossier.copied != group.likes.size()) groups.push_back(static_cast<std::uint32_t>(i + 1));
  }
  return groups;
}

void CaseBook::note_new(Timestamp at) {
  while (dossiers_.size() < lockstep_.group_count()) {
    dossiers_.emplace_back();
    unnamed_.push_back(static_cast<std::uint32_t>(dossiers_.size()));
  }
  std::erase_if(unnamed_, [&](std::uint32_t group) {
    const GroupLike& anchor = lockstep_.group(group).first;
    if (anchor.actor == 0) return false;
    // Two groups may begin with the same like.
    std::uint64_t id = hash_of(anchor);
    while (id == 0 || groups_.contains(id)) id = mix64(id + 1);
    groups_[id] = group;
    Dossier& dossier = dossiers_[group - 1];
    dossier.id = id;
    dossier.noticed = at;
    ++day_of(at).found;
    new_.push_back(group);
    return true;
  });
}

void CaseBook::note_standing(std::uint32_t number, Position position, Timestamp at) {
  Dossier& dossier = dossiers_[number - 1];
  if (dossier.id == 0) return;
  const Group& group = lockstep_.group(number);
  if (!dossier.standings.empty() && dossier.standings.back().standing == group.standing) return;
  if (dossier.standings.size() == case_standings_max) dossier.standings.pop_back();
  dossier.standings.push_back({at, group.standing, group.ruled, position});
  bool& stood = dossier.stood[static_cast<std::size_t>(group.standing)];
  if (stood || group.standing == Standing::suspected) return;
  stood = true;
  ++(group.standing == Standing::confirmed ? day_of(at).confirmed : day_of(at).cleared);
}

void CaseBook::set_due(const Dossier& dossier, CaseSummary& summary) const {
  summary.open_appeals = dossier.open.size();
  const bool undecided = summary.standing == Standing::suspected && !summary.decided_by_people;
  summary.waiting = undecided || !dossier.open.empty();
  if (undecided) summary.due = {dossier.noticed.us + levels_.decision_us};
  if (dossier.open.empty()) return;
  const Timestamp first = dossier.notes[dossier.open.front().note].answer_by;
  summary.due = undecided ? std::min(summary.due, first) : first;
}

CaseFactsPtr CaseBook::snapshot(std::uint32_t number) {
  const Group& group = lockstep_.group(number);
  Dossier& dossier = dossiers_[number - 1];
  copy_edges(dossier, number);
  auto facts = std::make_shared<CaseFacts>();
  facts->group = number;
  facts->anchor = group.first;
  facts->members = group.members;
  facts->subjects = group.targets;
  facts->spared_members = sorted_keys(group.spared_actors);
  facts->spared_subjects = sorted_keys(group.spared_subjects);
  facts->edges = dossier.edges;
  facts->likes_of_subject = dossier.likes_of_subject;
  facts->notes_cut = dossier.notes.size() > case_names_max;
  facts->notes.assign(dossier.notes.end() - static_cast<std::ptrdiff_t>(std::min(dossier.notes.size(), case_names_max)),
                      dossier.notes.end());
  facts->standings = dossier.standings;
  for (const OpenAppeal& open : dossier.open) facts->open_appeals.emplace_back(open.actor, open.subject);
  facts->appeals = dossier.appeals;
  facts->overturned = dossier.overturned;
  CaseSummary& summary = facts->summary;
  summary.id = dossier.id;
  summary.standing = group.standing;
  summary.decided_by_people = group.ruled;
  summary.found = {group.found_us};
  summary.changed = {group.decided_us != 0 ? group.decided_us : group.found_us};
  summary.members = group.members.size();
  summary.subjects = group.targets.size();
  summary.likes = group.likes.size();
  summary.chance_log10 = group.chance_log10;
  summary.points = group.points;
  summary.traits = integrity::explain_group(group.measures);
  summary.measures = group.measures;
  summary.noticed = dossier.noticed;
  summary.assignee = dossier.assignee;
  summary.spared_members = facts->spared_members.size();
  summary.spared_subjects = facts->spared_subjects.size();
  set_due(dossier, summary);
  return facts;
}

}  // namespace zan::engine
