// Likes as bytes: ids as the servers see them ("u123", "v45"), and events as JSON lines.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "load/population.h"

namespace zan::bench {

// Appends the decimal digits of a number.
void append_number(std::string& out, std::uint64_t number);

inline std::string user_id(std::uint32_t user) {
  return "u" + std::to_string(user);
}
inline std::string subject_id(std::uint32_t subject) {
  return "v" + std::to_string(subject);
}

// {"type":"like","actor":"u123","subject":"v45","at":1650812741436} without a line end.
void append_event(std::string& out, const Like& like, std::uint64_t at_ms);

// Likes [begin, end) of the population, one a line.
void append_lines(std::string& out, const Population& population, std::size_t begin, std::size_t end);

}  // namespace zan::bench
