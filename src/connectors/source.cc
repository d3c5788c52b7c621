#include "connectors/source.h"

#include <charconv>

#include "engagement/engagement.h"

namespace zan::connectors {

void append_number(std::string& out, std::uint64_t value) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, static_cast<std::size_t>(end - digits));
}

void Batch::clear() {
  lines.clear();
  events.clear();
  attributes.clear();
  showings.clear();
  bad.clear();
  cursor.clear();
}

void Batch::show(Showing showing) {
  const std::size_t count = showings.size();
  showing.before_event = count % showings_together == 0 ? static_cast<std::uint32_t>(events.size()) : showings.back().before_event;
  showings.push_back(std::move(showing));
}

void Batch::add(std::string_view json, std::uint64_t row) {
  events.push_back({static_cast<std::uint32_t>(lines.size()), static_cast<std::uint32_t>(json.size()), row, false});
  lines.append(json);
  lines.push_back('\n');
}

std::vector<Run> runs_of(const Batch& batch) {
  std::vector<Run> runs;
  const std::span<const Showing> showings(batch.showings);
  const std::span<const EventLine> events(batch.events);
  std::size_t shown = 0, done = 0;
  while (shown < showings.size() || done < events.size()) {
    const std::size_t first = shown;
    while (shown < showings.size() && showings[shown].before_event <= done) ++shown;
    const std::size_t until = shown < showings.size() ? showings[shown].before_event : events.size();
    runs.push_back({showings.subspan(first, shown - first), events.subspan(done, until - done)});
    done = until;
  }
  return runs;
}

EventWriter::EventWriter(Batch& batch, std::string_view type, std::uint64_t row) : batch_(batch) {
  event_.offset = static_cast<std::uint32_t>(batch.lines.size());
  event_.row = row;
  batch_.lines.append(R"({"type":")").append(type).push_back('"');
}

EventWriter::~EventWriter() {
  batch_.lines.push_back('}');
  event_.length = static_cast<std::uint32_t>(batch_.lines.size()) - event_.offset;
  batch_.lines.push_back('\n');
  batch_.events.push_back(event_);
}

void EventWriter::open(std::string_view key) {
  batch_.lines.append(",\"").append(key).append("\":");
}

EventWriter& EventWriter::escaped(std::string_view key, std::string_view value) {
  open(key);
  append_json_string(batch_.lines, value);
  return *this;
}

EventWriter& EventWriter::plain(std::string_view key, std::string_view value) {
  open(key);
  batch_.lines.append("\"").append(value).push_back('"');
  return *this;
}

EventWriter& EventWriter::plain(std::string_view key, std::string_view prefix, std::uint64_t number) {
  open(key);
  batch_.lines.append("\"").append(prefix);
  append_number(batch_.lines, number);
  batch_.lines.push_back('"');
  return *this;
}

EventWriter& EventWriter::number(std::string_view key, std::uint64_t value) {
  open(key);
  append_number(batch_.lines, value);
  return *this;
}

EventWriter& EventWriter::flag(std::string_view key, bool value) {
  open(key);
  batch_.lines.append(value ? "true" : "false");
  return *this;
}

EventWriter& EventWriter::id(std::string_view prefix, std::uint64_t number, std::string_view suffix,
                             std::string_view more) {
  open("id");
  batch_.lines.append("\"").append(prefix);
  append_number(batch_.lines, number);
  batch_.lines.append(suffix).append(more).push_back('"');
  return *this;
}

EventWriter& EventWriter::text_unavailable() {
  event_.text_unavailable = true;
  return *this;
}

}  // namespace zan::connectors
