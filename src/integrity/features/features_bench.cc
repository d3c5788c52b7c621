// What an act costs: a dozen features read, then the act counted, at the default size for a million accounts. Acts come
// from a million accounts over skewed subjects, with prefetching so many acts ahead; 0 is without.
#include <benchmark/benchmark.h>

#include <cmath>
#include <vector>

#include "base/hash.h"
#include "base/random.h"
#include "base/require.h"
#include "integrity/features/feature_store.h"

namespace zan::integrity {
namespace {

constexpr std::size_t act_count = 1 << 21;

std::vector<ActView> make_acts() {
  Rng rng(1);
  std::vector<ActView> acts(act_count);
  std::int64_t at_us = 1'700'000'000'000'000;
  for (ActView& act : acts) {
    at_us += static_cast<std::int64_t>(rng.below(2000));
    act.kind = rng.chance(0.5) ? ActKind::view : ActKind::like;
    act.actor = static_cast<std::uint32_t>(1 + rng.below(1'000'000));
    act.subject = static_cast<std::uint32_t>(2'000'000 + std::exp(rng.unit() * std::log(300'000.0)));
    act.creator = 3'000'000 + act.subject % 50'000;
    act.device = mix64(act.actor * 7 + rng.below(10) / 9);
    act.network = mix64(5'000'000 + act.actor % 100'000 + rng.below(3));
    act.at_us = at_us;
    act.watch_ms = 5000;
    act.duration_ms = 15'000;
  }
  return acts;
}

// Of the act's own kind and of its account; what prefetch() sees coming.
std::vector<FeatureId> dozen(ActKind kind) {
  return {count_feature(kind, CountKey::actor, Window::m1),
          count_feature(kind, CountKey::actor, Window::d1),
          count_feature(kind, CountKey::device, Window::m5),
          count_feature(kind, CountKey::network, Window::h1),
          count_feature(kind, CountKey::actor_creator, Window::d1),
          count_feature(kind, CountKey::device_subject, Window::h6),
          count_feature(kind, CountKey::network_subject, Window::h1),
          distinct_feature(Relation::actors_of_device, Window::d1),
          distinct_feature(Relation::actors_of_network, Window::h1),
          feature(Single::like_gap_log_deviation),
          feature(Single::viewed_before),
          feature(Single::device_new)};
}

void read_and_update(benchmark::State& state) {
  const auto ahead = static_cast<std::size_t>(state.range(0));
  const std::vector<ActView> acts = make_acts();
  const std::vector<FeatureId> features[2] = {dozen(ActKind::like), dozen(ActKind::view)};
  FeatureStore store;
  for (const ActView& act : acts) store.update(act);
  std::vector<double> values(features[0].size());
  double sum = 0;
  for (auto _ : state) {
    for (std::size_t i = 0; i < acts.size(); ++i) {
      if (ahead != 0) store.prefetch(acts[(i + ahead) % acts.size()]);
      store.read(acts[i], features[acts[i].kind == ActKind::view], values);
      sum += values[0];
      store.update(acts[i]);
    }
  }
  require(sum > 0, "features were read");
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(acts.size()));
  state.counters["MB"] = static_cast<double>(store.bytes()) / 1e6;
}
BENCHMARK(read_and_update)->Arg(0)->Arg(3)->Arg(4)->Arg(6)->Arg(8)->Unit(benchmark::kMillisecond);

void save_and_load(benchmark::State& state) {
  FeatureStore store;
  for (const ActView& act : make_acts()) store.update(act);
  Bytes bytes;
  for (auto _ : state) {
    bytes.clear();
    store.save(bytes);
    require(store.load(bytes).ok(), "what was saved is loaded");
  }
  state.counters["MB"] = static_cast<double>(bytes.size()) / 1e6;
}
BENCHMARK(save_and_load)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace zan::integrity
