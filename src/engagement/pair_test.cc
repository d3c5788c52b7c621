#include "engagement/pair.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <span>
#include <tuple>
#include <vector>

#include "engagement/liker.h"

namespace zan::engagement {
namespace {

PairState any_state() {
  PairState state;
  if (*rc::gen::inRange(0, 4) != 0)
    state = PairState::of(static_cast<Reaction>(*rc::gen::inRange(1, 4)), *rc::gen::arbitrary<bool>(),
                          Timestamp{*rc::gen::inRange<std::int64_t>(1, 5)},
                          static_cast<Verdict>(*rc::gen::inRange(0, 3)), *rc::gen::inRange(0u, revision_max + 1));
  state.bits |= *rc::gen::inRange<std::uint64_t>(0, 16) << 3;
  return state;
}

PairState merged(PairState a, PairState b) {
  a.merge(b);
  return a;
}

// The label of two claims of one moment is whichever came first; everything else is free of order.
std::uint64_t without_label(PairState state) {
  return state.bits & ~std::uint64_t{4};
}

RC_GTEST_PROP(Pair, MergeIsASemilattice, ()) {
  const PairState a = any_state();
  const PairState b = any_state();
  const PairState c = any_state();
  RC_ASSERT(without_label(merged(a, b)) == without_label(merged(b, a)));
  RC_ASSERT(without_label(merged(merged(a, b), c)) == without_label(merged(a, merged(b, c))));
  RC_ASSERT(merged(a, a).bits == a.bits);
  RC_ASSERT(merged(merged(a, b), b).bits == merged(a, b).bits);
}

// The rules, the obvious way.
RC_GTEST_PROP(Pair, TheLaterActWinsAndOfOneActTheLaterVerdict, ()) {
  const PairState a = any_state();
  const PairState b = any_state();
  const auto place = [](PairState state) {
    return std::tuple(state.at().us, state.reaction(), state.revision(), state.verdict());
  };
  const PairState both = merged(a, b);
  RC_ASSERT(place(both) == std::max(place(a), place(b)));
  RC_ASSERT(both.deeds() == (a.deeds() | b.deeds()));
  RC_ASSERT(PairState::from_columns(static_cast<std::uint64_t>(both.at().us), both.flags()).bits == both.bits);
}

// What a like leaves in the table of likers over time, in order: itself, late verdicts, its end.
std::vector<std::uint64_t> any_life() {
  const bool incentivised = *rc::gen::arbitrary<bool>();
  std::vector<std::uint64_t> life{liker_flags(incentivised, static_cast<Verdict>(*rc::gen::inRange(0, 3)))};
  const unsigned verdicts = *rc::gen::inRange(0u, revision_max + 1);
  for (unsigned revision = 1; revision <= verdicts; ++revision)
    life.push_back(liker_flags(incentivised, static_cast<Verdict>(*rc::gen::inRange(0, 3)), revision));
  if (*rc::gen::arbitrary<bool>()) life.push_back(liker_dead);
  return life;
}

std::uint64_t merged(std::span<const std::uint64_t> rows) {
  std::uint64_t flags = liker_nothing;
  for (const std::uint64_t row : rows) flags = merge_liker_flags(flags, row);
  return flags;
}

RC_GTEST_PROP(Liker, RowsOfOneLikeMergeInAnyOrder, ()) {
  const auto life = any_life();
  const std::uint64_t whole = merged(life);
  auto rows = life;
  for (std::size_t i = rows.size(); i > 1; --i) std::swap(rows[i - 1], rows[*rc::gen::inRange<std::size_t>(0, i)]);
  rows.push_back(rows.front());
  RC_ASSERT(merged(rows) == whole);
  const auto cut = *rc::gen::inRange<std::size_t>(0, rows.size());
  const std::span all(rows);
  RC_ASSERT(merge_liker_flags(merged(all.first(cut)), merged(all.subspan(cut))) == whole);
  if (life.back() == liker_dead) {
    RC_ASSERT((whole & liker_dead) != 0 && (whole & liker_settled) != 0 && !liker_shown(whole));
  } else {
    RC_ASSERT(liker_verdict(whole) == liker_verdict(life.back()) && (whole & liker_amends) == 0);
  }
}

// A like that is not in what is merged may still lie below: its end must be kept.
RC_GTEST_PROP(Liker, AnEndIsSettledOnlyWithTheLikeItself, ()) {
  const auto life = any_life();
  const std::uint64_t rest = merged(std::span(life).subspan(1));
  RC_ASSERT((rest & liker_settled) == 0);
  RC_ASSERT(!liker_whole(rest));
}

}  // namespace
}  // namespace zan::engagement
