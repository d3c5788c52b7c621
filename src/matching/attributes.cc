#include "matching/attributes.h"

#include <simdjson.h>

#include <algorithm>

namespace zan::matching {
namespace {

using simdjson::dom::element;

Result<element> object_of(simdjson::dom::parser& parser, std::string_view json) {
  element root;
  if (parser.parse(simdjson::padded_string(json)).get(root) != simdjson::SUCCESS || !root.is_object())
    return invalid("attributes are not a JSON object");
  return root;
}

std::string_view text_of(element object, std::string_view key) {
  std::string_view text;
  return object.is_object() && object[key].get(text) == simdjson::SUCCESS ? text : std::string_view();
}

bool is(element object, std::string_view key, bool value) {
  bool said = false;
  return object.is_object() && object[key].get(said) == simdjson::SUCCESS && said == value;
}

Timestamp published(element root) {
  const auto at = parse_rfc3339(text_of(root, "published_at"));
  return at.ok() ? *at : Timestamp{};
}

}  // namespace

Result<Timestamp> read_publication(std::string_view json) {
  simdjson::dom::parser parser;
  ZAN_ASSIGN(const element root, object_of(parser, json));
  return published(root);
}

Result<WorkFacts> read_work(SubjectId subject, CreatorId creator, std::string_view json, const AttributeNames& names,
                            TagNames& tags) {
  simdjson::dom::parser parser;
  ZAN_ASSIGN(const element root, object_of(parser, json));
  WorkFacts facts;
  facts.subject = subject;
  facts.creator = creator;
  simdjson::dom::array said;
  if (root["tags"].get(said) == simdjson::SUCCESS) {
    for (const element tag : said) {
      std::string_view text;
      if (tag.get(text) != simdjson::SUCCESS || facts.tags.size() == work_tags_max) continue;
      const std::uint32_t number = tags.number(text);
      const bool known = std::find(facts.tags.begin(), facts.tags.end(), number) != facts.tags.end();
      if (number != 0 && !known) facts.tags.push_back(number);
    }
  }
  std::uint64_t duration_ms = 0;
  if (root["duration_ms"].get(duration_ms) == simdjson::SUCCESS)
    facts.duration_ms = static_cast<std::uint32_t>(std::min<std::uint64_t>(duration_ms, ~std::uint32_t{0}));
  facts.published_at = published(root);
  element custom;
  if (root["custom"].get(custom) == simdjson::SUCCESS) {
    facts.kind = tags.number(text_of(custom, names.kind));
    facts.adults_only = is(custom, "adults_only", true);
  }
  return facts;
}

Result<PersonRead> read_person(PersonId person, std::string_view json, const AttributeNames& names, TagNames& tags) {
  simdjson::dom::parser parser;
  ZAN_ASSIGN(const element root, object_of(parser, json));
  PersonRead read;
  read.facts.person = person;
  const std::string_view age = text_of(root, "age_band");
  read.facts.minor = age == "under-14" || age == "14-17";
  read.region = text_of(root, "region");
  element custom;
  if (root["custom"].get(custom) == simdjson::SUCCESS) {
    read.facts.activity = tags.number(text_of(custom, names.activity));
    read.facts.personalised = !is(custom, "consent.personalisation", false);
  }
  return read;
}

}  // namespace zan::matching
