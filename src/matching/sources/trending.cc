#include "matching/sources/source.h"

namespace zan::matching {
namespace {

constexpr std::size_t trending_count = 100;

}  // namespace

void find_trending(const Asking& asking, std::vector<Candidate>& found) {
  const std::size_t count = trending_count + asking.gone.size();
  for (const Standing& one : asking.live.shelves().trending(count, seconds_of(asking.scene.at))) {
    if (found.size() < trending_count && !asking.is_gone(one.work)) found.push_back({one.work});
  }
}

}  // namespace zan::matching
