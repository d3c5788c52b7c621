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
  bad.clear();
  cursor.clear();
}

void Batch::add(std::string_view json, std::uint64_t row) {
  events.push_back({static_cast<std::uint32_t>(lines.size()), static_cast<std::uint32_t>(json.size()), row, false});
  lines.append(json);
  lines.push_back('\n');
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
