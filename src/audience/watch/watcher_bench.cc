// What the book of segments and the watching of them cost: a record, the names after a change, a check before saving, a person who
// changed with all watched segments, and all people of one segment.
#include <benchmark/benchmark.h>

#include "audience/bitmap/sim_people.h"
#include "audience/book/segment_book.h"
#include "audience/watch/watcher.h"
#include "base/require.h"

namespace zan::audience {
namespace {

constexpr Timestamp now{1'700'438'400'000'000};
constexpr std::uint32_t people = 10'000'000;

SegmentSaved segment(std::uint64_t id, std::uint32_t made_from = 0) {
  return {{id},  made_from, Refresh::hourly, id <= 64, "segment " + std::to_string(id),
          "ops", "why",     "reports",
          R"(region in ("cn-bj", "cn-sh") and age_band = "25-34" and interest.pets = "strong" and not creator)"};
}

void fill(SegmentBook& book) {
  for (std::uint64_t id = 1; id <= 10'000; ++id) require(book.apply(segment(id), now).ok(), "it is saved");
}

void apply_saved(benchmark::State& state) {
  auto book = std::make_unique<SegmentBook>(Catalogue::standard());
  std::uint64_t id = 0;
  for (auto _ : state) {
    if (++id > 10'000) {
      book = std::make_unique<SegmentBook>(Catalogue::standard());
      id = 1;
    }
    require(book->apply(segment(id), now).ok(), "it is saved");
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(apply_saved);

void apply_measured(benchmark::State& state) {
  SegmentBook book(Catalogue::standard());
  fill(book);
  std::uint64_t i = 0;
  for (auto _ : state) {
    const Timestamp at{now.us + static_cast<std::int64_t>(i / 10'000) * us_per_hour};
    require(book.apply(SegmentMeasured{{1 + i++ % 10'000}, 1, at, 5'000}, at).ok(), "it is measured");
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(apply_measured);

void names_after_a_change(benchmark::State& state) {
  SegmentBook book(Catalogue::standard());
  fill(book);
  std::uint32_t version = 0;
  for (auto _ : state) {
    state.PauseTiming();
    if (++version > 190) break;
    require(book.apply(segment(1, version), now).ok(), "it is saved");
    state.ResumeTiming();
    require(book.names()->segment("segment 1").has_value(), "it has a name");
  }
}
BENCHMARK(names_after_a_change)->Iterations(100);

void decide_a_new_version(benchmark::State& state) {
  SegmentBook book(Catalogue::standard());
  fill(book);
  for (auto _ : state) require(book.decide(segment(5'000, 1), now).ok(), "it may be saved");
}
BENCHMARK(decide_a_new_version);

void save_and_load(benchmark::State& state) {
  SegmentBook book(Catalogue::standard());
  fill(book);
  for (auto _ : state) {
    SegmentBook again(Catalogue::standard());
    require(again.from_state(book.to_state()).ok(), "it is read");
  }
}
BENCHMARK(save_and_load)->Unit(benchmark::kMillisecond);

// A tenth of ten million people in every segment's region, and so on: tags by chance, everybody consents.
struct Crowd {
  Crowd() {
    const auto put = [&](const char* tag, const char* value, double density, std::uint64_t seed) {
      const Tag& one = *catalogue->find(tag);
      store.assign(one.is_set() ? one.value(*one.find_value(value)) : one.first, sim_users(people, density, seed));
    };
    put("region", "cn-bj", 0.2, 1);
    put("age_band", "25-34", 0.3, 2);
    put("interest.pets", "strong", 0.5, 3);
    put("creator", "", 0.1, 4);
    UserList all(people);
    for (std::uint32_t i = 0; i < people; ++i) all[i] = i;
    store.assign(catalogue->known(), all);
    store.assign(catalogue->purposes()[*catalogue->purpose("reports")].given, all);
    fill(book);
    watcher.watch(book.watched(), book.names(), now);
  }
  std::shared_ptr<const Catalogue> catalogue = Catalogue::standard();
  TagStore store;
  EventIndex events{catalogue->categories().size(), catalogue->zone_us()};
  SegmentBook book{catalogue};
  Watcher watcher{catalogue, store, events, 1};
};

Crowd& crowd() {
  static Crowd one;
  return one;
}

void touched_with_64_segments(benchmark::State& state) {
  Crowd& all = crowd();
  require(all.watcher.states().size() == 64 && all.watcher.states()[0].members > 200'000, "they are watched");
  Rng rng(5);
  const Tag& region = *all.catalogue->find("region");
  UserList users(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    for (std::uint32_t& user : users) {
      user = static_cast<std::uint32_t>(rng.below(people));
      const Change change{user, region.value(*region.find_value("cn-bj")), rng.chance(0.2)};
      all.store.apply({&change, 1});
    }
    all.watcher.touched(users, now);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(touched_with_64_segments)->Arg(1'000)->Arg(100'000)->Unit(benchmark::kMillisecond);

void refresh_one_segment(benchmark::State& state) {
  Crowd& all = crowd();
  for (auto _ : state) require(all.watcher.refresh({1}, now).ok(), "it is watched");
}
BENCHMARK(refresh_one_segment)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace zan::audience
