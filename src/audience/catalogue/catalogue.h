// Catalogue: the tags there are - what each means, where it comes from, what it may be used for - read from a JSON file that
// operators extend without recompiling. docs/tags.md describes the file; default_catalogue.json is the one that comes along.
//
// Every tag has its values' numbers in the TagStore: a flag one; a banded tag one a band; a number a set a bit. What must never be
// possible is refused here: a sensitive tag that is derived, a purpose that nobody stated, a rule without an explanation.
//
// Threads: immutable once read; shared by whoever needs it.
// Errors:  invalid, with a JSON pointer to the offending member.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "audience/bitmap/plan.h"
#include "audience/catalogue/rule.h"
#include "base/result.h"

namespace zan::audience {

inline constexpr std::size_t catalogue_bytes_max = 4 << 20;
inline constexpr std::size_t tags_max = 4096;
inline constexpr std::size_t tag_values_max = 1024;  // of one tag
inline constexpr std::size_t categories_max = 256;
inline constexpr std::size_t purposes_max = 8;
inline constexpr std::uint32_t number_bits_max = 32;

struct Words {
  std::string en, zh;
  [[nodiscard]] const std::string& in(Tongue tongue) const { return tongue == Tongue::en ? en : zh; }
};

enum class TagType : std::uint8_t { flag, one_of, many_of, number, time };
enum class TagSource : std::uint8_t { declared, derived, imported };
enum class Sensitivity : std::uint8_t { ordinary, personal, sensitive };
const char* to_string(TagType type);
const char* to_string(TagSource source);
const char* to_string(Sensitivity sensitivity);

struct TagValue {
  std::string name;
  Words words;
  std::optional<double> from;  // of a band: the measure that it begins with
  bool adult = false;          // of the age tag
};

struct Tag {
  std::string name;
  TagType type = TagType::flag;
  Words words;
  TagSource source = TagSource::declared;
  Sensitivity sensitivity = Sensitivity::ordinary;
  std::vector<std::uint32_t> purposes;  // indexes; what it may be used for
  std::uint32_t keep_days = 0;          // without an act, or after an import; 0: until it is changed
  std::string owner;
  std::vector<TagValue> values;  // of one_of and many_of
  std::string unit;              // of a number
  std::uint64_t greatest = 0;    // of a number: more counts as this
  Rule rule;
  std::optional<std::uint32_t> category;
  ValueId first;  // its values' numbers in the store, from here on

  [[nodiscard]] bool is_set() const { return type == TagType::one_of || type == TagType::many_of; }
  [[nodiscard]] Slices slices() const;  // of number and time
  [[nodiscard]] std::uint32_t value_count() const;
  [[nodiscard]] std::optional<std::uint32_t> find_value(std::string_view value) const;
  [[nodiscard]] ValueId value(std::uint32_t index) const { return {first.number + index}; }
};

struct Category {
  std::string id;
  Words words;
  std::vector<std::string> subject_tags;  // what subjects of it are tagged with, besides the id itself
};

enum class ConsentRule : std::uint8_t { given, unless_refused };
struct Purpose {
  std::string name;
  Words words;
  ConsentRule consent = ConsentRule::given;
  bool adults_only = true;         // of known age
  std::uint64_t least_people = 0;  // fewer are never said
  ValueId given, refused;
};

class Catalogue {
 public:
  static Result<std::shared_ptr<const Catalogue>> parse(std::string_view json);
  // The one that comes along.
  static const std::shared_ptr<const Catalogue>& standard();

  [[nodiscard]] const std::vector<Tag>& tags() const { return tags_; }
  [[nodiscard]] const std::vector<Category>& categories() const { return categories_; }
  [[nodiscard]] const std::vector<Purpose>& purposes() const { return purposes_; }
  [[nodiscard]] const HalfLives& half_lives() const { return half_lives_; }
  [[nodiscard]] std::int64_t zone_us() const { return zone_us_; }  // what the operator's clock is ahead of UTC

  [[nodiscard]] const Tag* find(std::string_view name) const;
  [[nodiscard]] std::optional<std::uint32_t> category(std::string_view subject_tag) const;
  [[nodiscard]] std::optional<std::uint32_t> purpose(std::string_view name) const;
  // Nearest name there is, for "did you mean"; empty when none is near.
  [[nodiscard]] std::string nearest_tag(std::string_view name) const;

  [[nodiscard]] ValueId known() const { return {0}; }  // everybody who is there
  [[nodiscard]] ValueId adult() const { return {1}; }  // of an age that says so
  [[nodiscard]] std::uint32_t value_count() const { return value_count_; }
  // Of the file it was read from: numbers of values and categories mean the same under the same one only.
  [[nodiscard]] std::uint64_t fingerprint() const { return fingerprint_; }

  // The people whom a question of this purpose may count: there, consenting, and adults where that is asked.
  [[nodiscard]] Plan eligible(std::uint32_t purpose) const;

  // How the tag comes about, for the person it describes.
  [[nodiscard]] std::string explain(const Tag& tag, Tongue tongue) const;

 private:
  friend class CatalogueReader;
  std::vector<Tag> tags_;
  std::vector<Category> categories_;
  std::vector<Purpose> purposes_;
  HalfLives half_lives_;
  std::int64_t zone_us_ = 0;
  std::unordered_map<std::string, std::uint32_t> tag_of_name_;
  std::unordered_map<std::string, std::uint32_t> category_of_tag_;
  std::uint32_t value_count_ = 0;
  std::uint64_t fingerprint_ = 0;
};

}  // namespace zan::audience
