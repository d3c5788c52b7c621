// Blocked Bloom filter over pairs: says "surely not here" for about 199 of 200 absent keys, with
// one cache line a test.
//
// A key selects one 512-bit line and in it one bit of each of the eight words (Putze, Sanders,
// Singler 2007; the word-wise split is Impala's and Parquet's, at twice their line). One 64-bit
// hash serves line and bits, and does not depend on the filter, so a lookup over many runs hashes
// once.
//
// Threads: add() by one thread; the rest from any once building is over.
// Cost:    12 bits a key in memory; a test is one cache miss, which prefetch() lets overlap with
//          others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "base/bytes.h"

namespace zan::storage {

inline constexpr unsigned filter_line_words = 8;
inline constexpr std::size_t filter_line_bytes = filter_line_words * 8;
inline constexpr unsigned filter_bits_per_key = 12;

// wyhash64 (Wang Yi 2019): two folded multiplications; for keys that no stranger chooses.
inline std::uint64_t filter_hash(std::uint64_t key0, std::uint64_t key1) {
  __extension__ using Wide = unsigned __int128;
  constexpr std::uint64_t secret0 = 0xa0761d6478bd642fULL;
  constexpr std::uint64_t secret1 = 0xe7037ed1a0b428dbULL;
  const Wide first = static_cast<Wide>(key0 ^ secret0) * (key1 ^ secret1);
  const Wide second = static_cast<Wide>(static_cast<std::uint64_t>(first) ^ secret0) *
                      (static_cast<std::uint64_t>(first >> 64) ^ secret1);
  return static_cast<std::uint64_t>(second) ^ static_cast<std::uint64_t>(second >> 64);
}

// The tests alone, over lines that live elsewhere: what a view keeps of each run.
class FilterView {
 public:
  FilterView() = default;
  FilterView(const std::uint64_t* lines, std::uint64_t line_count)
      : lines_(lines), line_count_(line_count) {}

  void prefetch(std::uint64_t hash) const { __builtin_prefetch(line(hash)); }

  // False: the key was never added. Always true without lines.
  [[nodiscard]] bool may_contain(std::uint64_t hash) const {
    const std::uint64_t* const words = line(hash);
    std::uint64_t bits = in_line_bits(hash);
    std::uint64_t all = 1;
    for (unsigned i = 0; i < filter_line_words; ++i, bits >>= 6) all &= words[i] >> (bits & 63);
    return all != 0;
  }

  // The upper bits choose the line; the product brings all bits of the hash to bear on the bits in
  // it.
  static std::uint64_t in_line_bits(std::uint64_t hash) {
    return (hash * 0x9e3779b97f4a7c15ULL) >> 16;
  }
  [[nodiscard]] std::uint64_t line_index(std::uint64_t hash) const {
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::uint64_t>((static_cast<Wide>(hash) * line_count_) >> 64);
  }

 private:
  [[nodiscard]] const std::uint64_t* line(std::uint64_t hash) const {
    return lines_ + line_index(hash) * filter_line_words;
  }

  const std::uint64_t* lines_ = nullptr;
  std::uint64_t line_count_ = 0;
};

// Owns the lines.
class Filter {
 public:
  // Lines for so many keys; none for none.
  static std::uint64_t lines_for(std::uint64_t keys);

  Filter() = default;
  explicit Filter(std::uint64_t line_count);  // all zero

  // Adds many keys by their hashes, with the memory accesses overlapped.
  void add(std::span<const std::uint64_t> hashes);

  [[nodiscard]] FilterView view() const { return {words_.get(), line_count_}; }
  [[nodiscard]] std::uint64_t line_count() const { return line_count_; }
  [[nodiscard]] std::size_t bytes() const { return line_count_ * filter_line_bytes; }
  [[nodiscard]] ByteSpan content() const {
    return {reinterpret_cast<const std::byte*>(words_.get()), bytes()};
  }
  [[nodiscard]] std::span<std::byte> content() {
    return {reinterpret_cast<std::byte*>(words_.get()), bytes()};
  }

 private:
  struct Free {
    void operator()(std::uint64_t* words) const;
  };
  std::unique_ptr<std::uint64_t[], Free> words_;
  std::uint64_t line_count_ = 0;
};

}  // namespace zan::storage
