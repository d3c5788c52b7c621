#include "storage/run_pack.h"

#include <array>
#include <utility>

namespace zan::storage {
namespace {

void store64(std::byte* to, std::uint64_t value) {
  std::memcpy(to, &value, sizeof value);
}

template <unsigned width>
void pack_groups(const std::uint64_t* values, unsigned groups, std::byte* out) {
  if constexpr (width > 0) {
    for (; groups > 0; --groups, values += pack_group, out += width) {
      std::byte* to = out;
      std::uint64_t word = 0;
      unsigned filled = 0;
#pragma GCC unroll 8
      for (unsigned i = 0; i < pack_group; ++i) {
        word |= values[i] << filled;
        filled += width;
        if (filled >= 64) {
          store64(to, word);
          to += 8;
          filled -= 64;
          word = filled == 0 ? 0 : values[i] >> (width - filled);
        }
      }
      if (filled > 0) store64(to, word);
    }
  }
}

template <unsigned width>
void unpack_groups(const std::byte* in, unsigned groups, std::uint64_t base, std::uint64_t step, std::uint64_t* out) {
  constexpr std::uint64_t mask = width == 0 ? 0 : ~std::uint64_t{0} >> (64 - width);
  for (; groups > 0; --groups, in += width, out += pack_group * unpack_stride) {
#pragma GCC unroll 8
    for (unsigned i = 0; i < pack_group; ++i) {
      if constexpr (width == 0) {
        out[i * unpack_stride] = base;
      } else {
        out[i * unpack_stride] = base + step * ((load64(in + (i * width >> 3)) >> (i * width & 7)) & mask);
      }
    }
  }
}

using PackGroups = void (*)(const std::uint64_t*, unsigned, std::byte*);
using UnpackGroups = void (*)(const std::byte*, unsigned, std::uint64_t, std::uint64_t, std::uint64_t*);

constexpr unsigned table_size = 65;

// The widths 57 to 63 are never used; they share the entry of 64.
constexpr unsigned table_width(unsigned width) {
  return width <= pack_width_max ? width : 64;
}

template <unsigned... width>
constexpr std::array<PackGroups, table_size> pack_table(std::integer_sequence<unsigned, width...>) {
  return {&pack_groups<table_width(width)>...};
}
template <unsigned... width>
constexpr std::array<UnpackGroups, table_size> unpack_table(std::integer_sequence<unsigned, width...>) {
  return {&unpack_groups<table_width(width)>...};
}

constexpr auto packers = pack_table(std::make_integer_sequence<unsigned, table_size>());
constexpr auto unpackers = unpack_table(std::make_integer_sequence<unsigned, table_size>());

}  // namespace

void pack(unsigned width, const std::uint64_t* values, unsigned groups, std::byte* out) {
  packers[width](values, groups, out);
}

void unpack(unsigned width, const std::byte* in, unsigned groups, std::uint64_t base, std::uint64_t step,
            std::uint64_t* out) {
  unpackers[width](in, groups, base, step, out);
}

}  // namespace zan::storage
