#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <cmath>

#include "audience/catalogue/catalogue.h"
#include "audience/catalogue/default_catalogue.h"
#include "audience/catalogue/json_object.h"
#include "base/hash.h"
#include "base/require.h"

namespace zan::audience {
namespace {

using simdjson::dom::element;

constexpr std::size_t name_bytes = 64, words_bytes = 400;

bool is_name(std::string_view name) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.'; };
  return !name.empty() && name.front() >= 'a' && name.front() <= 'z' && std::all_of(name.begin(), name.end(), fits);
}

void replace_all(std::string& text, std::string_view what, std::string_view by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size())
    text.replace(at, what.size(), by);
}

Result<Words> words_in(const JsonObject& object) {
  Words words;
  ZAN_ASSIGN(words.en, object.text("en", words_bytes));
  ZAN_ASSIGN(words.zh, object.text("zh", words_bytes));
  return words;
}

}  // namespace

class CatalogueReader {
 public:
  Result<std::shared_ptr<const Catalogue>> read(std::string_view json);

 private:
  Result<void> read_settings(const JsonObject& root);
  Result<void> read_purposes(const JsonObject& root);
  Result<void> read_categories(const JsonObject& root);
  Result<void> read_tags(const JsonObject& root);
  Result<void> read_tag(element source, const std::string& pointer);
  Result<void> read_kind(const JsonObject& object, Tag& tag);
  Result<void> read_uses(const JsonObject& object, Tag& tag);
  Result<void> read_values(const JsonObject& object, Tag& tag);
  Result<void> read_rule(const JsonObject& object, Tag& tag);
  Result<Condition> read_condition(element source, const std::string& pointer);
  Result<std::vector<engagement::ActType>> read_acts(const JsonObject& object, std::string_view key);
  Result<void> check_rule(const JsonObject& object, const Tag& tag) const;
  Result<void> expand(const JsonObject& object, const Tag& tag, bool for_each);
  Result<void> add(const JsonObject& object, Tag tag);

  std::shared_ptr<Catalogue> out_ = std::make_shared<Catalogue>();
  std::uint32_t next_ = 2;  // 0 and 1: known, adult
};

Result<std::shared_ptr<const Catalogue>> Catalogue::parse(std::string_view json) {
  return CatalogueReader().read(json);
}

Result<std::shared_ptr<const Catalogue>> CatalogueReader::read(std::string_view json) {
  if (json.size() > catalogue_bytes_max)
    return invalid(fmt::format("the catalogue has {} bytes; at most {} are allowed", json.size(), catalogue_bytes_max));
  simdjson::dom::parser parser;
  element document;
  const auto error = parser.parse(simdjson::padded_string(json)).get(document);
  if (error != simdjson::SUCCESS) return invalid(fmt::format("no JSON: {}", simdjson::error_message(error)));
  ZAN_ASSIGN(const JsonObject root, JsonObject::of(document, "",
                                                   {"extends", "half_life_days", "zone_hours", "purposes", "categories",
                                                    "tags"}));
  ZAN_ASSIGN(const std::size_t extends, root.choice("extends", {"standard", ""}, 1));
  simdjson::dom::parser standard_parser;
  std::vector<JsonObject> roots;
  if (extends == 0) {
    element standard;
    require(standard_parser.parse(simdjson::padded_string(default_catalogue())).get(standard) ==
                simdjson::SUCCESS,
            "the catalogue that comes along is JSON");
    ZAN_ASSIGN(const JsonObject base, JsonObject::of(standard, "", {"half_life_days", "zone_hours", "purposes",
                                                                    "categories", "tags"}));
    roots.push_back(base);
  }
  roots.push_back(root);
  // All categories before the first tag, so that a tag for each of them is one for those that were added, too.
  for (const JsonObject& one : roots) ZAN_TRY(read_settings(one));
  for (const JsonObject& one : roots) ZAN_TRY(read_purposes(one));
  if (out_->purposes_.empty()) return root.bad("purposes", "must name at least one purpose");
  for (const JsonObject& one : roots) ZAN_TRY(read_categories(one));
  for (const JsonObject& one : roots) ZAN_TRY(read_tags(one));
  out_->value_count_ = next_;
  out_->fingerprint_ = checksum64(as_bytes(json));
  if (extends == 0) out_->fingerprint_ = mix64(out_->fingerprint_ ^ checksum64(as_bytes(default_catalogue())));
  return std::shared_ptr<const Catalogue>(std::move(out_));
}

