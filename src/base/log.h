// Structured log lines: one JSON object a line on standard error, {"at":…,"level":…,"message":…, then the fields}.
//
//   log::warn("disk is nearly full", {{"free_bytes", free}, {"request", id}});
//
// Messages are constant sentences; what varies goes into fields, so that lines can be counted by message. Nothing that names
// a person belongs in a field.
// Threads: any. A line is written whole, and at once.
// Cost:    under the level, one comparison; else an allocation and a write.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

#include "base/clock.h"

namespace zan::log {

enum class Level : unsigned char { debug, info, warn, error };

const char* to_string(Level level);

// Views what it is made of: only for passing to a call.
struct Field {
  template <std::convertible_to<std::string_view> Text>
  Field(std::string_view name, const Text& text) : key(name), value(std::string_view(text)) {}
  template <std::signed_integral Number>
  Field(std::string_view name, Number number) : key(name), value(static_cast<std::int64_t>(number)) {}
  template <std::unsigned_integral Number>
  Field(std::string_view name, Number number) : key(name), value(static_cast<std::uint64_t>(number)) {}
  Field(std::string_view name, bool flag) : key(name), value(flag) {}
  Field(std::string_view name, double number) : key(name), value(number) {}

  std::string_view key;
  std::variant<std::string_view, std::int64_t, std::uint64_t, double, bool> value;
};
using Fields = std::initializer_list<Field>;

// Lines below `level` are not written; info at start.
void set_level(Level level);

void write(Level level, std::string_view message, Fields fields);

inline void debug(std::string_view message, Fields fields = {}) {
  write(Level::debug, message, fields);
}
inline void info(std::string_view message, Fields fields = {}) {
  write(Level::info, message, fields);
}
inline void warn(std::string_view message, Fields fields = {}) {
  write(Level::warn, message, fields);
}
inline void error(std::string_view message, Fields fields = {}) {
  write(Level::error, message, fields);
}

// The line, without its end: always one line and always valid JSON; bytes that are no UTF-8 become U+FFFD.
std::string format_line(Timestamp at, Level level, std::string_view message, Fields fields);

}  // namespace zan::log
