// 10 M users with 200 tags of 0.01 % to 50 %: what a count, a composition and a change cost, and what it takes in memory. Each
// answer is checked against plain bit vectors before it is timed.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <memory>

#include "audience/bitmap/plan.h"
#include "audience/bitmap/sim_people.h"
#include "base/require.h"

namespace zan::audience {
namespace {

constexpr std::uint32_t users = 10'000'000, tags = 200, terms = 5;

std::unique_ptr<TagStore> make_people(std::uint32_t count) {
  auto made = std::make_unique<TagStore>();
  fill_people(*made, count, tags);
  std::printf("%u users, %u tags: %.1f MB in sets\n", count, tags, static_cast<double>(made->bytes()) / 1e6);
  fill_numbers(*made, count, tags);
  std::printf("with %u numbers: %.1f MB\n", sim_numbers, static_cast<double>(made->bytes()) / 1e6);
  return made;
}

const TagStore& people() {
  static const auto store = make_people(users);
  return *store;
}

// Of this process, which has one thread, in µs: what others take of a shared machine is not ours to measure.
double processor_us() {
  return static_cast<double>(std::clock()) * (1e6 / CLOCKS_PER_SEC);
}

// The dumb twin: one vector of bits an operand, made of the store's members one by one.
using Bits = std::vector<std::uint64_t>;
Bits bits_of(const Plan& plan) {
  Bits out((users + 63) / 64, plan.kind == PlanKind::both ? ~std::uint64_t{0} : 0);
  if (plan.kind == PlanKind::value || plan.kind == PlanKind::range) {
    for (std::uint32_t user = 0; user < users; ++user)
      if (contains(people(), plan, user)) set_bit(out.data(), user);
    return out;
  }
  for (const Plan& part : plan.parts) {
    const Bits bits = bits_of(part);
    for (std::size_t i = 0; i < out.size(); ++i) {
      if (plan.kind == PlanKind::both) out[i] &= bits[i];
      if (plan.kind == PlanKind::either) out[i] |= bits[i];
      if (plan.kind == PlanKind::negate) out[i] = ~bits[i];
    }
  }
  return out;
}
std::uint64_t count_of(const Bits& bits) {
  std::uint64_t total = 0;
  for (std::uint32_t user = 0; user < users; user += 64)
    total += static_cast<std::uint64_t>(std::popcount(
        bits[user / 64] & (users - user >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << (users - user)) - 1)));
  return total;
}

void count_five_terms(benchmark::State& state) {
  Evaluation evaluation(people());
  const Plan everybody = Plan::of(ValueId{tags});
  Rng rng(42);
  std::vector<Plan> plans;
  for (int i = 0; i < 400; ++i)
    plans.push_back(state.range(0) == 0 ? sim_expression(rng, terms, tags) : sim_question(rng, terms, tags));
  for (std::size_t i = 0; i < 10; ++i)
    require(evaluation.count(plans[i], everybody) == count_of(bits_of(plans[i])), "the count is right");
  std::vector<double> ms;
  for (auto _ : state) {
    for (const Plan& plan : plans) {
      const double start = processor_us();
      benchmark::DoNotOptimize(evaluation.count(plan, everybody));
      ms.push_back((processor_us() - start) / 1000);
    }
  }
  std::sort(ms.begin(), ms.end());
  state.counters["p50_ms"] = ms[ms.size() / 2];
  state.counters["p99_ms"] = ms[ms.size() * 99 / 100];
  state.counters["max_ms"] = ms.back();
}
// 0: flags alone; 1: also one-of and numbers.
BENCHMARK(count_five_terms)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond)->MinTime(2);

// By two threads, on the wall, and as processor time of both together; checked against the answer of one thread.
void count_among_a_hundred_million(benchmark::State& state) {
  const auto store = make_people(100'000'000);
  Evaluation evaluation(*store);
  const Plan everybody = Plan::of(ValueId{tags});
  Rng rng(43);
  std::vector<Plan> plans;
  for (int i = 0; i < 200; ++i)
    plans.push_back(state.range(0) == 0 ? sim_expression(rng, terms, tags) : sim_question(rng, terms, tags));
  for (std::size_t i = 0; i < 20; ++i)
    require(evaluation.count(plans[i], everybody, 2) == evaluation.count(plans[i], everybody), "the count is right");
  std::vector<double> ms, processor_ms;
  for (auto _ : state) {
    for (const Plan& plan : plans) {
      const double processor = processor_us();
      const auto start = std::chrono::steady_clock::now();
      benchmark::DoNotOptimize(evaluation.count(plan, everybody, 2));
      ms.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
      processor_ms.push_back((processor_us() - processor) / 1000);
    }
  }
  std::sort(ms.begin(), ms.end());
  std::sort(processor_ms.begin(), processor_ms.end());
  state.counters["p50_ms"] = ms[ms.size() / 2];
  state.counters["p99_ms"] = ms[ms.size() * 99 / 100];
  state.counters["processor_p50_ms"] = processor_ms[ms.size() / 2];
  state.counters["processor_p99_ms"] = processor_ms[ms.size() * 99 / 100];
}
BENCHMARK(count_among_a_hundred_million)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond)->Iterations(3)->UseRealTime();

void composition_of_a_million(benchmark::State& state) {
  Evaluation evaluation(people());
  const auto segment = std::make_shared<UserList>(sim_users(users, 0.1, 77));
  const Plan plan = Plan::of(segment), everybody = Plan::of(ValueId{tags});
  for (auto _ : state) {
    std::vector<std::uint64_t> counts(tags);
    evaluation.each_block(plan, everybody,
                          [&](std::uint32_t, const TagStore::Block& block, const SetView& set, BlockMath& math) {
                            for (std::uint32_t i = 0; i < tags; ++i) counts[i] += math.count_both(set, block.view({i}));
                          });
    std::uint64_t expected = 0;
    for (const std::uint32_t user : *segment) expected += people().contains(user, {tags - 1}) ? 1 : 0;
    require(counts[tags - 1] == expected, "the composition is right");
  }
}

void composition_alone(benchmark::State& state) {
  Evaluation evaluation(people());
  const auto segment = std::make_shared<UserList>(sim_users(users, 0.1, 77));
  const Plan plan = Plan::of(segment), everybody = Plan::of(ValueId{tags});
  for (auto _ : state) {
    std::vector<std::uint64_t> counts(tags);
    evaluation.each_block(plan, everybody,
                          [&](std::uint32_t, const TagStore::Block& block, const SetView& set, BlockMath& math) {
                            for (std::uint32_t i = 0; i < tags; ++i) counts[i] += math.count_both(set, block.view({i}));
                          });
    benchmark::DoNotOptimize(counts.data());
  }
}
BENCHMARK(composition_of_a_million)->Unit(benchmark::kMillisecond)->Iterations(1);
BENCHMARK(composition_alone)->Unit(benchmark::kMillisecond);

void change_a_tag(benchmark::State& state) {
  auto& store = const_cast<TagStore&>(people());
  Rng rng(4);
  for (auto _ : state) {
    const Change change{
        static_cast<std::uint32_t>(rng.below(users)), {static_cast<std::uint32_t>(rng.below(tags))}, rng.chance(0.5)};
    benchmark::DoNotOptimize(store.apply({&change, 1}));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(change_a_tag);

}  // namespace
}  // namespace zan::audience
