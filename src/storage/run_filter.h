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
inline constexpr std::size_t filter_batch_max = 256;

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
  FilterView(const std::uint64_t* lines, std::uint64_t line_count) : lines_(lines), line_count_(line_count) {}

  void prefetch(std::uint64_t hash) const { __builtin_prefetch(line(hash)); }

  // False: the key was never added. REQUIRES: there are lines.
  [[nodiscard]] bool may_contain(std::uint64_t hash) const;

  // Writes the indexes of those that may be contained to `passed`, in order; returns how many.
  // REQUIRES: there are lines; filter_batch_max hashes at most, and room for as many indexes.
  [[nodiscard]] std::size_t test(std::span<const std::uint64_t> hashes, std::uint8_t* passed) const;

  [[nodiscard]] std::uint64_t line_index(std::uint64_t hash) const {
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::uint64_t>((static_cast<Wide>(hash) * line_count_) >> 64);
  }
  [[nodiscard]] const std::uint64_t* line(std::uint64_t hash) const {
    return lines_ + line_index(hash) * filter_line_words;
  }

 private:
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
  [[nodiscard]] ByteSpan content() const { return {reinterpret_cast<const std::byte*>(words_.get()), bytes()}; }
  [[nodiscard]] std::span<std::byte> content() { return {reinterpret_cast<std::byte*>(words_.get()), bytes()}; }

 private:
  struct Free {
    void operator()(std::uint64_t* words) const;
  };
  std::unique_ptr<std::uint64_t[], Free> words_;
  std::uint64_t line_count_ = 0;
};

}  // namespace zan::storage
