#include "audience/bitmap/block_math.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/require.h"

namespace zan::audience {
namespace {

using Kind = SetView::Kind;

// Lists of more than this together are summed up as words: a merge cannot keep up with setting bits.
constexpr std::uint32_t merged_max = 256;

// Whether looking each member of `list` up in `by` beats walking both.
bool looks_up(const SetView& list, const SetView& by) {
  return by.size / 32 > list.size;
}

// Calls keep(member, is it in `by`) for each member of the list, in order. `by` is not negated.
template <typename Keep>
void look_up(const SetView& list, const SetView& by, Keep keep) {
  const std::uint16_t* const end = list.list + list.size;
  if (by.kind == Kind::words) {
    for (const std::uint16_t* at = list.list; at != end; ++at) keep(*at, has_bit(by.words, *at));
    return;
  }
  const std::uint16_t* other = by.list;
  const std::uint16_t* const other_end = by.list + by.size;
  for (const std::uint16_t* at = list.list; at != end; ++at) {
    other = std::lower_bound(other, other_end, *at);
    keep(*at, other != other_end && *other == *at);
  }
}

// Calls step(next of a, next of b) while both go on; the smaller one moves on, or both. No branch depends on what the lists
// hold, which no processor could foresee. Returns how many of `a` were walked.
template <typename Step>
std::uint32_t walk(const SetView& a, const SetView& b, Step step) {
  std::uint32_t i = 0, j = 0;
  while (i < a.size && j < b.size) {
    const std::uint16_t mine = a.list[i], theirs = b.list[j];
    step(mine, theirs);
    i += mine <= theirs ? 1 : 0;
    j += theirs <= mine ? 1 : 0;
  }
  return i;
}

// Those of `list` that are in `by` (`keep`), or are not, to `to`, which may be the list itself. How many.
std::uint32_t filter_list(const SetView& list, const SetView& by, bool keep, std::uint16_t* to) {
  std::uint32_t size = 0;
  if (by.kind == Kind::words || looks_up(list, by)) {
    look_up(list, by, [&](std::uint16_t user, bool in) {
      to[size] = user;
      size += in == keep ? 1 : 0;
    });
  } else if (keep) {
    walk(list, by, [&](std::uint16_t mine, std::uint16_t theirs) {
      to[size] = mine;
      size += mine == theirs ? 1 : 0;
    });
  } else {
    const std::uint32_t walked = walk(list, by, [&](std::uint16_t mine, std::uint16_t theirs) {
      to[size] = mine;
      size += mine < theirs ? 1 : 0;
    });
    std::copy(list.list + walked, list.list + list.size, to + size);
    size += list.size - walked;
  }
  return size;
}

void set_bits(std::uint64_t* words, const SetView& list) {
  for (std::uint32_t i = 0; i < list.size; ++i) set_bit(words, list.list[i]);
}

}  // namespace

std::int16_t BlockMath::take() {
  if (free_.empty()) {
    buffers_.push_back(std::make_unique<Buffer>());
    free_.push_back(static_cast<std::int16_t>(buffers_.size() - 1));
  }
  const std::int16_t buffer = free_.back();
  free_.pop_back();
  return buffer;
}

void BlockMath::release(const SetView& view) {
  if (view.buffer >= 0) free_.push_back(view.buffer);
}

std::uint64_t* BlockMath::fresh_words(SetView& view) {
  view = {};
  view.kind = Kind::words;
  view.buffer = take();
  std::uint64_t* const words = words_of(view);
  std::memset(words, 0, sizeof(Buffer));
  view.words = words;
  return words;
}

std::uint16_t* BlockMath::fresh_list(SetView& view) {
  view = {};
  view.kind = Kind::list;
  view.buffer = take();
  std::uint16_t* const list = list_of(view);
  view.list = list;
  return list;
}

SetView BlockMath::both(SetView a, SetView b) {
  if (a.negated && b.negated) {
    a.negated = b.negated = false;
    return negated(sum(a, b));
  }
  if (a.negated) std::swap(a, b);
  if (!b.negated) return intersection(a, b);
  b.negated = false;
  return difference(a, b);
}

SetView BlockMath::filter(SetView list, const SetView& by, bool keep) {
  SetView out = list;
  std::uint16_t* const to = list.buffer >= 0 ? list_of(list) : fresh_list(out);
  const std::uint32_t size = filter_list(list, by, keep, to);
  release(by);
  out.size = size;
  if (size != 0) return out;
  release(out);
  return {};
}

SetView BlockMath::own_words(SetView& a, bool copy) {
  if (a.buffer >= 0) return a;
  SetView out;
  out.kind = Kind::words;
  out.buffer = take();
  out.words = words_of(out);
  if (copy) std::memcpy(words_of(out), a.words, sizeof(Buffer));
  return out;
}

SetView BlockMath::intersection(SetView a, SetView b) {
  if (a.kind == Kind::none || b.kind == Kind::none) {
    release(a);
    release(b);
    return {};
  }
  if (a.kind == Kind::list && b.kind == Kind::list) return a.size <= b.size ? filter(a, b, true) : filter(b, a, true);
  if (a.kind == Kind::list) return filter(a, b, true);
  if (b.kind == Kind::list) return filter(b, a, true);
  if (a.buffer < 0) std::swap(a, b);
  const SetView out = own_words(a, false);
  loops_.both(words_of(out), a.words, b.words);
  release(b);
  return out;
}

SetView BlockMath::difference(SetView a, SetView b) {
  if (a.kind == Kind::none) {
    release(b);
    return {};
  }
  if (b.kind == Kind::none) return a;
  if (a.kind == Kind::list) return filter(a, b, false);
  if (b.kind == Kind::list) {
    const SetView out = own_words(a, true);
    std::uint64_t* const words = words_of(out);
    for (std::uint32_t i = 0; i < b.size; ++i) clear_bit(words, b.list[i]);
    release(b);
    return out;
  }
  const SetView out = a.buffer < 0 && b.buffer >= 0 ? b : own_words(a, false);
  loops_.without(words_of(out), a.words, b.words);
  if (out.buffer != b.buffer) release(b);
  return out;
}

SetView BlockMath::sum(SetView a, SetView b) {
  if (a.kind == Kind::none) return b;
  if (b.kind == Kind::none) return a;
  if (a.kind == Kind::list && b.kind == Kind::list) {
    const SetView out = sum_of_lists(a, b);
    release(a);
    release(b);
    return out;
  }
  if (a.kind == Kind::list || (b.kind == Kind::words && a.buffer < 0)) std::swap(a, b);
  if (b.kind == Kind::words) {
    const SetView out = own_words(a, false);
    loops_.either(words_of(out), a.words, b.words);
    release(b);
    return out;
  }
  const SetView out = own_words(a, true);
  set_bits(words_of(out), b);
  release(b);
  return out;
}

SetView BlockMath::sum_of_lists(const SetView& a, const SetView& b) {
  SetView out;
  if (a.size + b.size > merged_max) {
    std::uint64_t* const words = fresh_words(out);
    set_bits(words, a);
    set_bits(words, b);
    return out;
  }
  std::uint16_t* const to = fresh_list(out);
  out.size = static_cast<std::uint32_t>(std::set_union(a.list, a.list + a.size, b.list, b.list + b.size, to) - to);
  return out;
}

SetView BlockMath::as_words(const SetView& a) {
  if (a.kind == Kind::words) return a;
  SetView out;
  set_bits(fresh_words(out), a);
  return out;
}

SetView BlockMath::between(const SetView& known, std::span<const SetView> slices, std::uint64_t low,
                           std::uint64_t high) {
  require(slices.size() <= SliceBounds::bits_max, "a number has few bits");
  if (known.kind == Kind::none) return {};
  SliceBounds bounds;
  bounds.low = low;
  bounds.high = high;
  std::array<SetView, SliceBounds::bits_max> words;
  for (const SetView& slice : slices) {
    words[bounds.bits] = as_words(slice);
    bounds.slices[bounds.bits] = words[bounds.bits].words;
    ++bounds.bits;
  }
  SetView among = as_words(known);
  const SetView out = own_words(among, false);
  loops_.between(words_of(out), among.words, bounds);
  for (std::uint32_t bit = 0; bit < bounds.bits; ++bit) release(words[bit]);
  return out;
}

std::uint32_t BlockMath::count(const SetView& a) const {
  const std::uint32_t size = a.kind == Kind::words ? loops_.count(a.words) : a.kind == Kind::list ? a.size : 0;
  return a.negated ? block_users - size : size;
}

std::uint32_t BlockMath::count_both(const SetView& a, const SetView& b) const {
  if (b.negated) {
    if (a.kind == Kind::words && b.kind == Kind::words) return loops_.count_without(a.words, b.words);
    SetView plain = b;
    plain.negated = false;
    return count(a) - count_both(a, plain);
  }
  if (a.kind == Kind::none || b.kind == Kind::none) return 0;
  if (a.kind == Kind::words && b.kind == Kind::words) return loops_.count_both(a.words, b.words);
  const bool a_walks = a.kind == Kind::list && (b.kind == Kind::words || a.size <= b.size);
  const SetView &list = a_walks ? a : b, &other = a_walks ? b : a;
  std::uint32_t total = 0;
  if (other.kind == Kind::words || looks_up(list, other)) {
    look_up(list, other, [&](std::uint16_t, bool in) { total += in ? 1 : 0; });
  } else {
    walk(list, other, [&](std::uint16_t mine, std::uint16_t theirs) { total += mine == theirs ? 1 : 0; });
  }
  return total;
}

bool BlockMath::contains(const SetView& a, std::uint16_t user) {
  if (a.kind == Kind::words) return has_bit(a.words, user) != a.negated;
  return std::binary_search(a.list, a.list + a.size, user) != a.negated;
}

}  // namespace zan::audience
