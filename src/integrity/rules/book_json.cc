// The book as JSON: {"versions":[{"id","text"}],"history":[{"kind","id","who","when_ms","why"}]}. What is in service
// follows from the history and is not written.
#include <simdjson.h>

#include <array>

#include "base/json.h"
#include "integrity/rules/book.h"

namespace zan::integrity::rules {
namespace {

namespace dom = simdjson::dom;

constexpr std::array<std::string_view, 5> kind_names = {"add", "activate", "deactivate", "shadow", "unshadow"};

void append_member(std::string& out, std::string_view name, std::string_view text) {
  append_json_string(out, name);
  out += ':';
  append_json_string(out, text);
}

Result<RulesetId> id_in(dom::element element) {
  std::string_view text;
  if (element["id"].get(text) != simdjson::SUCCESS) return corrupt("an id is missing");
  const auto id = parse_ruleset_id(text);
  return id.ok() ? id : corrupt("no id of a ruleset");
}

Result<HistoryEntry> entry_in(dom::element element) {
  HistoryEntry entry;
  std::string_view kind;
  std::string_view who;
  std::string_view why;
  if (element["kind"].get(kind) != simdjson::SUCCESS || element["who"].get(who) != simdjson::SUCCESS ||
      element["why"].get(why) != simdjson::SUCCESS || element["when_ms"].get(entry.change.when_ms) != simdjson::SUCCESS)
    return corrupt("an entry of the history lacks something");
  const auto at = std::find(kind_names.begin(), kind_names.end(), kind);
  if (at == kind_names.end()) return corrupt("an entry of an unknown kind");
  ZAN_ASSIGN(entry.id, id_in(element));
  entry.kind = static_cast<ChangeKind>(at - kind_names.begin());
  entry.change.who = who;
  entry.change.why = why;
  if (who.empty() || why.empty() || who.size() > note_bytes_max || why.size() > note_bytes_max)
    return corrupt("an entry without a name or a reason, or with too long a one");
  return entry;
}

}  // namespace

std::string RuleBook::to_json() const {
  std::string out = "{\"versions\":[";
  for (const auto& [id, text] : texts_) {
    out += out.back() == '[' ? "{" : ",{";
    append_member(out, "id", to_text(id));
    out += ',';
    append_member(out, "text", text);
    out += '}';
  }
  out += "],\"history\":[";
  for (const HistoryEntry& entry : history_) {
    out += out.back() == '[' ? "{" : ",{";
    append_member(out, "kind", kind_names[static_cast<std::size_t>(entry.kind)]);
    out += ',';
    append_member(out, "id", to_text(entry.id));
    out += ',';
    append_member(out, "who", entry.change.who);
    out += ",\"when_ms\":" + std::to_string(entry.change.when_ms) + ',';
    append_member(out, "why", entry.change.why);
    out += '}';
  }
  return out + "]}";
}

Result<RuleBook> RuleBook::parse_json(std::string_view json) {
  if (json.size() > book_json_bytes_max) return corrupt("the book is too long");
  dom::parser parser;
  dom::element root;
  dom::array versions;
  dom::array history;
  if (parser.parse(simdjson::padded_string(json)).get(root) != simdjson::SUCCESS) return corrupt("the book is no JSON");
  if (root["versions"].get(versions) != simdjson::SUCCESS || root["history"].get(history) != simdjson::SUCCESS)
    return corrupt("the book has no versions or no history");
  std::map<RulesetId, std::string_view> texts;
  for (const dom::element element : versions) {
    std::string_view text;
    ZAN_ASSIGN(const RulesetId id, id_in(element));
    if (element["text"].get(text) != simdjson::SUCCESS) return corrupt("a version without a text");
    if (!texts.try_emplace(id, text).second) return corrupt("a version is there twice");
  }
  RuleBook book;
  for (const dom::element element : history) {
    ZAN_ASSIGN(const HistoryEntry entry, entry_in(element));
    const auto text = texts.find(entry.id);
    if (text == texts.end()) return corrupt("the history names a ruleset that is not there");
    ZAN_TRY(book.take_over(entry, text->second));
  }
  if (book.texts_.size() != texts.size()) return corrupt("every ruleset is added once");
  return book;
}

}  // namespace zan::integrity::rules