Result<void> CatalogueReader::read_settings(const JsonObject& root) {
  if (root.has("zone_hours")) {
    ZAN_ASSIGN(const double hours, root.number("zone_hours", -12, 14));
    out_->zone_us_ = static_cast<std::int64_t>(hours * static_cast<double>(us_per_hour));
  }
  const auto given = root.get("half_life_days");
  if (!given) return {};
  ZAN_ASSIGN(const JsonObject half, JsonObject::of(*given, "/half_life_days", {"habits", "interests"}));
  ZAN_ASSIGN(out_->half_lives_.habits_days, half.number("habits", 1, 365));
  ZAN_ASSIGN(out_->half_lives_.interests_days, half.number("interests", 1, 365));
  return {};
}

Result<void> CatalogueReader::read_purposes(const JsonObject& root) {
  ZAN_ASSIGN(const auto purposes, root.list("purposes", purposes_max));
  for (std::size_t i = 0; i < purposes.size(); ++i) {
    ZAN_ASSIGN(const JsonObject object, JsonObject::of(purposes[i], fmt::format("/purposes/{}", i),
                                                       {"name", "en", "zh", "consent", "adults_only", "least_people"}));
    Purpose purpose;
    ZAN_ASSIGN(purpose.name, object.text("name", name_bytes));
    if (!is_name(purpose.name)) return object.bad("name", "must be lower case letters, digits, _ and .");
    if (out_->purpose(purpose.name)) return object.bad("name", "is there already");
    ZAN_ASSIGN(purpose.words, words_in(object));
    ZAN_ASSIGN(const std::size_t consent, object.choice("consent", {"given", "unless_refused"}));
    purpose.consent = static_cast<ConsentRule>(consent);
    ZAN_ASSIGN(purpose.adults_only, object.truth("adults_only", true));
    ZAN_ASSIGN(const double least, object.number("least_people", 10, 1e9));
    purpose.least_people = static_cast<std::uint64_t>(least);
    purpose.given = {next_++};
    purpose.refused = {next_++};
    out_->purposes_.push_back(std::move(purpose));
  }
  return {};
}

Result<void> CatalogueReader::read_categories(const JsonObject& root) {
  ZAN_ASSIGN(const auto categories, root.list("categories", categories_max));
  for (std::size_t i = 0; i < categories.size(); ++i) {
    ZAN_ASSIGN(const JsonObject object,
               JsonObject::of(categories[i], fmt::format("/categories/{}", i), {"id", "en", "zh", "subject_tags"}));
    Category category;
    ZAN_ASSIGN(category.id, object.text("id", name_bytes));
    if (!is_name(category.id)) return object.bad("id", "must be lower case letters, digits, _ and .");
    ZAN_ASSIGN(category.words, words_in(object));
    ZAN_ASSIGN(category.subject_tags, object.texts("subject_tags", 64, name_bytes));
    const auto index = static_cast<std::uint32_t>(out_->categories_.size());
    if (index == categories_max) return object.bad("", fmt::format("makes more than {} categories", categories_max));
    if (!out_->category_of_tag_.emplace(category.id, index).second) return object.bad("id", "is there already");
    for (const std::string& tag : category.subject_tags)
      if (!out_->category_of_tag_.emplace(tag, index).second && tag != category.id)
        return object.bad("subject_tags", fmt::format("holds {}, which is another category's", in_quotes(tag)));
    out_->categories_.push_back(std::move(category));
  }
  return {};
}

