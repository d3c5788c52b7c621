// Feeds of 20 from a million works for a million people. Bars: 99 of 100 within 10 ms, 1,500 a second on two cores.
// What is answered is checked before anything is timed. ZAN_BENCH_WORKS and ZAN_BENCH_PEOPLE make it smaller.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <map>
#include <set>

#include "matching/feed/sim_crowd.h"
#include "matching/parallel.h"

namespace {
thread_local std::uint64_t allocations = 0;
}  // namespace

[[gnu::noinline]] void* operator new(std::size_t bytes) {
  ++allocations;
  if (void* const made = std::malloc(bytes == 0 ? 1 : bytes)) return made;
  std::abort();
}
[[gnu::noinline]] void operator delete(void* gone) noexcept { std::free(gone); }
[[gnu::noinline]] void operator delete(void* gone, std::size_t) noexcept { std::free(gone); }

namespace zan::matching {
namespace {

std::uint32_t number_of(const char* name, std::uint32_t otherwise) {
  const char* given = std::getenv(name);
  return given == nullptr ? otherwise : static_cast<std::uint32_t>(std::strtoul(given, nullptr, 10));
}

double us_of(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}
double processor_us() { return us_of(CLOCK_THREAD_CPUTIME_ID); }
double clock_us() { return us_of(CLOCK_MONOTONIC); }

double resident_mb() {
  std::size_t all = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> all >> resident;
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
}

Crowd& crowd() {
  static Crowd made(number_of("ZAN_BENCH_WORKS", 1'000'000), number_of("ZAN_BENCH_PEOPLE", 1'000'000));
  return made;
}

double at_share(std::vector<double>& values, double share) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

// Of one answer; counts what was explored.
void check(const FeedQuestion& asked, const FeedAnswer& answer, std::size_t& explored) {
  const Person person = crowd().live.people().read(asked.person);
  require(answer.items.size() == asked.limit && answer.personalised, "it is full");
  std::set<std::uint32_t> subjects;
  std::map<std::uint32_t, std::size_t> creators;
  for (const FeedItem& item : answer.items) {
    require(subjects.insert(item.subject.value).second, "nothing stands twice");
    require(!item.reasons.empty(), "there is a reason");
    for (const float chance : item.chances)
      require(chance >= 0 && chance <= 1, "chances are chances");
    for (const CreatorId creator : crowd().blocked) require(item.creator != creator, "nothing blocked is shown");
    const WorkRow row = crowd().live.works().row_of(item.subject);
    require(std::none_of(person.seen.begin(), person.seen.end(), [row](const Seen& seen) { return seen.work == row; }),
            "nothing is shown again");
    if (item.source != SourceKind::pinned)
      require(++creators[item.creator.value] <= crowd().feeds.policy()->per_creator_max, "no creator too often");
    if (item.explored) ++explored;
  }
}

// With a pin in place, too.
void check_answers() {
  constexpr std::size_t feeds = 2'000, limit = 20;
  Rng rng(11);
  std::size_t explored = 0;
  for (std::size_t i = 0; i < feeds; ++i) {
    const auto person = static_cast<std::uint32_t>(1 + rng.below(crowd().people()));
    const FeedQuestion asked = crowd().question(person, limit);
    check(asked, crowd().feeds.feed(asked).value(), explored);
  }
  const double share = static_cast<double>(explored) / static_cast<double>(feeds * limit);
  std::fprintf(stderr, "explored: %.4f of the places\n", share);
  require(share > 0.098 && share < 0.102, "a tenth of the places is for the new");
}

void feeds(benchmark::State& state) {
  static const bool checked = (check_answers(), true);
  require(checked, "what is answered is right");
  const auto threads = static_cast<std::size_t>(state.range(0));
  constexpr std::size_t count = 5'000;
  std::vector<double> by_clock(count), by_processor(count), made(count);
  for (auto step : state) {
    in_chunks(threads, count, 50, [&](std::size_t begin, std::size_t end, std::size_t) {
      Rng rng(begin + 1);
      for (std::size_t i = begin; i < end; ++i) {
        const FeedQuestion asked = crowd().question(static_cast<std::uint32_t>(1 + rng.below(crowd().people())));
        const std::uint64_t allocated = allocations;
        const double from = clock_us(), processor_from = processor_us();
        const auto answer = crowd().feeds.feed(asked);
        by_processor[i] = processor_us() - processor_from;
        by_clock[i] = clock_us() - from;
        made[i] = static_cast<double>(allocations - allocated);
        require(answer->items.size() == asked.limit, "it is full");
      }
    });
  }
  double processor = 0, allocated = 0;
  for (std::size_t i = 0; i < count; ++i) {
    processor += by_processor[i];
    allocated += made[i];
  }
  state.counters["a_second"] = benchmark::Counter(count, benchmark::Counter::kIsIterationInvariantRate);
  state.counters["p50_us"] = at_share(by_clock, 0.5);
  state.counters["p99_us"] = at_share(by_clock, 0.99);
  state.counters["p999_us"] = at_share(by_clock, 0.999);
  state.counters["processor_us"] = processor / count;
  state.counters["processor_p50_us"] = at_share(by_processor, 0.5);
  state.counters["processor_p99_us"] = at_share(by_processor, 0.99);
  state.counters["processor_p999_us"] = at_share(by_processor, 0.999);
  state.counters["allocations"] = allocated / count;
}
BENCHMARK(feeds)->Arg(1)->Arg(2)->Iterations(1)->Repetitions(2)->UseRealTime()->Unit(benchmark::kMillisecond);

bool same(const FeedAnswer& a, const FeedAnswer& b) {
  return std::equal(a.items.begin(), a.items.end(), b.items.begin(), b.items.end(),
                    [](const FeedItem& x, const FeedItem& y) { return x.subject == y.subject; });
}

// From a like to a feed that knows of it: the fact taken in, the person's vector anew, the feed.
void after_a_like(benchmark::State& state) {
  constexpr std::size_t count = 2'000;
  std::vector<double> take, tastes, all;
  std::size_t differ = 0;
  Rng rng(21);
  for (auto step : state) {
    for (std::size_t i = 0; i < count; ++i) {
      const FeedQuestion asked = crowd().question(static_cast<std::uint32_t>(1 + rng.below(crowd().people())));
      const auto before = crowd().feeds.feed(asked);
      Deed deed;
      deed.person = asked.person;
      deed.subject = before->items.back().subject;
      deed.doing = Doing::like;
      deed.at = asked.scene.at;
      deed.surface = {1};
      deed.region = asked.scene.region;
      const double from = processor_us();
      crowd().live.take(deed);
      take.push_back(processor_us() - from);
      const auto after = crowd().feeds.feed(asked);
      all.push_back(processor_us() - from);
      if (!same(*before, *after)) ++differ;
      const Person person = crowd().live.people().read(asked.person);
      const double tastes_from = processor_us();
      const KnownTastes known(crowd().feeds.models()->collaborative.get(), crowd().live.works(), person,
                              seconds_of(asked.scene.at));
      tastes.push_back(processor_us() - tastes_from);
      require(!known.vector().empty(), "somebody who likes has a vector");
    }
  }
  require(differ == take.size(), "the next feed knows of a like");
  state.counters["take_p50_us"] = at_share(take, 0.5);
  state.counters["take_p99_us"] = at_share(take, 0.99);
  state.counters["tastes_p50_us"] = at_share(tastes, 0.5);
  state.counters["tastes_p99_us"] = at_share(tastes, 0.99);
  state.counters["like_to_feed_p50_us"] = at_share(all, 0.5);
  state.counters["like_to_feed_p99_us"] = at_share(all, 0.99);
}
BENCHMARK(after_a_like)->Iterations(1)->Unit(benchmark::kMillisecond);

// No timing: what is resident, in MB, and how large the models are.
void memory(benchmark::State& state) {
  const auto models = crowd().feeds.models();
  for (auto step : state) benchmark::DoNotOptimize(resident_mb());
  state.counters["resident_mb"] = resident_mb();
  state.counters["works_mb"] = static_cast<double>(crowd().live.works().bytes()) / 1e6;
  state.counters["people_mb"] = static_cast<double>(crowd().live.people().bytes()) / 1e6;
  state.counters["collaborative_mb"] = static_cast<double>(models->collaborative->bytes()) / 1e6;
  state.counters["ranker_kb"] = static_cast<double>(models->ranker->encode().size()) / 1e3;
  std::size_t trees = 0;
  for (const SignalTrees& signal : models->ranker->parts().signals) trees += signal.trees.size();
  state.counters["trees"] = static_cast<double>(trees);
}
BENCHMARK(memory)->Iterations(1);

}  // namespace
}  // namespace zan::matching
