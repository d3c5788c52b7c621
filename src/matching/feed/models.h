// Models: what is served together, learnt from one past and judged together. Immutable; a newer one takes its place whole.
#pragma once

#include <cstdint>
#include <memory>

namespace zan::matching {

class Collaborative;
class Ranker;

struct Models {
  std::uint32_t version = 0;
  std::shared_ptr<const Collaborative> collaborative;  // null: nothing could be learnt
  std::shared_ptr<const Ranker> ranker;                // null: as above; rates of the works themselves stand in
};

}  // namespace zan::matching
