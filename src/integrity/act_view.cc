#include "integrity/act_view.h"

namespace zan::integrity {

std::optional<ActKind> find_act_kind(std::string_view word) {
  constexpr std::string_view words[] = {"like",    "unlike", "dislike",  "view",  "complete",
                                        "comment", "follow", "unfollow", "share", "profile_visit"};
  if (word.empty()) return ActKind::like;
  for (std::uint8_t i = 0; i < 10; ++i)
    if (words[i] == word) return static_cast<ActKind>(i + 1);
  return std::nullopt;
}

}  // namespace zan::integrity
