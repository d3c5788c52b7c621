// What IntegrityView answers, out of snapshots of the cases; and what may be said of them.
#include <algorithm>

#include "engine/integrity_view.h"

namespace zan::engine {

using integrity::Decision;
using integrity::GroupLike;
using integrity::NoteKind;
using integrity::Standing;

IntegrityStatus IntegrityView::status() const {
  const Timestamp now = core_.clock().now();
  const std::lock_guard lock(mutex_);
  IntegrityStatus status = status_;
  for (const QueuePlace& place : queue_) {
    if (place.due >= now) break;
    ++status.overdue;
  }
  return status;
}

Result<void> IntegrityView::ready() const {
  const std::lock_guard lock(mutex_);
  return status_.caught_up ? Result<void>() : unavailable("the journal is still being read after a start; try again");
}

CaseFactsPtr IntegrityView::find(std::uint64_t id) const {
  const std::lock_guard lock(mutex_);
  const auto number = order_.find(id);
  return number == order_.end() ? nullptr : cases_.at(number->second);
}

Result<CasePage> IntegrityView::cases(const CaseFilter& filter, std::size_t limit, std::uint64_t before) const {
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
    const CaseSummary& summary = at->second->summary;
    if (filter.standing && summary.standing != *filter.standing) continue;
    if (filter.assignee && summary.assignee != *filter.assignee) continue;
    if (page.cases.size() == limit) {
      page.next = page.cases.back().id;
      break;
    }
    page.cases.push_back(summary);
  }
  return page;
}

Result<QueuePage> IntegrityView::queue(const std::optional<std::string>& assignee, std::size_t limit,
                                       const std::optional<QueuePlace>& after) const {
  ZAN_TRY(ready());
  const std::lock_guard lock(mutex_);
  QueuePage page;
  limit = std::min(limit, cases_page_max);
  QueuePlace last;
  for (auto at = after ? queue_.upper_bound(*after) : queue_.begin(); at != queue_.end(); ++at) {
    const CaseSummary& summary = cases_.at(at->number)->summary;
    if (assignee && summary.assignee != *assignee) continue;
    if (page.cases.size() == limit) {
      page.next = last;
      break;
    }
    page.cases.push_back(summary);
    last = *at;
  }
  return page;
}

std::string IntegrityView::name(std::uint32_t id) const {
  const Result<std::string> name = core_.registry().name(EntityId{id});
  return name.ok() ? *name : std::string();
}

Result<CaseDetail> IntegrityView::one(std::uint64_t id) const {
  ZAN_TRY(ready());
  const CaseFactsPtr facts = find(id);
  if (facts == nullptr) return not_found("no such case");
  CaseDetail detail;
  detail.summary = facts->summary;
  detail.notes = facts->notes;
  detail.standings = facts->standings;
  const auto add_names = [this](const std::vector<std::uint32_t>& ids, std::vector<std::string>& names) {
    for (std::size_t i = 0; i < std::min(ids.size(), case_names_max); ++i)
      if (std::string known = name(ids[i]); !known.empty()) names.push_back(std::move(known));
  };
  add_names(facts->members, detail.members);
  add_names(facts->subjects, detail.subjects);
  for (std::size_t i = 0; i < std::min(facts->edges.size(), case_names_max); ++i) {
    const GroupLike& like = facts->edges.at(i);
    CaseLike edge{name(like.actor), name(like.subject), Timestamp{like.at_us}, facts->spared(like)};
    if (!edge.user.empty() && !edge.subject.empty()) detail.likes.push_back(std::move(edge));
  }
  std::stable_sort(detail.likes.begin(), detail.likes.end(),
                   [](const CaseLike& a, const CaseLike& b) { return a.at < b.at; });
  detail.complete = !facts->notes_cut && facts->members.size() <= case_names_max &&
                    facts->subjects.size() <= case_names_max && facts->edges.size() <= case_names_max;
  return detail;
}

