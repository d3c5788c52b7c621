// NameTable: from a name's hash to its id, for any number of readers beside one writer.
//
// 1024 shards, chosen by the top bits of the hash, each an array of 64-byte buckets of five (fingerprint, id) pairs;
// a lookup nearly always costs one cache line. A full shard is rebuilt alone and larger (by a third or a half), so
// that no growth stalls the writer; readers go on in the old array, which the ReadGate frees behind them.
//
// Bucket: the fingerprint, `hash.low`, chooses it; the ones behind it take what it cannot. A pair is written id first,
// fingerprint last; a removed one keeps its fingerprint with id zero, and goes when the shard is rebuilt.
// Two names meet if 74 bits of their hashes are equal: one chance in four million with a hundred million names.
// Memory:  12.8 bytes a place, 53 to 80 % of the places taken: 16 to 24 bytes a name.
// Threads: find/find_many from any; insert/remove by one writer.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "base/hash.h"
#include "base/ids.h"
#include "base/wide.h"
#include "storage/read_gate.h"

namespace zan::storage {

class NameTable {
 public:
  NameTable();
  NameTable(const NameTable&) = delete;
  NameTable& operator=(const NameTable&) = delete;
  ~NameTable();

  [[nodiscard]] EntityId find(const Hash128& hash) const;
  void find_many(std::span<const Hash128> hashes, std::span<EntityId> out) const;

  // REQUIRES: find(hash) is zero.
  void insert(const Hash128& hash, EntityId id);
  // The same, with the memory accesses overlapped.
  struct Entry {
    Hash128 hash;
    EntityId id;
  };
  void insert_many(std::span<const Entry> entries);
  // Nothing happens when `hash` does not lead to `id`.
  void remove(const Hash128& hash, EntityId id);

  // Frees what readers have left behind; insert does it too, whenever a shard is rebuilt.
  void tidy() { gate_.poll(); }
  [[nodiscard]] std::size_t bytes() const { return bucket_count_ * sizeof(Bucket); }  // writer only

 private:
  static constexpr unsigned slots = 5;
  static constexpr unsigned shard_bits = 10;
  static constexpr unsigned class_bits = 6;

  struct alignas(64) Bucket {
    std::array<std::atomic<std::uint64_t>, slots> fingerprint{};  // zero: free, and so are all behind it
    std::array<std::atomic<std::uint32_t>, slots> id{};
  };
  static_assert(sizeof(Bucket) == 64);

  // A shard's buckets and how many there are, in one word so that readers see both at once: the low bits of the
  // address, zero by alignment, hold the size class.
  struct Buckets {
    Bucket* first = nullptr;
    unsigned size_class = 0;

    [[nodiscard]] std::uint64_t packed() const { return reinterpret_cast<std::uintptr_t>(first) | size_class; }
    static Buckets unpack(std::uint64_t word);
    [[nodiscard]] std::uint64_t count() const { return std::uint64_t{2 + (size_class & 1)} << (size_class >> 1); }
    // Where the search for a fingerprint starts.
    [[nodiscard]] std::uint64_t home(std::uint64_t fingerprint) const { return scaled(fingerprint, count()); }
  };

  struct Shard {
    std::atomic<std::uint64_t> buckets{0};  // Buckets::packed()
    std::uint32_t used = 0;                 // places with a fingerprint, removed names included; writer only
  };

  static std::size_t shard_of(const Hash128& hash) { return hash.high >> (64 - shard_bits); }
  static std::uint64_t fingerprint_of(const Hash128& hash) { return hash.low == 0 ? 1 : hash.low; }
  static EntityId search(Buckets buckets, std::uint64_t fingerprint);
  static void place(Buckets buckets, std::uint64_t fingerprint, EntityId id);

  [[nodiscard]] Buckets of(const Hash128& hash) const {
    return Buckets::unpack(shards_[shard_of(hash)].buckets.load(std::memory_order_seq_cst));
  }
  Buckets allocate(unsigned size_class);
  // Moves a shard's names, without the removed ones, into a larger array.
  void rebuild(Shard& shard);

  std::array<Shard, std::size_t{1} << shard_bits> shards_;
  std::size_t bucket_count_ = 0;
  mutable ReadGate gate_;
};

}  // namespace zan::storage
