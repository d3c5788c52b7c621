// 20 M acts of 2 M people on 1 M subjects over 60 days, a few subjects with most of them: what an act, a portrait's
// people and an erasure cost, and what it takes in memory.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdio>

#include "audience/events/subject_index.h"
#include "base/random.h"
#include "base/require.h"

namespace zan::audience {
namespace {

constexpr std::uint32_t acts = 20'000'000, users = 2'000'000, subjects = 1'000'000, days = 60;

engagement::RecordedAct act_of(Rng& rng, std::uint32_t i) {
  static constexpr engagement::ActType types[] = {engagement::ActType::like, engagement::ActType::complete,
                                                  engagement::ActType::comment, engagement::ActType::share};
  engagement::RecordedAct act;
  act.type = types[rng.below(4)];
  act.actor = {static_cast<std::uint32_t>(subjects + 1 + rng.below(users))};
  // The rank r with a chance of some 1 / r.
  const double rank = std::exp(rng.unit() * std::log(static_cast<double>(subjects)));
  act.subject = {static_cast<std::uint32_t>(rank)};
  act.creator = {subjects + users + act.subject.value / 10 + 1};
  act.at.us = 1'700'000'000'000'000 + static_cast<std::int64_t>(i) * (days * us_per_day / acts);
  return act;
}

SubjectIndex& index() {
  static SubjectIndex one(0);
  return one;
}

void observe(benchmark::State& state) {
  Rng rng(1);
  std::uint32_t i = 0;
  std::vector<engagement::RecordedAct> some(1000);
  for (auto _ : state) {
    state.PauseTiming();
    for (auto& act : some) act = act_of(rng, i++);
    state.ResumeTiming();
    for (const auto& act : some) index().observe(act);
  }
  state.counters["ns_an_act"] = benchmark::Counter(static_cast<double>(i) * 1e-9,
                                                   benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["bytes_an_act"] = static_cast<double>(index().bytes()) / i;
}
BENCHMARK(observe)->Iterations(acts / 1000);

void likers_of_the_first(benchmark::State& state) {
  const SubjectId first{1};
  std::size_t found = 0;
  for (auto _ : state) found = index().people({&first, 1}, {roles_of({Role::liker})})->size();
  state.counters["people"] = static_cast<double>(found);
}
BENCHMARK(likers_of_the_first)->Unit(benchmark::kMillisecond);

void erase_one(benchmark::State& state) {
  std::uint32_t user = subjects + 1;
  for (auto _ : state) index().erase({user++});
}
BENCHMARK(erase_one)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace zan::audience
