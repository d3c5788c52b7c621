// 128-bit products: the upper half of a 64 x 64 bit multiplication, which maps a uniform 64-bit value onto [0, bound)
// without a division (Lemire 2019, "Fast Random Integer Generation in an Interval").
#pragma once

#include <cstdint>

namespace zan {

__extension__ typedef unsigned __int128 Uint128;  // NOLINT: `using` takes no __extension__

inline std::uint64_t scaled(std::uint64_t uniform, std::uint64_t bound) {
  return static_cast<std::uint64_t>((static_cast<Uint128>(uniform) * bound) >> 64);
}

}  // namespace zan
