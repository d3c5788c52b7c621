// count(..., last 7d) >= 3 over 100 M acts of 10 M users on 30 days, in 44 categories; checked against adding up every act first.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "audience/events/event_index.h"
#include "base/random.h"
#include "base/require.h"

namespace zan::audience {
namespace {

constexpr std::uint32_t users = 10'000'000, days = 30, categories = 44;
constexpr std::uint64_t acts = 100'000'000;
constexpr std::int64_t from_us = 1'700'438'400'000'000;

struct World {
  EventIndex index{categories, 0};
  TagStore store;
  std::vector<std::uint8_t> of_a_week = std::vector<std::uint8_t>(users);  // likes of category 3, the last seven days

  World() {
    std::vector<std::uint32_t> all(users);
    for (std::uint32_t user = 0; user < users; ++user) all[user] = user;
    store.assign({0}, all);
    Rng rng(1);
    engagement::RecordedAct act;
    for (std::uint64_t i = 0; i < acts; ++i) {
      const std::uint64_t day = i * days / acts;
      act.type = rng.chance(0.3) ? engagement::ActType::like : engagement::ActType::view;
      // A tenth of the users does most of it.
      act.actor = {static_cast<std::uint32_t>(rng.chance(0.7) ? rng.below(users / 10) * 10 : rng.below(users))};
      act.at = {from_us + static_cast<std::int64_t>(day) * us_per_day};
      const auto category = static_cast<std::uint32_t>(rng.below(categories));
      index.observe(act, {{category}});
      if (act.type == engagement::ActType::like && category == 3 && day >= days - 7) ++of_a_week[act.actor.value];
    }
    std::printf("%u users, %llu acts: %.0f MB in days\n", users, static_cast<unsigned long long>(acts),
                static_cast<double>(index.bytes()) / 1e6);
  }
};

World& world() {
  static auto* const made = new World;
  return *made;
}

void window_term(benchmark::State& state) {
  World& here = world();
  EventIndex::Window window;
  window.acts = {engagement::ActType::like};
  window.category = state.range(0) == 0 ? 0 : 4;
  window.last_day = here.index.day_of({from_us}) + days - 1;
  window.first_day = window.last_day - 6;
  window.low = 2;
  Evaluation evaluation(here.store);
  const Plan plan = Plan::of(here.index.term(window)), everybody = Plan::of(ValueId{0});
  if (window.category != 0) {
    const auto expected =
        std::count_if(here.of_a_week.begin(), here.of_a_week.end(), [](std::uint8_t count) { return count >= 2; });
    require(evaluation.count(plan, everybody) == static_cast<std::uint64_t>(expected), "the count is right");
  }
  for (auto _ : state) benchmark::DoNotOptimize(evaluation.count(plan, everybody));
}
BENCHMARK(window_term)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace zan::audience
