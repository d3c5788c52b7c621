#include "matching/choose/recipe.h"

#include <fmt/format.h>

namespace zan::matching {

const char* to_string(Family family) {
  switch (family) {
    case Family::popularity:
      return "popularity";
    case Family::link_filter:
      return "link_filter";
    case Family::spectral:
      return "spectral";
    case Family::item_ridge:
      return "item_ridge";
    case Family::ials:
      return "ials";
  }
  return "popularity";
}

std::string settings_text(const Settings& s) {
  switch (s.family) {
    case Family::popularity:
      return "";
    case Family::link_filter:
      return fmt::format("user {:g}, source {:g}, target {:g}", s.user_exponent, s.source_exponent, s.target_exponent);
    case Family::spectral:
      return fmt::format("rank {:g}, soft {:g}, user {:g}, source {:g}, target {:g}", s.size, s.penalty,
                         s.user_exponent, s.source_exponent, s.target_exponent);
    case Family::item_ridge:
      return fmt::format("{}, penalty {:g}^{:g}, user {:g}, target {:g}",
                         s.size == 0 ? "all items" : fmt::format("{:g} items", s.size), s.penalty, s.penalty_exponent,
                         s.user_exponent, s.target_exponent);
    case Family::ials:
      return fmt::format("dimension {:g}, unobserved {:g}, penalty {:g}^{:g}, target {:g}", s.size, s.unobserved_weight,
                         s.penalty, s.penalty_exponent, s.target_exponent);
  }
  return "";
}

std::string recipe_text(const Recipe& recipe) {
  std::string text;
  for (const RecipeMember& member : recipe.members)
    text += fmt::format("{}{} {:.2f}", text.empty() ? "" : " + ", to_string(member.settings.family), member.weight);
  return text.empty() ? "popularity" : text;
}

}  // namespace zan::matching
