#include "audience/bitmap/words.h"

#include <array>
#include <bit>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace zan::audience {
namespace {

using Word = std::uint64_t;

namespace plain {
void both(Word* out, const Word* a, const Word* b) {
  for (std::size_t i = 0; i < block_words; ++i) out[i] = a[i] & b[i];
}
void either(Word* out, const Word* a, const Word* b) {
  for (std::size_t i = 0; i < block_words; ++i) out[i] = a[i] | b[i];
}
void without(Word* out, const Word* a, const Word* b) {
  for (std::size_t i = 0; i < block_words; ++i) out[i] = a[i] & ~b[i];
}
template <typename Combine>
std::uint32_t sum(Combine combine) {
  std::uint32_t total = 0;
  for (std::size_t i = 0; i < block_words; ++i) total += static_cast<std::uint32_t>(std::popcount(combine(i)));
  return total;
}
std::uint32_t count(const Word* a) {
  return sum([&](std::size_t i) { return a[i]; });
}
std::uint32_t count_both(const Word* a, const Word* b) {
  return sum([&](std::size_t i) { return a[i] & b[i]; });
}
std::uint32_t count_without(const Word* a, const Word* b) {
  return sum([&](std::size_t i) { return a[i] & ~b[i]; });
}
std::uint32_t count_differing(const Word* a, const Word* b) {
  return sum([&](std::size_t i) { return a[i] ^ b[i]; });
}
void between(Word* out, const Word* a, const SliceBounds& bounds) {
  for (std::size_t i = 0; i < block_words; ++i) {
    Word least = ~Word{0}, most = ~Word{0};
    for (std::uint32_t bit = 0; bit < bounds.bits; ++bit) {
      const Word one = bounds.slices[bit][i], zero = ~one;
      least = (bounds.low >> bit & 1) != 0 ? one & least : one | least;
      most = (bounds.high >> bit & 1) != 0 ? zero | most : zero & most;
    }
    out[i] = a[i] & least & most;
  }
}
constexpr WordLoops loops = {"x86-64",   both,          either,          without, count,
                             count_both, count_without, count_differing, between};
}  // namespace plain

#if defined(__x86_64__)
namespace avx2 {
#define ZAN_AVX2 __attribute__((target("avx2,popcnt")))
inline constexpr std::size_t step = 4;
ZAN_AVX2 inline __m256i load(const Word* at) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
}
ZAN_AVX2 inline void store(Word* at, __m256i value) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(at), value);
}
ZAN_AVX2 void both(Word* out, const Word* a, const Word* b) {
  for (std::size_t i = 0; i < block_words; i += step) store(out + i, _mm256_and_si256(load(a + i), load(b + i)));
}
ZAN_AVX2 void either(Word* out, const Word* a, const Word* b) {
  for (std::size_t i = 0; i < block_words; i += step) store(out + i, _mm256_or_si256(load(a + i), load(b + i)));
}
ZAN_AVX2 void without(Word* out, const Word* a, const Word* b) {
  for (std::size_t i = 0; i < block_words; i += step) store(out + i, _mm256_andnot_si256(load(b + i), load(a + i)));
}
ZAN_AVX2 void between(Word* out, const Word* a, const SliceBounds& bounds) {
  const __m256i all = _mm256_set1_epi64x(-1);
  for (std::size_t i = 0; i < block_words; i += step) {
    __m256i least = all, most = all;
    for (std::uint32_t bit = 0; bit < bounds.bits; ++bit) {
      const __m256i one = load(bounds.slices[bit] + i), zero = _mm256_xor_si256(one, all);
      least = (bounds.low >> bit & 1) != 0 ? _mm256_and_si256(one, least) : _mm256_or_si256(one, least);
      most = (bounds.high >> bit & 1) != 0 ? _mm256_or_si256(zero, most) : _mm256_and_si256(zero, most);
    }
    store(out + i, _mm256_and_si256(load(a + i), _mm256_and_si256(least, most)));
  }
}
// The scalar popcnt keeps up with what two loads a cycle bring.
constexpr WordLoops loops = {"AVX2",
                             both,
                             either,
                             without,
                             plain::count,
                             plain::count_both,
                             plain::count_without,
                             plain::count_differing,
                             between};
