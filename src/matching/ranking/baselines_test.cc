// Means of what showings come to: against sums by hand, fading, bounded, and never outside 0 to 1.
#include "matching/ranking/baselines.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

namespace zan::matching {
namespace {

constexpr Rates halves = {0.5F, 0.5F, 0.5F, 0.5F, 0.5F, 0.5F, 0.5F};

Scene scene_at(std::int64_t s, std::uint32_t surface = 3) { return {{s * us_per_second}, {surface}, {}}; }

WorkView work_of(std::uint32_t creator, std::uint32_t tag) {
  WorkView view;
  view.creator = {creator};
  view.tags[0] = tag;
  view.tag_count = tag == 0 ? 0 : 1;
  return view;
}

TEST(Baselines, what_nobody_was_shown_is_its_parent) {
  const Baselines baselines;
  const Mean mean = baselines.of(Baseline::tag, 7, 100, halves);
  EXPECT_EQ(mean.shown, 0);
  EXPECT_EQ(mean.rates, halves);
  for (const float rate : baselines.everything(100).rates) EXPECT_TRUE(rate > 0 && rate < 1);
  EXPECT_EQ(baselines.size(), 0U);
}

TEST(Baselines, each_showing_counts_for_all_its_keys_and_fades_with_seven_days) {
  Baselines baselines;
  const WorkView view = work_of(5, 9);
  for (int i = 0; i < 60; ++i) baselines.shown(scene_at(1000), 2, view);
  for (int i = 0; i < 30; ++i) baselines.came(scene_at(1000), 2, view, bit(Signal::click), 0);
  for (const auto& [what, key] : {std::pair<Baseline, std::uint64_t>{Baseline::tag, 9}, {Baseline::creator, 5},
                                  {Baseline::surface, 3}, {Baseline::activity, 2}, {Baseline::kind, 0}}) {
    const Mean mean = baselines.of(what, key, 1000, {});
    EXPECT_EQ(mean.shown, 60);
    EXPECT_FLOAT_EQ(at(mean.rates, Signal::click), 30.0F / 80);
  }
  const Mean later = baselines.of(Baseline::tag, 9, 1000 + 7 * 86'400, {});
  EXPECT_FLOAT_EQ(later.shown, 30);
  EXPECT_FLOAT_EQ(at(later.rates, Signal::click), 15.0F / 50);
}

TEST(Baselines, what_is_taken_back_is_gone_and_no_count_falls_below_nothing) {
  Baselines baselines;
  const WorkView view = work_of(5, 0);
  baselines.shown(scene_at(1), 0, view);
  baselines.came(scene_at(1), 0, view, bit(Signal::like), 0);
  baselines.came(scene_at(2), 0, view, 0, bit(Signal::like));
  baselines.came(scene_at(3), 0, view, 0, bit(Signal::like));
  EXPECT_EQ(at(baselines.of(Baseline::creator, 5, 3, {}).rates, Signal::like), 0);
}

TEST(Baselines, keeps_no_more_keys_than_it_may_and_forgets_what_was_shown_least) {
  Baselines baselines(6'400);
  for (int i = 0; i < 50; ++i) baselines.shown(scene_at(10), 0, work_of(1, 0));
  for (std::uint32_t creator = 2; creator < 50'000; ++creator) baselines.shown(scene_at(10), 0, work_of(creator, 0));
  EXPECT_LE(baselines.size(), 6'400U);
  EXPECT_FLOAT_EQ(baselines.of(Baseline::creator, 1, 10, {}).shown, 50);
}

RC_GTEST_PROP(Baselines, is_what_sums_by_hand_say, ()) {
  Baselines baselines;
  double shown = 0, likes = 0;
  std::int64_t now_s = 1000;
  const int steps = *rc::gen::inRange(1, 40);
  for (int i = 0; i < steps; ++i) {
    const std::int64_t pause_s = *rc::gen::inRange(0, 500'000);
    const double by = std::exp2(-static_cast<double>(pause_s) / baseline_half_life_s);
    now_s += pause_s;
    shown *= by;
    likes *= by;
    const WorkView view = work_of(0, 4);
    baselines.shown(scene_at(now_s), 0, view);
    shown += 1;
    if (!*rc::gen::arbitrary<bool>()) continue;
    baselines.came(scene_at(now_s), 0, view, bit(Signal::like), 0);
    likes += 1;
  }
  const Mean mean = baselines.of(Baseline::tag, 4, static_cast<std::uint32_t>(now_s), halves);
  RC_ASSERT(std::fabs(static_cast<double>(mean.shown) - shown) < 1e-3);
  RC_ASSERT(std::fabs(static_cast<double>(at(mean.rates, Signal::like)) - (likes + 10) / (shown + 20)) < 1e-4);
}

}  // namespace
}  // namespace zan::matching
