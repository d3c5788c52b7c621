// JSON bodies of calls that ask or tell a little: what a hydrate wants to know, where a backup goes, what is said of cases.
//
// Errors: invalid, with the JSON pointer of the offending part; without one when the body is not the JSON it should be.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "integrity/integrity.h"

namespace zan::api {

struct Question {
  std::string_view viewer;  // empty: none given
  std::vector<std::string_view> subjects;
};

// {"viewer":"u1","subjects":["v1",9]}. The views hold until the next call on this thread. `body` is followed by
// engagement::Parser::padding_bytes readable bytes.
Result<Question> parse_question(std::string_view body);

// {"to":"/somewhere"}
Result<std::string> parse_backup(std::string_view body);

inline constexpr std::size_t decided_cases_max = 1000;  // at once

struct CaseDecision {
  integrity::Decision decision = integrity::Decision::none;
  std::vector<std::uint64_t> cases;  // of a decision on many
  std::vector<std::string> users, subjects;
  std::string note;
};
// {"decision":"confirm","users":["u1"],"subjects":["v1"],"note":"..."} of one case; all but the decision may be left out.
Result<CaseDecision> parse_decision(std::string_view body);
// {"decision":"overturn","cases":["c00..."],"note":"..."}
Result<CaseDecision> parse_decisions(std::string_view body);

// {"assignee":"ann"}; null is nobody, an empty text here.
Result<std::string> parse_assignment(std::string_view body);

struct CaseAppeal {
  std::optional<std::uint64_t> case_id;
  std::string subject, user;  // who appeals: its creator, or this account; at most one
  integrity::Ground ground = integrity::Ground::none;
};
// {"case":"c00...","user":"u1","ground":"fan_community"}: "case", and "subject" or "user", or one of the three alone.
Result<CaseAppeal> parse_appeal(std::string_view body);

struct NewRules {
  std::string text, why;
};
// {"text":"rule ...","why":"..."}
Result<NewRules> parse_new_rules(std::string_view body);

struct RulesDecision {
  integrity::rules::ChangeKind kind = integrity::rules::ChangeKind::activate;
  std::string why;
};
// {"decision":"shadow","why":"..."}
Result<RulesDecision> parse_rules_decision(std::string_view body);

}  // namespace zan::api
