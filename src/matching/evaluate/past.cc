#include "matching/evaluate/past.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/require.h"

namespace zan::matching {
namespace {

constexpr float popularity_strength = 20;  // showings that everybody's rates weigh
constexpr double fit_of_learnt = 0.8;      // the rest of what is learned from calibrates

std::unique_ptr<Replay> replay_of(const PastOptions& options, Timestamp people_as_of) {
  ReplayOptions replay;
  replay.limits = options.limits;
  replay.learn_every_us = options.learn_every_us;
  replay.people_as_of = people_as_of;
  replay.collaborative = options.collaborative;
  return std::make_unique<Replay>(replay);
}

std::vector<Rates> popularity(const Showings& showings, std::span<const WorkRow> works, std::size_t begin) {
  const Rates all = rates_before(showings, begin);
  std::unordered_map<WorkRow, Response> known;
  for (std::size_t i = 0; i < begin; ++i) {
    Response& response = known[works[i]];
    response.shown += 1;
    for (std::size_t k = 0; k < signal_count; ++k)
      response.of[k] += has(showings.outcomes[i], static_cast<Signal>(k)) ? 1.0F : 0.0F;
  }
  std::vector<Rates> said;
  for (std::size_t i = begin; i < showings.size(); ++i) said.push_back(drawn(known[works[i]], all, popularity_strength));
  return said;
}

std::vector<Rates> foretold(const Ranker& ranker, const Showings& showings, std::size_t begin) {
  std::vector<Rates> said(showings.size() - begin);
  FeatureRow row{};
  for (std::size_t i = begin; i < showings.size(); ++i) {
    std::copy_n(showings.row(i).begin(), feature_count, row.begin());
    said[i - begin] = ranker.predict(row);
  }
  return said;
}

std::vector<float> chances_of(std::span<const Rates> said, Signal signal) {
  std::vector<float> chances;
  for (const Rates& rates : said) chances.push_back(at(rates, signal));
  return chances;
}

Evenness evenness_of(std::span<const WorkRow> works, std::size_t work_count) {
  Exposure exposure(work_count);
  for (const WorkRow work : works) exposure.add(work);
  return exposure.summary(work_count);
}

}  // namespace

Past::Past(const PastOptions& options) : options_(options), replay_(replay_of(options, timestamp_max)) {}

Result<void> Past::take(const Shown& told) {
  if (replay_->works_shown().size() > options_.showings_max)
    return limited(fmt::format("more than {} showings are on record", options_.showings_max));
  const Shown shown = replay_->community().untold(told);
  return shown.items.empty() ? Result<void>() : replay_->take(shown);
}

Result<void> Past::again() {
  require(!again_, "the past is told twice");
  again_ = true;
  first_ = replay_->harvest().take();
  works_ = replay_->works_shown();
  if (first_.size() < options_.showings_min)
    return limited(fmt::format("{} showings are on record; {} can be judged by", first_.size(), options_.showings_min));
  // One more than learn_share, so that no rounding lets a judged row be learned from.
  begin_ = static_cast<std::size_t>(static_cast<double>(first_.size()) * options_.learn_share) + 1;
  replay_ = replay_of(options_, {first_.times_us[begin_]});
  return {};
}

Result<PastEvaluation> Past::finish() {
  require(again_, "the past is told twice");
  const Showings lists = replay_->harvest().take();
  if (lists.size() != first_.size()) return invalid("the past was not told alike both times");
  RankerOptions options = options_.ranker;
  options.fit_share = options_.learn_share * fit_of_learnt;
  options.calibrate_share = options_.learn_share - options.fit_share;
  ZAN_ASSIGN(const TrainedRanker trained, train_ranker(first_, options));

  PastEvaluation past;
  past.learnt = begin_;
  past.judged = first_.size() - begin_;
  past.judged_from = {first_.times_us[begin_]};
  past.until = {first_.times_us.back()};
  past.shown = evenness_of(works_, replay_->community().works().size());
  const Rates learned = rates_before(first_, begin_);
  const auto judge = [&](std::string name, const std::vector<Rates>& said, const std::vector<Rates>& of_lists) {
    PastJudged judged{std::move(name), judge_by_time(first_, begin_, said, learned),
                      judge_lists(lists, works_, begin_, chances_of(of_lists, Signal::long_view), Signal::long_view,
                                  options_.places)};
    const auto as_lists = judge_by_time(lists, begin_, of_lists, learned);
    for (std::size_t k = 0; k < signal_count; ++k) judged.signals[k].gauc = as_lists[k].gauc;
    past.by.push_back(std::move(judged));
  };
  judge("ranker", foretold(trained.ranker, first_, begin_), foretold(trained.ranker, lists, begin_));
  const std::vector<Rates> popular = popularity(first_, works_, begin_);
  judge("popularity", popular, popular);
  for (std::size_t i = begin_; i < first_.size(); ++i) {
    for (std::size_t k = 0; k < signal_count; ++k)
      past.rates[k] += has(first_.outcomes[i], static_cast<Signal>(k)) ? 1.0F / static_cast<float>(past.judged) : 0.0F;
  }
  return past;
}

}  // namespace zan::matching
