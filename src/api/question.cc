#include "api/question.h"

#include <simdjson.h>

#include <deque>
#include <optional>
#include <unordered_set>

#include "api/case_json.h"
#include "api/rules_json.h"
#include "engagement/engagement.h"

namespace zan::api {
namespace {

namespace dom = simdjson::dom;

// Kept between calls; `digits` holds the spelling of names that came as numbers.
struct Scratch {
  dom::parser parser;
  std::deque<std::string> digits;
};

Scratch& scratch() {
  thread_local Scratch kept;
  return kept;
}

Result<dom::object> parse_object(std::string_view body) {
  dom::parser& parser = scratch().parser;
  if (parser.max_depth() != engagement::json_depth_max &&
      parser.allocate(body.size() + 1, engagement::json_depth_max) != simdjson::SUCCESS)
    return unavailable("out of memory");
  dom::element root;
  if (const auto code = parser.parse(body.data(), body.size(), false).get(root))
    return invalid(std::string("the body is not JSON: ") + simdjson::error_message(code));
  dom::object object;
  if (root.get_object().get(object) != simdjson::SUCCESS) return invalid("the body must be a JSON object");
  return object;
}

// As in events: a string or a non-negative integer.
Result<std::string_view> read_name(dom::element element, const std::string& pointer) {
  std::uint64_t number = 0;
  if (element.get_uint64().get(number) == simdjson::SUCCESS)
    return std::string_view(scratch().digits.emplace_back(std::to_string(number)));
  std::string_view text;
  if (element.get_string().get(text) != simdjson::SUCCESS)
    return invalid(pointer.substr(1) + " must be a string or an integer from 0 to 18446744073709551615", pointer);
  ZAN_TRY(engagement::check_name(text, pointer));
  return text;
}

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

Error unknown(std::string_view key) {
  return invalid("the call knows no such field", "/" + std::string(key.substr(0, 64)));
}

std::string_view text_or_nothing(dom::element element) {
  std::string_view text;
  return element.get_string().get(text) == simdjson::SUCCESS ? text : std::string_view();
}

// Of a body whose fields may each be given once.
class Once {
 public:
  Result<void> take(std::string_view key) {
    for (const std::string_view seen : seen_)
      if (seen == key) return invalid(std::string(key) + " is given twice", "/" + std::string(key));
    seen_.push_back(key);
    return {};
  }

