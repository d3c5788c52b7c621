// Prints how the ranker and its rivals foretell KuaiRand's test split (docs/matching_ranking.md).
//
//   measure_ranking FOLDER [--fast] [--alone] [--svg FILE]
//
// --fast: rivals with one setting; --alone: without rivals.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <limits>
#include <string>
#include <string_view>

#include "matching/evaluate/by_time.h"
#include "matching/ranking/online.h"
#include "ranking/kuairand.h"
#include "ranking/picture.h"
#include "ranking/rivals.h"

namespace zan::ranking_proof {
namespace {

using matching::Rates;
using matching::Showings;
using matching::Signal;
using matching::signal_count;

constexpr std::size_t threads = 2;

struct Arguments {
  std::string folder, svg;
  bool fast = false, alone = false;
};

// What is judged: showings, from `begin` on the test's.
struct Test {
  Showings showings;
  Showings lists;  // the same with people as at their first showing of the test
  std::vector<matching::WorkRow> works;
  std::vector<matching::Pair> taken;  // before the test
  std::uint32_t work_count = 0;
  std::size_t begin = 0;
  Rates learned{};
};

Result<Test> test_of(const KuaiRand& data) {
  Test test;
  matching::ReplayOptions options{.limits = {20'000, 100'000}, .raw_count = raw_columns};
  options.learn_every_us = 4 * us_per_day;
  options.collaborative.dimension = 64;
  options.collaborative.seconds_max = 10;
  matching::Replay replay(options, raw_of(data));
  ZAN_TRY(play(data, replay, test.begin, test.taken));
  test.showings = replay.harvest().take();
  test.works = replay.works_shown();
  test.work_count = static_cast<std::uint32_t>(replay.community().works().size());
  test.learned = matching::rates_before(test.showings, test.begin);
  options.people_as_of = {test.showings.times_us[test.begin]};
  matching::Replay as_of(options, raw_of(data));
  std::vector<matching::Pair> same;
  ZAN_TRY(play(data, as_of, test.begin, same));
  test.lists = as_of.harvest().take();
  return test;
}

// `in_lists`: what was said of people as at their first showing of the test; their own AUC is of that.
void print_signals(const Test& test, std::string_view name, const Said& said, const Said& in_lists,
                   bool probabilities = true) {
  const auto judged = matching::judge_by_time(test.showings, test.begin, said, test.learned);
  const auto lists = matching::judge_by_time(test.showings, test.begin, in_lists, test.learned);
  for (std::size_t k = 0; k < signal_count; ++k) {
    const matching::Judgement& all = judged[k].all;
    fmt::print("| {} | {} | {} | {:.4f} | {:.4f} |", to_string(static_cast<Signal>(k)), name, all.positives, all.auc,
               lists[k].gauc);
    if (probabilities) {
      fmt::print(" {:.5f} | {:.5f} | {:.4f} |\n", all.log_loss, all.constant_log_loss, all.calibration_error);
    } else {
      fmt::print(" - | {:.5f} | - |\n", all.constant_log_loss);
    }
  }
  std::fflush(stdout);
}

void print_lists(const Test& test, std::string_view name, const Said& said) {
  std::vector<float> scores;
  for (const Rates& rates : said) scores.push_back(at(rates, Signal::long_view));
  const auto lists = matching::judge_lists(test.showings, test.works, test.begin, scores, Signal::long_view, 3);
  fmt::print("| {} | {} | {:.4f} | {:.4f} | {:.4f} | {:.2f} | {:.4f} |\n", name, lists.lists, lists.ndcg, lists.gained,
             lists.coverage, lists.novelty, lists.gini);
  std::fflush(stdout);
}

void print_bins(const Test& test, const Said& said, Signal signal) {
  const auto judged = matching::judge_by_time(test.showings, test.begin, said, test.learned);
  for (const trees::ReliabilityBin& bin : judged[static_cast<std::size_t>(signal)].all.bins) {
    if (bin.rows > 0) fmt::print("| {} | {} | {:.4f} | {:.4f} |\n", to_string(signal), bin.rows, bin.said, bin.proved);
  }
}

// What the ranker says of each showing of the test, and the same corrected by the online part as time goes on.
struct Ours {
  Said ranker, online;
};

Ours ours_of(const Test& test, const Showings& showings, const matching::Ranker& ranker) {
  Ours ours;
  matching::OnlinePart online;
  for (std::size_t i = test.begin; i < showings.size(); ++i) {
    matching::FeatureRow row;
    row.fill(std::numeric_limits<float>::quiet_NaN());
    std::copy_n(showings.row(i).begin(), showings.width(), row.begin());
    const Rates rates = ranker.predict(row);
    Rates corrected = rates;
    const PersonId person{showings.persons[i]};
    const matching::OnlineKeys keys{test.works[i], {}, person};
    const auto now_s = static_cast<std::uint32_t>(showings.times_us[i] / us_per_second);
    online.correct(keys, row, now_s, corrected);
    online.shown(keys, row, rates, now_s);
    online.came(person, test.works[i], showings.outcomes[i], now_s);
    ours.ranker.push_back(rates);
    ours.online.push_back(corrected);
  }
  return ours;
}

Showings before_test(const Showings& all, std::size_t begin) {
  Showings early = all;
  early.values.resize(begin * all.width());
  early.outcomes.resize(begin);
  early.weights.resize(begin);
  early.times_us.resize(begin);
  early.persons.resize(begin);
  return early;
}

class Watch {
 public:
  [[nodiscard]] double s() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

Result<void> write(const std::string& path, const std::string& text) {
  FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) return unavailable("cannot write " + path);
  std::fwrite(text.data(), 1, text.size(), file);
  return std::fclose(file) == 0 ? Result<void>() : Result<void>(unavailable("cannot write " + path));
}

Result<void> print_rivals(const Test& test, bool fast) {
  const Said popular = popularity(test.showings, test.works, test.begin);
  const Said alike = item_cf(test.showings, test.works, test.begin, test.taken, test.work_count, threads);
  print_signals(test, "popularity", popular, popular);
  print_signals(test, "item-CF", alike, alike, false);
  ZAN_ASSIGN(const Tuned raw, xgboost(test.showings, test.begin, person_columns + video_columns, fast, threads));
  print_signals(test, "XGBoost, raw", raw.said, raw.said);
  ZAN_ASSIGN(const Tuned scene, xgboost(test.showings, test.begin, raw_columns, fast, threads));
  print_signals(test, "XGBoost, raw and scene", scene.said, scene.said);
  for (std::size_t k = 0; k < signal_count; ++k)
    fmt::print("{}: {}; with scene {}\n", to_string(static_cast<Signal>(k)), raw.chosen[k], scene.chosen[k]);
  print_lists(test, "popularity", popular);
  print_lists(test, "item-CF", alike);
  print_lists(test, "XGBoost, raw", raw.said);
  print_lists(test, "XGBoost, raw and scene", scene.said);
  return {};
}

Result<void> run(const Arguments& arguments) {
  const Watch watch;
  ZAN_ASSIGN(const KuaiRand data, read_kuairand(arguments.folder));
  ZAN_ASSIGN(const Test test, test_of(data));
  fmt::print("{} showings, {} of the test, replayed twice in {:.0f} s\n", test.showings.size(),
             test.showings.size() - test.begin, watch.s());
  matching::RankerOptions options;
  options.fit_share = 0.8;
  options.calibrate_share = 0.2;
  options.threads = threads;
  const Watch training;
  ZAN_ASSIGN(const matching::TrainedRanker trained, train_ranker(before_test(test.showings, test.begin), options));
  fmt::print("trained in {:.0f} s, {} kB\n", training.s(), trained.ranker.encode().size() / 1000);
  const Ours ours = ours_of(test, test.showings, trained.ranker), in_lists = ours_of(test, test.lists, trained.ranker);
  fmt::print("\n| signal | who | yes | AUC | GAUC | log loss | of a constant | calibration error |\n");
  print_signals(test, "ranker", ours.ranker, in_lists.ranker);
  print_signals(test, "ranker + online", ours.online, in_lists.online);
  fmt::print("\n| by long_view, best 3 | lists | NDCG@3 | gained | coverage | novelty | Gini |\n");
  print_lists(test, "ranker", in_lists.ranker);
  print_lists(test, "as shown", Said(ours.ranker.size(), Rates{}));
  fmt::print("\n| signal | showings | said | came |\n");
  for (const Signal signal : {Signal::click, Signal::long_view, Signal::like}) print_bins(test, ours.ranker, signal);
  if (!arguments.svg.empty()) {
    std::vector<Curve> curves;
    for (const Signal signal : {Signal::click, Signal::long_view, Signal::like})
      curves.push_back(curve_of(to_string(signal), test.showings, test.begin, ours.ranker, signal));
    ZAN_TRY(write(arguments.svg, picture_of(curves)));
  }
  return arguments.alone ? Result<void>() : print_rivals(test, arguments.fast);
}

}  // namespace
}  // namespace zan::ranking_proof

int main(int argc, char** argv) {
  zan::ranking_proof::Arguments arguments;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--fast") {
      arguments.fast = true;
    } else if (word == "--alone") {
      arguments.alone = true;
    } else if (word == "--svg" && i + 1 < argc) {
      arguments.svg = argv[++i];
    } else {
      arguments.folder = word;
    }
  }
  const auto done = zan::ranking_proof::run(arguments);
  if (done.ok()) return 0;
  fmt::print(stderr, "{}\n", done.error().message);
  return 2;
}
