// What can be asked of the detectors, and told to them: cases, verdicts of a subject, decisions, appeals.
//
// A case is a group of accounts that was found to move together. It is suspected (its likes are held), confirmed (its likes are
// rejected) or cleared (they count); people may decide otherwise, and then what people decided stays.
//
// Threads: any.
// Errors:  not_found: no such case, subject or name. unavailable: the journal is still being read after a start.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "engagement/engagement.h"
#include "integrity/integrity.h"

namespace zan::engine {

// The judge at intake.
struct IntakeSettings {
  bool on = true;
  std::string rules;                             // text; empty: those that ship
  std::optional<integrity::model::Model> model;  // may hold, and nothing else
  std::uint64_t accounts = 1'000'000;            // that are remembered; 300 bytes each
  std::int64_t delay_ms_max = 0;                 // a verdict other than genuine is stated so much later at most
  std::int64_t held_us_max = us_per_day;         // then what is held, and in no group, becomes genuine
  std::uint64_t catch_up_at_once_max = 200'000;  // records of the journal that a start waits for
};

struct IntegrityOptions {
  bool on = false;
  integrity::LockstepOptions lockstep;
  IntakeSettings intake;
};

struct IntakeStatus {
  bool caught_up = false;                             // false: acts are judged by what came since the start alone
  Position read;                                      // of the journal, as far as it has been read
  std::uint64_t genuine = 0, held = 0, rejected = 0;  // acts judged since the start
  std::size_t state_bytes = 0;
  std::string rules;  // id of the ruleset in service
  std::string trouble;
};

inline constexpr std::size_t cases_page_max = 200;
inline constexpr std::size_t case_names_max = 1000;  // members, and subjects, that an answer names

struct CaseNoteLine {
  Timestamp at;
  integrity::NoteKind kind = integrity::NoteKind::decision;
  integrity::Decision decision = integrity::Decision::none;
  integrity::Ground ground = integrity::Ground::none;
  std::string by, note;
  std::size_t actors = 0, subjects = 0;  // of a decision in part
};

struct CaseSummary {
  std::uint64_t id = 0;
  integrity::Standing standing = integrity::Standing::suspected;
  bool decided_by_people = false;
  std::size_t open_appeals = 0;
  Timestamp found, changed;
  std::size_t members = 0, subjects = 0, likes = 0;
  double chance_log10 = 0;  // of so much agreement by itself
  double points = 0;        // log odds for an attack
  std::array<integrity::TraitPoints, integrity::group_trait_count> traits{};
  integrity::GroupMeasures measures;
};

struct CaseLike {
  std::string user, subject;  // empty: erased
  Timestamp at;
};

struct CaseDetail {
  CaseSummary summary;
  std::vector<std::string> members, subjects;  // at most case_names_max each
  std::vector<CaseLike> likes;                 // the edges of the graph, at most case_names_max, oldest first
  std::vector<CaseNoteLine> notes;             // oldest first
};

struct CasePage {
  std::vector<CaseSummary> cases;  // newest first
  std::uint64_t next = 0;          // pass as `before`; zero: that was all
};

struct SubjectVerdicts {
  std::uint64_t genuine = 0, held = 0, rejected = 0;  // likes
  struct Part {
    CaseSummary summary;
    std::size_t likes = 0;  // of this subject
  };
  std::vector<Part> cases;  // at most cases_page_max, newest first
};

struct IntegrityStatus {
  bool caught_up = false;  // with the journal, after a start
  Position position;       // of the journal, up to which acts have been judged
  std::uint64_t cases = 0, suspected = 0, confirmed = 0, cleared = 0;
  std::uint64_t appeals = 0, overturned = 0;
  std::uint64_t likes_held = 0, likes_rejected = 0;  // late verdicts given since the start
  std::size_t state_bytes = 0;
  std::string trouble;
};

// What somebody says of a case, in names.
struct CaseStatement {
  std::uint64_t case_id = 0;
  integrity::NoteKind kind = integrity::NoteKind::decision;
  integrity::Decision decision = integrity::Decision::none;
  integrity::Ground ground = integrity::Ground::none;
  std::vector<std::string> users, subjects;
  std::string by, note;
};

class Integrity {
 public:
  virtual ~Integrity() = default;
  [[nodiscard]] virtual IntegrityStatus status() const = 0;
  // Newest first; `before`: a page's `next`, or zero.
  [[nodiscard]] virtual Result<CasePage> cases(std::optional<integrity::Standing> standing, std::size_t limit,
                                               std::uint64_t before) const = 0;
  [[nodiscard]] virtual Result<CaseDetail> one(std::uint64_t id) const = 0;
  [[nodiscard]] virtual Result<SubjectVerdicts> of_subject(std::string_view subject) const = 0;
  // The journal's form of a statement, to be submitted as NoteCase. invalid: names that are not in the case.
  [[nodiscard]] virtual Result<Bytes> note_of(const CaseStatement& statement) const = 0;
};

}  // namespace zan::engine
