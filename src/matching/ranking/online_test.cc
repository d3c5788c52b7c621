// The online part: it follows what changes, does no harm where nothing does, and stays within its bounds.
#include "matching/ranking/online.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "matching/ranking/sim_showings.h"

namespace zan::matching {
namespace {

constexpr auto click = static_cast<std::size_t>(Signal::click);

// The log losses of a stream without and with the online part, in nats a showing.
struct Losses {
  double without = 0, with = 0;
};

double loss(float p, bool yes) {
  const double kept = std::clamp(static_cast<double>(p), 1e-6, 1 - 1e-6);
  return -std::log(yes ? kept : 1 - kept);
}

// `chance(i, work)` is the truth, `said` what the ranker says of everything.
template <typename Chance>
Losses play(OnlinePart& online, int count, float said, const Chance& chance) {
  Rng rng(5);
  Losses losses;
  for (int i = 0; i < count; ++i) {
    const auto work = static_cast<WorkRow>(rng.below(20));
    const PersonId person{static_cast<std::uint32_t>(1 + rng.below(500))};
    const auto now_s = static_cast<std::uint32_t>(1000 + i);
    Rates rates{};
    rates[click] = said;
    Rates corrected = rates;
    online.correct({work, {}, person}, empty_row(), now_s, corrected);
    const bool yes = rng.chance(chance(i, work));
    losses.without += loss(said, yes) / count;
    losses.with += loss(corrected[click], yes) / count;
    online.shown({work, {}, person}, empty_row(), rates, now_s);
    if (yes) online.came(person, work, bit(Signal::click), now_s);
  }
  return losses;
}

TEST(OnlinePart, knowing_nothing_it_changes_nothing) {
  const OnlinePart online;
  Rates rates = {0.3F, 0.2F, 0, 1, 0.5F, 0, 0};
  const Rates before = rates;
  online.correct({1, {2}, {3}}, empty_row(), 5, rates);
  for (std::size_t i = 0; i < signal_count; ++i) EXPECT_NEAR(rates[i], before[i], 1e-5F);
}

TEST(OnlinePart, follows_works_that_turned_out_otherwise) {
  OnlinePart online;
  const auto turned = [](int i, WorkRow work) { return (work + (i < 4000 ? 0 : 1)) % 2 == 0 ? 0.7 : 0.1; };
  const Losses losses = play(online, 8'000, 0.3F, turned);
  EXPECT_LT(losses.with, losses.without - 0.05);
  EXPECT_GT(online.trust()[click], 0.9F);
}

TEST(OnlinePart, follows_everybody_at_once) {
  OnlinePart online;
  const Losses losses = play(online, 6'000, 0.3F, [](int i, WorkRow) { return i < 1000 ? 0.3 : 0.8; });
  EXPECT_LT(losses.with, losses.without - 0.2);
}

TEST(OnlinePart, costs_next_to_nothing_where_the_ranker_is_right) {
  OnlinePart online;
  constexpr int count = 20'000;
  const Losses losses = play(online, count, 0.3F, [](int, WorkRow) { return 0.3; });
  EXPECT_LE(losses.with, losses.without + std::log(2.0) / count + online_share + 1e-5);
}

TEST(OnlinePart, the_bound_holds_against_whoever_wants_to_mislead_it) {
  OnlinePart online;
  Rng rng(9);
  double with = 0, without = 0;
  constexpr int count = 20'000;
  for (int i = 0; i < count; ++i) {
    const PersonId person{static_cast<std::uint32_t>(i % 7 + 1)};
    Rates rates{};
    rates[click] = 0.5F;
    Rates corrected = rates;
    online.correct({0, {}, person}, empty_row(), 100, corrected);
    // Always what it does not expect.
    const bool yes = corrected[click] < 0.5F || (corrected[click] == 0.5F && rng.chance(0.5));
    with += loss(corrected[click], yes);
    without += loss(0.5F, yes);
    online.shown({0, {}, person}, empty_row(), rates, 100);
    if (yes) online.came(person, 0, bit(Signal::click), 100);
  }
  EXPECT_LE(with, without + std::log(2.0) + count * (online_share + 1e-5));
}

TEST(OnlinePart, whatever_comes_probabilities_stay_probabilities) {
  OnlinePart online({.works_max = 8, .creators_max = 8, .persons_max = 8, .waiting_max = 4});
  Rng rng(3);
  for (std::uint32_t i = 0; i < 5'000; ++i) {
    FeatureRow row = empty_row();
    at(row, Feature::similar) = rng.chance(0.1) ? HUGE_VALF : static_cast<float>(1e6 * (rng.unit() - 0.5));
    Rates rates;
    for (float& rate : rates) rate = rng.chance(0.2) ? 1.0F : rng.chance(0.2) ? 0.0F : static_cast<float>(rng.unit());
    const OnlineKeys keys{static_cast<WorkRow>(rng.below(100)), {static_cast<std::uint32_t>(rng.below(50))},
                          {static_cast<std::uint32_t>(rng.below(60))}, rng.chance(0.8)};
    const auto now_s = static_cast<std::uint32_t>(rng.below(1'000'000'000));
    online.shown(keys, row, rates, now_s);
    online.came(keys.person, keys.work, static_cast<Signals>(rng.below(128)), now_s);
    online.correct(keys, row, now_s, rates);
    for (const float rate : rates) ASSERT_TRUE(rate >= 0 && rate <= 1) << i;
  }
  EXPECT_LT(online.bytes(), 100'000U);
}

TEST(OnlinePart, nothing_is_learned_of_sessions_and_of_whom_it_may_not_know) {
  OnlinePart online;
  const Rates rates = {0.3F, 0.3F, 0.3F, 0.3F, 0.3F, 0.3F, 0.3F};
  for (int i = 0; i < 100; ++i) online.shown({1, {}, {}}, empty_row(), rates, 10);
  Rates corrected = rates;
  online.correct({1, {}, {}}, empty_row(), 10, corrected);
  EXPECT_NEAR(corrected[0], 0.3F, 1e-6F);
  for (int i = 0; i < 50; ++i) online.shown({no_work, {}, {4}, false}, empty_row(), rates, 10);
  Rates own = rates, others = rates;
  online.correct({no_work, {}, {4}}, empty_row(), 10, own);
  online.correct({no_work, {}, {5}}, empty_row(), 10, others);
  EXPECT_EQ(own, others);
}

TEST(OnlinePart, who_is_erased_has_no_terms_left) {
  OnlinePart online;
  const Rates rates = {0.5F, 0.5F, 0.5F, 0.5F, 0.5F, 0.5F, 0.5F};
  for (int i = 0; i < 50; ++i) online.shown({no_work, {}, {4}}, empty_row(), rates, 10);
  Rates before = rates, after = rates, stranger = rates;
  online.correct({no_work, {}, {4}}, empty_row(), 10, before);
  online.erase({4});
  online.correct({no_work, {}, {4}}, empty_row(), 10, after);
  online.correct({no_work, {}, {5}}, empty_row(), 10, stranger);
  EXPECT_LT(before[0], after[0]);
  EXPECT_EQ(after, stranger);
  online.came({4}, no_work, bit(Signal::click), 11);
  online.start_again();
  Rates again = rates;
  online.correct({no_work, {}, {4}}, empty_row(), 10, again);
  EXPECT_NEAR(again[0], 0.5F, 1e-6F);
}

}  // namespace
}  // namespace zan::matching
