#include "simulation/verdicts.h"

#include <charconv>
#include <string>
#include <utility>

namespace zan::simulation {
namespace {

std::string_view without_end(std::string_view line) {
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

Result<std::int64_t> parse_ms(std::string_view text, const char* column) {
  std::int64_t value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() || value < 0 || value > 4'500'000'000'000)
    return invalid(std::string(column) + " is no time in milliseconds", column);
  return value;
}

Result<Verdict> parse_verdict(std::string_view text) {
  if (text == "genuine" || text == "unusable") return Verdict::genuine;
  if (text == "held") return Verdict::held;
  if (text == "rejected") return Verdict::rejected;
  return invalid("verdict must be genuine, held, rejected or unusable", "verdict");
}

}  // namespace

void split_csv(std::string_view line, std::vector<std::string_view>& fields) {
  fields.clear();
  bool quoted = false;
  std::size_t start = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') quoted = !quoted;
    if (line[i] != ',' || quoted) continue;
    fields.push_back(line.substr(start, i - start));
    start = i + 1;
  }
  fields.push_back(line.substr(start));
}

Result<VerdictReader> VerdictReader::open(std::string_view header) {
  VerdictReader reader;
  split_csv(without_end(header), reader.fields_);
  reader.columns_ = reader.fields_.size();
  const std::pair<std::string_view, std::size_t VerdictReader::*> known[] = {
      {"at", &VerdictReader::at_},           {"actor", &VerdictReader::actor_},
      {"subject", &VerdictReader::subject_}, {"verdict", &VerdictReader::verdict_},
      {"device", &VerdictReader::device_},   {"judged_at", &VerdictReader::judged_at_}};
  for (std::size_t i = 0; i < reader.columns_; ++i) {
    for (const auto& [name, member] : known) {
      if (reader.fields_[i] != name) continue;
      if (reader.*member != none)
        return invalid("the column " + std::string(name) + " is there twice", std::string(name));
      reader.*member = i;
    }
  }
  for (const auto& [name, member] : known) {
    if (name == "judged_at" || name == "device" || reader.*member != none) continue;
    return invalid("the header has no column " + std::string(name), std::string(name));
  }
  return reader;
}

std::string_view VerdictReader::field(std::size_t column) const {
  return column == none ? std::string_view() : fields_[column];
}

Result<VerdictLine> VerdictReader::read(std::string_view line) {
  split_csv(without_end(line), fields_);
  if (fields_.size() != columns_)
    return invalid("has " + std::to_string(fields_.size()) + " fields, the header " + std::to_string(columns_));
  VerdictLine read;
  ZAN_ASSIGN(read.at_ms, parse_ms(field(at_), "at"));
  read.actor = field(actor_);
  read.subject = field(subject_);
  read.device = field(device_);
  ZAN_ASSIGN(read.verdict, parse_verdict(field(verdict_)));
  if (!field(judged_at_).empty()) {
    ZAN_ASSIGN(read.judged_at_ms, parse_ms(field(judged_at_), "judged_at"));
  }
  return read;
}

}  // namespace zan::simulation
