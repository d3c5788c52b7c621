#include "storage/name_table.h"

#include <algorithm>

#include "base/require.h"

namespace zan::storage {
namespace {

constexpr std::size_t overlap = 16;  // lookups in flight at once
constexpr std::uint64_t used_max_a_bucket = 4;

void prefetch(const void* address) {
  __builtin_prefetch(address);
}

}  // namespace

NameTable::Buckets NameTable::Buckets::unpack(std::uint64_t word) {
  constexpr std::uint64_t class_mask = (1U << class_bits) - 1;
  return {reinterpret_cast<Bucket*>(word & ~class_mask), static_cast<unsigned>(word & class_mask)};
}

NameTable::NameTable() {
  for (Shard& shard : shards_) shard.buckets = allocate(0).packed();
}

NameTable::~NameTable() {
  for (Shard& shard : shards_) delete[] Buckets::unpack(shard.buckets).first;
}

NameTable::Buckets NameTable::allocate(unsigned size_class) {
  Buckets buckets{nullptr, size_class};
  buckets.first = new Bucket[buckets.count()];
  bucket_count_ += buckets.count();
  return buckets;
}

EntityId NameTable::search(Buckets buckets, std::uint64_t fingerprint) {
  for (std::uint64_t i = buckets.home(fingerprint);; i = i + 1 == buckets.count() ? 0 : i + 1) {
    const Bucket& bucket = buckets.first[i];
    for (unsigned slot = 0; slot < slots; ++slot) {
      const std::uint64_t found = bucket.fingerprint[slot].load(std::memory_order_acquire);
      if (found == fingerprint) return {bucket.id[slot].load(std::memory_order_acquire)};
      if (found == 0) return {};
    }
  }
}

EntityId NameTable::find(const Hash128& hash) const {
  const auto pass = gate_.enter();
  return search(of(hash), fingerprint_of(hash));
}

void NameTable::find_many(std::span<const Hash128> hashes, std::span<EntityId> out) const {
  require(hashes.size() == out.size(), "as many answers as questions");
  const auto pass = gate_.enter();
  for (std::size_t start = 0; start < hashes.size(); start += overlap) {
    const std::size_t count = std::min(overlap, hashes.size() - start);
    std::array<Buckets, overlap> buckets;
    for (std::size_t i = 0; i < count; ++i) {
      buckets[i] = of(hashes[start + i]);
      prefetch(buckets[i].first + buckets[i].home(fingerprint_of(hashes[start + i])));
    }
    for (std::size_t i = 0; i < count; ++i) out[start + i] = search(buckets[i], fingerprint_of(hashes[start + i]));
  }
}

void NameTable::place(Buckets buckets, std::uint64_t fingerprint, EntityId id) {
  for (std::uint64_t i = buckets.home(fingerprint);; i = i + 1 == buckets.count() ? 0 : i + 1) {
    Bucket& bucket = buckets.first[i];
    for (unsigned slot = 0; slot < slots; ++slot) {
      const std::uint64_t found = bucket.fingerprint[slot].load(std::memory_order_relaxed);
      if (found != 0 && found != fingerprint) continue;
      bucket.id[slot].store(id.value, std::memory_order_release);
      bucket.fingerprint[slot].store(fingerprint, std::memory_order_release);
      return;
    }
  }
}

void NameTable::insert(const Hash128& hash, EntityId id) {
  Shard& shard = shards_[shard_of(hash)];
  if (shard.used >= used_max_a_bucket * Buckets::unpack(shard.buckets).count()) rebuild(shard);
  place(Buckets::unpack(shard.buckets), fingerprint_of(hash), id);
  ++shard.used;  // one too many when a removed name comes back: the shard is rebuilt a little early
}

void NameTable::insert_many(std::span<const Entry> entries) {
  for (std::size_t start = 0; start < entries.size(); start += overlap) {
    const auto some = entries.subspan(start, std::min(overlap, entries.size() - start));
    for (const Entry& entry : some) {
      const Buckets buckets = of(entry.hash);
      prefetch(buckets.first + buckets.home(fingerprint_of(entry.hash)));
    }
    for (const Entry& entry : some) insert(entry.hash, entry.id);
  }
}

void NameTable::remove(const Hash128& hash, EntityId id) {
  const Buckets buckets = of(hash);
  if (search(buckets, fingerprint_of(hash)) == id) place(buckets, fingerprint_of(hash), {});
}

void NameTable::rebuild(Shard& shard) {
  const Buckets old = Buckets::unpack(shard.buckets);
  const Buckets wider = allocate(old.size_class + 1);
  shard.used = 0;
  for (std::uint64_t i = 0; i < old.count(); ++i) {
    const Bucket& bucket = old.first[i];
    for (unsigned slot = 0; slot < slots; ++slot) {
      const EntityId id{bucket.id[slot].load(std::memory_order_relaxed)};
      if (!id) continue;
      place(wider, bucket.fingerprint[slot].load(std::memory_order_relaxed), id);
      ++shard.used;
    }
  }
  shard.buckets.store(wider.packed());
  gate_.retire([this, old] {
    bucket_count_ -= old.count();
    delete[] old.first;
  });
}

}  // namespace zan::storage