#undef ZAN_AVX2
}  // namespace avx2

namespace avx512 {
#define ZAN_AVX512 __attribute__((target("avx512f,avx512vpopcntdq")))
inline constexpr std::size_t step = 8;
ZAN_AVX512 inline __m512i load(const Word* at) {
  return _mm512_loadu_si512(at);
}
// g++ 12 takes the plain intrinsic for a use of something uninitialised.
ZAN_AVX512 inline __m512i left(__m512i of, __m512i without) {
  return _mm512_maskz_andnot_epi64(static_cast<__mmask8>(0xff), without, of);
}
ZAN_AVX512 void both(Word* out, const Word* a, const Word* b) {
  for (std::size_t i = 0; i < block_words; i += step)
    _mm512_storeu_si512(out + i, _mm512_and_si512(load(a + i), load(b + i)));
}
ZAN_AVX512 void either(Word* out, const Word* a, const Word* b) {
  for (std::size_t i = 0; i < block_words; i += step)
    _mm512_storeu_si512(out + i, _mm512_or_si512(load(a + i), load(b + i)));
}
ZAN_AVX512 void without(Word* out, const Word* a, const Word* b) {
  for (std::size_t i = 0; i < block_words; i += step) _mm512_storeu_si512(out + i, left(load(a + i), load(b + i)));
}
ZAN_AVX512 void between(Word* out, const Word* a, const SliceBounds& bounds) {
  const __m512i all = _mm512_set1_epi64(-1);
  for (std::size_t i = 0; i < block_words; i += step) {
    __m512i least = all, most = all;
    for (std::uint32_t bit = 0; bit < bounds.bits; ++bit) {
      const __m512i one = load(bounds.slices[bit] + i), zero = _mm512_xor_si512(one, all);
      least = (bounds.low >> bit & 1) != 0 ? _mm512_and_si512(one, least) : _mm512_or_si512(one, least);
      most = (bounds.high >> bit & 1) != 0 ? _mm512_or_si512(zero, most) : _mm512_and_si512(zero, most);
    }
    _mm512_storeu_si512(out + i, _mm512_and_si512(load(a + i), _mm512_and_si512(least, most)));
  }
}
// Lanes of 64 bits cannot overflow: 128 steps of at most 64.
ZAN_AVX512 inline std::uint32_t total(__m512i lanes) {
  Word parts[step];
  _mm512_storeu_si512(parts, lanes);
  Word sum = 0;
  for (const Word part : parts) sum += part;
  return static_cast<std::uint32_t>(sum);
}
#define ZAN_COUNT(name, combined, ...)                                \
  ZAN_AVX512 std::uint32_t name(__VA_ARGS__) {                        \
    __m512i lanes = _mm512_setzero_si512();                           \
    for (std::size_t i = 0; i < block_words; i += step)               \
      lanes = _mm512_add_epi64(lanes, _mm512_popcnt_epi64(combined)); \
    return total(lanes);                                              \
  }
ZAN_COUNT(count, load(a + i), const Word* a)
ZAN_COUNT(count_both, _mm512_and_si512(load(a + i), load(b + i)), const Word* a, const Word* b)
ZAN_COUNT(count_without, left(load(a + i), load(b + i)), const Word* a, const Word* b)
ZAN_COUNT(count_differing, _mm512_xor_si512(load(a + i), load(b + i)), const Word* a, const Word* b)
#undef ZAN_COUNT
#undef ZAN_AVX512
constexpr WordLoops loops = {"AVX-512",  both,          either,          without, count,
                             count_both, count_without, count_differing, between};
}  // namespace avx512
#endif

struct Variants {
  std::array<const WordLoops*, 3> all{&plain::loops, nullptr, nullptr};
  std::size_t count = 1;

  Variants() {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) all[count++] = &avx2::loops;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vpopcntdq")) all[count++] = &avx512::loops;
#endif
  }
};

const Variants& variants() {
  static const Variants known;
  return known;
}

}  // namespace

const WordLoops& word_loops() {
  static const WordLoops& best = *variants().all[variants().count - 1];
  return best;
}

const WordLoops* const* word_loop_variants(std::size_t& count) {
  count = variants().count;
  return variants().all.data();
}

}  // namespace zan::audience
