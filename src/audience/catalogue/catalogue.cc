#include "audience/catalogue/catalogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "audience/catalogue/default_catalogue.h"
#include "audience/nearest.h"
#include "base/require.h"

namespace zan::audience {

const char* to_string(TagType type) {
  constexpr const char* names[] = {"flag", "one_of", "many_of", "number", "time"};
  return names[static_cast<std::size_t>(type)];
}

const char* to_string(TagSource source) {
  constexpr const char* names[] = {"declared", "derived", "imported"};
  return names[static_cast<std::size_t>(source)];
}

const char* to_string(Sensitivity sensitivity) {
  constexpr const char* names[] = {"ordinary", "personal", "sensitive"};
  return names[static_cast<std::size_t>(sensitivity)];
}

Slices Tag::slices() const {
  return {first, static_cast<std::uint32_t>(std::bit_width(greatest))};
}

std::uint32_t Tag::value_count() const {
  if (type == TagType::flag) return 1;
  if (is_set()) return static_cast<std::uint32_t>(values.size());
  return slices().bits + 1;
}

std::optional<std::uint32_t> Tag::find_value(std::string_view value) const {
  const auto at = std::find_if(values.begin(), values.end(), [&](const TagValue& one) { return one.name == value; });
  if (at == values.end()) return std::nullopt;
  return static_cast<std::uint32_t>(at - values.begin());
}

const std::shared_ptr<const Catalogue>& Catalogue::standard() {
  static const std::shared_ptr<const Catalogue> read = [] {
    auto catalogue = parse(default_catalogue());
    require(catalogue.ok(), "the catalogue that comes along is whole");
    return *catalogue;
  }();
  return read;
}

const Tag* Catalogue::find(std::string_view name) const {
  const auto at = tag_of_name_.find(std::string(name));
  return at == tag_of_name_.end() ? nullptr : &tags_[at->second];
}

std::optional<std::uint32_t> Catalogue::category(std::string_view subject_tag) const {
  const auto at = category_of_tag_.find(std::string(subject_tag));
  if (at == category_of_tag_.end()) return std::nullopt;
  return at->second;
}

std::optional<std::uint32_t> Catalogue::purpose(std::string_view name) const {
  for (std::uint32_t i = 0; i < purposes_.size(); ++i)
    if (purposes_[i].name == name) return i;
  return std::nullopt;
}

std::string Catalogue::nearest_tag(std::string_view name) const {
  std::vector<std::string_view> names;
  for (const Tag& tag : tags_) names.push_back(tag.name);
  return nearest(name, names);
}

Plan Catalogue::eligible(std::uint32_t number) const {
  const Purpose& purpose = purposes_[number];
  std::vector<Plan> all;
  all.push_back(Plan::of(known()));
  if (purpose.consent == ConsentRule::given) all.push_back(Plan::of(purpose.given));
  if (purpose.adults_only) all.push_back(Plan::of(adult()));
  all.push_back(Plan::negate(Plan::of(purpose.refused)));
  return Plan::both(std::move(all));
}

std::string Catalogue::explain(const Tag& tag, Tongue tongue) const {
  const bool en = tongue == Tongue::en;
  if (tag.source == TagSource::imported)
    return fmt::format(
        fmt::runtime(en ? "Given by {}; not worked out from what you do." : "由 {} 提供；不是从您的行为推算的。"),
        tag.owner);
  std::string text;
  for (const Condition& condition : tag.rule.all) {
    if (!text.empty()) text += en ? "; and " : "；并且";
    const std::string_view category = tag.category ? categories_[*tag.category].words.in(tongue) : std::string_view();
    text += audience::explain(condition, category, half_lives_, tongue);
  }
  std::string bands;
  for (const TagValue& value : tag.values) {
    if (!value.from) continue;
    if (!bands.empty()) bands += en ? ", " : "，";
    bands += fmt::format(fmt::runtime(en ? "{} from {:g}" : "{} 从 {:g} 起"), value.words.in(tongue), *value.from);
  }
  if (!bands.empty()) text += (en ? ": " : "：") + bands;
  return text + (en ? "." : "。");
}

}  // namespace zan::audience
