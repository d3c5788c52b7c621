// Millions of short lists in few allocations: each list holds the newest `capacity` values of what was added to it.
//
// A list's values stand together in one block (one or two cache misses to read all of them); blocks come in powers of
// two out of one pool a size, and go back to it when their list moves to a larger one.
//
// Memory: bytes() is what is held, bytes_used() what stands in blocks of lists; the blocks of lists that were cleared serve
//         others of their size.
// Threads: one. Cost: 8 bytes a list, at most twice its values, no allocation a list. Order: as added until the list is
// full, then the newest overwrites the oldest in place.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <type_traits>
#include <vector>

#include "base/huge_pages.h"

namespace zan::integrity {

template <typename Value, unsigned log_capacity>
class SlabLists {
  static_assert(std::is_trivially_copyable_v<Value>);

 public:
  static constexpr std::size_t capacity = std::size_t{1} << log_capacity;

  // Values ever added, also those that were overwritten.
  [[nodiscard]] std::uint32_t added(std::uint32_t list) const { return list < heads_.size() ? heads_[list].added : 0; }

  [[nodiscard]] std::span<Value> values(std::uint32_t list) {
    if (list >= heads_.size() || heads_[list].added == 0) return {};
    const Head& head = heads_[list];
    return {block(head), head.added < capacity ? head.added : capacity};
  }
  [[nodiscard]] std::span<const Value> values(std::uint32_t list) const {
    return const_cast<SlabLists*>(this)->values(list);
  }

  void prefetch_head(std::uint32_t list) const {
    if (list < heads_.size()) __builtin_prefetch(&heads_[list]);
  }
  void prefetch(std::uint32_t list) {
    if (list >= heads_.size() || heads_[list].added == 0) return;
    __builtin_prefetch(block(heads_[list]));
  }

  void add(std::uint32_t list, const Value& value) {
    if (list >= heads_.size()) heads_.resize(std::size_t{list} + 1 + list / 2);
    Head& head = heads_[list];
    if (head.added < capacity && (head.added == 0 || std::has_single_bit(head.added))) grow(head);
    const std::size_t place = head.added % capacity;
    // Stays full, and at the same place, when the count overflows.
    if (++head.added == 0) head.added = std::uint32_t{1} << 31;
    block(head)[place] = value;
  }

  void clear(std::uint32_t list) {
    if (list >= heads_.size() || heads_[list].added == 0) return;
    const unsigned size = size_class(heads_[list].added);
    pools_[size].free.push_back(heads_[list].block);
    values_used_ -= std::size_t{1} << size;
    heads_[list] = {};
  }

  // What was added last. REQUIRES: something was.
  [[nodiscard]] const Value& newest(std::uint32_t list) const {
    return values(list)[(heads_[list].added - 1) % capacity];
  }
  [[nodiscard]] std::uint32_t lists() const { return static_cast<std::uint32_t>(heads_.size()); }
  [[nodiscard]] std::size_t bytes_used() const { return values_used_ * sizeof(Value); }
  [[nodiscard]] std::size_t bytes_of(std::uint32_t list) const {
    return added(list) == 0 ? 0 : (std::size_t{1} << size_class(added(list))) * sizeof(Value);
  }

  [[nodiscard]] std::size_t bytes() const {
    std::size_t sum = heads_.capacity() * sizeof(Head);
    for (const Pool& pool : pools_)
      sum += pool.chunks.size() * chunk_values * sizeof(Value) + pool.free.capacity() * sizeof(std::uint32_t);
    return sum;
  }

 private:
  struct Head {
    std::uint32_t block = 0;
    std::uint32_t added = 0;
  };
  static constexpr std::size_t chunk_values = std::size_t{1} << 15;  // a block never spans two chunks
  static_assert(capacity <= chunk_values);

  struct Pool {
    std::vector<std::unique_ptr<Value[]>> chunks;
    std::uint32_t blocks = 0;
    std::vector<std::uint32_t> free;
  };

  Value* block_of(unsigned size, std::uint32_t number) {
    const std::size_t first = std::size_t{number} << size;
    return pools_[size].chunks[first / chunk_values].get() + first % chunk_values;
  }

  // A list of n values stands in blocks of bit_ceil(n).
  static unsigned size_class(std::uint32_t added) {
    return added >= capacity ? log_capacity : static_cast<unsigned>(std::bit_width(added - 1));
  }
  Value* block(const Head& head) { return block_of(size_class(head.added), head.block); }

  // Makes room for one more in a list whose block is full.
  void grow(Head& head) {
    const unsigned to = head.added == 0 ? 0 : size_class(head.added) + 1;
    Pool& pool = pools_[to];
    std::uint32_t fresh = pool.blocks;
    if (!pool.free.empty()) {
      fresh = pool.free.back();
      pool.free.pop_back();
    } else {
      ++pool.blocks;
      if ((std::size_t{fresh} << to) / chunk_values == pool.chunks.size())
        pool.chunks.push_back(std::make_unique<Value[]>(chunk_values));
    }
    values_used_ += std::size_t{1} << to;
    if (to != 0) {
      values_used_ -= std::size_t{1} << (to - 1);
      std::copy_n(block(head), head.added, block_of(to, fresh));
      pools_[to - 1].free.push_back(head.block);
    }
    head.block = fresh;
  }

  HugeVector<Head> heads_;
  std::size_t values_used_ = 0;
  std::array<Pool, log_capacity + 1> pools_;
};

}  // namespace zan::integrity
