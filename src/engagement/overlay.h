// What a group has decided and not yet applied: a small hash table from a 128-bit key, emptied in O(1).
//
// The second like of a group must see the first, while the tables that readers see change only after the sync. Slots
// carry the number of the group that wrote them; those of earlier groups count as empty.
#pragma once

#include <cstdint>
#include <vector>

#include "base/hash.h"

namespace zan::engagement {

template <typename Value>
class Overlay {
 public:
  Overlay() : slots_(1024) {}

  void clear() {
    ++group_;
    count_ = 0;
  }

  void prefetch(std::uint64_t key0, std::uint64_t key1) const { __builtin_prefetch(&slots_[home(key0, key1)], 1); }

  [[nodiscard]] const Value* find(std::uint64_t key0, std::uint64_t key1) const {
    if (count_ == 0) return nullptr;
    for (std::size_t at = home(key0, key1);; at = (at + 1) & (slots_.size() - 1)) {
      const Slot& slot = slots_[at];
      if (slot.group != group_) return nullptr;
      if (slot.key0 == key0 && slot.key1 == key1) return &slot.value;
    }
  }

  void put(std::uint64_t key0, std::uint64_t key1, const Value& value) {
    if ((count_ + 1) * 2 > slots_.size()) grow();
    Slot& slot = place(key0, key1);
    if (slot.group != group_) ++count_;
    slot = {key0, key1, group_, value};
  }

 private:
  struct Slot {
    std::uint64_t key0 = 0, key1 = 0, group = 0;
    Value value{};
  };

  [[nodiscard]] std::size_t home(std::uint64_t key0, std::uint64_t key1) const {
    return mix64(key0 + 0x9e3779b97f4a7c15ULL * key1) & (slots_.size() - 1);
  }
  Slot& place(std::uint64_t key0, std::uint64_t key1) {
    std::size_t at = home(key0, key1);
    while (slots_[at].group == group_ && (slots_[at].key0 != key0 || slots_[at].key1 != key1))
      at = (at + 1) & (slots_.size() - 1);
    return slots_[at];
  }
  void grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    for (const Slot& slot : old)
      if (slot.group == group_) place(slot.key0, slot.key1) = slot;
  }

  std::vector<Slot> slots_;
  std::uint64_t group_ = 1;
  std::size_t count_ = 0;
};

}  // namespace zan::engagement