Result<void> CatalogueReader::read_tags(const JsonObject& root) {
  ZAN_ASSIGN(const auto tags, root.list("tags", tags_max));
  for (std::size_t i = 0; i < tags.size(); ++i) ZAN_TRY(read_tag(tags[i], fmt::format("/tags/{}", i)));
  return {};
}

Result<void> CatalogueReader::read_tag(element source, const std::string& pointer) {
  ZAN_ASSIGN(const JsonObject object,
             JsonObject::of(source, pointer,
                            {"name", "type", "en", "zh", "source", "sensitivity", "purposes", "keep_days", "owner",
                             "values", "unit", "greatest", "rule", "for_each"}));
  Tag tag;
  ZAN_ASSIGN(tag.name, object.text("name", name_bytes));
  ZAN_ASSIGN(tag.words, words_in(object));
  ZAN_TRY(read_kind(object, tag));
  ZAN_TRY(read_uses(object, tag));
  ZAN_TRY(read_values(object, tag));
  ZAN_TRY(read_rule(object, tag));
  ZAN_TRY(check_rule(object, tag));
  ZAN_ASSIGN(const std::size_t for_each, object.choice("for_each", {"category", ""}, 1));
  return expand(object, tag, for_each == 0);
}

Result<void> CatalogueReader::read_kind(const JsonObject& object, Tag& tag) {
  ZAN_ASSIGN(const std::size_t type, object.choice("type", {"flag", "one_of", "many_of", "number", "time"}));
  tag.type = static_cast<TagType>(type);
  ZAN_ASSIGN(const std::size_t source, object.choice("source", {"declared", "derived", "imported"}));
  tag.source = static_cast<TagSource>(source);
  ZAN_ASSIGN(const std::size_t sensitivity, object.choice("sensitivity", {"ordinary", "personal", "sensitive"}, 0));
  tag.sensitivity = static_cast<Sensitivity>(sensitivity);
  if (tag.sensitivity == Sensitivity::sensitive && tag.source != TagSource::declared)
    return object.bad("source", "of a sensitive tag must be declared: such things are never worked out, nor bought");
  ZAN_ASSIGN(const double days, object.number("keep_days", 0, 3650, 0));
  tag.keep_days = static_cast<std::uint32_t>(days);
  if (tag.source == TagSource::imported && tag.keep_days == 0)
    return object.bad("keep_days", "is missing: what was imported does not stay for good");
  ZAN_ASSIGN(tag.owner, object.text("owner", name_bytes));
  return {};
}

Result<void> CatalogueReader::read_uses(const JsonObject& object, Tag& tag) {
  ZAN_ASSIGN(const auto names, object.texts("purposes", purposes_max, name_bytes));
  if (names.empty()) return object.bad("purposes", "must name at least one purpose");
  for (const std::string& name : names) {
    const auto purpose = out_->purpose(name);
    if (!purpose)
      return object.bad("purposes", fmt::format("names {}, which is no purpose of this catalogue", in_quotes(name)));
    tag.purposes.push_back(*purpose);
  }
  return {};
}

Result<void> CatalogueReader::read_values(const JsonObject& object, Tag& tag) {
  ZAN_ASSIGN(const auto values, object.list("values", tag_values_max));
  if (tag.is_set() == values.empty())
    return object.bad("values", tag.is_set() ? "must hold at least one value" : "are only for one_of and many_of");
  for (std::size_t i = 0; i < values.size(); ++i) {
    ZAN_ASSIGN(const JsonObject one, JsonObject::of(values[i], object.at("values") + fmt::format("/{}", i),
                                                    {"name", "en", "zh", "from", "adult"}));
    TagValue value;
    ZAN_ASSIGN(value.name, one.text("name", name_bytes));
    if (tag.find_value(value.name)) return one.bad("name", "is there already");
    ZAN_ASSIGN(value.words, words_in(one));
    if (one.has("from")) {
      ZAN_ASSIGN(value.from, one.number("from", 0, 1e12));
      if (i > 0 && (!tag.values.back().from || *tag.values.back().from >= *value.from))
        return one.bad("from", "must be above the value before");
    }
    ZAN_ASSIGN(value.adult, one.truth("adult", false));
    tag.values.push_back(std::move(value));
  }
  if (tag.type == TagType::number) {
    ZAN_ASSIGN(const double greatest, object.number("greatest", 1, 4294967295.0));
    tag.greatest = static_cast<std::uint64_t>(greatest);
    ZAN_ASSIGN(tag.unit, object.text("unit", name_bytes));
  } else if (object.has("greatest") || object.has("unit")) {
    return object.bad(object.has("unit") ? "unit" : "greatest", "is only for a number");
  }
  if (tag.type == TagType::time) tag.greatest = 65'535;  // days since 1970
  return {};
}

