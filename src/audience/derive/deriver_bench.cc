// What an act costs until all tags of its person are right, with the catalogue that comes along.
#include <benchmark/benchmark.h>

#include "audience/derive/deriver.h"
#include "base/random.h"
#include "base/require.h"

namespace zan::audience {
namespace {

constexpr std::uint32_t users = 300'000, subjects = 20'000;

void observe(benchmark::State& state) {
  const auto catalogue = Catalogue::standard();
  TagStore store;
  Deriver deriver(catalogue, store);
  Rng rng(1);
  for (std::uint32_t subject = 1; subject <= subjects; ++subject)
    require(deriver.put_subject({subject}, R"({"tags":[")" + catalogue->categories()[rng.below(44)].id + "\"]}").ok(),
            "a subject");
  engagement::RecordedAct act;
  std::int64_t at_us = 1'700'438'400'000'000;
  for (auto _ : state) {
    at_us += 20'000;
    act.type = rng.chance(0.2) ? engagement::ActType::like : engagement::ActType::view;
    act.actor = {static_cast<std::uint32_t>(1 + rng.below(users))};
    act.subject = {static_cast<std::uint32_t>(1 + rng.below(subjects))};
    act.at = {at_us};
    act.duration_ms = 20'000;
    act.watch_ms = static_cast<std::uint32_t>(rng.below(20'000));
    deriver.observe(act);
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["tag_changes_an_act"] = static_cast<double>(store.version()) / static_cast<double>(state.iterations());
}
BENCHMARK(observe);

}  // namespace
}  // namespace zan::audience