Result<GraphPage> IntegrityView::graph(std::uint64_t id, std::size_t limit, std::size_t from) const {
  ZAN_TRY(ready());
  const CaseFactsPtr facts = find(id);
  if (facts == nullptr) return not_found("no such case");
  GraphPage page;
  std::unordered_map<std::uint32_t, std::string> names;  // people and subjects have numbers of their own
  const auto known = [&](std::uint32_t number, bool user) -> const std::string& {
    const auto [at, fresh] = names.try_emplace(number);
    if (!fresh) return at->second;
    at->second = name(number);
    const auto& spared = user ? facts->spared_members : facts->spared_subjects;
    if (!at->second.empty())
      page.nodes.push_back({at->second, user, std::binary_search(spared.begin(), spared.end(), number)});
    return at->second;
  };
  const std::size_t end = std::min(facts->edges.size(), from + std::clamp<std::size_t>(limit, 1, graph_edges_max));
  for (std::size_t i = from; i < end; ++i) {
    const GroupLike& like = facts->edges.at(i);
    const std::string& user = known(like.actor, true);
    if (user.empty()) continue;
    page.edges.push_back({user, known(like.subject, false), Timestamp{like.at_us}, facts->spared(like)});
  }
  page.next = end < facts->edges.size() ? end : 0;
  return page;
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
  verdicts.rules = rule_verdicts_.of(*id);
  const auto groups = groups_of_subject_.find(*id);
  if (groups == groups_of_subject_.end()) return verdicts;
  for (auto group = groups->second.rbegin(); group != groups->second.rend(); ++group) {
    const CaseFacts& facts = *cases_.at(*group);
    const auto likes = facts.likes_of_subject.find(*id);
    if (likes == facts.likes_of_subject.end()) continue;
    if (verdicts.cases.size() == cases_page_max) break;
    verdicts.cases.push_back({facts.summary, likes->second});
  }
  return verdicts;
}

Result<std::vector<CaseSummary>> IntegrityView::of_user(std::string_view user) const {
  ZAN_TRY(ready());
  const auto id = number(storage::NameKind::person, user, "/user");
  if (!id.ok()) return not_found("no such user");
  std::vector<CaseSummary> cases;
  const std::lock_guard lock(mutex_);
  const auto groups = groups_of_user_.find(*id);
  if (groups == groups_of_user_.end()) return cases;
  for (auto group = groups->second.rbegin(); group != groups->second.rend(); ++group) {
    const CaseFacts& facts = *cases_.at(*group);
    if (std::binary_search(facts.spared_members.begin(), facts.spared_members.end(), *id)) continue;
    if (cases.size() == cases_page_max) break;
    cases.push_back(facts.summary);
  }
  return cases;
}

// Cases with labels, from a place on, until they have more than `limit` likes.
Result<std::vector<CaseFactsPtr>> IntegrityView::labelled(bool all, std::size_t limit, LabelPlace from) const {
  const std::lock_guard lock(mutex_);
  auto at = cases_.begin();
  if (from.case_id != 0) {
    const auto number = order_.find(from.case_id);
    if (number == order_.end()) return not_found("no such case");
    at = cases_.find(number->second);
  }
  std::vector<CaseFactsPtr> found;
  for (std::size_t edges = 0; at != cases_.end() && edges <= limit; ++at) {
    const CaseSummary& summary = at->second->summary;
    if (!summary.decided_by_people && (!all || summary.standing == Standing::suspected)) continue;
    found.push_back(at->second);
    const std::size_t told = summary.id == from.case_id ? from.edge : 0;
    edges += std::max(at->second->edges.size(), told) - told;
  }
  return found;
}

// A page is shorter where accounts were erased.
Result<LabelPage> IntegrityView::labels(bool all, std::size_t limit, LabelPlace from) const {
  ZAN_TRY(ready());
  limit = std::clamp<std::size_t>(limit, 1, labels_page_max);
  ZAN_ASSIGN(const std::vector<CaseFactsPtr> cases, labelled(all, limit, from));
  LabelPage page;
  std::size_t seen = 0;
  for (const CaseFactsPtr& facts : cases) {
    const CaseSummary& summary = facts->summary;
    for (std::size_t edge = summary.id == from.case_id ? from.edge : 0; edge < facts->edges.size(); ++edge) {
      if (seen++ == limit) {
        page.next = LabelPlace{summary.id, edge};
        return page;
      }
      const GroupLike& like = facts->edges.at(edge);
      LikeLabel label;
      label.like = {name(like.actor), name(like.subject), Timestamp{like.at_us}, facts->spared(like)};
      if (label.like.user.empty() || label.like.subject.empty()) continue;
      label.case_id = summary.id;
      label.fake = summary.standing == Standing::confirmed && !label.like.spared;
      label.by_people = summary.decided_by_people;
      page.labels.push_back(std::move(label));
    }
  }
  return page;
}

