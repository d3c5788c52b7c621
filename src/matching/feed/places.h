// Places: which of the weighed works stand where in one feed.
//
// The best that is left takes each place: its worth, less for every work of the same first tag before it, none beyond
// the policy's number of one creator. Places of the share for the new are spread evenly; whose they are is told in
// feed.h.
//
// Threads: pure.
#pragma once

#include <vector>

#include "matching/feed/feed.h"
#include "matching/feed/weigh.h"

namespace zan::matching {

struct PlaceRules {
  const Policy* policy = nullptr;
  std::size_t limit = 0;
  std::size_t explored_before = 0;  // what this person was shown before, which the share for the new goes on from
  std::uint32_t now_s = 0;
  float crowding = 0, mean_shown = 1;
};

// One taken place: an index into the works.
struct Place {
  std::size_t work = 0;
  bool explored = false;
};

// Fewer than the limit, where there are not enough works. Pins are not its business.
std::vector<Place> give_places(const PlaceRules& rules, std::span<const Weighed> works);

// May take a place of the share for the new: young, and shown to few.
bool may_explore(const Policy& policy, const WorkView& view, std::uint32_t now_s);

// How many of places [from, from + count) are of the share for the new: on the long run exactly the share.
std::size_t explored_places(float share, std::size_t from, std::size_t count);

}  // namespace zan::matching
