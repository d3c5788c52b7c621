// What a judgement at intake costs: a million accounts that like and view, with the rules that ship, announced twelve acts
// ahead, as the decider does. Full tables, memory as by default.
// The answer is checked before it is timed: announced or not, with every table or a few, a sample gets the same judgements.
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

constexpr std::size_t act_count = 1 << 21, ahead = 12;

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

// With every table, as rules and a model that read everything need them, or with those that the rules that ship read.
std::unique_ptr<Intake> make_intake(bool every_table) {
  const auto ruleset = *load_intake_rules(default_rules);
  IntakeOptions options = IntakeOptions::for_folder({1});
  if (!every_table) options.features = options.features.only(features_read(ruleset.get(), nullptr));
  return std::move(*Intake::make(ruleset, nullptr, options));
}

void announce(Intake& intake, const RecordedAct& act) {
  intake.prefetch({act.type, act.actor, act.subject, act.creator, act.device, act.network});
}

std::uint64_t judge_all(Intake& intake, std::span<const RecordedAct> acts, bool announced) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < acts.size(); ++i) {
    if (announced && i + ahead < acts.size()) announce(intake, acts[i + ahead]);
    const engagement::Judgement judgement = intake.judge(acts[i]);
    sum = sum * 31 + judgement.quality + 1000 * static_cast<std::uint64_t>(judgement.verdict);
  }
  return sum;
}

void check_answers(std::span<const RecordedAct> acts) {
  const std::uint64_t sum = judge_all(*make_intake(true), acts, false);
  require(judge_all(*make_intake(true), acts, true) == sum, "announced or not, the same judgements");
  require(judge_all(*make_intake(false), acts, true) == sum, "whatever else is counted, the same judgements");
}

// range(0): per cent of the acts that are views; range(1): every table.
void judge(benchmark::State& state) {
  const std::vector<RecordedAct> acts = make_acts(static_cast<double>(state.range(0)) / 100);
  check_answers(std::span(acts).first(act_count / 16));
  const auto intake = make_intake(state.range(1) != 0);
  std::uint64_t sum = judge_all(*intake, acts, true);
  for (auto _ : state) sum += judge_all(*intake, acts, true);
  require(sum != 0, "acts were judged");
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(acts.size()));
  state.counters["MB"] = static_cast<double>(intake->bytes()) / 1e6;
}
BENCHMARK(judge)->ArgsProduct({{0, 50}, {0, 1}})->Iterations(10)->Unit(benchmark::kMillisecond);

// Each judgement by itself; what asking the time costs is in it. range(0): announced; range(1): every table.
void one_judgement(benchmark::State& state) {
  const std::vector<RecordedAct> acts = make_acts(0);
  const auto intake = make_intake(state.range(1) != 0);
  judge_all(*intake, acts, true);
  std::vector<std::uint32_t> took_ns;
  took_ns.reserve(acts.size());
  for (auto _ : state) {
    for (std::size_t i = 0; i < acts.size(); ++i) {
      if (state.range(0) != 0 && i + ahead < acts.size()) announce(*intake, acts[i + ahead]);
      const auto from = std::chrono::steady_clock::now();
      benchmark::DoNotOptimize(intake->judge(acts[i]));
      const auto took = std::chrono::steady_clock::now() - from;
      took_ns.push_back(static_cast<std::uint32_t>(std::chrono::nanoseconds(took).count()));
    }
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
BENCHMARK(one_judgement)->ArgsProduct({{0, 1}, {0, 1}})->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace zan::integrity
