// Randomness of two kinds that must not be mixed up.
//
// Rng:     seeded and reproducible, for simulation, sampling and backoff. xoshiro256++ (Blackman, Vigna 2018).
// Entropy: secrets (keys, nonces). The machine's is libsodium's; a test hands in a seeded one.
#pragma once

#include <cstdint>
#include <span>

#include "base/wide.h"

namespace zan {

class Rng {
 public:
  explicit Rng(std::uint64_t seed);

  std::uint64_t next();
  // Uniform in [0, bound); bound > 0. Lemire 2019, with a bias below 2^-64 * bound that we accept.
  std::uint64_t below(std::uint64_t bound) { return scaled(next(), bound); }
  // Uniform in [0, 1).
  double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
  bool chance(double probability) { return unit() < probability; }

 private:
  std::uint64_t state_[4];
};

// Threads: any. fill() never fails: a machine without entropy cannot have started.
class Entropy {
 public:
  virtual ~Entropy() = default;
  virtual void fill(std::span<unsigned char> out) = 0;
};

Entropy& machine_entropy();

// Reproducible bytes, for tests and simulation only. Threads: one.
class SeededEntropy final : public Entropy {
 public:
  explicit SeededEntropy(std::uint64_t seed) : rng_(seed) {}
  void fill(std::span<unsigned char> out) override;

 private:
  Rng rng_;
};

}  // namespace zan
