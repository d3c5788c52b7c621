// The natural logarithm by plain arithmetic, so that every machine gets the same bits: a C library may pick another
// variant of its own by the processor. Error below 1e-10.
#pragma once

#include <bit>
#include <cstdint>

namespace zan::integrity {

// REQUIRES: value is positive, finite and normal.
inline double portable_log(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  // The exponent is chosen so that the mantissa lies around 1, in [sqrt(1/2), sqrt(2)).
  constexpr std::uint64_t sqrt_half_bits = 0x3fe6a09e667f3bcdULL;
  const auto exponent = static_cast<std::int64_t>(bits - sqrt_half_bits) >> 52;
  const double mantissa = std::bit_cast<double>(bits - (static_cast<std::uint64_t>(exponent) << 52));
  const double s = (mantissa - 1) / (mantissa + 1);  // ln m = 2 artanh s
  const double z = s * s;
  const double series = 1 + z * (1.0 / 3 + z * (1.0 / 5 + z * (1.0 / 7 + z * (1.0 / 9 + z * (1.0 / 11)))));
  return static_cast<double>(exponent) * 0.693147180559945309 + 2 * s * series;
}

}  // namespace zan::integrity
