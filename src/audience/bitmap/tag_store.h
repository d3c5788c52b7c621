// TagStore: who has which value of which tag, in memory. Users and values are dense numbers; 65,536 users are a block, and a
// block holds the sets of all its users' values together, under one lock.
//
// Why by block: a question walks the blocks, and works out all of its expression on one while that lies in the cache; and
// whoever changes a user touches one block.
//
// Threads: changes by one thread at a time; questions from any, beside it. A block is read under its shared lock, so every user
//          is seen between two calls of apply(), never amid one; two users of different blocks may be seen at different moments.
// Cost:    a change some 0.2 µs; memory two bytes a member of a sparse set, 8 KiB a block of a dense one.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <span>
#include <vector>

#include "audience/bitmap/block_set.h"
#include "audience/bitmap/fair_mutex.h"
#include "audience/state/state_file.h"
#include "base/result.h"

namespace zan::audience {

struct ValueId {
  std::uint32_t number = 0;
  auto operator<=>(const ValueId&) const = default;
};

inline constexpr std::uint32_t values_max = 16'384;  // of all tags together

struct Change {
  std::uint32_t user = 0;
  ValueId value;
  bool on = true;
};

class TagStore {
 public:
  class Block {
   public:
    [[nodiscard]] SetView view(ValueId value) const {
      return value.number < sets_.size() ? sets_[value.number].view() : SetView{};
    }
    [[nodiscard]] bool contains(std::uint16_t user, ValueId value) const {
      return value.number < sets_.size() && sets_[value.number].contains(user);
    }
    [[nodiscard]] std::uint32_t size(ValueId value) const {
      return value.number < sets_.size() ? sets_[value.number].size() : 0;
    }

   private:
    friend class TagStore;
    BlockSet& set(ValueId value);
    mutable FairMutex mutex_;
    std::vector<BlockSet> sets_;  // by value
  };

  TagStore() : blocks_(std::make_unique<std::atomic<Block*>[]>(blocks_max)) {}
  ~TagStore();
  TagStore(const TagStore&) = delete;
  TagStore& operator=(const TagStore&) = delete;

  // --- the one that changes. REQUIRES: values below values_max ---
  // In order; those of one user that stand together are seen together. How many changed something.
  std::size_t apply(std::span<const Change> changes);
  // All values of a user.
  void erase(std::uint32_t user);
  // Everybody who has a value, at once; `users` ascending without repeats.
  void assign(ValueId value, std::span<const std::uint32_t> users);
  // Blocks 0 .. count-1 are there from now on.
  void make_blocks(std::uint32_t count);
  // Whoever of a block has one of these values: users[value], within the block, ascending without repeats; seen together.
  // Several threads may, each another block. REQUIRES: the block is there.
  void assign_block(std::uint32_t number, std::span<const ValueId> values,
                    std::span<const std::vector<std::uint16_t>> users);

  // All sets, block by block. load() REQUIRES an empty store; after an error it is to be thrown away.
  Result<void> save(StateWriter& writer) const;
  Result<void> load(StateReader& reader);

  // --- anybody ---
  [[nodiscard]] bool contains(std::uint32_t user, ValueId value) const;
  [[nodiscard]] std::uint64_t size(ValueId value) const;
  [[nodiscard]] std::uint32_t block_count() const { return block_count_.load(std::memory_order_acquire); }
  // Calls read(const Block&) under the block's lock, if there is such a block. `read` asks the store nothing else.
  template <typename Read>
  void with_block(std::uint32_t number, Read&& read) const {
    const Block* const block = blocks_[number].load(std::memory_order_acquire);
    if (block == nullptr) return;
    const std::shared_lock lock(block->mutex_);
    read(*block);
  }
  // Grows with each change that changed something.
  [[nodiscard]] std::uint64_t version() const { return version_.load(std::memory_order_acquire); }
  [[nodiscard]] std::size_t bytes() const;

 private:
  static constexpr std::uint32_t blocks_max = 65'536;
  bool load_set(ByteReader& chunk);
  Block& block(std::uint32_t number);

  std::unique_ptr<std::atomic<Block*>[]> blocks_;
  std::atomic<std::uint32_t> block_count_{0};
  std::atomic<std::uint64_t> version_{0};
};

}  // namespace zan::audience
