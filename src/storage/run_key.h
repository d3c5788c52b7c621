// Comparing keys: the first columns of a row, as one long number.
//
// Where the outcome is a coin toss (merging) or all of it is wanted (checking order), a branch a
// column costs more than the whole comparison. There a < b is asked of the subtraction a - b:
// whether it borrows, from the last column up to the first.
#pragma once

#ifdef __x86_64__
#include <immintrin.h>
#endif

#include <array>
#include <cstddef>
#include <cstdint>

#include "storage/runs.h"

namespace zan::storage {

inline constexpr unsigned key_columns_max = 3;

// Compares over the first `key_columns` columns.
inline bool key_less(const Row& a, const Row& b, unsigned key_columns) {
  for (unsigned c = 0; c < key_columns; ++c)
    if (a.column[c] != b.column[c]) return a.column[c] < b.column[c];
  return false;
}
inline bool key_equal(const Row& a, const Row& b, unsigned key_columns) {
  for (unsigned c = 0; c < key_columns; ++c)
    if (a.column[c] != b.column[c]) return false;
  return true;
}

// Whether a - b - borrow borrows; `borrow` is 0 or 1.
inline unsigned char borrows(unsigned char borrow, std::uint64_t a, std::uint64_t b) {
#ifdef __x86_64__
  unsigned long long difference;
  return _subborrow_u64(borrow, a, b, &difference);
#else
  const auto below = static_cast<unsigned char>(a < b);
  const auto same = static_cast<unsigned char>(a == b);
  return static_cast<unsigned char>(below | (same & borrow));
#endif
}

// Whether the number in columns [0, key_columns) of a is below that of b, or the same with
// `borrow`.
template <unsigned key_columns, std::size_t columns>
bool key_below(const std::array<std::uint64_t, columns>& a, const std::array<std::uint64_t, columns>& b,
               unsigned char borrow = 0) {
  for (unsigned c = key_columns; c-- > 0;) borrow = borrows(borrow, a[c], b[c]);
  return borrow != 0;
}

}  // namespace zan::storage
