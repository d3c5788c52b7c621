#include "base/random.h"

#include <sodium/core.h>
#include <sodium/randombytes.h>

#include <bit>

#include "base/require.h"

namespace zan {
namespace {

// splitmix64, the seeding its authors recommend for xoshiro.
std::uint64_t split_mix(std::uint64_t& state) {
  std::uint64_t z = (state += 0x9e3779b97f4a7c15ULL);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

class MachineEntropy final : public Entropy {
 public:
  MachineEntropy() { require(sodium_init() >= 0, "libsodium could not start"); }
  void fill(std::span<unsigned char> out) override { randombytes_buf(out.data(), out.size()); }
};

}  // namespace

Rng::Rng(std::uint64_t seed) {
  for (auto& word : state_) word = split_mix(seed);
}

std::uint64_t Rng::next() {
  const std::uint64_t result = std::rotl(state_[0] + state_[3], 23) + state_[0];
  const std::uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

Entropy& machine_entropy() {
  static MachineEntropy entropy;
  return entropy;
}

void SeededEntropy::fill(std::span<unsigned char> out) {
  for (auto& byte : out) byte = static_cast<unsigned char>(rng_.next());
}

}  // namespace zan
