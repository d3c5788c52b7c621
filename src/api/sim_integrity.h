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
            .trouble = trouble_ ? "the \"journal\" is damaged" : ""};
  }

  Result<engine::CasePage> cases(std::optional<integrity::Standing> standing, std::size_t limit,
                                 std::uint64_t before) const override {
    ZAN_TRY(ready());
    engine::CasePage page;
    for (std::uint64_t id = before == 0 ? case_count : std::min(before - 1, case_count); id > 0; --id) {
      if (standing && standing_of(id) != *standing) continue;
      if (page.cases.size() == limit) {
        page.next = page.cases.back().id;
        break;
      }
      page.cases.push_back(summary(id));
    }
    return page;
  }

  Result<engine::CaseDetail> one(std::uint64_t id) const override {
    ZAN_TRY(check(id));
    const std::string subject = "video-" + std::to_string(id), user = "u" + std::to_string(id);
    engine::CaseDetail detail{.summary = summary(id)};
    detail.members = {user, "小红 \"5\"\n", ""};
    detail.subjects = {subject, "work"};
    detail.likes = {{user, subject, found}, {"", subject, {found.us + 1}}};
    using integrity::Decision, integrity::Ground, integrity::NoteKind;
    detail.notes = {{.at = found, .kind = NoteKind::appeal, .ground = Ground::shared_device},
                    {.at = found, .decision = Decision::confirm, .by = "li", .note = "seen \"it\"", .actors = 2},
                    {.at = found, .kind = NoteKind::appeal, .ground = Ground::fan_community}};
    return detail;
  }

  Result<engine::SubjectVerdicts> of_subject(std::string_view subject) const override {
    ZAN_TRY(ready());
    engine::SubjectVerdicts verdicts{.genuine = 100, .held = 7, .rejected = 9};
    if (subject == "clean") return engine::SubjectVerdicts{.genuine = 3};
    for (std::uint64_t id = case_count; id > 0; --id)
      if (subject == "video-" + std::to_string(id) || (subject == "video-1" && id == 4))
        verdicts.cases.push_back({summary(id), 9});
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
                             .note = statement.note};
    for (const std::string& user : statement.users) {
      if (user != "u" + std::to_string(statement.case_id))
        return invalid("the case has no such account: " + user, "/users");
      note.actors.push_back(1);
    }
    for (const std::string& subject : statement.subjects) {
      if (subject != "video-" + std::to_string(statement.case_id))
        return invalid("the case has no such subject: " + subject, "/subjects");
      note.subjects.push_back(1);
    }
    Bytes record;
    integrity::put_note(record, note);
    return record;
  }

 private:
  static integrity::Standing standing_of(std::uint64_t id) { return static_cast<integrity::Standing>(id % 3); }

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

  std::atomic<bool> caught_up_{true}, trouble_{false};
};

}  // namespace zan::api
