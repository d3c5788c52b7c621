#include "audience/events/event_index.h"

#include <gtest/gtest.h>

#include <map>

#include "base/random.h"

namespace zan::audience {
namespace {

using engagement::ActType;

constexpr std::int64_t day0_us = 1'700'438'400'000'000;

engagement::RecordedAct act(ActType type, std::uint32_t user, std::int64_t at_us) {
  engagement::RecordedAct out;
  out.type = type;
  out.actor = {user};
  out.at = {at_us};
  return out;
}

TEST(EventIndex, windows_agree_with_adding_up_every_act) {
  EventIndex index(3, 0);
  TagStore store;  // only says which blocks there are
  std::vector<std::uint32_t> everybody;
  for (std::uint32_t user = 0; user < 70'000; ++user) everybody.push_back(user);
  store.assign({0}, everybody);
  struct Acted {
    ActType type;
    std::uint32_t user, category, day;
  };
  std::vector<Acted> twin;
  Rng rng(6);
  const std::uint32_t first = index.day_of({day0_us});
  for (int i = 0; i < 60'000; ++i) {
    const auto user = static_cast<std::uint32_t>(rng.chance(0.8) ? rng.below(3'000) : rng.below(70'000));
    const auto day = static_cast<std::uint32_t>(rng.below(10));
    const auto category = static_cast<std::uint32_t>(rng.below(3));
    const ActType type = rng.chance(0.7) ? ActType::like : ActType::share;
    index.observe(act(type, user, day0_us + day * us_per_day), {{category}});
    twin.push_back({type, user, category, first + day});
  }
  index.erase(5);
  std::erase_if(twin, [](const Acted& one) { return one.user == 5; });
  Evaluation evaluation(store);
  for (int i = 0; i < 30; ++i) {
    EventIndex::Window window;
    window.acts = rng.chance(0.5) ? std::vector{ActType::like} : std::vector{ActType::like, ActType::share};
    window.category = static_cast<std::uint32_t>(rng.below(4));
    window.first_day = first + static_cast<std::uint32_t>(rng.below(10));
    window.last_day = window.first_day + static_cast<std::uint32_t>(rng.below(4));
    window.low = static_cast<std::uint32_t>(1 + rng.below(3));
    window.high = rng.chance(0.5) ? 255 : window.low + static_cast<std::uint32_t>(rng.below(3));
    std::map<std::uint32_t, std::uint32_t> counts;
    for (const Acted& one : twin) {
      const bool of_type = one.type == ActType::like || window.acts.size() == 2;
      const bool of_category = window.category == 0 || window.category == one.category + 1;
      if (of_type && of_category && one.day >= window.first_day && one.day <= window.last_day) ++counts[one.user];
    }
    std::uint64_t expected = 0;
    const auto term = index.term(window);
    for (const auto& [user, count] : counts) {
      const bool in = count >= window.low && count <= window.high;
      expected += in ? 1 : 0;
      if (user < 300) {
        ASSERT_EQ(term->contains(user), in);
      }
    }
    ASSERT_EQ(evaluation.count(Plan::of(term), Plan::of(ValueId{0})), expected);
    ASSERT_EQ(evaluation.math().buffers_in_use(), 0U);
  }
}

TEST(EventIndex, counts_stop_at_255_and_days_that_are_too_old_go) {
  EventIndex index(0, 0);
  for (int i = 0; i < 400; ++i) index.observe(act(ActType::like, 9, day0_us), {});
  EventIndex::Window window;
  window.acts = {ActType::like};
  window.first_day = window.last_day = index.day_of({day0_us});
  window.low = 255;
  EXPECT_TRUE(index.term(window)->contains(9));
  const std::size_t before = index.bytes();
  index.observe(act(ActType::like, 9, day0_us + event_days_kept * us_per_day), {});
  EXPECT_FALSE(index.term(window)->contains(9));
  EXPECT_LT(index.bytes(), before);
  // What comes that late is passed over; what comes a little late is not.
  index.observe(act(ActType::like, 9, day0_us), {});
  window.low = 1;
  EXPECT_FALSE(index.term(window)->contains(9));
  index.observe(act(ActType::like, 9, day0_us + us_per_day), {});
  window.first_day = window.last_day = index.day_of({day0_us + us_per_day});
  EXPECT_TRUE(index.term(window)->contains(9));
}

}  // namespace
}  // namespace zan::audience
