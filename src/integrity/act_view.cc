#include "integrity/act_view.h"

#include <utility>

namespace zan::integrity {

std::optional<ActKind> find_act_kind(std::string_view word) {
  using enum ActKind;
  constexpr std::pair<std::string_view, ActKind> words[] = {
      {"", like},         {"like", like},       {"view", view},           {"complete", view},
      {"follow", follow}, {"comment", comment}, {"share", share},         {"unlike", other},
      {"dislike", other}, {"unfollow", other},  {"profile_visit", other},
  };
  for (const auto& [name, kind] : words)
    if (name == word) return kind;
  return std::nullopt;
}

}  // namespace zan::integrity
