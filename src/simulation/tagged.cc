#include "simulation/tagged.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "base/require.h"
#include "simulation/draw.h"

namespace zan::simulation {
namespace {

constexpr std::uint64_t purpose = 0x7461'6773;  // of the draws: "tags"

struct Has {
  std::uint32_t person, tag;
  std::uint64_t draw;
  bool operator<(const Has& other) const {
    return person != other.person ? person < other.person : tag < other.tag;
  }
};

}  // namespace

TaggedPeople::TaggedPeople(const TaggedOptions& options) : options_(options) {
  require(options.tags >= 1 && options.tags <= tagged_tags_max, "from 1 to tagged_tags_max tags");
  for (std::uint32_t tag = 0; tag < options.tags; ++tag) {
    Line& line = lines_.emplace_back(Line{rng_of(options.seed, purpose, tag)});
    line.scale = 1 / natural_log(1 - density(tag));
    skip(line);
  }
}

double TaggedPeople::density(std::uint32_t tag) const {
  const double place = options_.tags < 2 ? 1.0 : static_cast<double>(tag) / (options_.tags - 1);
  return 0.0001 * power(5000.0, place);
}

TaggedPeople::Kind TaggedPeople::kind_of(std::uint32_t tag) {
  const std::uint32_t place = tag % 10;
  return place < 7 ? Kind::flag : place < 9 ? Kind::one_of : Kind::number;
}

// How many people lie between two with a tag of density d: log(1 - u) / log(1 - d), rounded down.
void TaggedPeople::skip(Line& line) {
  const double chance = natural_log(1 - line.rng.unit());
  line.next += static_cast<std::uint64_t>(std::floor(chance * line.scale));
}

void TaggedPeople::append(std::string& rows, std::uint32_t person, std::uint32_t tag, std::uint64_t draw) const {
  auto out = std::back_inserter(rows);
  fmt::format_to(out, "sim-user-{},sim.tag_{:03},", person, tag);
  if (kind_of(tag) == Kind::flag) rows += "true\n";
  if (kind_of(tag) == Kind::one_of) fmt::format_to(out, "{}\n", static_cast<char>('a' + draw % 4));
  // The small ones are the more common.
  if (kind_of(tag) == Kind::number) fmt::format_to(out, "{}\n", draw % (1 + (draw >> 32) % (greatest + 1)));
}

bool TaggedPeople::next(std::string& rows) {
  if (done_ == options_.people) return false;
  const std::uint32_t end = done_ + std::min(step_people, options_.people - done_);
  std::vector<Has> all;
  for (std::uint32_t tag = 0; tag < options_.tags; ++tag) {
    Line& line = lines_[tag];
    while (line.next < end) {
      all.push_back({static_cast<std::uint32_t>(line.next), tag, line.rng.next()});
      ++line.next;
      skip(line);
    }
  }
  std::sort(all.begin(), all.end());
  for (const Has& one : all) append(rows, one.person, one.tag, one.draw);
  done_ = end;
  return true;
}

std::string TaggedPeople::catalogue() const {
  std::string out = R"json({
"purposes": [
 {"name": "reports", "en": "Reports (simulated)", "zh": "报告（模拟）", "consent": "unless_refused", "adults_only": false, "least_people": 50},
 {"name": "targeting", "en": "Targeting (simulated)", "zh": "定向（模拟）", "consent": "given", "adults_only": true, "least_people": 1000}],
"categories": [],
"tags": [)json";
  for (std::uint32_t tag = 0; tag < options_.tags; ++tag) {
    const Kind kind = kind_of(tag);
    fmt::format_to(std::back_inserter(out),
                   "{}\n {{\"name\": \"sim.tag_{:03}\", \"type\": \"{}\", \"en\": \"Simulated tag {}, of {:.4g} % of people\","
                   " \"zh\": \"模拟标签 {}\", \"source\": \"imported\", \"keep_days\": 3650, \"owner\": \"simulation\","
                   " \"purposes\": [\"reports\", \"targeting\"]",
                   tag == 0 ? "" : ",", tag,
                   kind == Kind::flag     ? "flag"
                   : kind == Kind::one_of ? "one_of"
                                          : "number",
                   tag, 100 * density(tag), tag);
    if (kind == Kind::one_of) {
      out += ", \"values\": [";
      for (const char value : {'a', 'b', 'c', 'd'})
        fmt::format_to(std::back_inserter(out), "{}{{\"name\": \"{}\", \"en\": \"{}\", \"zh\": \"{}\"}}",
                       value == 'a' ? "" : ", ", value, value, value);
      out += "]";
    }
    if (kind == Kind::number) fmt::format_to(std::back_inserter(out), ", \"greatest\": {}, \"unit\": \"points\"", greatest);
    out += "}";
  }
  return out + "]}\n";
}

}  // namespace zan::simulation
