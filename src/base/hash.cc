#include "base/hash.h"

#include <sodium/crypto_shorthash_siphash24.h>
#include <xxhash.h>

namespace zan {

std::uint32_t checksum32(ByteSpan bytes) {
  return static_cast<std::uint32_t>(XXH3_64bits(bytes.data(), bytes.size()));
}

std::uint64_t checksum64(ByteSpan bytes, std::uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

Hash128 keyed_hash128(const HashKey& key, ByteSpan bytes) {
  static_assert(crypto_shorthash_siphashx24_KEYBYTES == sizeof(HashKey));
  Hash128 hash;
  crypto_shorthash_siphashx24(reinterpret_cast<unsigned char*>(&hash),
                              reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), key.data());
  return hash;
}

std::uint64_t keyed_hash64(const HashKey& key, ByteSpan bytes) {
  return keyed_hash128(key, bytes).high;
}

}  // namespace zan
