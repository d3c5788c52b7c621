#include "api/audience_json.h"

namespace zan::api {
namespace {

using audience::Catalogue;
using audience::Tag;
using audience::Tongue;

void write_words(JsonWriter& object, const audience::Words& words) {
  object.text("en", words.en);
  object.text("zh", words.zh);
}

void write_size(JsonWriter& object, const audience::SizeAnswer& size) {
  object.count("count", size.count);
  object.flag("exact", size.exact);
  object.count("within", size.within);
}

// How near those are whom a look-alike in the segment let in.
void write_similar(JsonWriter& object, const std::vector<audience::Similarity>& similar) {
  if (similar.empty()) return;
  append_objects(object.key("similar"), similar, [](JsonWriter& entry, const audience::Similarity& one) {
    entry.text("term", one.text);
    entry.count("size", one.size);
    entry.number("lowest", one.lowest);
    entry.number("median", one.median);
  });
}

void write_asked(JsonWriter& object, const AudienceAsked& asked) {
  if (!asked.expression.empty()) object.text("expression", asked.expression);
  object.text("purpose", asked.purpose);
  object.time("as_of", asked.as_of);
}

void write_row(JsonWriter& object, const Catalogue& catalogue, const audience::CompositionRow& row) {
  const Tag& tag = catalogue.tags()[row.tag];
  object.text("tag", tag.name);
  if (tag.is_set()) object.text("value", tag.values[row.value].name);
  std::string en = tag.words.en, zh = tag.words.zh;
  if (tag.is_set()) {
    en += ": " + tag.values[row.value].words.en;
    zh += "：" + tag.values[row.value].words.zh;
  }
  object.text("en", en);
  object.text("zh", zh);
  object.count("count", row.count);
  object.number("share", row.share);
  object.number("low", row.low);
  object.number("high", row.high);
  object.number("base_share", row.base_share);
  object.number("surprise", row.surprise);
}

// Nothing: too few.
void append_maybe(std::string& out, const std::optional<audience::SizeAnswer>& size) {
  if (!size) {
    out += "null";
    return;
  }
  out += '{';
  JsonWriter object(out);
  write_size(object, *size);
  out += '}';
}

void append_why(std::string& out, const audience::Why& why) {
  out += '{';
  JsonWriter object(out);
  object.text("term", why.text);
  object.flag("holds", why.in);
  if (!why.parts.empty()) {
    object.key("parts") += '[';
    JsonWriter parts(out);
    for (const audience::Why& part : why.parts) append_why(parts.item(), part);
    out += ']';
  }
  out += '}';
}

void write_values(JsonWriter& object, const Tag& tag) {
  append_objects(object.key("values"), tag.values, [](JsonWriter& one, const audience::TagValue& value) {
    one.text("value", value.name);
    write_words(one, value.words);
    if (value.from) one.number("from", *value.from);
  });
}

void write_how(JsonWriter& object, std::string& out, const Catalogue& catalogue, const Tag& tag) {
  object.key("how") += '{';
  JsonWriter how(out);
  how.text("en", catalogue.explain(tag, Tongue::en));
  how.text("zh", catalogue.explain(tag, Tongue::zh));
  out += '}';
}

void append_tag(std::string& out, const Catalogue& catalogue, const Tag& tag) {
  out += '{';
  JsonWriter object(out);
  object.text("tag", tag.name);
  object.text("type", to_string(tag.type));
  write_words(object, tag.words);
  object.text("source", to_string(tag.source));
  object.text("sensitivity", to_string(tag.sensitivity));
  object.key("purposes") += '[';
  JsonWriter purposes(out);
  for (const std::uint32_t purpose : tag.purposes)
    append_json_string(purposes.item(), catalogue.purposes()[purpose].name);
  out += ']';
  object.text("owner", tag.owner);
  if (tag.keep_days != 0) object.count("keep_days", tag.keep_days);
  if (tag.category) object.text("category", catalogue.categories()[*tag.category].id);
  if (!tag.unit.empty()) object.text("unit", tag.unit);
  if (tag.type == audience::TagType::number) object.count("greatest", tag.greatest);
  if (tag.is_set()) write_values(object, tag);
  write_how(object, out, catalogue, tag);
  out += '}';
}

void append_purpose(std::string& out, const audience::Purpose& purpose) {
  out += '{';
  JsonWriter object(out);
  object.text("purpose", purpose.name);
  write_words(object, purpose.words);
  object.text("consent", purpose.consent == audience::ConsentRule::given ? "given" : "unless_refused");
  object.flag("adults_only", purpose.adults_only);
  object.count("least_people", purpose.least_people);
  out += '}';
}

void append_person_tag(std::string& out, const Catalogue& catalogue, const engine::PersonTag& known) {
  const Tag& tag = catalogue.tags()[known.tag];
  out += '{';
  JsonWriter object(out);
  object.text("tag", tag.name);
  write_words(object, tag.words);
  object.text("source", to_string(tag.source));
  if (tag.is_set()) {
    object.key("values") += '[';
    JsonWriter values(out);
    for (const std::uint32_t value : known.values) append_json_string(values.item(), tag.values[value].name);
    out += ']';
  } else if (tag.type == audience::TagType::time) {
    append_rfc3339(object.key("day") += '"', {static_cast<std::int64_t>(known.number.value_or(0)) * us_per_day});
    out.resize(out.find('T', out.rfind('"')));
    out += '"';
  } else if (known.number) {
    object.count("number", *known.number);
  }
  write_how(object, out, catalogue, tag);
  out += '}';
}

}  // namespace

std::string render_size(const audience::SizeAnswer& size, const AudienceAsked& asked) {
  std::string out = "{";
  JsonWriter object(out);
  write_size(object, size);
  write_asked(object, asked);
  write_similar(object, size.similar);
  return out += "}\n";
}

std::string render_composition(const Catalogue& catalogue, const audience::Composition& composition,
                               const AudienceAsked& asked, std::size_t limit) {
  std::string out = "{";
  JsonWriter object(out);
  write_size(object, composition.size);
  write_asked(object, asked);
  object.count("hidden", composition.hidden);
  const auto first = std::span(composition.rows).first(std::min(limit, composition.rows.size()));
  append_objects(object.key("rows"), first,
                 [&](JsonWriter& row, const audience::CompositionRow& one) { write_row(row, catalogue, one); });
  return out += "}\n";
}

std::string render_overlap(const audience::Overlap& overlap, const std::vector<std::string>& expressions,
                           const AudienceAsked& asked) {
  std::string out = "{";
  JsonWriter object(out);
  write_asked(object, asked);
  object.key("segments") += '[';
  JsonWriter texts(out);
  for (const std::string& expression : expressions) append_json_string(texts.item(), expression);
  out += ']';
  object.key("sizes") += '[';
  JsonWriter sizes(out);
  for (const auto& size : overlap.sizes) append_maybe(sizes.item(), size);
  out += ']';
  object.key("shared") += '[';
  JsonWriter rows(out);
  for (const auto& row : overlap.shared) {
    rows.item() += '[';
    JsonWriter cells(out);
    for (const auto& cell : row) append_maybe(cells.item(), cell);
    out += ']';
  }
  return out += "]}\n";
}

void write_maybe_size(JsonWriter& object, std::string_view name, const std::optional<audience::SizeAnswer>& size) {
  append_maybe(object.key(name), size);
}

std::string render_why(const audience::Why& why, std::string_view user, const AudienceAsked& asked) {
  std::string out = "{";
  JsonWriter object(out);
  object.text("user", user);
  object.flag("in", why.in);
  write_asked(object, asked);
  append_why(object.key("why"), why);
  return out += "}\n";
}

std::string render_tags(const Catalogue& catalogue) {
  std::string out = "{";
  JsonWriter object(out);
  object.key("purposes") += '[';
  JsonWriter purposes(out);
  for (const audience::Purpose& purpose : catalogue.purposes()) append_purpose(purposes.item(), purpose);
  out += ']';
  object.key("tags") += '[';
  JsonWriter tags(out);
  for (const Tag& tag : catalogue.tags()) append_tag(tags.item(), catalogue, tag);
  return out += "]}\n";
}

std::string render_person_tags(const Catalogue& catalogue, std::string_view user,
                               const std::vector<engine::PersonTag>& known) {
  std::string out = "{";
  JsonWriter object(out);
  object.text("user", user);
  object.key("tags") += '[';
  JsonWriter tags(out);
  for (const engine::PersonTag& one : known) append_person_tag(tags.item(), catalogue, one);
  return out += "]}\n";
}

}  // namespace zan::api
