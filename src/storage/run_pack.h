// Bit packing: columns of unsigned numbers, each in as many bits as the widest of them needs.
//
// Eight values of width w fill exactly w bytes, so the loops work on groups of eight with every
// shift and offset a compile-time constant: one instantiation a width, picked from a table once a
// column (the idea of Lemire, Boytsov 2015, without their vector registers). Widths above 56 are
// stored as 64: then every value can be read with one unaligned 64-bit load, a shift and a mask.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace zan::storage {

inline constexpr unsigned pack_group = 8;
inline constexpr unsigned pack_width_max = 56;  // besides 64
// Readable bytes needed behind the last packed byte, writable ones behind the last byte written.
inline constexpr std::size_t pack_slack = 64;

inline bool pack_width_valid(unsigned width) {
  return width <= pack_width_max || width == 64;
}

inline unsigned pack_width(std::uint64_t largest) {
  const auto width = static_cast<unsigned>(std::bit_width(largest));
  return width <= pack_width_max ? width : 64;
}

inline std::size_t packed_bytes(unsigned width, unsigned count) {
  return (std::size_t{width} * count + 7) / 8;
}

inline std::uint64_t pack_mask(unsigned width) {
  return width == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << width) - 1;
}

inline std::uint64_t load64(const std::byte* from) {
  std::uint64_t value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

// Packs `groups` times eight values. REQUIRES: pack_width_valid(width), every value fits it.
void pack(unsigned width, const std::uint64_t* values, unsigned groups, std::byte* out);

// out[unpack_stride * i] = base + step * value i, for `groups` times eight values (modulo 2^64): a
// column goes to its place in rows.
inline constexpr unsigned unpack_stride = 4;
void unpack(unsigned width, const std::byte* in, unsigned groups, std::uint64_t base, std::uint64_t step,
            std::uint64_t* out);

// The packed value `index` of a column whose bytes start at `in`.
inline std::uint64_t packed_at(unsigned width, std::uint64_t mask, const std::byte* in, unsigned index) {
  const unsigned bit = width * index;
  return (load64(in + (bit >> 3)) >> (bit & 7)) & mask;
}

}  // namespace zan::storage
