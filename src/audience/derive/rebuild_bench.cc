// A view that was thrown away: acts of all people from the start, in bulk, into the deriver and the event index, then to disk and
// back. Ten acts a person on 30 days, a tenth of the people do most of them; making them up takes some 0.03 µs an act.
#include <benchmark/benchmark.h>
#include <malloc.h>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <string>

#include "audience/derive/deriver.h"
#include "audience/events/event_index.h"
#include "base/random.h"
#include "base/require.h"
#include "base/scratch_folder.h"

namespace zan::audience {
namespace {

constexpr std::uint32_t subjects = 200'000, days = 30;
constexpr std::int64_t from_us = 1'700'438'400'000'000;

double seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double resident_mb() {
  std::ifstream status("/proc/self/statm");
  std::uint64_t size = 0, resident = 0;
  status >> size >> resident;
  return static_cast<double>(resident) * 4096 / 1e6;
}

class Acts {
 public:
  Acts(std::uint32_t people, std::uint64_t count) : people_(people), count_(count) {}
  bool next() {
    if (made_ == count_) return false;
    act.type = rng_.chance(0.3) ? engagement::ActType::like : engagement::ActType::view;
    act.actor = {static_cast<std::uint32_t>(rng_.chance(0.7) ? rng_.below(people_ / 10) * 10 : rng_.below(people_))};
    act.subject = {static_cast<std::uint32_t>(1 + rng_.below(subjects))};
    act.duration_ms = 20'000;
    act.watch_ms = static_cast<std::uint32_t>(rng_.below(20'000));
    act.at = {from_us + static_cast<std::int64_t>(static_cast<double>(made_) / static_cast<double>(count_) * days *
                                                  static_cast<double>(us_per_day))};
    ++made_;
    return true;
  }
  engagement::RecordedAct act;

 private:
  Rng rng_{1};
  const std::uint32_t people_;
  const std::uint64_t count_;
  std::uint64_t made_ = 0;
};

struct View {
  std::shared_ptr<const Catalogue> catalogue = Catalogue::standard();
  TagStore store;
  Deriver deriver{catalogue, store};
  EventIndex index{catalogue->categories().size(), catalogue->zone_us()};

  Result<void> save(storage::Disk& disk) {
    ZAN_ASSIGN(StateWriter writer, StateWriter::create(disk, "state", {{1}, catalogue->fingerprint()}));
    ZAN_TRY(store.save(writer));
    ZAN_TRY(index.save(writer));
    ZAN_TRY(deriver.save(writer));
    return writer.finish();
  }
  Result<void> load(storage::Disk& disk) {
    ZAN_ASSIGN(StateReader reader, StateReader::open(disk, "state", catalogue->fingerprint()));
    ZAN_TRY(store.load(reader));
    ZAN_TRY(index.load(reader));
    ZAN_TRY(deriver.load(reader));
    return reader.finish();
  }
};

// Of one stage: by the clock, and processor time of all threads, which tells more on a machine that others use.
class Stage {
 public:
  Stage(benchmark::State& state, std::string name) : state_(state), name_(std::move(name)) {}
  ~Stage() {
    const double wall = seconds() - wall_, processor = processor_seconds() - processor_;
    state_.counters[name_ + "_s"] = wall;
    state_.counters[name_ + "_cpu_s"] = processor;
    std::printf("%-10s %7.1f s, %7.1f s of processor\n", name_.c_str(), wall, processor);
    std::fflush(stdout);
  }
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

 private:
  static double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }
  benchmark::State& state_;
  std::string name_;
  double wall_ = seconds(), processor_ = processor_seconds();
};

void put_subjects(View& view) {
  Rng rng(2);
  for (std::uint32_t subject = 1; subject <= subjects; ++subject) {
    const std::string tag = view.catalogue->categories()[rng.below(44)].id;
    require(view.deriver.put_subject({subject}, R"({"tags":[")" + tag + "\"]}").ok(), "a subject");
  }
}

// 0: threads; 1: people; 2: acts.
void rebuild(benchmark::State& state) {
  const auto threads = static_cast<unsigned>(state.range(0));
  const auto people = static_cast<std::uint32_t>(state.range(1));
  const auto count = static_cast<std::uint64_t>(state.range(2));
  for (auto _ : state) {
    const double start_mb = resident_mb();
    auto view = std::make_unique<View>();
    put_subjects(*view);
    Acts acts(people, count);
    {
      const Stage stage(state, "acts");
      view->deriver.begin_bulk(threads);
      view->index.begin_bulk(threads);
      while (acts.next()) {
        view->deriver.observe(acts.act);
        view->index.observe(acts.act, view->deriver.categories_of(acts.act.subject));
      }
    }
    {
      const Stage stage(state, "end");
      view->index.end_bulk();
      view->deriver.end_bulk(acts.act.at);
    }
    state.counters["MB"] = resident_mb() - start_mb;
    state.counters["tags_MB"] = static_cast<double>(view->store.bytes()) / 1e6;
    state.counters["events_MB"] = static_cast<double>(view->index.bytes()) / 1e6;
    const ScratchFolder folder;
    const auto disk = storage::open_machine_disk(folder.path()).value();
    {
      const Stage stage(state, "save");
      require(view->save(*disk).ok(), "saved");
    }
    const auto file = disk->open("state", storage::OpenMode::read).value();
    state.counters["file_MB"] = static_cast<double>(file->size().value()) / 1e6;
    const std::uint64_t known = view->store.size(view->catalogue->known());
    view.reset();
    ::malloc_trim(0);
    View loaded;
    {
      const Stage stage(state, "load");
      require(loaded.load(*disk).ok(), "loaded");
    }
    require(loaded.store.size(loaded.catalogue->known()) == known, "as many people as before");
  }
}
BENCHMARK(rebuild)
    ->Args({1, 1'000'000, 10'000'000})
    ->Args({2, 1'000'000, 10'000'000})
    ->Args({2, 10'000'000, 100'000'000})
    ->Unit(benchmark::kSecond)
    ->Iterations(1);

}  // namespace
}  // namespace zan::audience
