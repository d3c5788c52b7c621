// What a judgement at intake costs: a million accounts that like and view, with the rules that ship, taken back never and
// settled every 8,192 acts; acts are announced in windows of 256, as the decider does. Full tables, memory as by default.
// The answer is checked before it is timed: announced or not, a sample gets the same judgements.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/random.h"
#include "base/require.h"
#include "integrity/intake/intake.h"

namespace zan::integrity {
namespace {

using engagement::ActType;
using engagement::RecordedAct;

constexpr std::size_t act_count = 1 << 21, window_acts = 256, group_acts = 8192;

std::vector<RecordedAct> make_acts(double views) {
  Rng rng(1);
  std::vector<RecordedAct> acts(act_count);
  std::int64_t at_us = 1'700'000'000'000'000;
  for (RecordedAct& act : acts) {
    at_us += static_cast<std::int64_t>(rng.below(2000));
    act.type = rng.chance(views) ? ActType::view : ActType::like;
    act.actor = {static_cast<std::uint32_t>(1 + rng.below(1'000'000))};
    act.subject = {static_cast<std::uint32_t>(2'000'000 + std::exp(rng.unit() * std::log(300'000.0)))};
    act.creator = {3'000'000 + act.subject.value % 50'000};
    act.device = mix64(act.actor.value * 7 + rng.below(10) / 9);
    act.network = mix64(5'000'000 + act.actor.value % 100'000 + rng.below(3));
    act.at = {at_us};
    act.watch_ms = act.type == ActType::view ? 5000 : 0;
    act.duration_ms = 15'000;
  }
  return acts;
}

std::unique_ptr<Intake> make_intake() {
  auto intake = std::move(*Intake::make(default_rules, nullptr, IntakeOptions::for_folder({1})));
  intake->keep_undo();
  return intake;
}

void announce(Intake& intake, std::span<const RecordedAct> acts) {
  for (const RecordedAct& act : acts) intake.prefetch({act.actor, act.subject, act.creator, act.device, act.network});
}

std::uint64_t judge_window(Intake& intake, std::span<const RecordedAct> acts) {
  std::uint64_t sum = 0;
  for (const RecordedAct& act : acts) {
    const engagement::Judgement judgement = intake.judge(act);
    sum = sum * 31 + judgement.quality + 1000 * static_cast<std::uint64_t>(judgement.verdict);
  }
  return sum;
}

void check_answers(const std::vector<RecordedAct>& acts) {
  const auto with = make_intake(), without = make_intake();
  for (std::size_t at = 0; at < act_count / 16; at += window_acts) {
    const auto window = std::span(acts).subspan(at, window_acts);
    announce(*with, window);
    require(judge_window(*with, window) == judge_window(*without, window), "announced or not, the same judgements");
  }
}

// range(0): per cent of the acts that are views.
void judge(benchmark::State& state) {
  const std::vector<RecordedAct> acts = make_acts(static_cast<double>(state.range(0)) / 100);
  check_answers(acts);
  const auto intake = make_intake();
  for (const RecordedAct& act : acts) intake->observe(act);
  intake->settle();
  std::uint64_t sum = 0;
  for (auto _ : state)
    for (std::size_t at = 0; at < acts.size(); at += window_acts) {
      const auto window = std::span(acts).subspan(at, window_acts);
      announce(*intake, window);
      sum += judge_window(*intake, window);
      if ((at + window_acts) % group_acts == 0) intake->settle();
    }
  require(sum != 0, "acts were judged");
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(acts.size()));
  state.counters["MB"] = static_cast<double>(intake->bytes()) / 1e6;
}
BENCHMARK(judge)->Arg(0)->Arg(50)->Iterations(2)->Unit(benchmark::kMillisecond);

// Each judgement by itself; what asking the time costs is in it.
void one_judgement(benchmark::State& state) {
  const std::vector<RecordedAct> acts = make_acts(0);
  const auto intake = make_intake();
  for (const RecordedAct& act : acts) intake->observe(act);
  std::vector<std::uint32_t> took_ns;
  took_ns.reserve(acts.size());
  for (auto _ : state)
    for (std::size_t at = 0; at < acts.size(); at += window_acts) {
      const auto window = std::span(acts).subspan(at, window_acts);
      if (state.range(0) != 0) announce(*intake, window);
      for (const RecordedAct& act : window) {
        const auto from = std::chrono::steady_clock::now();
        benchmark::DoNotOptimize(intake->judge(act));
        const auto took = std::chrono::steady_clock::now() - from;
        took_ns.push_back(static_cast<std::uint32_t>(std::chrono::nanoseconds(took).count()));
      }
      intake->settle();
    }
  const auto quantile = [&](double share) {
    const auto place = took_ns.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(took_ns.size() - 1));
    std::nth_element(took_ns.begin(), place, took_ns.end());
    return static_cast<double>(*place);
  };
  state.counters["p50_ns"] = quantile(0.5);
  state.counters["p99_ns"] = quantile(0.99);
  state.counters["p999_ns"] = quantile(0.999);
}
BENCHMARK(one_judgement)->Arg(0)->Arg(1)->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace zan::integrity
