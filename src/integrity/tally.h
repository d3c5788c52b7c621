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

  Tally() : slots_(64, none) {}

  void clear() {
    if (entries_.size() * 16 > slots_.size()) {
      slots_.assign(slots_.size(), none);
    } else {
      // The last one in stands behind whatever it was displaced by, and nothing was displaced by it.
      for (auto i = static_cast<std::uint32_t>(entries_.size()); i-- > 0;) {
        std::size_t at = home(entries_[i].key);
        while (slots_[at] != i) at = (at + 1) & (slots_.size() - 1);
        slots_[at] = none;
      }
    }
    entries_.clear();
  }

  // The reference is good until the next new key.
  Entry& operator[](std::uint32_t key) {
    std::size_t at = home(key);
    for (; slots_[at] != none; at = (at + 1) & (slots_.size() - 1))
      if (entries_[slots_[at]].key == key) return entries_[slots_[at]];
    slots_[at] = static_cast<std::uint32_t>(entries_.size());
    entries_.push_back({key, 0, 0});
    if (entries_.size() * 2 > slots_.size()) grow();
    return entries_.back();
  }

  [[nodiscard]] const Entry* find(std::uint32_t key) const {
    for (std::size_t at = home(key); slots_[at] != none; at = (at + 1) & (slots_.size() - 1))
      if (entries_[slots_[at]].key == key) return &entries_[slots_[at]];
    return nullptr;
  }

  [[nodiscard]] bool contains(std::uint32_t key) const { return find(key) != nullptr; }
  // False when it was in already.
  bool insert(std::uint32_t key) { return (*this)[key].count++ == 0; }

  // In the order the keys first came.
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }

 private:
  static constexpr std::uint32_t none = 0xffff'ffffu;

  [[nodiscard]] std::size_t home(std::uint32_t key) const { return mix64(key) & (slots_.size() - 1); }
  void grow() {
    slots_.assign(slots_.size() * 2, none);
    for (std::uint32_t i = 0; i < entries_.size(); ++i) {
      std::size_t at = home(entries_[i].key);
      while (slots_[at] != none) at = (at + 1) & (slots_.size() - 1);
      slots_[at] = i;
    }
  }

  std::vector<std::uint32_t> slots_;
  std::vector<Entry> entries_;
};

}  // namespace zan::integrity
