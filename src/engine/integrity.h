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

// How soon people answer: a suspected case, and an appeal. What is later is overdue.
struct ServiceLevels {
  std::int64_t decision_us = 12 * 3600 * us_per_second;
  std::int64_t appeal_us = 7 * us_per_day;
};

struct IntegrityOptions {
  bool on = false;
  integrity::LockstepOptions lockstep;
  IntakeSettings intake;
  ServiceLevels levels;
};

struct IntakeStatus {
  bool caught_up = false;                             // false: the journal is being read, and acts are judged by less
  Position read;                                      // of the journal, as far as it has been read
  std::uint64_t genuine = 0, held = 0, rejected = 0;  // acts judged since the start
  std::size_t state_bytes = 0;
  std::string rules;  // id of the ruleset in service
  std::string trouble;
};

inline constexpr std::size_t cases_page_max = 200;
inline constexpr std::size_t case_names_max = 1000;   // members, subjects, likes and notes that an answer names
inline constexpr std::size_t graph_edges_max = 1000;  // of a page
inline constexpr std::size_t labels_page_max = 10'000;
inline constexpr std::size_t case_standings_max = 64;  // of a case's history; the last one is always kept

// Something that was said of a case.
struct CaseNoteLine {
  Timestamp at;
  integrity::NoteKind kind = integrity::NoteKind::decision;
  integrity::Decision decision = integrity::Decision::none;
  integrity::Ground ground = integrity::Ground::none;
  std::string by, note;
  std::size_t actors = 0, subjects = 0;  // of a decision in part, and who appeals: an account, or a subject's creator
  std::string assignee;
  bool open = false;    // of an appeal: nobody has decided since
  Timestamp answer_by;  // of an appeal
  Position position;    // in the journal
};

// A case came to stand so.
struct CaseStanding {
  Timestamp at;
  integrity::Standing standing = integrity::Standing::suspected;
  bool by_people = false;
  Position position;  // of the journal, when it was seen
};

struct CaseSummary {
  std::uint64_t id = 0;
  integrity::Standing standing = integrity::Standing::suspected;
  bool decided_by_people = false;
  std::size_t open_appeals = 0;
  Timestamp found, changed;  // by the time of the likes
  std::size_t members = 0, subjects = 0, likes = 0;
  double chance_log10 = 0;  // of so much agreement by itself
  double points = 0;        // log odds for an attack
  std::array<integrity::TraitPoints, integrity::group_trait_count> traits{};
  integrity::GroupMeasures measures;
  Timestamp noticed;     // by the server's clock
  std::string assignee;  // empty: nobody's
  bool waiting = false;  // for a decision by people
  Timestamp due;         // when it is overdue; of a waiting case
  std::size_t spared_members = 0, spared_subjects = 0;
};

struct CaseLike {
  std::string user, subject;
  Timestamp at;
  bool spared = false;  // people took it out of the case
};

// Nobody who was erased is named, nor are their likes.
struct CaseDetail {
  CaseSummary summary;
  std::vector<std::string> members, subjects;  // at most case_names_max each
  std::vector<CaseLike> likes;                 // the first edges of the graph, at most case_names_max, oldest first
  std::vector<CaseNoteLine> notes;             // the last case_names_max, oldest first
  std::vector<CaseStanding> standings;         // oldest first
  bool complete = false;                       // nothing was left out but what was erased
};

struct CasePage {
  std::vector<CaseSummary> cases;  // newest first
  std::uint64_t next = 0;          // pass as `before`; zero: that was all
};

// Which cases; what is not given is not asked.
struct CaseFilter {
  CaseFilter() = default;
  CaseFilter(std::nullopt_t) {}
  CaseFilter(integrity::Standing wanted) : standing(wanted) {}
  CaseFilter(std::optional<integrity::Standing> wanted) : standing(wanted) {}
  std::optional<integrity::Standing> standing;
  std::optional<std::string> assignee;  // empty: nobody's
};

// Where a page of the queue ends: a place in the order, whether or not that case still waits.
struct QueuePlace {
  Timestamp due;
  std::uint32_t number = 0;
  auto operator<=>(const QueuePlace&) const = default;
};
struct QueuePage {
  std::vector<CaseSummary> cases;  // that wait for people, what is due first comes first
  std::optional<QueuePlace> next;
};

// A stretch of a case's likes, with the accounts and subjects they are between.
struct GraphPage {
  struct Node {
    std::string name;
    bool user = false;
    bool spared = false;
  };
  std::vector<Node> nodes;
  std::vector<CaseLike> edges;  // in the order in which they were found
  std::size_t next = 0;         // pass as `from`; zero: that was all
};

