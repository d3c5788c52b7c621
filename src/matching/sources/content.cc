#include "matching/sources/source.h"

namespace zan::matching {
namespace {

constexpr std::size_t tag_count = 8, liked_a_tag = 20, new_a_tag = 8;

}  // namespace

// Works for a video with no history as well: what is new of a tag stands beside what is liked.
void find_content(const Asking& asking, std::vector<Candidate>& found) {
  const std::uint32_t now_s = seconds_of(asking.scene.at);
  const auto add = [&](WorkRow work, std::uint32_t tag) {
    Candidate candidate{work};
    candidate.because_tag = tag;
    found.push_back(candidate);
  };
  for (const LikedTag& liked : liked_tags(asking.person, now_s, tag_count)) {
    for (const Standing& one : asking.live.shelves().of_tag(liked.tag, liked_a_tag, now_s)) add(one.work, liked.tag);
    for (const WorkRow row : asking.live.shelves().newest_of_tag(liked.tag, new_a_tag)) add(row, liked.tag);
  }
}

}  // namespace zan::matching
