#include <algorithm>

#include "matching/sources/source.h"

namespace zan::matching {
namespace {

constexpr std::size_t creators_count = 40, works_a_creator = 5;

}  // namespace

// Whom they followed last comes first.
void find_followed(const Asking& asking, std::vector<Candidate>& found) {
  const std::vector<CreatorId>& followed = asking.person.followed;
  const std::size_t count = std::min(followed.size(), creators_count);
  for (std::size_t i = 0; i < count; ++i) {
    const CreatorId creator = followed[followed.size() - 1 - i];
    for (const WorkRow row : asking.live.shelves().newest_of(creator, works_a_creator)) found.push_back({row});
  }
}

}  // namespace zan::matching