 private:
  std::vector<std::string_view> seen_;
};

Result<std::string_view> read_text(dom::element element, const std::string& pointer, std::size_t bytes_max) {
  std::string_view text;
  if (element.get_string().get(text) != simdjson::SUCCESS)
    return invalid(pointer.substr(1) + " must be a string", pointer);
  if (text.size() > bytes_max)
    return invalid(pointer.substr(1) + " is longer than " + std::to_string(bytes_max) + " bytes", pointer);
  return text;
}

// Nothing is no way of saying all: an empty list may be a client's mistake.
Result<dom::array> read_array(dom::element element, const std::string& pointer, std::size_t most) {
  dom::array array;
  if (element.get_array().get(array) != simdjson::SUCCESS || array.size() == 0)
    return invalid(pointer.substr(1) + " must be an array, not empty", pointer);
  if (array.size() > most) return invalid(pointer.substr(1) + " holds more than " + std::to_string(most), pointer);
  return array;
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

Result<void> read_decision_field(const dom::key_value_pair& member, bool of_many, CaseDecision& out) {
  if (member.key == "decision") {
    const auto found = find_decision(text_or_nothing(member.value));
    if (!found) return invalid("decision must be confirm or overturn", "/decision");
    out.decision = *found;
  } else if (member.key == "note") {
    ZAN_ASSIGN(out.note, read_text(member.value, "/note", integrity::note_text_bytes_max));
  } else if (member.key == "cases" && of_many) {
    ZAN_ASSIGN(out.cases, read_cases(member.value));
  } else if (member.key == "users" && !of_many) {
    ZAN_ASSIGN(out.users, read_names(member.value, "/users"));
  } else if (member.key == "subjects" && !of_many) {
    ZAN_ASSIGN(out.subjects, read_names(member.value, "/subjects"));
  } else {
    return unknown(member.key);
  }
  return {};
}

Result<CaseDecision> parse_decision(std::string_view body, bool of_many) {
  scratch().digits.clear();
  ZAN_ASSIGN(const dom::object object, parse_object(body));
  CaseDecision decision;
  Once once;
  for (const dom::key_value_pair member : object) {
    ZAN_TRY(once.take(member.key));
    ZAN_TRY(read_decision_field(member, of_many, decision));
  }
  if (decision.decision == integrity::Decision::none) return invalid("decision is required", "/decision");
  if (of_many && decision.cases.empty()) return invalid("cases is required", "/cases");
  return decision;
}

}  // namespace

Result<Question> parse_question(std::string_view body) {
  scratch().digits.clear();
  ZAN_ASSIGN(const dom::object object, parse_object(body));
  Question question;
  bool viewer_given = false, subjects_given = false;
  for (const dom::key_value_pair member : object) {
    if (member.key == "viewer" && !viewer_given) {
      viewer_given = true;
      if (member.value.is_null()) continue;
      ZAN_ASSIGN(question.viewer, read_name(member.value, "/viewer"));
    } else if (member.key == "subjects" && !subjects_given) {
      subjects_given = true;
      ZAN_ASSIGN(question.subjects, read_subjects(member.value));
    } else if (member.key == "viewer" || member.key == "subjects") {
      return invalid(std::string(member.key) + " is given twice", "/" + std::string(member.key));
    } else {
      return unknown(member.key);
    }
  }
  if (!subjects_given) return invalid("subjects is required", "/subjects");
  return question;
}

Result<std::string> parse_backup(std::string_view body) {
  ZAN_ASSIGN(const dom::object object, parse_object(body));
  std::optional<std::string> folder;
  for (const dom::key_value_pair member : object) {
    std::string_view text;
    if (member.key != "to") return unknown(member.key);
    if (folder) return invalid("to is given twice", "/to");
    if (member.value.get_string().get(text) != simdjson::SUCCESS || !text.starts_with('/') ||
        text.find('\0') != std::string_view::npos)
      return invalid("to must be the absolute path of a folder that does not exist yet", "/to");
    folder = std::string(text);
  }
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
  ZAN_ASSIGN(const dom::object object, parse_object(body));
  std::optional<std::string> assignee;
  for (const dom::key_value_pair member : object) {
    if (member.key != "assignee") return unknown(member.key);
    if (assignee) return invalid("assignee is given twice", "/assignee");
    if (member.value.is_null()) {
      assignee.emplace();
      continue;
    }
    ZAN_ASSIGN(const std::string_view name, read_text(member.value, "/assignee", integrity::note_by_bytes_max));
    ZAN_TRY(engagement::check_name(name, "/assignee"));
    assignee.emplace(name);
  }
  if (!assignee) return invalid("assignee is required", "/assignee");
  return std::move(*assignee);
}

Result<CaseAppeal> parse_appeal(std::string_view body) {
  scratch().digits.clear();
  ZAN_ASSIGN(const dom::object object, parse_object(body));
  CaseAppeal appeal;
  Once once;
  for (const dom::key_value_pair member : object) {
    ZAN_TRY(once.take(member.key));
    if (member.key == "case") {
      ZAN_ASSIGN(appeal.case_id, read_case(member.value, "/case"));
    } else if (member.key == "subject") {
      ZAN_ASSIGN(appeal.subject, read_name(member.value, "/subject"));
    } else if (member.key == "user") {
      ZAN_ASSIGN(appeal.user, read_name(member.value, "/user"));
    } else if (member.key == "ground") {
      const auto found = find_ground(text_or_nothing(member.value));
      if (!found)
        return invalid("ground must be genuine_likes, shared_device, fan_community, attacked_by_others or other",
                       "/ground");
      appeal.ground = *found;
    } else {
      return unknown(member.key);
    }
  }
  if (!appeal.subject.empty() && !appeal.user.empty())
    return invalid("an appeal is a subject's or a user's, not both", "/user");
  if (!appeal.case_id && appeal.subject.empty() && appeal.user.empty())
    return invalid("an appeal names a case, a subject or a user", "/case");
  if (appeal.ground == integrity::Ground::none) return invalid("ground is required", "/ground");
  return appeal;
}

Result<NewRules> parse_new_rules(std::string_view body) {
  ZAN_ASSIGN(const dom::object object, parse_object(body));
  NewRules rules;
  Once once;
  bool text_given = false;
  for (const dom::key_value_pair member : object) {
    ZAN_TRY(once.take(member.key));
    if (member.key == "text") {
      // One that is too long is refused by the language, with the limit.
      ZAN_ASSIGN(rules.text, read_text(member.value, "/text", body.size()));
      text_given = true;
    } else if (member.key == "why") {
      ZAN_ASSIGN(rules.why, read_text(member.value, "/why", integrity::rules::note_bytes_max));
    } else {
      return unknown(member.key);
    }
  }
  if (!text_given) return invalid("text is required", "/text");
  if (rules.why.empty()) return invalid("why is required", "/why");
  return rules;
}

Result<RulesDecision> parse_rules_decision(std::string_view body) {
  ZAN_ASSIGN(const dom::object object, parse_object(body));
  RulesDecision decision;
  Once once;
  bool given = false;
  for (const dom::key_value_pair member : object) {
    ZAN_TRY(once.take(member.key));
    if (member.key == "decision") {
      const auto found = find_rules_decision(text_or_nothing(member.value));
      if (!found) return invalid("decision must be activate, deactivate, shadow or unshadow", "/decision");
      decision.kind = *found;
      given = true;
    } else if (member.key == "why") {
      ZAN_ASSIGN(decision.why, read_text(member.value, "/why", integrity::rules::note_bytes_max));
    } else {
      return unknown(member.key);
    }
  }
  if (!given) return invalid("decision is required", "/decision");
  if (decision.why.empty()) return invalid("why is required", "/why");
  return decision;
}

}  // namespace zan::api
