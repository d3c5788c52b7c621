// How many accounts liked both of two subjects, for the pairs that matter, in a table that never grows.
//
// Sets of eight slots, one cache line each. A new pair takes the place of the least counted one of its set after
// having worn it down (Misra & Gries 1982, within a set), so pairs that keep coming stay and chance pairs go. A count is
// therefore never too large but for two pairs that share set and tag (below 2^-29 a comparison), and may be too small.
//
// Threads: one. Cost: one cache line a count; 8 bytes a slot.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/hash.h"
#include "base/huge_pages.h"

namespace zan::integrity {

class PairTable {
 public:
  struct Slot {
    std::uint32_t tag = 0;
    std::uint16_t count = 0;
    std::uint16_t raised = 0;  // the count at which the pair was last looked into
  };

  explicit PairTable(unsigned log_slots) : sets_(std::size_t{1} << (log_slots - 3)), mask_(sets_.size() - 1) {}

  static std::uint64_t key(std::uint32_t first, std::uint32_t second) {
    return mix64(first < second ? std::uint64_t{first} << 32 | second : std::uint64_t{second} << 32 | first);
  }

  void prefetch(std::uint64_t key) const { __builtin_prefetch(&sets_[key & mask_], 1); }

  // Counts one more account; null while the pair has not yet won a slot.
  Slot* count(std::uint64_t key) {
    Set& set = sets_[key & mask_];
    const auto tag = static_cast<std::uint32_t>(key >> 32) | 1;
    // Where the search starts depends on the pair, so that of equally low counts not always the same one gives way: pairs that
    // came once and never again would else hold seven slots of eight for good.
    const unsigned start = tag >> 1 & 7;
    Slot* least = &set.slots[start];
    for (unsigned i = 0; i < 8; ++i) {
      Slot& slot = set.slots[(start + i) & 7];
      if (slot.tag == tag) {
        if (slot.count != 0xffff) ++slot.count;
        return &slot;
      }
      if (slot.count < least->count) least = &slot;
    }
    if (least->count > 1) {
      --least->count;
      return nullptr;
    }
    *least = {tag, 1, 0};
    return least;
  }

  [[nodiscard]] std::size_t bytes() const { return sets_.size() * sizeof(Set); }

 private:
  struct alignas(64) Set {
    Slot slots[8];
  };
  HugeVector<Set> sets_;
  std::size_t mask_;
};

}  // namespace zan::integrity
