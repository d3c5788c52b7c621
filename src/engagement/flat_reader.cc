#include "engagement/flat_reader.h"

#include <simdjson.h>

#include <bit>
#include <cstring>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace zan::engagement {
namespace {

constexpr std::ptrdiff_t block_bytes = 16;

// Which of 16 bytes end a plain string run (quote, backslash, control, DEL), and which lie beyond ASCII.
struct Block {
  unsigned stops = 0;
  unsigned high = 0;
};

inline Block look(const char* at) {
#if defined(__SSE2__)
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  const __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
  const __m128i backslash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
  const __m128i del = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f));
  const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes);
  const __m128i stops = _mm_or_si128(_mm_or_si128(quote, backslash), _mm_or_si128(del, control));
  return {static_cast<unsigned>(_mm_movemask_epi8(stops)), static_cast<unsigned>(_mm_movemask_epi8(bytes))};
#else
  Block block;
  for (unsigned i = 0; i < 16; ++i) {
    const auto byte = static_cast<unsigned char>(at[i]);
    block.stops |= static_cast<unsigned>(byte == '"' || byte == '\\' || byte < 0x20 || byte == 0x7f) << i;
    block.high |= static_cast<unsigned>(byte >= 0x80) << i;
  }
  return block;
#endif
}

// The string that opens before `at`; moves `at` past its closing quote. False: not plain, or not closed before `end`.
inline bool take_string(const char*& at, const char* end, Scalar& value) {
  const char* const begin = at;
  unsigned high = 0;
  for (const char* from = at; from < end; from += block_bytes) {
    const Block block = look(from);
    if (block.stops == 0) {
      high |= block.high;
      continue;
    }
    const int offset = std::countr_zero(block.stops);
    const char* stop = from + offset;
    high |= block.high & ((1u << offset) - 1);
    if (stop >= end || *stop != '"') return false;
    value.kind = Scalar::Kind::string;
    value.text = {begin, static_cast<std::size_t>(stop - begin)};
    value.plain = high == 0;
    at = stop + 1;
    return value.plain || simdjson::validate_utf8(value.text.data(), value.text.size());
  }
  return false;
}

inline bool take_integer(const char*& at, const char* end, Scalar& value) {
  const char* const begin = at;
  std::uint64_t number = 0;
  while (at < end && *at >= '0' && *at <= '9') number = number * 10 + static_cast<std::uint64_t>(*at++ - '0');
  const std::ptrdiff_t digits = at - begin;
  if (digits > 19 || (digits > 1 && *begin == '0')) return false;  // 19 digits always fit 64 bits
  value.kind = Scalar::Kind::integer;
  value.plain = true;
  value.number = number;
  value.text = {begin, static_cast<std::size_t>(digits)};
  return true;
}

inline bool take_word(const char*& at, const char* end, std::string_view word) {
  if (static_cast<std::size_t>(end - at) < word.size() || std::memcmp(at, word.data(), word.size()) != 0) return false;
  at += word.size();
  return true;
}

inline bool take_value(const char*& at, const char* end, Scalar& value) {
  switch (*at) {
    case '"':
      return take_string(++at, end, value);
    case 't':
    case 'f':
      value.kind = Scalar::Kind::boolean;
      value.flag = *at == 't';
      return take_word(at, end, value.flag ? "true" : "false");
    case 'n':
      value.kind = Scalar::Kind::null;
      return take_word(at, end, "null");
    default:
      return *at >= '0' && *at <= '9' && take_integer(at, end, value);
  }
}

// A comma or closing brace must follow; whatever else does is simdjson's to judge.
inline bool take_member(const char*& at, const char* end, ActDraft& draft) {
  if (at == end || *at != '"') return false;
  Scalar key;
  if (!take_string(++at, end, key)) return false;
  at = skip_space(at, end);
  if (at == end || *at != ':') return false;
  at = skip_space(at + 1, end);
  Scalar value;
  if (at == end || !take_value(at, end, value)) return false;
  const Field field = find_field(key.text);
  return field != Field::unknown && !draft.set(field, value);
}

}  // namespace

const char* read_flat_object(const char* at, const char* end, ActDraft& draft) {
  draft.clear();
  at = skip_space(at, end);
  if (at == end || *at != '{') return nullptr;
  for (;;) {
    at = skip_space(at + 1, end);
    if (!take_member(at, end, draft)) return nullptr;
    at = skip_space(at, end);
    if (at == end) return nullptr;
    if (*at == '}') return at + 1;
    if (*at != ',') return nullptr;
  }
}

}  // namespace zan::engagement
