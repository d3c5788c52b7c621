// SimIntegrity: five cases in memory, for tests of the server alone. Cases 1 .. 5 are about the subject "video-<id>", which
// also has 100 genuine likes; "video-1" is in case 4, too. The user "u<id>" is a member, "erased" ones have no name.
//
// Threads: any.
#pragma once

#include <algorithm>
#include <atomic>
#include <string>

#include "engine/engine.h"

namespace zan::api {

class SimIntegrity final : public engine::Integrity {
 public:
  static constexpr std::uint64_t case_count = 5;
  static constexpr Timestamp found{1'650'899'141'436'000};

  void set_caught_up(bool caught_up) { caught_up_ = caught_up; }
  void set_trouble(bool trouble) { trouble_ = trouble; }

  engine::IntegrityStatus status() const override {
    return {.caught_up = caught_up_,
            .position = {77},
            .cases = case_count,
            .suspected = 1,
            .confirmed = 2,
            .cleared = 2,
            .appeals = 3,
            .overturned = 1,
            .likes_held = 20,
            .likes_rejected = 40,
            .state_bytes = 4096,
            .trouble = trouble_ ? "the \"journal\" is damaged" : "",
            .waiting = 5,
            .overdue = 5,
            .unassigned = 4,
            .case_bytes = 8192};
  }

  // Days 19107 and 19108 are in April 2022, 19115 in May.
  void set_days(std::vector<engine::IntegrityDay> days) { days_ = std::move(days); }

  Result<engine::CasePage> cases(const engine::CaseFilter& filter, std::size_t limit,
                                 std::uint64_t before) const override {
    ZAN_TRY(ready());
    engine::CasePage page;
    for (std::uint64_t id = before == 0 ? case_count : std::min(before - 1, case_count); id > 0; --id) {
      if (filter.standing && standing_of(id) != *filter.standing) continue;
      if (filter.assignee && summary(id).assignee != *filter.assignee) continue;
      if (page.cases.size() == limit) {
        page.next = page.cases.back().id;
        break;
      }
      page.cases.push_back(summary(id));
    }
    return page;
  }

  // All of them, due in the order of their numbers.
  Result<engine::QueuePage> queue(const std::optional<std::string>& assignee, std::size_t limit,
                                  const std::optional<engine::QueuePlace>& after) const override {
    ZAN_TRY(ready());
    engine::QueuePage page;
    engine::QueuePlace last;
    for (std::uint64_t id = 1; id <= case_count; ++id) {
      const engine::QueuePlace place{summary(id).due, static_cast<std::uint32_t>(id)};
      if ((after && place <= *after) || (assignee && summary(id).assignee != *assignee)) continue;
      if (page.cases.size() == limit) {
        page.next = last;
        break;
      }
      page.cases.push_back(summary(id));
      last = place;
    }
    return page;
  }

  Result<engine::GraphPage> graph(std::uint64_t id, std::size_t limit, std::size_t from) const override {
    ZAN_TRY(check(id));
    const std::string subject = "video-" + std::to_string(id), user = "u" + std::to_string(id);
    engine::GraphPage page;
    page.nodes = {{user, true, false}, {subject, false, true}};
    for (std::size_t i = from; i < graph_edges && page.edges.size() < limit; ++i)
      page.edges.push_back({user, subject, {found.us + static_cast<std::int64_t>(i)}, true});
    page.next = from + page.edges.size() < graph_edges ? from + page.edges.size() : 0;
    return page;
  }

  Result<std::vector<engine::CaseSummary>> of_user(std::string_view user) const override {
    ZAN_TRY(ready());
    for (std::uint64_t id = case_count; id > 0; --id)
      if (user == "u" + std::to_string(id)) return std::vector<engine::CaseSummary>{summary(id)};
    return not_found("no such user");
  }

  Result<engine::LabelPage> labels(bool all, std::size_t limit, engine::LabelPlace from) const override {
    ZAN_TRY(ready());
    if (from.case_id > case_count) return not_found("no such case");
    engine::LabelPage page;
    for (std::uint64_t id = std::max<std::uint64_t>(from.case_id, 1); id <= case_count; ++id) {
      if (!all && id != 4) continue;
      if (page.labels.size() == limit) {
        page.next = engine::LabelPlace{id, 0};
        break;
      }
      page.labels.push_back({{"u" + std::to_string(id), "小红 \"5\"\n", found, false}, id, id % 2 == 0, id == 4});
    }
    return page;
  }

  Result<engine::StaffPage> staff_acts(const std::optional<std::string>& by, std::size_t limit,
                                       Position before) const override {
    ZAN_TRY(ready());
    engine::StaffPage page;
    for (std::uint64_t i = before.value == 0 ? case_count : before.value - 1; i > 0; --i) {
      engine::StaffAct act{line(i), i};
      if (by && act.line.by != *by) continue;
      if (page.acts.size() == limit) {
        page.next = page.acts.back().line.position;
        break;
      }
      page.acts.push_back(act);
    }
    return page;
  }

  Result<std::vector<engine::IntegrityDay>> days() const override {
    ZAN_TRY(ready());
    return days_;
  }

  Result<engine::CaseDetail> one(std::uint64_t id) const override {
    ZAN_TRY(check(id));
    const std::string subject = "video-" + std::to_string(id), user = "u" + std::to_string(id);
    engine::CaseDetail detail{.summary = summary(id)};
    detail.members = {user, "小红 \"5\"\n"};
    detail.subjects = {subject, "work"};
    detail.likes = {{user, subject, found}, {"小红 \"5\"\n", subject, {found.us + 1}, true}};
    detail.standings = {{found, integrity::Standing::suspected, false, {3}},
                        {{found.us + 1}, integrity::Standing::confirmed, true, {5}}};
    detail.complete = true;
    for (std::uint64_t i = 1; i <= case_count; ++i) detail.notes.push_back(line(i));
    return detail;
  }

  Result<engine::SubjectVerdicts> of_subject(std::string_view subject) const override {
    ZAN_TRY(ready());
    engine::SubjectVerdicts verdicts{.genuine = 100, .held = 7, .rejected = 9};
    if (subject == "clean") return engine::SubjectVerdicts{.genuine = 3};
    for (std::uint64_t id = case_count; id > 0; --id)
      if (subject == "video-" + std::to_string(id) || (subject == "video-1" && id == 4))
        verdicts.cases.push_back({summary(id), 9});
    verdicts.rules.push_back({engagement::Verdict::held, 4, found, "hurried: 300 \"likes\"", "匆忙：点赞300次"});
    if (verdicts.cases.empty()) return not_found("no subject of that name");
    return verdicts;
  }

  Result<Bytes> note_of(const engine::CaseStatement& statement) const override {
    ZAN_TRY(check(statement.case_id));
    integrity::CaseNote note{.kind = statement.kind,
                             .decision = statement.decision,
                             .ground = statement.ground,
                             .case_id = statement.case_id,
                             .by = statement.by,
                             .note = statement.note,
                             .assignee = statement.assignee};
    if (statement.kind == integrity::NoteKind::assignment && statement.assignee == summary(statement.case_id).assignee)
      return conflict("it is theirs already");
    for (const std::string& user : statement.users) {
      if (user != "u" + std::to_string(statement.case_id))
        return invalid("the case has no such account: " + user, "/users");
      note.actors.push_back(1);
    }
    for (const std::string& subject : statement.subjects) {
      const bool of_both = subject == "video-1" && statement.case_id == 4;
      if (subject != "video-" + std::to_string(statement.case_id) && !of_both)
        return invalid("the case has no such subject: " + subject, "/subjects");
      note.subjects.push_back(1);
    }
    Bytes record;
    integrity::put_note(record, note);
    return record;
  }

 private:
  static integrity::Standing standing_of(std::uint64_t id) { return static_cast<integrity::Standing>(id % 3); }

  // One of each kind.
  static engine::CaseNoteLine line(std::uint64_t i) {
    using integrity::Decision, integrity::Ground, integrity::NoteKind;
    engine::CaseNoteLine line;
    line.at = found;
    line.position = {i};
    switch (i) {
      case 1:
        line.kind = NoteKind::appeal, line.ground = Ground::shared_device, line.answer_by = {found.us + us_per_day};
        break;
      case 2:
        line.decision = Decision::overturn, line.by = "li", line.note = "seen \"it\"", line.actors = 2;
        break;
      case 3:
        line.kind = NoteKind::appeal, line.ground = Ground::fan_community, line.subjects = 1, line.open = true;
        line.answer_by = {found.us + 7 * us_per_day};
        break;
      case 4:
        line.kind = NoteKind::assignment, line.by = "li", line.assignee = "ann";
        break;
      default:
        line.kind = NoteKind::handed_out, line.by = "zhou";
    }
    return line;
  }

  static engine::CaseSummary summary(std::uint64_t id) {
    using integrity::GroupTrait;
    engine::CaseSummary summary;
    summary.id = id;
    summary.standing = standing_of(id);
    summary.decided_by_people = id == 4;
    summary.open_appeals = 1;
    summary.found = found, summary.changed = {found.us + us_per_day};
    summary.members = 3, summary.subjects = 2, summary.likes = 2;
    summary.chance_log10 = -812.5, summary.points = 3.25;
    summary.measures.members = 3, summary.measures.targets = 2, summary.measures.accounts_per_device = 8;
    summary.traits[0] = {GroupTrait::alike, 2}, summary.traits[1] = {GroupTrait::devices, -1.5};
    summary.noticed = found, summary.assignee = id == 4 ? "ann" : "";
    summary.waiting = true, summary.due = {found.us + static_cast<std::int64_t>(id) * us_per_day};
    return summary;
  }

  Result<void> ready() const {
    if (!caught_up_) return unavailable("the journal is still being read after the start");
    return {};
  }
  Result<void> check(std::uint64_t id) const {
    ZAN_TRY(ready());
    if (id == 0 || id > case_count) return not_found("no such case");
    return {};
  }

  static constexpr std::size_t graph_edges = 3;
  std::vector<engine::IntegrityDay> days_{{.day = 19107, .found = 4, .likes_removed = 1000},
                                          {.day = 19108, .found = 3, .appeals = 2},
                                          {.day = 19115, .found = 9}};
  std::atomic<bool> caught_up_{true}, trouble_{false};
};

}  // namespace zan::api