Result<void> CatalogueReader::read_rule(const JsonObject& object, Tag& tag) {
  const auto given = object.get("rule");
  if (!given) return {};
  ZAN_ASSIGN(const JsonObject rule, JsonObject::of(*given, object.at("rule"), {"all"}));
  ZAN_ASSIGN(const auto conditions, rule.list("all", 8));
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    ZAN_ASSIGN(Condition condition, read_condition(conditions[i], object.at("rule") + fmt::format("/all/{}", i)));
    tag.rule.all.push_back(std::move(condition));
  }
  return {};
}

Result<Condition> CatalogueReader::read_condition(element source, const std::string& pointer) {
  ZAN_ASSIGN(const JsonObject object, JsonObject::of(source, pointer,
                                                     {"measure", "acts", "among", "days", "hours", "attribute",
                                                      "at_least", "at_most", "enough"}));
  Condition condition;
  ZAN_ASSIGN(const std::string name, object.text("measure", name_bytes));
  const auto measure = measure_of(name);
  if (!measure) {
    const std::string meant = nearest(name, measure_names());
    return object.bad("measure", fmt::format("{} is not known{}", in_quotes(name),
                                             meant.empty() ? "" : "; did you mean \"" + meant + "\"?"));
  }
  condition.measure = *measure;
  ZAN_ASSIGN(condition.acts, read_acts(object, "acts"));
  ZAN_ASSIGN(condition.among, read_acts(object, "among"));
  ZAN_ASSIGN(const double days, object.number("days", 1, 64, 28));
  condition.days = static_cast<std::uint32_t>(days);
  ZAN_ASSIGN(const auto hours, object.list("hours", 2));
  std::uint64_t bounds[2] = {0, 24};
  for (std::size_t i = 0; i < hours.size(); ++i)
    if (hours[i].get_uint64().get(bounds[i]) != simdjson::SUCCESS || bounds[i] > 24)
      return object.bad("hours", "must be two hours from 0 to 24");
  if (bounds[0] >= bounds[1]) return object.bad("hours", "must be an hour and a later one");
  condition.hour_from = static_cast<std::uint32_t>(bounds[0]);
  condition.hour_to = static_cast<std::uint32_t>(bounds[1]);
  ZAN_ASSIGN(condition.attribute, object.text("attribute", 256, true));
  ZAN_ASSIGN(condition.at_least, object.number("at_least", 0, 1e12, condition.at_least));
  ZAN_ASSIGN(condition.at_most, object.number("at_most", 0, 1e12, condition.at_most));
  ZAN_ASSIGN(condition.enough, object.number("enough", 0, 1e6, 0));
  const bool acts = condition.measure == Measure::acts || condition.measure == Measure::act_share;
  if (acts == condition.acts.empty())
    return object.bad("acts", acts ? "is missing" : "are not counted by this measure");
  if ((condition.measure == Measure::act_share) == condition.among.empty())
    return object.bad("among", condition.among.empty() ? "is missing" : "is only for act_share");
  if ((condition.measure == Measure::attribute) == condition.attribute.empty())
    return object.bad("attribute", condition.attribute.empty() ? "is missing" : "is only for the measure attribute");
  return condition;
}

