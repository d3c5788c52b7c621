// BlockMath: and, or, not of sets of one block of users. It works on whatever form the sets have, keeps "not" as a mark for as
// long as it can, and owns the few buffers that results in between need, so that an expression's work stays in the cache.
//
// Views handed in are used up: those that stand in a buffer give it back.
//
// Threads: one. Cost: some 0.2 µs for two sets of words, 1 ns a member of a list.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "audience/bitmap/block_set.h"

namespace zan::audience {

class BlockMath {
 public:
  BlockMath() : loops_(word_loops()) {}

  SetView both(SetView a, SetView b);
  SetView either(SetView a, SetView b) { return negated(both(negated(a), negated(b))); }
  static SetView negated(SetView a) {
    a.negated = !a.negated;
    return a;
  }

  // Those of `known` whose number is from low to high; the number's bits are `slices`, lowest first, at most
  // SliceBounds::bits_max. All of them plain, none in a buffer.
  SetView between(const SetView& known, std::span<const SetView> slices, std::uint64_t low, std::uint64_t high);

  // How many of `a` (which is not negated) are in `b`. Both stay as they are.
  [[nodiscard]] std::uint32_t count_both(const SetView& a, const SetView& b) const;
  [[nodiscard]] std::uint32_t count(const SetView& a) const;
  [[nodiscard]] static bool contains(const SetView& a, std::uint16_t user);

  static constexpr std::uint32_t list_room = block_words * sizeof(std::uint64_t) / sizeof(std::uint16_t);
  // A set made by the caller: words all zero to begin with, to be filled and then used as any other.
  std::uint64_t* fresh_words(SetView& view);
  std::uint16_t* fresh_list(SetView& view);  // room for list_room; the caller sets `size`
  void release(const SetView& view);

  [[nodiscard]] std::size_t buffers() const { return buffers_.size(); }
  [[nodiscard]] std::size_t buffers_in_use() const { return buffers_.size() - free_.size(); }

 private:
  // Words or a list, never both at a time.
  struct alignas(64) Buffer {
    std::byte bytes[block_words * sizeof(std::uint64_t)];
  };

  SetView intersection(SetView a, SetView b);
  SetView difference(SetView a, SetView b);
  SetView sum(SetView a, SetView b);
  SetView sum_of_lists(const SetView& a, const SetView& b);
  SetView filter(SetView list, const SetView& by, bool keep);
  SetView as_words(const SetView& a);  // of a set in no buffer; in one if it is no words
  SetView own_words(SetView& a, bool copy);  // a's buffer, or a new one, with a's content if `copy`
  std::int16_t take();
  [[nodiscard]] std::uint64_t* words_of(const SetView& view) {
    return reinterpret_cast<std::uint64_t*>(buffers_[static_cast<std::size_t>(view.buffer)]->bytes);
  }
  [[nodiscard]] std::uint16_t* list_of(const SetView& view) {
    return reinterpret_cast<std::uint16_t*>(buffers_[static_cast<std::size_t>(view.buffer)]->bytes);
  }

  const WordLoops& loops_;
  std::vector<std::unique_ptr<Buffer>> buffers_;
  std::vector<std::int16_t> free_;
};

}  // namespace zan::audience
