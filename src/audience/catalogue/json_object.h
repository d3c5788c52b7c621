// JsonObject: members of a JSON object with the place they stand at, so that every complaint names it.
//
// Behind the room's door; simdjson's types stay inside. Threads: one.
#pragma once

#include <fmt/format.h>
#include <simdjson.h>

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audience/nearest.h"
#include "base/result.h"

namespace zan::audience {

class JsonObject {
 public:
  // invalid: no object, a member that is not one of `known`, or one that is there twice.
  static Result<JsonObject> of(simdjson::dom::element element, std::string pointer,
                               std::initializer_list<std::string_view> known) {
    JsonObject out;
    out.pointer_ = std::move(pointer);
    if (element.get_object().get(out.object_) != simdjson::SUCCESS) return out.bad("", "must be an object");
    std::vector<std::string_view> seen;
    for (const auto member : out.object_) {
      if (std::find(known.begin(), known.end(), member.key) == known.end()) {
        const std::string meant = nearest(member.key, known);
        return invalid(fmt::format("{} is not known here{}", in_quotes(member.key),
                                   meant.empty() ? "" : "; did you mean \"" + meant + "\"?"),
                       out.pointer_);
      }
      if (std::find(seen.begin(), seen.end(), member.key) != seen.end()) return out.bad(member.key, "is given twice");
      seen.push_back(member.key);
    }
    return out;
  }

  [[nodiscard]] bool has(std::string_view key) const { return get(key).has_value(); }
  [[nodiscard]] std::optional<simdjson::dom::element> get(std::string_view key) const {
    simdjson::dom::element value;
    if (object_.at_key(key).get(value) != simdjson::SUCCESS || value.is_null()) return std::nullopt;
    return value;
  }
  [[nodiscard]] std::string at(std::string_view key) const { return pointer_ + "/" + std::string(key); }
  [[nodiscard]] Error bad(std::string_view key, std::string_view what) const {
    return invalid(fmt::format("{} {}", key.empty() ? "this" : key, what), key.empty() ? pointer_ : at(key));
  }

  Result<std::string> text(std::string_view key, std::size_t bytes_max, bool may_miss = false) const {
    const auto value = get(key);
    if (!value) return may_miss ? Result<std::string>(std::string()) : Result<std::string>(bad(key, "is missing"));
    std::string_view text;
    if (value->get_string().get(text) != simdjson::SUCCESS) return bad(key, "must be a string");
    if (text.empty()) return bad(key, "must not be empty");
    if (text.size() > bytes_max) return bad(key, fmt::format("is longer than {} bytes", bytes_max));
    return std::string(text);
  }
  Result<double> number(std::string_view key, double low, double high, std::optional<double> missing = {}) const {
    const auto value = get(key);
    if (!value) return missing ? Result<double>(*missing) : Result<double>(bad(key, "is missing"));
    double number = 0;
    if (value->get_double().get(number) != simdjson::SUCCESS || !(number >= low && number <= high))
      return bad(key, fmt::format("must be a number from {:g} to {:g}", low, high));
    return number;
  }
  Result<bool> truth(std::string_view key, bool missing) const {
    const auto value = get(key);
    bool truth = missing;
    if (value && value->get_bool().get(truth) != simdjson::SUCCESS) return bad(key, "must be true or false");
    return truth;
  }
  // Elements with their pointers; empty when missing.
  Result<std::vector<simdjson::dom::element>> list(std::string_view key, std::size_t count_max) const {
    std::vector<simdjson::dom::element> out;
    const auto value = get(key);
    if (!value) return out;
    simdjson::dom::array array;
    if (value->get_array().get(array) != simdjson::SUCCESS) return bad(key, "must be an array");
    for (const auto element : array) out.push_back(element);
    if (out.size() > count_max)
      return bad(key, fmt::format("has {} elements; at most {} are allowed", out.size(), count_max));
    return out;
  }
  Result<std::vector<std::string>> texts(std::string_view key, std::size_t count_max, std::size_t bytes_max) const {
    ZAN_ASSIGN(const auto elements, list(key, count_max));
    std::vector<std::string> out;
    for (const auto& element : elements) {
      std::string_view text;
      if (element.get_string().get(text) != simdjson::SUCCESS || text.empty() || text.size() > bytes_max)
        return bad(key, fmt::format("must be an array of strings of 1 to {} bytes", bytes_max));
      out.emplace_back(text);
    }
    return out;
  }
  // The index of the member's text among `names`.
  Result<std::size_t> choice(std::string_view key, std::initializer_list<std::string_view> names,
                             std::optional<std::size_t> missing = {}) const {
    if (missing && !has(key)) return *missing;
    ZAN_ASSIGN(const std::string text, this->text(key, 64));
    for (std::size_t i = 0; i < names.size(); ++i)
      if (names.begin()[i] == text) return i;
    std::string all;
    for (const std::string_view name : names) all += (all.empty() ? "" : ", ") + std::string(name);
    return bad(key, fmt::format("must be one of {}; found {}", all, in_quotes(text)));
  }

 private:
  simdjson::dom::object object_;
  std::string pointer_;
};

}  // namespace zan::audience
