// Sums by key for one piece of work, emptied in the time it took to fill: counting which subjects some accounts share.
//
// Threads: one. Cost: a probe an addition; grows to what the largest piece of work needed.
#pragma once

#include <cstdint>
#include <vector>

#include "base/hash.h"

namespace zan::integrity {

class Tally {
 public:
  struct Entry {
    std::uint32_t key = 0;
    std::uint32_t count = 0;
    double sum = 0;
  };

  Tally() : slots_(8) {}

  void clear() {
    if (entries_.size() * 16 > slots_.size()) {
      slots_.assign(slots_.size(), {});
    } else {
      // The last one in stands behind whatever it was displaced by, and nothing was displaced by it.
      for (auto i = static_cast<std::uint32_t>(entries_.size()); i-- > 0;) slots_[place(entries_[i].key)] = {};
    }
    entries_.clear();
  }

  // The reference is good until the next new key.
  Entry& operator[](std::uint32_t key) {
    Slot& slot = slots_[place(key)];
    if (slot.number != 0) return entries_[slot.number - 1];
    entries_.push_back({key, 0, 0});
    slot = {key, static_cast<std::uint32_t>(entries_.size())};
    if (entries_.size() * 2 > slots_.size()) grow();
    return entries_.back();
  }

  [[nodiscard]] const Entry* find(std::uint32_t key) const {
    const Slot& slot = slots_[place(key)];
    return slot.number == 0 ? nullptr : &entries_[slot.number - 1];
  }

  [[nodiscard]] bool contains(std::uint32_t key) const { return find(key) != nullptr; }
  // False when it was in already.
  bool insert(std::uint32_t key) { return (*this)[key].count++ == 0; }

  // In the order the keys first came.
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }

 private:
  struct Slot {
    std::uint32_t key = 0;
    std::uint32_t number = 0;  // of its entry, from 1; zero: free
  };

  // Of the key, or where it would go.
  [[nodiscard]] std::size_t place(std::uint32_t key) const {
    std::size_t at = mix64(key) & (slots_.size() - 1);
    while (slots_[at].number != 0 && slots_[at].key != key) at = (at + 1) & (slots_.size() - 1);
    return at;
  }
  void grow() {
    slots_.assign(slots_.size() * 2, {});
    for (std::uint32_t i = 0; i < entries_.size(); ++i) slots_[place(entries_[i].key)] = {entries_[i].key, i + 1};
  }

  std::vector<Slot> slots_;
  std::vector<Entry> entries_;
};

}  // namespace zan::integrity
