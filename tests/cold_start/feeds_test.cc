// The feeds in a world whose true interests are known: what holds of the bars in docs/matching_experiments.md. A run
// takes a quarter of a minute, ten times that in a build with sanitizers, where they are left out.
#include <gtest/gtest.h>

#include "cold_start/feeds_recommender.h"
#include "cold_start/lift.h"

namespace zan::cold_start {
namespace {

simulation::TasteOptions town() {
  simulation::TasteOptions options;
  options.people = 400;
  options.works = 1200;
  options.days = 10;
  options.works_a_day = 10;
  options.newcomers_a_day = 4;
  return options;
}

Make feeds(float explore_share) {
  return [explore_share] { return std::make_unique<FeedsRecommender>(small_feeds(1, explore_share)); };
}

// Each run takes some seconds: the world and the usual run are made once.
struct Town {
  simulation::Tastes world{town()};
  RunLog usual = run(world, *feeds(0.1F)(), {});
};
const Town& lived() {
  static const Town made;
  return made;
}

constexpr bool is_slow_build =
#ifdef NDEBUG
    false;
#else
    true;
#endif

TEST(ColdStartFeeds, good_newcomers_reach_their_audience_sooner_and_at_little_cost) {
  if (is_slow_build) GTEST_SKIP() << "only in release builds";
  const Measures with = measure(lived().world, lived().usual);
  const Measures without = measure(lived().world, run(lived().world, *feeds(0)(), {}));
  EXPECT_GT(2 * with.good.reached, with.good.works);
  // The bars, a third and 0.98, are for many seeds together (docs/matching_experiments.md); one town has eight such works.
  EXPECT_LE(2 * with.good.platform_median, without.good.platform_median);
  EXPECT_GE(with.long_views, 0.97 * without.long_views);
  EXPECT_GT(with.good_share, 3 * with.bad_share);
}

TEST(ColdStartFeeds, verdicts_take_nine_tenths_of_what_shilling_lifts) {
  if (is_slow_build) GTEST_SKIP() << "only in release builds";
  AttackPlan plan;
  plan.day = 4;
  plan.days = 7;
  const Lift lift = lift_of(lived().world, feeds(0.1F), lived().usual, simulation::ShillingKind::average, plan);
  EXPECT_GT(lift.ignored, 0);
  EXPECT_LE(lift.with_verdicts, lift.ignored / 10);
}

}  // namespace
}  // namespace zan::cold_start
