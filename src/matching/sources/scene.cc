#include "matching/sources/source.h"

namespace zan::matching {
namespace {

constexpr std::size_t a_place = 40;

}  // namespace

// Region and hour by turns: neither is held to know better.
void find_scene(const Asking& asking, std::vector<Candidate>& found) {
  const std::uint32_t now_s = seconds_of(asking.scene.at);
  const Shelves& shelves = asking.live.shelves();
  const std::vector<Standing> hour = shelves.of_hour(now_s / 3600, a_place + asking.gone.size(), now_s);
  const std::vector<Standing> region = shelves.of_region(asking.scene.region, a_place + asking.gone.size(), now_s);
  const auto add = [&](const std::vector<Standing>& place, std::size_t i) {
    if (i < place.size() && found.size() < 2 * a_place && !asking.is_gone(place[i].work)) found.push_back({place[i].work});
  };
  for (std::size_t i = 0; i < std::max(hour.size(), region.size()); ++i) {
    add(region, i);
    add(hour, i);
  }
}

}  // namespace zan::matching
