#include "measure/record.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <tuple>

#include "measure/fail.h"

namespace zan::bench {

namespace {

struct Group {
  const Record* first = nullptr;
  std::vector<const Record*> members;
};

std::vector<Group> group(const std::vector<Record>& records) {
  std::vector<Group> groups;
  for (const Record& record : records) {
    const auto same = [&](const Group& each) {
      return std::tie(each.first->problem, each.first->variant, each.first->contender) ==
             std::tie(record.problem, record.variant, record.contender);
    };
    auto found = std::find_if(groups.begin(), groups.end(), same);
    if (found == groups.end()) found = groups.insert(groups.end(), Group{&record, {}});
    found->members.push_back(&record);
  }
  return groups;
}

std::vector<double> values_of(const Group& records, const std::string& name) {
  std::vector<double> values;
  for (const Record* record : records.members) {
    for (const auto& [figure, value] : record->figures) {
      if (figure == name) values.push_back(value);
    }
  }
  std::sort(values.begin(), values.end());
  return values;
}

std::string with_spread(const std::vector<double>& values) {
  if (values.size() == 1) return human(values[0]);
  return fmt::format("{} ({}–{})", human(values[values.size() / 2]), human(values.front()), human(values.back()));
}

}  // namespace

std::string human(double value) {
  const double size = std::abs(value);
  if (size >= 1e6) return fmt::format("{:.2f} M", value * 1e-6);
  if (size >= 1e5) return fmt::format("{:.0f} k", value * 1e-3);
  if (size >= 1e4) return fmt::format("{:.1f} k", value * 1e-3);
  if (size >= 100) return fmt::format("{:.0f}", value);
  return fmt::format("{:.3g}", value);
}

std::string to_json(const Record& record) {
  // The names are our own words: no character of them needs escaping.
  std::string json = fmt::format(R"({{"problem":"{}","variant":"{}","contender":"{}","repetition":{})", record.problem,
                                 record.variant, record.contender, record.repetition);
  json += ",\"figures\":{";
  for (const auto& [name, value] : record.figures) {
    json += fmt::format("{}\"{}\":{}", json.ends_with('{') ? "" : ",", name, value);
  }
  return json + "}}";
}

std::vector<Record> read_records(const std::filesystem::path& file) {
  std::ifstream lines(file);
  std::string line;
  simdjson::dom::parser parser;
  std::vector<Record> records;
  while (std::getline(lines, line)) {
    if (line.empty()) continue;
    simdjson::dom::element json;
    if (parser.parse(line).get(json)) fail("not a record: {}", line);
    Record record;
    record.problem = std::string(json["problem"].get_string().value());
    record.variant = std::string(json["variant"].get_string().value());
    record.contender = std::string(json["contender"].get_string().value());
    record.repetition = static_cast<int>(json["repetition"].get_int64().value());
    for (const auto& [name, value] : json["figures"].get_object()) {
      record.figures.emplace_back(std::string(name), value.get_double().value());
    }
    records.push_back(std::move(record));
  }
  return records;
}

std::string markdown_table(const std::vector<Record>& records) {
  std::string table =
      "| problem | variant | contender | runs | result: median (least–most) | what else it took |\n"
      "|---|---|---|---|---|---|\n";
  for (const Group& each : group(records)) {
    std::string headline, rest;
    for (const auto& [name, unused] : each.first->figures) {
      const std::vector<double> values = values_of(each, name);
      if (headline.empty()) {
        headline = fmt::format("{} {}", with_spread(values), name);
      } else {
        rest += fmt::format("{}{} {}", rest.empty() ? "" : " · ", name, human(values[values.size() / 2]));
      }
    }
    table += fmt::format("| {} | {} | {} | {} | {} | {} |\n", each.first->problem, each.first->variant,
                         each.first->contender, each.members.size(), headline, rest);
  }
  return table;
}

void Recorder::add(const Record& record) {
  const std::string line = to_json(record);
  fmt::print("{}\n", line);
  std::fflush(stdout);
  if (!file_.empty()) {
    std::ofstream out(file_, std::ios::app);
    out << line << '\n';
    if (!out.flush()) fail("cannot write {}", file_.string());
  }
  records_.push_back(record);
}

}  // namespace zan::bench
