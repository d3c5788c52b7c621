#include "api/body_fields.h"

#include <algorithm>
#include <deque>
#include <vector>

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
  scratch().digits.clear();
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

}  // namespace

Result<void> read_fields(std::string_view body, const TakeField& take) {
  ZAN_ASSIGN(const dom::object object, parse_object(body));
  std::vector<std::string_view> seen;
  for (const dom::key_value_pair member : object) {
    if (std::find(seen.begin(), seen.end(), member.key) != seen.end())
      return invalid(std::string(member.key) + " is given twice", "/" + std::string(member.key));
    ZAN_ASSIGN(const bool known, take(member.key, member.value));
    seen.push_back(member.key);
    if (!known) return invalid("the call knows no such field", "/" + std::string(member.key.substr(0, 64)));
  }
  return {};
}

Result<std::string_view> read_text(dom::element element, const std::string& pointer, std::size_t bytes_max) {
  std::string_view text;
  if (element.get_string().get(text) != simdjson::SUCCESS)
    return invalid(pointer.substr(1) + " must be a string", pointer);
  if (text.size() > bytes_max)
    return invalid(pointer.substr(1) + " is longer than " + std::to_string(bytes_max) + " bytes", pointer);
  return text;
}

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

Result<dom::array> read_array(dom::element element, const std::string& pointer, std::size_t most) {
  dom::array array;
  if (element.get_array().get(array) != simdjson::SUCCESS || array.size() == 0)
    return invalid(pointer.substr(1) + " must be an array, not empty", pointer);
  if (array.size() > most) return invalid(pointer.substr(1) + " holds more than " + std::to_string(most), pointer);
  return array;
}

std::string_view text_or_nothing(dom::element element) {
  std::string_view text;
  return element.get_string().get(text) == simdjson::SUCCESS ? text : std::string_view();
}

Result<std::vector<std::string>> read_names(simdjson::dom::element element, const std::string& pointer, std::size_t most) {
  ZAN_ASSIGN(const simdjson::dom::array array, read_array(element, pointer, most));
  std::vector<std::string> texts;
  for (const simdjson::dom::element one : array) {
    ZAN_ASSIGN(const std::string_view text, read_name(one, pointer + "/" + std::to_string(texts.size())));
    texts.emplace_back(text);
  }
  return texts;
}

Result<bool> read_truth(simdjson::dom::element element, const std::string& pointer) {
  bool truth = false;
  if (element.get_bool().get(truth) != simdjson::SUCCESS)
    return invalid(pointer.substr(1) + " must be true or false", pointer);
  return truth;
}

Result<std::size_t> read_choice(simdjson::dom::element element, const std::string& pointer,
                                std::span<const std::string_view> names) {
  const std::string_view text = text_or_nothing(element);
  std::string known;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == text) return i;
    known += (i == 0 ? "" : i + 1 == names.size() ? " or " : ", ") + std::string(names[i]);
  }
  return invalid(pointer.substr(1) + " must be " + known, pointer);
}

Result<double> read_number(simdjson::dom::element element, const std::string& pointer) {
  double number = 0;
  if (element.get_double().get(number) != simdjson::SUCCESS)
    return invalid(pointer.substr(1) + " must be a number", pointer);
  return number;
}

}  // namespace zan::api
