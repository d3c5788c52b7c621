#include "load/lines.h"

#include <fmt/format.h>

namespace zan::bench {

void append_number(std::string& out, std::uint64_t number) {
  const fmt::format_int digits(number);
  out.append(digits.data(), digits.size());
}

void append_event(std::string& out, const Like& like, std::uint64_t at_ms) {
  out += R"({"type":"like","actor":"u)";
  append_number(out, like.user);
  out += R"(","subject":"v)";
  append_number(out, like.subject);
  out += R"(","at":)";
  append_number(out, at_ms);
  out += '}';
}

void append_lines(std::string& out, const Population& population, std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end; ++i) {
    append_event(out, population.likes()[i], Population::at_ms(i));
    out += '\n';
  }
}

}  // namespace zan::bench
