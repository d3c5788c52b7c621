// What it costs to judge an act by the rules, and to load them.
#include <benchmark/benchmark.h>

#include "integrity/rules/sim_catalogue.h"

namespace zan::integrity::rules {
namespace {

std::string many_rules(int count) {
  std::string text = "let fast = count(like, device, 1m) >= 30\n";
  for (int i = 0; i < count; ++i) {
    const std::string n = std::to_string(i);
    text += "rule r" + n + ": when fast and account_age < " + n + "h + 1h and ratio(follows, night_share) > " + n +
            ".5 and network not in {\"a\", \"b\", \"n" + n + "\"} then hold because \"{follows} {account_age}\"\n";
  }
  return text;
}

void judge(benchmark::State& state) {
  Environment environment = sim_environment();
  environment.limits.cost = 100'000;
  const Loaded loaded = load_ruleset(many_rules(static_cast<int>(state.range(0))), environment);
  const Program& program = loaded.ruleset->program;
  Evaluator evaluator(program);
  std::vector<Value> values(program.features().size());
  double turn = 0;
  for (auto step : state) {
    values[0] = Value::of(turn);
    turn = turn > 29 ? 0 : turn + 1;
    benchmark::DoNotOptimize(evaluator.judge(values).action);
  }
  state.counters["instructions"] = static_cast<double>(program.instruction_count());
  state.counters["cost"] = static_cast<double>(program.cost());
  state.counters["per_instruction"] =
      benchmark::Counter(static_cast<double>(program.instruction_count()),
                         benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}
BENCHMARK(judge)->Arg(1)->Arg(10)->Arg(50)->Arg(500);

void load(benchmark::State& state) {
  const std::string text = many_rules(50);
  Environment environment = sim_environment();
  environment.limits.cost = 100'000;
  for (auto step : state) benchmark::DoNotOptimize(load_ruleset(text, environment).ruleset.get());
  state.SetBytesProcessed(static_cast<std::int64_t>(text.size()) * state.iterations());
}
BENCHMARK(load);

}  // namespace
}  // namespace zan::integrity::rules
