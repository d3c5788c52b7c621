// Plan: an expression over sets of users, ready to be worked out block by block.
//
//   leaf      a value of the store, a list of users, nobody, or a term whose set somebody else makes (TermSource)
//   range     a number between two bounds, over bit slices: one set of users a bit (O'Neil, Quass 1997)
//   both, either, negate
//
// A negation is of everybody, there or not: whoever asks ends with "and these people" (Evaluation's `among`).
//
// Threads: a Plan is immutable; an Evaluation belongs to one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "audience/bitmap/block_math.h"
#include "audience/bitmap/tag_store.h"
#include "audience/events.h"

namespace zan::audience {

// A set that is made for each block when it is asked for.
class TermSource {
 public:
  virtual ~TermSource() = default;
  virtual SetView block(std::uint32_t number, BlockMath& math) const = 0;
  [[nodiscard]] virtual bool contains(std::uint32_t user) const = 0;
};

// Slices of a number: bit i is the set `first + i`, and whoever has the number at all is in `first + bits`.
struct Slices {
  ValueId first;
  std::uint32_t bits = 0;
  [[nodiscard]] ValueId bit(std::uint32_t i) const { return {first.number + i}; }
  [[nodiscard]] ValueId known() const { return {first.number + bits}; }
  [[nodiscard]] std::uint64_t greatest() const { return (std::uint64_t{1} << bits) - 1; }
};

enum class PlanKind : std::uint8_t { nobody, value, list, term, range, both, either, negate };

struct Plan {
  PlanKind kind = PlanKind::nobody;
  ValueId value;
  Slices slices;
  std::uint64_t low = 0, high = 0;  // of a range, both included
  std::shared_ptr<const UserList> users;
  std::shared_ptr<const TermSource> term;
  std::vector<Plan> parts;

  static Plan of(ValueId value);
  static Plan of(std::shared_ptr<const UserList> users);
  static Plan of(std::shared_ptr<const TermSource> term);
  static Plan range(Slices slices, std::uint64_t low, std::uint64_t high);
  static Plan both(std::vector<Plan> parts);    // of none: everybody
  static Plan either(std::vector<Plan> parts);  // of none: nobody
  static Plan negate(Plan part);
};

// Whether one user is in it. Cost: a search a leaf.
bool contains(const TagStore& store, const Plan& plan, std::uint32_t user);

inline constexpr unsigned count_threads_max = 16;

class Evaluation {
 public:
  explicit Evaluation(const TagStore& store) : store_(store) {}

  // How many of `among` are in `plan`.
  std::uint64_t count(const Plan& plan, const Plan& among);
  // The same by so many threads, at most count_threads_max, of which the caller is one; for stores of many blocks, as
  // starting a thread costs some 50 µs.
  std::uint64_t count(const Plan& plan, const Plan& among, unsigned threads);
  // Calls each(block number, const TagStore::Block&, the set, math) for every block with members, under the block's lock. The
  // set is not negated; `each` does not keep it.
  template <typename Each>
  void each_block(const Plan& plan, const Plan& among, Each&& each) {
    for (std::uint32_t number = 0; number < store_.block_count(); ++number) {
      store_.with_block(number, [&](const TagStore::Block& block) {
        const SetView in = set_of(block, number, plan, among);
        if (in.kind != SetView::Kind::none) each(number, block, static_cast<const SetView&>(in), math_);
        math_.release(in);
      });
    }
  }
  // The same for one block; the caller releases it.
  SetView set_of(const TagStore::Block& block, std::uint32_t number, const Plan& plan, const Plan& among);
  [[nodiscard]] BlockMath& math() { return math_; }

 private:
  [[nodiscard]] std::uint64_t count_block(std::uint32_t number, const Plan& plan, const Plan& among);
  SetView set_of(const TagStore::Block& block, std::uint32_t number, const Plan& plan);
  SetView range_of(const TagStore::Block& block, const Plan& plan);
  SetView list_of(const UserList& users, std::uint32_t number);

  const TagStore& store_;
  BlockMath math_;
};

// The users of a set within a block, ascending.
template <typename Each>
void for_each_user(const SetView& set, std::uint32_t block_number, Each&& each) {
  const std::uint32_t base = block_number * block_users;
  if (set.kind == SetView::Kind::list) {
    for (std::uint32_t i = 0; i < set.size; ++i) each(base + set.list[i]);
  } else if (set.kind == SetView::Kind::words) {
    for (std::uint32_t i = 0; i < block_words; ++i)
      for (std::uint64_t word = set.words[i]; word != 0; word &= word - 1)
        each(base + i * 64 + static_cast<std::uint32_t>(__builtin_ctzll(word)));
  }
}

}  // namespace zan::audience
