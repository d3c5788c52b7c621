// Memory tables: what happened since the last flush to the runs. One Memtable is active (the writer adds to it), at most
// one is frozen (the flusher reads it); both are asked before the runs.
//
// Threads: add by the writer under the Store's mutex; find and walk by readers under it, by the writer without it.
//          A frozen table is read by anybody.
// Cost:    an open-addressing probe a lookup; about 60 bytes a like.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/hash.h"
#include "engagement/events.h"
#include "engagement/pair.h"
#include "storage/storage.h"

namespace zan::engagement {

inline constexpr std::uint32_t no_entry = 0xffff'ffffu;

// Open addressing with linear probing over 64-bit slots: 32 bits of hash, 32 bits of entry number. The entries stand in
// the owner's vector; load stays at or below one half.
class EntryIndex {
 public:
  EntryIndex() : slots_(64, empty_slot) {}

  void prefetch(std::uint64_t hash) const { __builtin_prefetch(&slots_[hash & mask()]); }

  // The entry with this hash for which same(entry) holds, or no_entry.
  template <typename Same>
  std::uint32_t find(std::uint64_t hash, Same&& same) const {
    for (std::size_t at = hash & mask();; at = (at + 1) & mask()) {
      const std::uint64_t slot = slots_[at];
      if (slot == empty_slot) return no_entry;
      if (slot >> 32 == hash >> 32 && same(static_cast<std::uint32_t>(slot))) return static_cast<std::uint32_t>(slot);
    }
  }

  // REQUIRES: no entry with this key is in. `hash_of(entry)` re-hashes on growth.
  template <typename HashOf>
  void insert(std::uint64_t hash, std::uint32_t entry, HashOf&& hash_of) {
    if ((count_ + 1) * 2 > slots_.size()) grow(hash_of);
    place(hash, entry);
    ++count_;
  }

  // Points the slot that holds `from` at `to` (the newest entry of a chain).
  void repoint(std::uint64_t hash, std::uint32_t from, std::uint32_t to) {
    for (std::size_t at = hash & mask();; at = (at + 1) & mask()) {
      if (slots_[at] == (hash >> 32 << 32 | from)) {
        slots_[at] = hash >> 32 << 32 | to;
        return;
      }
    }
  }

  [[nodiscard]] std::size_t bytes() const { return slots_.size() * sizeof(std::uint64_t); }

 private:
  static constexpr std::uint64_t empty_slot = ~std::uint64_t{0};

  [[nodiscard]] std::size_t mask() const { return slots_.size() - 1; }
  void place(std::uint64_t hash, std::uint32_t entry) {
    std::size_t at = hash & mask();
    while (slots_[at] != empty_slot) at = (at + 1) & mask();
    slots_[at] = hash >> 32 << 32 | entry;
  }
  template <typename HashOf>
  void grow(HashOf&& hash_of) {
    std::vector<std::uint64_t> old(slots_.size() * 2, empty_slot);
    old.swap(slots_);
    for (const std::uint64_t slot : old)
      if (slot != empty_slot) place(hash_of(static_cast<std::uint32_t>(slot)), static_cast<std::uint32_t>(slot));
  }

  std::vector<std::uint64_t> slots_;
  std::size_t count_ = 0;
};

// (person, subject or creator) -> PairState, with a chain of each person's entries, newest first.
class PairTable {
 public:
  struct Entry {
    std::uint32_t first;
    std::uint32_t second;
    PairState state;
    std::uint32_t previous;  // of the same first, or no_entry
  };

  static std::uint64_t hash(std::uint32_t first, std::uint32_t second) {
    return mix64(std::uint64_t{first} << 32 | second);
  }

  void prefetch(std::uint32_t first, std::uint32_t second) const { index_.prefetch(hash(first, second)); }
  void prefetch_head(std::uint32_t first) const { heads_.prefetch(mix64(first)); }
  [[nodiscard]] const PairState* find(std::uint32_t first, std::uint32_t second) const;
  void merge(std::uint32_t first, std::uint32_t second, PairState state);
  // The newest entry of `first`; follow Entry::previous.
  [[nodiscard]] std::uint32_t newest_of(std::uint32_t first) const;
  [[nodiscard]] const Entry& entry(std::uint32_t number) const { return entries_[number]; }
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }

 private:
  std::vector<Entry> entries_;
  EntryIndex index_;  // by pair
  EntryIndex heads_;  // by first
};

// The reverse list's changes: at `at`, `actor` became a liker of `subject`, or stopped being the one of that moment, or
// is held to be something else. Flags as in rows (liker.h).
class LikerTable {
 public:
  struct Entry {
    std::uint32_t subject;
    std::uint32_t actor;
    Timestamp at;
    std::uint32_t flags;
    std::uint32_t previous;  // of the same subject, or no_entry
  };

  void add(std::uint32_t subject, std::uint32_t actor, Timestamp at, std::uint32_t flags);
  void prefetch(std::uint32_t subject) const { heads_.prefetch(mix64(subject)); }
  [[nodiscard]] std::uint32_t newest_of(std::uint32_t subject) const;
  [[nodiscard]] const Entry& entry(std::uint32_t number) const { return entries_[number]; }
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }

 private:
  std::vector<Entry> entries_;
  EntryIndex heads_;
};

// Idempotency: hash of an act's id -> digest of its content.
class IdTable {
 public:
  struct Entry {
    Hash128 id;
    std::uint64_t digest;
  };
  void prefetch(const Hash128& id) const { index_.prefetch(id.low); }
  [[nodiscard]] const std::uint64_t* find(const Hash128& id) const;
  void add(const Hash128& id, std::uint64_t digest);
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }

 private:
  std::vector<Entry> entries_;
  EntryIndex index_;
};

// One change of one counter, 8 bytes; summed and sorted when flushed.
struct TallyChange {
  std::uint32_t entity;
  std::uint8_t slot;   // totals.h: tally_slot
  std::int8_t amount;  // never zero
};

struct CreatorChange {
  SubjectId subject;
  CreatorId creator;
  Position at;
};

struct Memtable {
  PairTable reactions;
  PairTable follows;
  LikerTable likers;
  IdTable ids;
  std::vector<TallyChange> tally_changes;
  // Changes too large for a TallyChange: an assigned creator takes over whole tallies, an erasure empties one.
  std::vector<storage::Row> tally_moves;
  std::vector<CreatorChange> creators;
  Position up_to;  // everything at or before it is here or in the runs
  std::size_t acts = 0;
};

}  // namespace zan::engagement