// What people, or the detectors, hold a like to be: to learn from.
struct LikeLabel {
  CaseLike like;
  std::uint64_t case_id = 0;
  bool fake = false;
  bool by_people = false;
};
struct LabelPlace {
  std::uint64_t case_id = 0;  // zero: from the beginning
  std::size_t edge = 0;
};
struct LabelPage {
  std::vector<LikeLabel> labels;  // case after case as they were found
  std::optional<LabelPlace> next;
};

// What one of the staff did.
struct StaffAct {
  CaseNoteLine line;
  std::uint64_t case_id = 0;
};
struct StaffPage {
  std::vector<StaffAct> acts;  // newest first
  Position next;               // pass as `before`; zero: that was all
};

// What happened on one day of the server's clock, UTC.
struct IntegrityDay {
  std::int64_t day = 0;                                 // since 1970
  std::uint64_t found = 0, confirmed = 0, cleared = 0;  // cases, each the first time
  std::uint64_t appeals = 0, decisions = 0, overturned = 0, overturned_in_part = 0;
  std::uint64_t likes_held = 0, likes_removed = 0, likes_restored = 0;  // what verdicts moved in the counts
};

struct SubjectVerdicts {
  std::uint64_t genuine = 0, held = 0, rejected = 0;  // likes
  struct Part {
    CaseSummary summary;
    std::size_t likes = 0;  // of this subject
  };
  std::vector<Part> cases;  // at most cases_page_max, newest first
  // What a rule or the model said of likes when they came; a case may have said otherwise since.
  struct Rule {
    engagement::Verdict verdict = engagement::Verdict::genuine;
    std::uint64_t likes = 0;
    Timestamp last;
    std::string en, zh;  // of the last of them
  };
  std::vector<Rule> rules;
};

struct IntegrityStatus {
  bool caught_up = false;  // with the journal, after a start
  Position position;       // of the journal, up to which acts have been judged
  std::uint64_t cases = 0, suspected = 0, confirmed = 0, cleared = 0;
  std::uint64_t appeals = 0, overturned = 0;
  std::uint64_t likes_held = 0, likes_rejected = 0;  // late verdicts given since the start
  std::size_t state_bytes = 0;
  std::string trouble;
  std::uint64_t waiting = 0, overdue = 0, unassigned = 0;  // cases that wait for people; unassigned ones of them
  std::size_t case_bytes = 0;                              // of the cases, about
  ServiceLevels levels;
};

// What somebody says of a case, in names.
struct CaseStatement {
  std::uint64_t case_id = 0;
  integrity::NoteKind kind = integrity::NoteKind::decision;
  integrity::Decision decision = integrity::Decision::none;
  integrity::Ground ground = integrity::Ground::none;
  std::vector<std::string> users, subjects;
  std::string by, note;
  std::string assignee;
};

class Integrity {
 public:
  virtual ~Integrity() = default;
  [[nodiscard]] virtual IntegrityStatus status() const = 0;
  // Newest first; `before`: a page's `next`, or zero.
  [[nodiscard]] virtual Result<CasePage> cases(const CaseFilter& filter, std::size_t limit,
                                               std::uint64_t before) const = 0;
  // Those that wait for people, overdue ones first; `assignee`: empty for nobody's.
  [[nodiscard]] virtual Result<QueuePage> queue(const std::optional<std::string>& assignee, std::size_t limit,
                                                const std::optional<QueuePlace>& after) const = 0;
  [[nodiscard]] virtual Result<CaseDetail> one(std::uint64_t id) const = 0;
  [[nodiscard]] virtual Result<GraphPage> graph(std::uint64_t id, std::size_t limit, std::size_t from) const = 0;
  [[nodiscard]] virtual Result<SubjectVerdicts> of_subject(std::string_view subject) const = 0;
  // Cases that take likes of this account, at most cases_page_max, newest first.
  [[nodiscard]] virtual Result<std::vector<CaseSummary>> of_user(std::string_view user) const = 0;
  // Of cases that people decided; `all`: of those that the detectors did, too.
  [[nodiscard]] virtual Result<LabelPage> labels(bool all, std::size_t limit, LabelPlace from) const = 0;
  [[nodiscard]] virtual Result<StaffPage> staff_acts(const std::optional<std::string>& by, std::size_t limit,
                                                     Position before) const = 0;
  // Days on which something happened, oldest first.
  [[nodiscard]] virtual Result<std::vector<IntegrityDay>> days() const = 0;
  // The journal's form of a statement, to be submitted as NoteCase. invalid: names that are not in the case. conflict: it says
  // what stands already.
  [[nodiscard]] virtual Result<Bytes> note_of(const CaseStatement& statement) const = 0;
};

}  // namespace zan::engine
