// Models: what is served together, learnt from one past and judged together. A newer one takes its place whole. All of it
// is immutable but for the online part, which goes on learning what has changed since; it begins anew with each.
#pragma once

#include <cstdint>
#include <memory>

namespace zan::matching {

class Collaborative;
class OnlinePart;
class Ranker;

struct Models {
  std::uint32_t version = 0;
  std::shared_ptr<const Collaborative> collaborative;  // null: nothing could be learnt
  std::shared_ptr<const Ranker> ranker;                // null: as above; rates of the works themselves stand in
  std::shared_ptr<OnlinePart> online;                  // of the ranker; null: none
};

}  // namespace zan::matching
