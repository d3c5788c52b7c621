#include "integrity/rules/catalogue.h"

#include <set>

#include "integrity/rules/lexer.h"

namespace zan::integrity::rules {
namespace {

bool is_writable(std::string_view name) {
  if (name.empty() || name.size() > 64 || !is_name_start(name.front()) || is_reserved(name)) return false;
  for (const char c : name) {
    if (!is_name_char(c)) return false;
  }
  return true;
}

}  // namespace

const char* to_string(Type type) {
  switch (type) {
    case Type::boolean:
      return "a truth value";
    case Type::integer:
      return "a whole number";
    case Type::number:
      return "a number";
    case Type::duration:
      return "a duration";
    case Type::id:
      return "a text";
    case Type::id_set:
      return "a set of texts";
    case Type::integer_set:
      return "a set of whole numbers";
  }
  return "";
}

std::string to_string(Keys keys) {
  std::string text;
  for (std::size_t i = 0; i < key_names.size(); ++i) {
    if ((keys >> i & 1) == 0) continue;
    if (!text.empty()) text += ", ";
    text += key_names[i];
  }
  return text;
}

const FeatureInfo* Catalogue::feature(std::string_view name) const {
  for (const FeatureInfo& info : features) {
    if (info.name == name) return &info;
  }
  return nullptr;
}

Result<void> check_catalogue(const Catalogue& catalogue) {
  if (catalogue.features.size() > 0xffff || catalogue.counters.size() > 0xffff) return invalid("too many features");
  std::set<std::string_view> names;
  for (const FeatureInfo& info : catalogue.features) {
    if (!is_writable(info.name)) return invalid("rules cannot write the name of this feature", info.name);
    if (info.type == Type::id_set || info.type == Type::integer_set) return invalid("a feature is no set", info.name);
    if (!names.insert(info.name).second) return invalid("there are two features of this name", info.name);
  }
  for (const CounterInfo& info : catalogue.counters) {
    const int keys = std::popcount(info.keys);
    if (!is_writable(info.word)) return invalid("rules cannot write the word of this counter", info.word);
    if (keys < 1 || keys > 2 || info.keys > 31) return invalid("a counter has one key or two", info.word);
  }
  return {};
}

std::string to_text(const Catalogue& catalogue, const FeatureRef& feature) {
  if (!feature.is_counter) return catalogue.features[feature.index].name;
  const CounterInfo& info = catalogue.counters[feature.index];
  std::string text = info.form == CounterForm::count ? "count(" : "distinct(";
  text += info.word;
  text += ", ";
  text += to_string(info.keys);
  text += ", ";
  text += window_names[static_cast<std::size_t>(feature.window)];
  text += ')';
  return text;
}

Type type_of(const Catalogue& catalogue, const FeatureRef& feature) {
  return feature.is_counter ? Type::integer : catalogue.features[feature.index].type;
}

}  // namespace zan::integrity::rules
