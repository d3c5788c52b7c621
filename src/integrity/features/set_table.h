// A table of fixed size from hashes to payloads that forgets who was idle longest.
//
// Seven entries make a set, behind one line of the cache that holds their tags and last seconds: a lookup costs that line
// and the payload's own. A hash chooses the set with its upper half, the lower half is the tag, so two keys are taken for
// one with a chance of 2^-29 a lookup. A new key in a full set takes the place of the entry whose last second is the
// earliest, so a key survives as long as fewer than seven others of its set were seen after it. Where K other keys were
// seen since, spread over S sets, that is a Poisson tail: P(survives) = P(Poisson(K / S) <= 6), which is 99.5 % for
// K = 2/7 of the entries, 89 % for 4/7 and 45 % for as many keys as entries.
//
// What was touched can be taken back: keep_undo() makes every touch() keep a copy of what was there before.
//
// Payload: a trivially copyable type, all zero when new, with `bool valid(second) const` for what was loaded.
// Threads: one. Memory: fixed, see bytes(). Cost: two cache misses, which fetch_directory and fetch_payload let overlap.
#pragma once

#include <sys/mman.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <type_traits>
#include <vector>

#include "base/bytes.h"
#include "base/require.h"
#include "base/result.h"
#include "base/wide.h"
#include "integrity/features/windows.h"

namespace zan::integrity {

inline constexpr std::size_t set_ways = 7;

template <typename Payload>
class SetTable {
  static_assert(std::is_trivially_copyable_v<Payload> && sizeof(Payload) % 64 == 0 && alignof(Payload) <= 64);

 public:
  struct Found {
    Payload* payload = nullptr;  // null: nothing is known of the key
    std::uint32_t* last = nullptr;
    explicit operator bool() const { return payload != nullptr; }
  };
  struct Known {
    const Payload* payload = nullptr;
    std::uint32_t last = 0;
    explicit operator bool() const { return payload != nullptr; }
  };

