// Hashes by purpose. Pick by who may choose the input:
//   checksum32 / mix64   our own bytes: finds accidents, spreads keys (XXH3, a Murmur finaliser)
//   keyed_hash128        names and ids that strangers choose: SipHash-2-4-128 under the data folder's secret, so nobody
//                        outside can make two of them meet (Aumasson, Bernstein 2012)
//   keyed_hash64         device and network tokens: the first half of the same
#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.h"

namespace zan {

struct Hash128 {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  auto operator<=>(const Hash128&) const = default;
};

using HashKey = std::array<unsigned char, 16>;

std::uint32_t checksum32(ByteSpan bytes);
std::uint64_t checksum64(ByteSpan bytes, std::uint64_t seed = 0);

Hash128 keyed_hash128(const HashKey& key, ByteSpan bytes);
std::uint64_t keyed_hash64(const HashKey& key, ByteSpan bytes);

inline std::uint64_t mix64(std::uint64_t value) {
  value ^= value >> 33;
  value *= 0xff51afd7ed558ccdULL;
  value ^= value >> 33;
  value *= 0xc4ceb9fe1a85ec53ULL;
  return value ^ (value >> 33);
}

}  // namespace zan
