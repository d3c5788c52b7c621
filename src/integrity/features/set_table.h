// A table of fixed size from hashes to payloads that forgets who was idle longest.
//
// Seven entries make a set, behind one line of the cache that holds their tags and last seconds: a lookup costs that line
// and the payload's own. A hash chooses the set with its upper half, the lower half is the tag, so two keys are taken for
// one with a chance of 2^-29 a lookup. A new key in a full set takes the place of the entry whose last second is the
// earliest, so a key survives as long as fewer than seven others of its set were seen after it. Where K other keys were
// seen since, spread over S sets, that is a Poisson tail: P(survives) = P(Poisson(K / S) <= 6), which is 99.5 % for
// K = 2/7 of the entries, 89 % for 4/7 and 45 % for as many keys as entries.
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

  // Of no entries: knows nothing, and is not to be touched.
  explicit SetTable(std::uint64_t entries) : set_count_((entries + set_ways - 1) / set_ways) {
    require(set_count_ <= 0xffff'ffff, "entries of a table of features");
    if (entries == 0) return;
    sets_ = bytes() < page ? allocate(bytes()) : map(bytes());
    require(sets_ != nullptr, "memory for a table of features");
  }

  [[nodiscard]] std::uint64_t bytes() const { return set_count_ * sizeof(Set); }
  [[nodiscard]] std::uint64_t entries() const { return set_count_ * set_ways; }

  [[gnu::always_inline]] void fetch_directory(std::uint64_t hash) const { __builtin_prefetch(&set_of(hash), 1); }
  // All of it, once the directory is near. Inlined by force: g++ 12 takes a call that only fetches for one without effect.
  [[gnu::always_inline]] void fetch_payload(std::uint64_t hash) const {
    const Set& set = set_of(hash);
    const std::size_t way = find_way(set, tag_of(hash));
    const auto* const payload = reinterpret_cast<const char*>(&set.payloads[way < set_ways ? way : idlest(set)]);
    for (std::size_t line = 0; line < sizeof(Payload); line += 64) __builtin_prefetch(payload + line, 1);
  }

  [[nodiscard]] Known find(std::uint64_t hash) const {
    if (set_count_ == 0) return {};
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
      set.tags[way] = tag;
      set.last[way] = second;
      std::memset(static_cast<void*>(&set.payloads[way]), 0, sizeof(Payload));
    }
    return {&set.payloads[way], &set.last[way]};
  }

  void forget(std::uint64_t hash) {
    if (set_count_ == 0) return;
    Set& set = set_of(hash);
    const std::size_t way = find_way(set, tag_of(hash));
    if (way == set_ways) return;
    set.tags[way] = set.last[way] = 0;
    std::memset(static_cast<void*>(&set.payloads[way]), 0, sizeof(Payload));
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

  // Large tables come as zero pages of the system's, which cost nothing until they are used, and large ones: else each
  // lookup also misses the page table.
  static constexpr std::size_t page = 2 << 20;
  struct Free {
    void* mapped = nullptr;
    std::size_t bytes = 0;
    void operator()(Set* sets) const {
      mapped != nullptr ? static_cast<void>(::munmap(mapped, bytes)) : std::free(sets);
    }
  };
  using Sets = std::unique_ptr<Set[], Free>;

  static Sets allocate(std::size_t bytes) {
    void* const memory = std::aligned_alloc(alignof(Set), bytes);
    if (memory != nullptr) std::memset(memory, 0, bytes);
    return Sets(static_cast<Set*>(memory), Free{});
  }
  static Sets map(std::size_t bytes) {
    const std::size_t length = bytes + page;
    void* const mapped = ::mmap(nullptr, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) return nullptr;
    std::size_t room = length;
    void* aligned = mapped;
    std::align(page, bytes, aligned, room);
    ::madvise(aligned, bytes, MADV_HUGEPAGE);  // advice: fine if it is not taken
    return Sets(static_cast<Set*>(aligned), Free{mapped, length});
  }

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

  std::uint64_t set_count_;
  Sets sets_;
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
