// Learns who likes what from a public benchmark's training file, and says how well the test file was foreseen; or says so of
// feeds and a data folder's own past.
#include <fmt/format.h>
#include <sys/resource.h>

#include <fstream>
#include <iterator>
#include <string>

#include "base/clock.h"
#include "base/json.h"
#include "matching/matching.h"
#include "zan/commands.h"
#include "zan/evaluate_past.h"
#include "zan/exit_code.h"

namespace zan::app {
namespace {

struct Options {
  std::string train;
  std::string test;
  std::string data;
  double learn_share = matching::PastOptions().learn_share;
  std::size_t places = matching::PastOptions().places;
  matching::ChooseOptions choose;
  bool json = false;
};

Result<matching::PairText> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return not_found(path + " cannot be read");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (file.bad()) return unavailable(path + " could not be read to its end");
  return matching::read_pairs(text, path);
}

double seconds_between(std::int64_t from_us, std::int64_t to_us) {
  return static_cast<double>(to_us - from_us) / us_per_second;
}

std::int64_t peak_mb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

void print_trial(const matching::Trial& trial) {
  fmt::print("{:<12} {:<66} ", to_string(trial.settings.family), settings_text(trial.settings));
  if (trial.why_not.empty()) {
    fmt::print("{:.4f}  {:.4f} {:>6.1f}\n", trial.quality.recall, trial.quality.ndcg, trial.seconds);
  } else {
    fmt::print("left out: {}\n", trial.why_not);
  }
  std::fflush(stdout);
}

void print_choice(const matching::Choice& choice, std::size_t k) {
  fmt::print("\nchosen on held-out items, recall@{} {:.4f}, ndcg@{} {:.4f}{}:\n", k, choice.quality.recall, k,
             choice.quality.ndcg, choice.out_of_time ? ", when time had run out" : "");
  for (const auto& member : choice.recipe.members)
    fmt::print("  {:>6.3f} {:<12} {}\n", member.weight, to_string(member.settings.family),
               settings_text(member.settings));
  if (choice.recipe.members.empty()) fmt::print("  popularity\n");
}

Result<void> evaluate(const Options& options) {
  ZAN_ASSIGN(auto train_text, read_file(options.train));
  ZAN_ASSIGN(auto test_text, read_file(options.test));
  ZAN_ASSIGN(const auto data, matching::benchmark_of(std::move(train_text), std::move(test_text)));
  const auto users = matching::users_with_items(data.test);
  const std::size_t k = options.choose.k;
  if (!options.json) {
    fmt::print("{} users, {} items, {} pairs to learn from, {} to foresee\n\n{:<12} {:<66} {:<7} {:<7} {:>6}\n",
               data.train.user_count(), data.train.item_count, data.train.pair_count(), data.test.pair_count(), "model",
               "settings", fmt::format("rec@{}", k), fmt::format("ndcg@{}", k), "s");
  }
  const Clock& clock = machine_clock();
  const std::int64_t start_us = clock.monotonic_us();
  ZAN_ASSIGN(const auto choice, matching::choose(data.train, options.choose, clock, [&](const matching::Trial& trial) {
               if (!options.json) print_trial(trial);
             }));
  if (!options.json) print_choice(choice, k);
  const std::int64_t chosen_us = clock.monotonic_us();
  ZAN_ASSIGN(const auto model, matching::learn(data.train, choice.recipe, options.choose));
  const std::int64_t learnt_us = clock.monotonic_us();
  const auto quality = matching::evaluate(*model, data.train, data.test, users, k, options.choose.threads);
  std::string name;
  append_json_string(name, recipe_text(choice.recipe));
  fmt::print(
      "{{\"recall\":{:.6f},\"ndcg\":{:.6f},\"model\":{},\"train_s\":{:.1f},\"choose_s\":{:.1f},\"peak_mb\":{}}}\n",
      quality.recall, quality.ndcg, name, seconds_between(chosen_us, learnt_us), seconds_between(start_us, chosen_us),
      peak_mb());
  return {};
}

int run_on_past(const Options& options) {
  EvaluatePast past;
  past.data = options.data;
  past.past.learn_share = options.learn_share;
  past.past.places = options.places;
  past.past.ranker.threads = past.past.collaborative.threads = options.choose.threads;
  past.past.collaborative.memory_mb_max = options.choose.memory_mb_max;
  past.json = options.json;
  return run_evaluate_past(past);
}

int run(const Options& options) {
  if (!options.data.empty()) return run_on_past(options);
  if (const auto done = evaluate(options); !done.ok()) return fail(done.error());
  return exit_ok;
}

}  // namespace

void add_evaluate(CLI::App& root, Run& chosen) {
  CLI::App* command =
      root.add_subcommand("evaluate", "Say how well it is foreseen who will like what: of a benchmark's test file, or by time of a folder's past");
  const auto options = std::make_shared<Options>();
  matching::ChooseOptions& choose = options->choose;
  CLI::Option_group* what = command->add_option_group("what");
  CLI::Option* train = what->add_option("--train", options->train, "What to learn from, a user a line: user item item ...");
  CLI::Option* data =
      what->add_option("--data", options->data, "Data folder whose past is foretold; may be served meanwhile")
          ->check(CLI::ExistingDirectory);
  what->require_option(1);
  train->needs(command->add_option("--test", options->test, "What to foresee, in the same form")->excludes(data));
  command->add_option("--learn-share", options->learn_share, "With --data: share of the showings to learn from")
      ->check(CLI::Range(0.2, 0.9))
      ->needs(data);
  command->add_option("--places", options->places, "With --data: how many places of a list are looked at")
      ->check(CLI::Range(1, 100))
      ->needs(data);
  command->add_option("--k", choose.k, "How many items a ranking may name")->check(CLI::Range(1, 10'000));
  command->add_option("--seconds", choose.seconds_max, "Time for choosing the model")->check(CLI::Range(1.0, 1e6));
  command->add_option("--threads", choose.threads, "Threads to work with")->check(CLI::Range(1, 32));
  command->add_option("--memory-mb", choose.memory_mb_max, "Memory that models may be planned for")
      ->check(CLI::Range(16, 1'000'000));
  command->add_option("--seed", choose.seed, "What chance starts from; the same seed gives the same model");
  command->add_flag("--json", options->json, "Only the last line: the figures as JSON");
  command->footer(
      "Recall and NDCG as LightGCN counts them: all items that the user does not have are ranked against each\n"
      "other. The model is chosen by items of the training file that are held out. Of a data folder the later showings are\n"
      "foretold from the earlier ones, each with what was known then: area under the curve, log loss and calibration of each\n"
      "signal, and how good, wide, new and fair the lists are. docs/matching.md.");
  command->callback([&chosen, options] { chosen = [options] { return run(*options); }; });
}

}  // namespace zan::app
