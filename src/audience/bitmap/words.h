// A set of 65,536 users as 1,024 words, and the few loops over such sets that everything else is made of.
//
// Each loop exists for plain x86-64, AVX2 and AVX-512; the first call picks what the machine has. Results are the same.
//
// Threads: pure functions. Cost: 8 KiB an operand, 0.1 to 0.3 µs when it is in the cache.
#pragma once

#include <cstddef>
#include <cstdint>

namespace zan::audience {

inline constexpr std::uint32_t block_users = 65'536;
inline constexpr std::size_t block_words = block_users / 64;

// Whether numbers that are kept as bit slices lie between two bounds: slice i has a one where bit i of the number is one.
struct SliceBounds {
  static constexpr std::uint32_t bits_max = 32;
  std::uint32_t bits = 0;
  const std::uint64_t* slices[bits_max];
  std::uint64_t low = 0, high = 0;  // both included
};

// `out` may be `a` or `b`. All pointers: block_words words.
struct WordLoops {
  const char* name;
  void (*both)(std::uint64_t* out, const std::uint64_t* a, const std::uint64_t* b);
  void (*either)(std::uint64_t* out, const std::uint64_t* a, const std::uint64_t* b);
  void (*without)(std::uint64_t* out, const std::uint64_t* a, const std::uint64_t* b);  // a, not b
  std::uint32_t (*count)(const std::uint64_t* a);
  std::uint32_t (*count_both)(const std::uint64_t* a, const std::uint64_t* b);
  std::uint32_t (*count_without)(const std::uint64_t* a, const std::uint64_t* b);
  std::uint32_t (*count_differing)(const std::uint64_t* a, const std::uint64_t* b);
  // Those of `a` whose number lies within the bounds: from the lowest bit up, a number is at least `low` if its bit is greater,
  // or equal and the rest is at least (O'Neil, Quass 1997, algorithm 4.3, turned round).
  void (*between)(std::uint64_t* out, const std::uint64_t* a, const SliceBounds& bounds);
};

const WordLoops& word_loops();
// Every variant that this machine can run, the best one last; for tests.
const WordLoops* const* word_loop_variants(std::size_t& count);

inline bool has_bit(const std::uint64_t* words, std::uint32_t bit) {
  return (words[bit >> 6] >> (bit & 63) & 1) != 0;
}
inline void set_bit(std::uint64_t* words, std::uint32_t bit) {
  words[bit >> 6] |= std::uint64_t{1} << (bit & 63);
}
inline void clear_bit(std::uint64_t* words, std::uint32_t bit) {
  words[bit >> 6] &= ~(std::uint64_t{1} << (bit & 63));
}

}  // namespace zan::audience
