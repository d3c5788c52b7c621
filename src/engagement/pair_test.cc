#include "engagement/pair.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace zan::engagement {
namespace {

PairState any_state() {
  PairState state;
  if (*rc::gen::inRange(0, 4) != 0)
    state = PairState::of(static_cast<Reaction>(*rc::gen::inRange(1, 4)), *rc::gen::arbitrary<bool>(),
                          Timestamp{*rc::gen::inRange<std::int64_t>(1, 5)});
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

}  // namespace
}  // namespace zan::engagement
