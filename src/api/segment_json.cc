#include "api/segment_json.h"

#include "api/audience_json.h"
#include "api/json_writer.h"

namespace zan::api {
namespace {

void write_version(JsonWriter& object, const audience::SegmentVersion& version) {
  object.count("version", version.number);
  object.text("name", version.name);
  object.text("expression", version.text);
  object.text("purpose", version.purpose);
  object.text("refresh", to_string(version.refresh));
  object.flag("watched", version.watched);
  object.text("by", version.who);
  object.text("why", version.why);
  object.time("at", version.at);
}

void write_point(JsonWriter& object, const audience::SizePoint& point) {
  object.time("at", point.at);
  object.count("version", point.version);
  if (point.size) object.count("size", *point.size);
  if (!point.size) object.key("size") += "null";
}

void write_info(JsonWriter& object, std::string& out, const audience::SegmentInfo& info) {
  object.text("id", audience::to_text(info.id));
  object.text("state", to_string(info.state));
  if (!info.frozen_list.empty()) object.text("list", info.frozen_list);
  write_version(object, info.last);
  if (!info.trouble.empty()) object.text("trouble", info.trouble);
  if (info.measured.version == 0) return;
  object.key("measured") += '{';
  JsonWriter measured(out);
  write_point(measured, info.measured);
  out += '}';
}

void write_texts(JsonWriter& object, std::string& out, std::string_view name, const std::vector<std::string>& texts) {
  object.key(name) += '[';
  JsonWriter list(out);
  for (const std::string& text : texts) append_json_string(list.item(), text);
  out += ']';
}

void write_evidence(JsonWriter& object, std::string& out, const audience::Evidence& evidence) {
  object.text("term", evidence.text);
  object.flag("of_catalogue", evidence.of_catalogue);
  write_texts(object, out, "words", evidence.words);
  object.count("videos", evidence.videos);
  object.count("likers", evidence.likers);
  object.number("share", evidence.share);
  object.number("base_share", evidence.base_share);
}

}  // namespace

std::string render_segment(const audience::SegmentDetail& segment, std::optional<Position> position) {
  std::string out = "{";
  JsonWriter object(out);
  write_info(object, out, segment.info);
  if (position) object.text("position", std::to_string(position->value));
  append_objects(object.key("versions"), segment.versions,
             [](JsonWriter& one, const audience::SegmentVersion& version) { write_version(one, version); });
  append_objects(object.key("states"), segment.marks, [](JsonWriter& one, const audience::SegmentMarkEntry& mark) {
    one.text("change", to_string(mark.mark));
    if (!mark.list.empty()) one.text("list", mark.list);
    one.text("by", mark.who);
    one.text("why", mark.why);
    one.time("at", mark.at);
  });
  append_objects(object.key("history"), segment.history,
             [](JsonWriter& one, const audience::SizePoint& point) { write_point(one, point); });
  return out += "}\n";
}

std::string render_segments(const std::vector<audience::SegmentInfo>& segments, std::string_view next) {
  std::string out = "{";
  JsonWriter object(out);
  append_objects(object.key("segments"), segments,
             [&out](JsonWriter& one, const audience::SegmentInfo& info) { write_info(one, out, info); });
  object.text_or_null("next", next);
  return out += "}\n";
}

std::string render_members(const engine::MemberPage& page) {
  std::string out = "{";
  JsonWriter object(out);
  write_texts(object, out, "users", page.users);
  object.text_or_null("next", page.next == 0 ? std::string() : std::to_string(page.next));
  return out += "}\n";
}

void write_move(JsonWriter& one, const engine::NamedMove& move) {
  one.text("number", std::to_string(move.number));
  one.text("user", move.user);
  one.text("move", move.entered ? "enter" : "leave");
  one.time("at", move.at);
}

std::string render_move_events(const engine::NamedMoves& moves) {
  std::string out;
  for (const engine::NamedMove& move : moves.moves) {
    out += "id: " + std::to_string(move.number) + "\nevent: move\ndata: {";
    JsonWriter object(out);
    write_move(object, move);
    out += "}\n\n";
  }
  return out;
}

std::string render_moves(const engine::NamedMoves& moves) {
  std::string out = "{";
  JsonWriter object(out);
  append_objects(object.key("moves"), moves.moves, write_move);
  object.text("next", std::to_string(moves.next));
  return out += "}\n";
}

std::string render_lists(const std::vector<audience::ListInfo>& lists) {
  std::string out = "{";
  JsonWriter object(out);
  append_objects(object.key("lists"), lists, [](JsonWriter& one, const audience::ListInfo& list) {
    one.text("name", list.name);
    one.count("users", list.size);
    one.text("by", list.who);
    one.text("source", list.source);
    one.time("at", list.at);
  });
  return out += "}\n";
}

std::string render_imports(const std::vector<audience::ImportEntry>& imports) {
  std::string out = "{";
  JsonWriter object(out);
  append_objects(object.key("imports"), imports, [](JsonWriter& one, const audience::ImportEntry& import) {
    one.text("import", std::to_string(import.import));
    one.text("tag", import.tag);
    if (!import.value.empty()) one.text("value", import.value);
    if (import.value.empty()) one.count("number", import.number);
    one.flag("on", import.on);
    one.count("users", import.users);
    one.text("by", import.who);
    one.text("source", import.source);
    one.time("at", import.at);
  });
  return out += "}\n";
}

std::string render_upload(std::size_t users, std::size_t unknown, std::uint64_t upload, Position position) {
  std::string out = "{";
  JsonWriter object(out);
  object.count("users", users);
  object.count("unknown", unknown);
  object.text("upload", std::to_string(upload));
  object.text("position", std::to_string(position.value));
  return out += "}\n";
}

std::string render_suggestion(const audience::Suggestion& suggestion, std::string_view purpose) {
  std::string out = "{";
  JsonWriter object(out);
  object.text("expression", suggestion.text);
  object.key("segment") += to_json(suggestion.segment);
  object.text("purpose", purpose);
  write_maybe_size(object, "size", suggestion.size);
  object.count("videos", suggestion.videos);
  write_maybe_size(object, "likers", suggestion.likers);
  append_objects(object.key("evidence"), suggestion.evidence,
             [&out](JsonWriter& one, const audience::Evidence& evidence) { write_evidence(one, out, evidence); });
  write_texts(object, out, "missing", suggestion.missing);
  return out += "}\n";
}

}  // namespace zan::api
