// RowPlaces: where in a list the entry of each row stands. What a hash table of nodes does, without an allocation a row:
// it lives for one request, and how many rows may come is known before the first does.
//
// Threads: const is. Cost: 8 bytes twice a row; a question is about one cache miss.
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "base/hash.h"

namespace zan::matching {

class RowPlaces {
 public:
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  // Knows nothing, and has no room.
  RowPlaces() = default;
  explicit RowPlaces(std::size_t rows_max) : slots_(std::bit_ceil(2 * rows_max + 1)) {}

  // The place of the row: `next` if it has none yet, which it then has. REQUIRES: no more rows than there is room for.
  std::uint32_t add(std::uint32_t row, std::uint32_t next) {
    Slot& slot = slots_[slot_of(row)];
    if (slot.place == none) slot = {row, next};
    return slot.place;
  }
  // none: it was not added.
  [[nodiscard]] std::uint32_t find(std::uint32_t row) const { return slots_.empty() ? none : slots_[slot_of(row)].place; }

 private:
  struct Slot {
    std::uint32_t row = 0, place = none;
  };
  [[nodiscard]] std::size_t slot_of(std::uint32_t row) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = mix64(row) & mask;
    while (slots_[at].place != none && slots_[at].row != row) at = (at + 1) & mask;
    return at;
  }

  std::vector<Slot> slots_;  // open addressing, a power of two
};

}  // namespace zan::matching
