// NameIndex: for every id its kind and state (one byte), and for every sixteenth where its record stands in the file (half a
// byte an id). Chunks never move, so that readers need no lock.
//
// Threads: the writer pushes and then publishes; readers look at published ids only.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/ids.h"
#include "base/require.h"
#include "storage/registry.h"

namespace zan::storage {

class NameIndex {
 public:
  static constexpr std::uint32_t stride = 16;
  static constexpr std::uint8_t erased_flag = 0x10;
  static constexpr std::uint8_t suspect_flag = 0x20;
  static constexpr std::uint8_t durable_flag = 0x40;  // of an erasure: this run has synced it

  // The next id's record stands at `offset`.
  void push(std::uint64_t offset, NameKind kind, std::uint8_t flags) {
    const std::uint32_t slot = pushed_++;
    auto& pointer = chunks_[slot >> chunk_bits];
    if (!pointer) pointer = std::make_unique<Chunk>();
    const std::uint32_t inside = slot & chunk_mask;
    if (inside % stride == 0) pointer->offset[inside / stride] = offset;
    pointer->state[inside].store(static_cast<std::uint8_t>(static_cast<unsigned>(kind) | flags),
                                 std::memory_order_relaxed);
  }
  void publish() { published_.store(pushed_, std::memory_order_release); }
  // Forgets the ids above `count`. REQUIRES: not published.
  void cut(std::uint32_t count) {
    require(count >= published_.load(), "a published name cannot be taken back");
    pushed_ = count;
  }

  [[nodiscard]] std::uint32_t pushed() const { return pushed_; }  // writer only
  [[nodiscard]] std::uint32_t count() const { return published_.load(std::memory_order_acquire); }
  [[nodiscard]] bool has(EntityId id) const { return id && id.value <= count(); }

  // The rest. REQUIRES: has(id).
  [[nodiscard]] NameKind kind(EntityId id) const {
    return static_cast<NameKind>(state(id).load(std::memory_order_relaxed) & kind_mask);
  }
  [[nodiscard]] bool erased(EntityId id) const {
    return (state(id).load(std::memory_order_acquire) & erased_flag) != 0;
  }
  [[nodiscard]] bool suspect(EntityId id) const {
    return (state(id).load(std::memory_order_acquire) & suspect_flag) != 0;
  }
  [[nodiscard]] bool durably_erased(EntityId id) const { return (state(id).load() & durable_flag) != 0; }
  // An erased name is no suspect. Writer only.
  void set_erased(EntityId id, bool durable) {
    auto& byte = state(id);
    byte.store(static_cast<std::uint8_t>((byte.load() & kind_mask) | erased_flag | (durable ? durable_flag : 0)));
  }
  // Where the record of the first id of `id`'s sixteen stands.
  [[nodiscard]] std::uint64_t anchor(EntityId id) const {
    const std::uint32_t slot = id.value - 1;
    return chunks_[slot >> chunk_bits]->offset[(slot & chunk_mask) / stride];
  }
  // That id.
  static EntityId anchor_id(EntityId id) { return {(id.value - 1) / stride * stride + 1}; }

 private:
  static constexpr unsigned chunk_bits = 17;
  static constexpr std::uint32_t chunk_mask = (1U << chunk_bits) - 1;
  static constexpr std::uint8_t kind_mask = 0x07;

  struct Chunk {
    std::array<std::uint64_t, (1U << chunk_bits) / stride> offset{};
    std::array<std::atomic<std::uint8_t>, 1U << chunk_bits> state{};
  };

  [[nodiscard]] std::atomic<std::uint8_t>& state(EntityId id) const {
    const std::uint32_t slot = id.value - 1;
    return chunks_[slot >> chunk_bits]->state[slot & chunk_mask];
  }

  // A pointer is set before the first id of its chunk is published.
  std::array<std::unique_ptr<Chunk>, 1U << (32 - chunk_bits)> chunks_;
  std::uint32_t pushed_ = 0;
  std::atomic<std::uint32_t> published_{0};
};

}  // namespace zan::storage
