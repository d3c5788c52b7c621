#include "ranking/rivals.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <unordered_map>

#include "matching/models/item_graph.h"
#include "matching/models/link_filter.h"
#include "matching/parallel.h"

namespace zan::ranking_proof {
namespace {

using matching::feature_count;
using matching::has;
using matching::Rates;
using matching::Showings;
using matching::Signal;
using matching::signal_count;
using matching::WorkRow;

float sigmoid(double margin) { return static_cast<float>(1 / (1 + std::exp(-margin))); }

// One signal of the raw columns.
struct Problem {
  const Showings& showings;
  std::size_t columns;
  const std::vector<float>& values;
  std::vector<std::uint8_t> labels;

  Problem(const Showings& all, std::size_t count, const std::vector<float>& raw, Signal signal)
      : showings(all), columns(count), values(raw) {
    for (const matching::Signals outcome : all.outcomes) labels.push_back(has(outcome, signal) ? 1 : 0);
  }
  [[nodiscard]] double rate(std::size_t end) const {
    const auto yes = std::count(labels.begin(), labels.begin() + static_cast<std::ptrdiff_t>(end), 1);
    return (static_cast<double>(yes) + 0.5) / (static_cast<double>(end) + 1);
  }
};

struct Setting {
  unsigned depth = 6, rounds = 100;
  double eta = 0.1, loss = 1e9;
};

// Margins of the showings [end, until) after each `step` trees grown from those before `end`.
template <typename Use>
Result<void> grow(const Problem& problem, std::size_t end, std::size_t until, const Setting& setting, unsigned step,
                  const Use& use) {
  std::vector<std::size_t> of(end);
  std::iota(of.begin(), of.end(), std::size_t{0});
  const double rate = problem.rate(end);
  trees::GrowOptions options;
  options.trees = setting.rounds;
  options.depth = setting.depth;
  options.learning_rate = setting.eta;
  options.feature_share = 0.8;
  options.base_score = rate;
  const trees::RowsView rows{problem.columns, problem.values, problem.labels, {}};
  ZAN_ASSIGN(const trees::Grown grown, trees::boost(rows, of, options));
  std::vector<double> margins(until - end, std::log(rate / (1 - rate)));
  for (std::size_t first = 0; first < grown.trees.size(); first += step) {
    const std::size_t count = std::min<std::size_t>(step, grown.trees.size() - first);
    const trees::Forest forest(problem.columns, std::span(grown.trees).subspan(first, count), {{0, 0.5F}});
    for (std::size_t i = end; i < until; ++i)
      margins[i - end] += static_cast<double>(
          forest.margin(std::span(problem.values).subspan(i * problem.columns, problem.columns)));
    use(static_cast<unsigned>(first + count), margins);
  }
  return {};
}

Result<Setting> tuned(const Problem& problem, std::size_t begin, bool fast) {
  const std::size_t fit = begin * 4 / 5;
  Setting best;
  std::vector<Setting> grid = {{6, 200, 0.1}};
  if (!fast) grid = {{4, 400, 0.1}, {6, 300, 0.1}, {6, 400, 0.05}, {8, 200, 0.1}};
  for (const Setting& tried : grid) {
    ZAN_TRY(grow(problem, fit, begin, tried, 25, [&](unsigned rounds, const std::vector<double>& margins) {
      std::vector<trees::Scored> scored;
      for (std::size_t i = fit; i < begin; ++i)
        scored.push_back({static_cast<double>(sigmoid(margins[i - fit])), problem.labels[i] != 0, 1});
      const double loss = trees::log_loss(scored);
      if (loss < best.loss) best = {tried.depth, rounds, tried.eta, loss};
    }));
  }
  return best;
}

}  // namespace

Said popularity(const Showings& showings, std::span<const WorkRow> works, std::size_t begin) {
  const Rates all = matching::rates_before(showings, begin);
  std::unordered_map<WorkRow, matching::Response> known;
  for (std::size_t i = 0; i < begin; ++i) {
    matching::Response& response = known[works[i]];
    response.shown += 1;
    for (std::size_t k = 0; k < signal_count; ++k)
      response.of[k] += has(showings.outcomes[i], static_cast<Signal>(k)) ? 1.0F : 0.0F;
  }
  Said said;
  for (std::size_t i = begin; i < showings.size(); ++i) said.push_back(matching::drawn(known[works[i]], all, 20));
  return said;
}

Said item_cf(const Showings& showings, std::span<const WorkRow> works, std::size_t begin,
             const std::vector<matching::Pair>& taken, std::uint32_t work_count, std::size_t threads) {
  std::unordered_map<std::uint32_t, std::uint32_t> users;
  std::vector<matching::Pair> pairs;
  for (const auto& [person, work] : taken)
    pairs.emplace_back(users.try_emplace(person, static_cast<std::uint32_t>(users.size())).first->second, work);
  const auto user_count = static_cast<std::uint32_t>(users.size());
  const matching::Interactions matrix = matching::interactions_of(std::move(pairs), user_count, work_count);
  const auto graph = std::make_shared<const matching::ItemGraph>(
      matching::item_graph(matrix, {.user_exponent = 0, .row_entries_max = work_count, .threads = threads}));
  const auto model = matching::link_filter(matrix, graph, {.source_exponent = 0.5, .target_exponent = 0.5});
  std::unordered_map<std::uint32_t, std::vector<std::size_t>> of_person;
  for (std::size_t i = begin; i < showings.size(); ++i) of_person[showings.persons[i]].push_back(i);
  Said said(showings.size() - begin, Rates{});
  std::vector<float> scores(work_count);
  for (const auto& [person, places] : of_person) {
    const auto user = users.find(person);
    if (user == users.end()) continue;
    model->score({&user->second, 1}, scores);
    for (const std::size_t i : places) said[i - begin].fill(scores[works[i]]);
  }
  return said;
}

Result<Tuned> xgboost(const Showings& showings, std::size_t begin, std::size_t columns, bool fast,
                      std::size_t threads) {
  std::vector<float> values;
  for (std::size_t i = 0; i < showings.size(); ++i) {
    const auto raw = showings.row(i).subspan(feature_count, columns);
    values.insert(values.end(), raw.begin(), raw.end());
  }
  Tuned tuned_all;
  tuned_all.said.resize(showings.size() - begin);
  std::array<std::optional<Error>, signal_count> errors;
  matching::in_chunks(threads, signal_count, 1, [&](std::size_t k, std::size_t, std::size_t) {
    const Problem problem(showings, columns, values, static_cast<Signal>(k));
    const bool rare = problem.rate(begin) < 0.005;
    const auto best = tuned(problem, begin, fast || rare);
    if (!best.ok()) {
      errors[k] = best.error();
      return;
    }
    tuned_all.chosen[k] = fmt::format("depth {}, eta {}, {} rounds", best->depth, best->eta, best->rounds);
    const auto grown = grow(problem, begin, showings.size(), *best, best->rounds,
                            [&](unsigned, const std::vector<double>& margins) {
                              for (std::size_t i = 0; i < margins.size(); ++i)
                                tuned_all.said[i][k] = sigmoid(margins[i]);
                            });
    if (!grown.ok()) errors[k] = grown.error();
  });
  for (const auto& error : errors)
    if (error) return *error;
  return tuned_all;
}

}  // namespace zan::ranking_proof
