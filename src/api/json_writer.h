// JsonWriter: the commas of an object or array, and its plain members.
//
// Threads: one.
#pragma once

#include <fmt/format.h>

#include <cmath>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

#include "api/text.h"
#include "base/clock.h"
#include "base/json.h"

namespace zan::api {

// Builds an object or an array: the commas are its own.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}
  std::string& key(std::string_view name) {
    comma();
    out_ += '"';
    out_ += name;
    out_ += "\":";
    return out_;
  }
  std::string& item() {
    comma();
    return out_;
  }
  void count(std::string_view name, std::uint64_t value) { append_number(key(name), value); }
  void text(std::string_view name, std::string_view value) { append_json_string(key(name), value); }
  // Null when empty.
  void text_or_null(std::string_view name, std::string_view value) {
    value.empty() ? static_cast<void>(key(name) += "null") : text(name, value);
  }
  void flag(std::string_view name, bool value) { key(name) += value ? "true" : "false"; }
  void time(std::string_view name, Timestamp at) {
    key(name) += '"';
    append_rfc3339(out_, at);
    out_ += '"';
  }
  void time_or_null(std::string_view name, Timestamp at, bool known) {
    known ? time(name, at) : static_cast<void>(key(name) += "null");
  }
  // What is no number is null, as JSON has none of those.
  void number(std::string_view name, double value) {
    key(name);
    if (std::isfinite(value)) {
      fmt::format_to(std::back_inserter(out_), "{:.6g}", value);
    } else {
      out_ += "null";
    }
  }

 private:
  void comma() {
    if (!std::exchange(first_, false)) out_ += ',';
  }
  std::string& out_;
  bool first_ = true;
};

// An array with an object for each of the items, of which `write(object, item)` writes the members.
template <typename Items, typename Write>
void append_objects(std::string& out, const Items& items, Write write) {
  out += '[';
  JsonWriter list(out);
  for (const auto& item : items) {
    list.item() += '{';
    JsonWriter object(out);
    write(object, item);
    out += '}';
  }
  out += ']';
}

}  // namespace zan::api