Result<std::vector<engagement::ActType>> CatalogueReader::read_acts(const JsonObject& object, std::string_view key) {
  ZAN_ASSIGN(const auto names, object.texts(key, 10, name_bytes));
  std::vector<engagement::ActType> acts;
  for (const std::string& name : names) {
    const auto type = act_type_of(name);
    if (!type) return object.bad(key, fmt::format("names {}, which is no act", in_quotes(name)));
    acts.push_back(*type);
  }
  return acts;
}

// What type of tag the rule can make.
Result<void> CatalogueReader::check_rule(const JsonObject& object, const Tag& tag) const {
  const auto& all = tag.rule.all;
  if (all.empty() != (tag.source == TagSource::imported))
    return object.bad("rule",
                      all.empty() ? "is missing: people may read how a tag comes about" : "is not for imported tags");
  const bool said = std::any_of(all.begin(), all.end(), [](const Condition& one) { return is_said(one.measure); });
  if (said && all.size() > 1) return object.bad("rule", "of a region or an attribute has one condition");
  if (tag.source == TagSource::declared && !said)
    return object.bad("rule", "of a declared tag reads a region or an attribute");
  if (tag.source == TagSource::derived && said) return object.bad("source", "is declared, not derived");
  const bool bands = tag.is_set() && !said && tag.source != TagSource::imported;
  if (tag.type == TagType::many_of && bands) return object.bad("rule", "of a many_of reads an attribute");
  if ((bands || tag.type == TagType::number || tag.type == TagType::time) && all.size() > 1)
    return object.bad("rule", "of this type of tag has one condition");
  for (std::size_t i = 0; i < tag.values.size(); ++i)
    if (tag.source != TagSource::imported && tag.values[i].from.has_value() != bands)
      return invalid(bands ? "from is missing" : "from is only for bands of a measure",
                     object.at("values") + fmt::format("/{}/from", i));
  const bool days = !all.empty() && (all[0].measure == Measure::first_day || all[0].measure == Measure::last_day);
  if (!all.empty() && !said && days != (tag.type == TagType::time))
    return object.bad("type", days ? "of a day is time" : "time needs the measure first_day or last_day");
  return {};
}

Result<void> CatalogueReader::expand(const JsonObject& object, const Tag& tag, bool for_each) {
  const auto needs = [](const Condition& one) {
    return one.measure == Measure::interest || one.measure == Measure::aversion;
  };
  const bool of_category = std::any_of(tag.rule.all.begin(), tag.rule.all.end(), needs);
  if (of_category && !for_each) return object.bad("for_each", "must be \"category\" for what is measured by category");
  if (!for_each) return add(object, tag);
  for (std::uint32_t i = 0; i < out_->categories_.size(); ++i) {
    const Category& category = out_->categories_[i];
    Tag one = tag;
    one.category = i;
    replace_all(one.name, "{category}", category.id);
    replace_all(one.words.en, "{category}", category.words.en);
    replace_all(one.words.zh, "{category}", category.words.zh);
    for (Condition& condition : one.rule.all) condition.category = i;
    ZAN_TRY(add(object, std::move(one)));
  }
  return {};
}

Result<void> CatalogueReader::add(const JsonObject& object, Tag tag) {
  if (!is_name(tag.name) || tag.name.size() > name_bytes)
    return object.bad("name", fmt::format("{} must be lower case letters, digits, _ and ., at most {}",
                                          in_quotes(tag.name), name_bytes));
  if (out_->tags_.size() == tags_max) return object.bad("", fmt::format("makes more than {} tags", tags_max));
  const auto index = static_cast<std::uint32_t>(out_->tags_.size());
  if (!out_->tag_of_name_.emplace(tag.name, index).second)
    return object.bad("name", fmt::format("{} is there already", in_quotes(tag.name)));
  if (next_ + tag.value_count() > values_max)
    return object.bad("", fmt::format("makes more than {} values", values_max));
  tag.first = {next_};
  next_ += tag.value_count();
  out_->tags_.push_back(std::move(tag));
  return {};
}

}  // namespace zan::audience