Result<StaffPage> IntegrityView::staff_acts(const std::optional<std::string>& by, std::size_t limit,
                                            Position before) const {
  ZAN_TRY(ready());
  limit = std::clamp<std::size_t>(limit, 1, cases_page_max);
  StaffPage page;
  const std::lock_guard lock(mutex_);
  auto end = staff_acts_.end();
  if (before.value != 0)
    end = std::lower_bound(staff_acts_.begin(), end, before,
                           [](const StaffAct& act, Position position) { return act.line.position < position; });
  for (auto at = std::make_reverse_iterator(end); at != staff_acts_.rend(); ++at) {
    if (by && at->line.by != *by) continue;
    if (page.acts.size() == limit) {
      page.next = page.acts.back().line.position;
      break;
    }
    page.acts.push_back(*at);
  }
  return page;
}

Result<std::vector<IntegrityDay>> IntegrityView::days() const {
  ZAN_TRY(ready());
  const std::lock_guard lock(mutex_);
  return days_;
}

Result<void> IntegrityView::check_statement(const CaseStatement& statement) const {
  if (statement.users.size() > integrity::note_names_max || statement.subjects.size() > integrity::note_names_max)
    return invalid("more than " + std::to_string(integrity::note_names_max) + " names", "/users");
  if (statement.by.size() > integrity::note_by_bytes_max) return invalid("`by` is too long", "/by");
  if (statement.assignee.size() > integrity::note_by_bytes_max)
    return invalid("more than " + std::to_string(integrity::note_by_bytes_max) + " bytes", "/assignee");
  if (statement.note.size() > integrity::note_text_bytes_max)
    return invalid("more than " + std::to_string(integrity::note_text_bytes_max) + " bytes", "/note");
  if ((statement.kind == NoteKind::decision) != (statement.decision != Decision::none))
    return invalid("confirm or overturn", "/decision");
  const std::size_t named = statement.users.size() + statement.subjects.size();
  if (statement.kind == NoteKind::decision && named > 0 && statement.decision != Decision::overturn)
    return invalid("only to overturn can be decided in part", "/decision");
  if (statement.kind == NoteKind::appeal && named > 1)
    return invalid("an appeal is one account's, or one subject's", "/users");
  return {};
}

// Two at once may both pass: then the second note changes nothing.
Result<void> IntegrityView::check_new(const integrity::CaseNote& note, const CaseFacts& facts) const {
  const CaseSummary& summary = facts.summary;
  const bool in_part = !note.actors.empty() || !note.subjects.empty();
  switch (note.kind) {
    case NoteKind::appeal:
      for (const auto& [actor, subject] : facts.open_appeals)
        if (actor == (note.actors.empty() ? 0 : note.actors.front()) &&
            subject == (note.subjects.empty() ? 0 : note.subjects.front()))
          return conflict("such an appeal is open already");
      return {};
    case NoteKind::assignment:
      if (note.assignee != summary.assignee) return {};
      return conflict(summary.assignee.empty() ? "the case is nobody's already"
                                               : "the case is assigned to " + summary.assignee + " already");
    case NoteKind::decision: {
      if (in_part && summary.standing == Standing::cleared)
        return conflict("the case is cleared: all of its likes count");
      const Standing wanted = note.decision == Decision::confirm ? Standing::confirmed : Standing::cleared;
      if (!in_part && summary.decided_by_people && summary.standing == wanted && summary.open_appeals == 0)
        return conflict("people have decided so already, and nobody has appealed since");
      return {};
    }
    default:
      return {};
  }
}

Result<Bytes> IntegrityView::note_of(const CaseStatement& statement) const {
  ZAN_TRY(ready());
  const CaseFactsPtr facts = find(statement.case_id);
  if (facts == nullptr) return not_found("no such case");
  ZAN_TRY(check_statement(statement));
  integrity::CaseNote note;
  note.kind = statement.kind;
  note.decision = statement.decision;
  note.ground = statement.ground;
  note.case_id = statement.case_id;
  note.anchor_actor = facts->anchor.actor;
  note.anchor_subject = facts->anchor.subject;
  note.by = statement.by;
  note.note = statement.note;
  note.assignee = statement.assignee;
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
  ZAN_TRY(check_new(note, *facts));
  Bytes record;
  integrity::put_note(record, note);
  return record;
}

}  // namespace zan::engine