  explicit SetTable(std::uint64_t entries) : set_count_((entries + set_ways - 1) / set_ways) {
    require(entries > 0 && set_count_ <= 0xffff'ffff, "entries of a table of features");
    constexpr std::size_t page = 2 << 20;  // large pages: else each lookup also misses the page table
    const std::size_t alignment = bytes() >= page ? page : 64;
    const std::size_t size = (bytes() + alignment - 1) / alignment * alignment;
    sets_.reset(static_cast<Set*>(std::aligned_alloc(alignment, size)));
    require(sets_ != nullptr, "memory for a table of features");
    if (alignment == page) ::madvise(sets_.get(), size, MADV_HUGEPAGE);  // advice: fine if it is not taken
    std::memset(static_cast<void*>(sets_.get()), 0, bytes());
  }

  [[nodiscard]] std::uint64_t bytes() const { return set_count_ * sizeof(Set); }
  [[nodiscard]] std::uint64_t entries() const { return set_count_ * set_ways; }

  [[gnu::always_inline]] void fetch_directory(std::uint64_t hash) const { __builtin_prefetch(&set_of(hash), 1); }
  // The first line of it, once the directory is near. Inlined by force: g++ 12 takes a call that only fetches for one without effect.
  [[gnu::always_inline]] void fetch_payload(std::uint64_t hash) const {
    const Set& set = set_of(hash);
    const std::size_t way = find_way(set, tag_of(hash));
    __builtin_prefetch(&set.payloads[way < set_ways ? way : idlest(set)], 1);
  }

  [[nodiscard]] Known find(std::uint64_t hash) const {
    const Set& set = set_of(hash);
    const std::size_t way = find_way(set, tag_of(hash));
    if (way == set_ways) return {};
    return {&set.payloads[way], set.last[way]};
  }

  // The key's entry, new and zero with `last` at `second` where there was none.
  Found touch(std::uint64_t hash, std::uint32_t second) {
    Set& set = set_of(hash);
    const std::uint32_t tag = tag_of(hash);
    std::size_t way = find_way(set, tag);
    if (way == set_ways) {
      way = idlest(set);
      remember(set, way);
      set.tags[way] = tag;
      set.last[way] = second;
      std::memset(static_cast<void*>(&set.payloads[way]), 0, sizeof(Payload));
    } else {
      remember(set, way);
    }
    return {&set.payloads[way], &set.last[way]};
  }

  void forget(std::uint64_t hash) {
    Set& set = set_of(hash);
    const std::size_t way = find_way(set, tag_of(hash));
    if (way == set_ways) return;
    remember(set, way);
    set.tags[way] = set.last[way] = 0;
    std::memset(static_cast<void*>(&set.payloads[way]), 0, sizeof(Payload));
  }

  // Everything from here on can be taken back; settle() says that it stays. The copies take sizeof(Payload) + 16 bytes a
  // touch until then.
  void keep_undo() { keeps_undo_ = true; }
  [[nodiscard]] bool keeps_undo() const { return keeps_undo_; }
  void settle() {
    const bool huge = before_.capacity() > undo_kept_max;
    before_.clear();
    if (huge) before_.shrink_to_fit();
  }
  void undo() {
    for (auto entry = before_.rbegin(); entry != before_.rend(); ++entry) {
      Set& set = sets_.get()[entry->set];
      set.tags[entry->way] = entry->tag;
      set.last[entry->way] = entry->last;
      set.payloads[entry->way] = entry->payload;
    }
    settle();
  }

  void save(Bytes& out) const;
  // Into a new table; what was there may be lost where it fails.
  Result<void> load(ByteReader& in);

 private:
  struct alignas(64) Set {
    std::array<std::uint32_t, set_ways + 1> tags;  // zero: free; the eighth is always zero, as is that of `last`
    std::array<std::uint32_t, set_ways + 1> last;
    Payload payloads[set_ways];
  };
  struct Before {
    std::uint32_t set, way, tag, last;
    Payload payload;
  };
  static constexpr std::size_t undo_kept_max = 65'536;  // copies that a table keeps room for

  struct Free {
    void operator()(Set* sets) const { std::free(sets); }
  };

  static std::uint32_t tag_of(std::uint64_t hash) {
    const auto tag = static_cast<std::uint32_t>(hash);
    return tag == 0 ? 1 : tag;
  }
  [[nodiscard]] Set& set_of(std::uint64_t hash) const { return sets_.get()[((hash >> 32) * set_count_) >> 32]; }

  static std::size_t find_way(const Set& set, std::uint32_t tag) {
#ifdef __SSE2__
    const auto* const tags = reinterpret_cast<const __m128i*>(set.tags.data());
    const __m128i wanted = _mm_set1_epi32(static_cast<int>(tag));
    const __m128i low = _mm_cmpeq_epi32(_mm_load_si128(tags), wanted);
    const __m128i high = _mm_cmpeq_epi32(_mm_load_si128(tags + 1), wanted);
    const auto mask =
        static_cast<unsigned>(_mm_movemask_ps(_mm_castsi128_ps(low)) | _mm_movemask_ps(_mm_castsi128_ps(high)) << 4);
#else
    unsigned mask = 0;
    for (unsigned way = 0; way < set_ways + 1; ++way) mask |= static_cast<unsigned>(set.tags[way] == tag) << way;
#endif
    return mask == 0 ? set_ways : static_cast<std::size_t>(std::countr_zero(mask));
  }
  // A free entry has zero for its last second.
  static std::size_t idlest(const Set& set) {
    static_assert(set_ways == 7);
    // Last second, then way: the least of them, as a tree without branches.
    const auto rank = [&set](std::uint64_t way) { return std::uint64_t{set.last[way]} << 3 | way; };
    const std::uint64_t left = std::min(std::min(rank(0), rank(1)), std::min(rank(2), rank(3)));
    const std::uint64_t right = std::min(std::min(rank(4), rank(5)), rank(6));
    return std::min(left, right) & 7;
  }

  void remember(const Set& set, std::size_t way) {
    if (!keeps_undo_) return;
    before_.push_back({static_cast<std::uint32_t>(&set - sets_.get()), static_cast<std::uint32_t>(way), set.tags[way],
                       set.last[way], set.payloads[way]});
  }

  std::uint64_t set_count_;
  std::unique_ptr<Set[], Free> sets_;
  bool keeps_undo_ = false;
  std::vector<Before> before_;
};

// u64 sets, then for each a mask of its used entries, and of each of them tag, last second, payload.
template <typename Payload>
void SetTable<Payload>::save(Bytes& out) const {
  put_fixed(out, set_count_);
  for (std::uint64_t i = 0; i < set_count_; ++i) {
    const Set& set = sets_.get()[i];
    unsigned mask = 0;
    for (unsigned way = 0; way < set_ways; ++way) mask |= static_cast<unsigned>(set.tags[way] != 0) << way;
    put_fixed(out, static_cast<std::uint8_t>(mask));
    for (std::size_t way = 0; way < set_ways; ++way) {
      if (set.tags[way] == 0) continue;
      put_fixed(out, set.tags[way]);
      put_fixed(out, set.last[way]);
      put_bytes(out, {reinterpret_cast<const std::byte*>(&set.payloads[way]), sizeof(Payload)});
    }
  }
}

template <typename Payload>
Result<void> SetTable<Payload>::load(ByteReader& in) {
  if (in.fixed<std::uint64_t>() != set_count_) return corrupt("a saved table of features of another size");
  for (std::uint64_t i = 0; i < set_count_; ++i) {
    Set& set = sets_.get()[i];
    const unsigned mask = in.fixed<std::uint8_t>();
    if (!in.ok() || mask >> set_ways != 0) return corrupt("a saved table of features with a broken set");
    for (std::size_t way = 0; way < set_ways; ++way) {
      if ((mask >> way & 1) == 0) continue;
      set.tags[way] = in.fixed<std::uint32_t>();
      set.last[way] = in.fixed<std::uint32_t>();
      const ByteSpan payload = in.take(sizeof(Payload));
      if (!in.ok() || set.tags[way] == 0 || set.last[way] > second_max)
        return corrupt("a saved table of features with a broken entry");
      std::memcpy(static_cast<void*>(&set.payloads[way]), payload.data(), payload.size());
      if (!set.payloads[way].valid(set.last[way])) return corrupt("a saved table of features with impossible counts");
    }
  }
  return {};
}

}  // namespace zan::integrity
