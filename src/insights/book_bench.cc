// What an act costs, what a work takes, what a question costs: a made-up community of ZAN_BENCH_WORKS works of a tenth as many
// creators, twenty acts each over sixty days, of a hundredth as many people.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <memory>

#include "base/random.h"
#include "insights/book.h"

namespace zan::insights {
namespace {

using engagement::ActType;

constexpr Day first_day = 19'000, days = 60;
constexpr std::uint32_t work_id = 1u << 30, creator_id = 1u << 31;

std::uint32_t works() {
  const char* said = std::getenv("ZAN_BENCH_WORKS");
  return said == nullptr ? 100'000 : static_cast<std::uint32_t>(std::strtoul(said, nullptr, 10));
}

engagement::RecordedAct act(Rng& random, std::uint32_t count) {
  constexpr std::array kinds{ActType::view, ActType::view, ActType::view, ActType::view, ActType::complete, ActType::like};
  engagement::RecordedAct act;
  act.type = kinds.at(random.below(kinds.size()));
  act.actor = {1 + static_cast<std::uint32_t>(random.below(count / 10 + 1))};
  const auto work = static_cast<std::uint32_t>(random.below(count));
  act.subject = {work_id + work};
  act.creator = {creator_id + work / 10};
  act.at = {static_cast<std::int64_t>(first_day + random.below(days)) * us_per_day +
            static_cast<std::int64_t>(random.below(us_per_day))};
  return act;
}

const Book& filled() {
  static const std::unique_ptr<Book> book = [] {
    auto made = std::make_unique<Book>(BookLimits{}, 0);
    Rng random(1);
    const std::uint32_t count = works();
    for (std::uint64_t i = 0; i < std::uint64_t{20} * count; ++i) made->take(act(random, count));
    return made;
  }();
  return *book;
}

void acts(benchmark::State& state) {
  const std::uint32_t count = works();
  Rng random(1);
  Book book({}, 0);
  for (auto _ : state) book.take(act(random, count));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(acts)->Iterations(2'000'000);

void subject_series(benchmark::State& state) {
  const Book& book = filled();
  Rng random(2);
  for (auto _ : state) {
    const SubjectId subject{work_id + static_cast<std::uint32_t>(random.below(works()))};
    const Span span{first_day, first_day + days - 1};
    benchmark::DoNotOptimize(book.series(subject, span).ok());
    benchmark::DoNotOptimize(book.usual_beside(subject, span, first_day + days).days.size());
  }
  state.counters["bytes_a_work"] = static_cast<double>(book.bytes()) / static_cast<double>(book.works());
}
BENCHMARK(subject_series);

void best_times(benchmark::State& state) {
  const Book& book = filled();
  Rng random(3);
  for (auto _ : state)
    benchmark::DoNotOptimize(
        book.best_times(CreatorId{creator_id + static_cast<std::uint32_t>(random.below(works() / 10))}).ok());
}
BENCHMARK(best_times);

}  // namespace
}  // namespace zan::insights
