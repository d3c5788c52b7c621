#include "matching/live/tag_names.h"

namespace zan::matching {

std::uint32_t TagNames::number(std::string_view name) {
  if (name.empty() || name.size() > tag_name_bytes_max) return 0;
  const std::lock_guard lock(mutex_);
  if (const auto known = numbers_.find(name); known != numbers_.end()) return known->second;
  if (names_.size() >= tag_names_max) return 0;
  names_.emplace_back(name);
  const auto number = static_cast<std::uint32_t>(names_.size());
  numbers_.emplace(names_.back(), number);
  return number;
}

std::uint32_t TagNames::find(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  const auto known = numbers_.find(name);
  return known == numbers_.end() ? 0 : known->second;
}

std::string_view TagNames::name(std::uint32_t number) const {
  const std::lock_guard lock(mutex_);
  return number == 0 || number > names_.size() ? std::string_view() : std::string_view(names_[number - 1]);
}

std::size_t TagNames::size() const {
  const std::lock_guard lock(mutex_);
  return names_.size();
}

}  // namespace zan::matching
