#include "matching/sources/source.h"

namespace zan::matching {
namespace {

constexpr std::size_t tag_count = 8, new_a_tag = 24, new_anywhere = 120, fresh_count = 120;

}  // namespace

// Of the tags the person takes to first, then of all; those that many were shown come last, so that there is something to
// show as long as there is anything they have not seen.
void find_fresh(const Asking& asking, std::vector<Candidate>& found) {
  std::vector<WorkRow> shown_to_many;
  const auto add = [&](WorkRow row) {
    if (found.size() >= fresh_count || asking.is_gone(row)) return;
    if (asking.live.works().read(row).ever.shown < asking.few_shown) {
      found.push_back({row});
    } else if (shown_to_many.size() < fresh_count) {
      shown_to_many.push_back(row);
    }
  };
  const Shelves& shelves = asking.live.shelves();
  for (const LikedTag& liked : liked_tags(asking.person, seconds_of(asking.scene.at), tag_count)) {
    for (const WorkRow row : shelves.newest_of_tag(liked.tag, new_a_tag)) add(row);
  }
  for (const WorkRow row : shelves.newest(new_anywhere + asking.gone.size())) add(row);
  for (const WorkRow row : shown_to_many) {
    if (found.size() < fresh_count) found.push_back({row});
  }
}

}  // namespace zan::matching
