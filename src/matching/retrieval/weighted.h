// Weighted: an item by its row, and how much of it.
#pragma once

#include <cstdint>

namespace zan::matching {

struct Weighted {
  std::uint32_t row = 0;
  float weight = 0;
};

}  // namespace zan::matching
