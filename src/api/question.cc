#include "api/question.h"

#include <optional>
#include <unordered_set>

#include "api/body_fields.h"
#include "api/case_json.h"
#include "api/rules_json.h"
#include "engagement/engagement.h"

namespace zan::api {
namespace {

namespace dom = simdjson::dom;

Result<std::vector<std::string_view>> read_subjects(dom::element element) {
  dom::array array;
  if (element.get_array().get(array) != simdjson::SUCCESS)
    return invalid("subjects must be an array of names", "/subjects");
  if (array.size() > engagement::hydrate_subjects_max)
    return invalid("subjects holds more than " + std::to_string(engagement::hydrate_subjects_max) + " names",
                   "/subjects");
  std::vector<std::string_view> subjects;
  subjects.reserve(array.size());
  for (const dom::element subject : array) {
    ZAN_ASSIGN(const std::string_view name, read_name(subject, "/subjects/" + std::to_string(subjects.size())));
    subjects.push_back(name);
  }
  return subjects;
}

Result<std::vector<std::string>> read_names(dom::element element, const std::string& pointer) {
  ZAN_ASSIGN(const dom::array array, read_array(element, pointer, integrity::note_names_max));
  std::vector<std::string> names;
  for (const dom::element name : array) {
    ZAN_ASSIGN(const std::string_view text, read_name(name, pointer + "/" + std::to_string(names.size())));
    names.emplace_back(text);
  }
  return names;
}

Result<std::uint64_t> read_case(dom::element element, const std::string& pointer) {
  std::string_view text;
  std::optional<std::uint64_t> id;
  if (element.get_string().get(text) == simdjson::SUCCESS) id = parse_case_id(text);
  if (!id) return invalid("a case is written as c and 16 hex digits", pointer);
  return *id;
}

Result<std::vector<std::uint64_t>> read_cases(dom::element element) {
  ZAN_ASSIGN(const dom::array array, read_array(element, "/cases", decided_cases_max));
  std::vector<std::uint64_t> cases;
  std::unordered_set<std::uint64_t> seen;
  for (const dom::element element_of_case : array) {
    const std::string pointer = "/cases/" + std::to_string(cases.size());
    ZAN_ASSIGN(const std::uint64_t id, read_case(element_of_case, pointer));
    if (!seen.insert(id).second) return invalid("the case is given twice", pointer);
    cases.push_back(id);
  }
  return cases;
}

Result<CaseDecision> parse_decision(std::string_view body, bool of_many) {
  CaseDecision decision;
  const auto take = [&](std::string_view key, dom::element value) -> Result<bool> {
    if (key == "decision") {
      const auto found = find_decision(text_or_nothing(value));
      if (!found) return invalid("decision must be confirm or overturn", "/decision");
      decision.decision = *found;
    } else if (key == "note") {
      ZAN_ASSIGN(decision.note, read_text(value, "/note", integrity::note_text_bytes_max));
    } else if (key == "cases" && of_many) {
      ZAN_ASSIGN(decision.cases, read_cases(value));
    } else if (key == "users" && !of_many) {
      ZAN_ASSIGN(decision.users, read_names(value, "/users"));
    } else if (key == "subjects" && !of_many) {
      ZAN_ASSIGN(decision.subjects, read_names(value, "/subjects"));
    } else {
      return false;
    }
    return true;
  };
  ZAN_TRY(read_fields(body, take));
  if (decision.decision == integrity::Decision::none) return invalid("decision is required", "/decision");
  if (of_many && decision.cases.empty()) return invalid("cases is required", "/cases");
  return decision;
}

}  // namespace

Result<Question> parse_question(std::string_view body) {
  Question question;
  bool subjects_given = false;
  const auto take = [&](std::string_view key, dom::element value) -> Result<bool> {
    if (key == "viewer") {
      if (value.is_null()) return true;
      ZAN_ASSIGN(question.viewer, read_name(value, "/viewer"));
    } else if (key == "subjects") {
      subjects_given = true;
      ZAN_ASSIGN(question.subjects, read_subjects(value));
    } else {
      return false;
    }
    return true;
  };
  ZAN_TRY(read_fields(body, take));
  if (!subjects_given) return invalid("subjects is required", "/subjects");
  return question;
}

Result<std::string> parse_backup(std::string_view body) {
  std::optional<std::string> folder;
  const auto take = [&](std::string_view key, dom::element value) -> Result<bool> {
    if (key != "to") return false;
    const std::string_view text = text_or_nothing(value);
    if (!text.starts_with('/') || text.find('\0') != std::string_view::npos)
      return invalid("to must be the absolute path of a folder that does not exist yet", "/to");
    folder = std::string(text);
    return true;
  };
  ZAN_TRY(read_fields(body, take));
  if (!folder) return invalid("to is required", "/to");
  return std::move(*folder);
}

Result<CaseDecision> parse_decision(std::string_view body) {
  return parse_decision(body, false);
}

Result<CaseDecision> parse_decisions(std::string_view body) {
  return parse_decision(body, true);
}

Result<std::string> parse_assignment(std::string_view body) {
  std::optional<std::string> assignee;
  const auto take = [&](std::string_view key, dom::element value) -> Result<bool> {
    if (key != "assignee") return false;
    assignee.emplace();
    if (value.is_null()) return true;
    ZAN_ASSIGN(const std::string_view name, read_text(value, "/assignee", integrity::note_by_bytes_max));
    ZAN_TRY(engagement::check_name(name, "/assignee"));
    assignee->assign(name);
    return true;
  };
  ZAN_TRY(read_fields(body, take));
  if (!assignee) return invalid("assignee is required", "/assignee");
  return std::move(*assignee);
}

Result<CaseAppeal> parse_appeal(std::string_view body) {
  CaseAppeal appeal;
  const auto take = [&](std::string_view key, dom::element value) -> Result<bool> {
    if (key == "case") {
      ZAN_ASSIGN(appeal.case_id, read_case(value, "/case"));
    } else if (key == "subject") {
      ZAN_ASSIGN(appeal.subject, read_name(value, "/subject"));
    } else if (key == "user") {
      ZAN_ASSIGN(appeal.user, read_name(value, "/user"));
    } else if (key == "ground") {
      const auto found = find_ground(text_or_nothing(value));
      if (!found)
        return invalid("ground must be genuine_likes, shared_device, fan_community, attacked_by_others or other",
                       "/ground");
      appeal.ground = *found;
    } else {
      return false;
    }
    return true;
  };
  ZAN_TRY(read_fields(body, take));
  if (!appeal.subject.empty() && !appeal.user.empty())
    return invalid("an appeal is a subject's or a user's, not both", "/user");
  if (!appeal.case_id && appeal.subject.empty() && appeal.user.empty())
    return invalid("an appeal names a case, a subject or a user", "/case");
  if (appeal.ground == integrity::Ground::none) return invalid("ground is required", "/ground");
  return appeal;
}

Result<NewRules> parse_new_rules(std::string_view body) {
  NewRules rules;
  bool text_given = false;
  const auto take = [&](std::string_view key, dom::element value) -> Result<bool> {
    if (key == "text") {
      // One that is too long is refused by the language, with the limit.
      ZAN_ASSIGN(rules.text, read_text(value, "/text", body.size()));
      text_given = true;
    } else if (key == "why") {
      ZAN_ASSIGN(rules.why, read_text(value, "/why", integrity::rules::note_bytes_max));
    } else {
      return false;
    }
    return true;
  };
  ZAN_TRY(read_fields(body, take));
  if (!text_given) return invalid("text is required", "/text");
  if (rules.why.empty()) return invalid("why is required", "/why");
  return rules;
}

Result<RulesDecision> parse_rules_decision(std::string_view body) {
  RulesDecision decision;
  bool given = false;
  const auto take = [&](std::string_view key, dom::element value) -> Result<bool> {
    if (key == "decision") {
      const auto found = find_rules_decision(text_or_nothing(value));
      if (!found) return invalid("decision must be activate, deactivate, shadow or unshadow", "/decision");
      decision.kind = *found;
      given = true;
    } else if (key == "why") {
      ZAN_ASSIGN(decision.why, read_text(value, "/why", integrity::rules::note_bytes_max));
    } else {
      return false;
    }
    return true;
  };
  ZAN_TRY(read_fields(body, take));
  if (!given) return invalid("decision is required", "/decision");
  if (decision.why.empty()) return invalid("why is required", "/why");
  return decision;
}

}  // namespace zan::api
