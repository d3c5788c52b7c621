#include "api/question.h"

#include <simdjson.h>

#include <deque>
#include <optional>

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

}  // namespace zan::api
