// Sketch: a set of any size as 65,536 parities, so that two sets which differ by a few people can be told without keeping either.
//
// Every user has a bit, the same for ever, that nobody outside can compute; a set flips the bits of its members. Of sets that
// differ by n people the sketches differ by at most n bits, and by exactly n but for the rare pair that shares a bit (Alon, Matias,
// Szegedy 1999 have the idea; ours is exact for small differences). Made block by block beside counting: a block's words are
// turned by a secret amount and added.
//
// Threads: plain values.
#pragma once

#include <array>
#include <cstdint>

#include "audience/bitmap/block_math.h"
#include "base/hash.h"

namespace zan::audience {

class Sketch {
 public:
  void add(const HashKey& secret, std::uint32_t block, const SetView& set);
  // At most how many people the sets differ by, exact while that is small; `enough` if it is that or more.
  [[nodiscard]] std::uint32_t distance(const Sketch& other, std::uint32_t enough = 0xffff'ffff) const;
  // The same for equal sets, and unforeseeable.
  [[nodiscard]] std::uint64_t seed(const HashKey& secret, std::uint64_t what) const;

 private:
  std::array<std::uint64_t, block_words> words_{};
};

}  // namespace zan::audience
