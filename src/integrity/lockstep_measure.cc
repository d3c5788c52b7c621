#include <algorithm>
#include <cmath>

#include "integrity/chance.h"
#include "integrity/lockstep.h"

namespace zan::integrity {
namespace {

constexpr std::size_t members_measured = 64;
constexpr std::size_t targets_measured = 32;

double quantile(std::vector<double>& values, double share) {
  if (values.empty()) return 0;
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1) + 0.5);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

// Every n-th, so that about `count` are taken.
std::vector<std::uint32_t> spread_sample(const std::vector<std::uint32_t>& from, std::size_t count) {
  std::vector<std::uint32_t> sample;
  const std::size_t step = std::max<std::size_t>(1, from.size() / count);
  for (std::size_t i = 0; i < from.size() && sample.size() < count; i += step) sample.push_back(from[i]);
  return sample;
}

}  // namespace

GroupMeasures Lockstep::measure(const Group& group) {
  GroupMeasures measures;
  measures.members = static_cast<double>(group.members.size());
  measures.targets = static_cast<double>(group.targets.size());
  measures.participation = static_cast<double>(group.likes.size()) / (measures.members * measures.targets);
  measure_members(group, measures);
  measure_targets(group, measures);
  measure_rhythm(group, measures);
  population(measures);
  return measures;
}

void Lockstep::measure_members(const Group& group, GroupMeasures& measures) {
  const std::vector<std::uint32_t> sample = spread_sample(group.members, members_measured);
  std::vector<double> shares, others, devices, sharers;
  double first_on_target = 0;
  tally_.clear();
  for (const std::uint32_t actor : sample) {
    const std::span<const Done> history = history_.values(actor);
    double on_target = 0;
    for (const Done& done : history) on_target += group.target_set.contains(done.subject) ? 1 : 0;
    const double likes = history_.added(actor);
    shares.push_back(on_target / static_cast<double>(history.size()));
    others.push_back(std::log1p(std::max(0.0, likes - on_target)));
    // Of who liked more than is remembered, the first is not known.
    const bool first_known = history_.added(actor) == history.size();
    first_on_target += first_known && group.target_set.contains(history.front().subject) ? 1 : 0;
    const Account& account = account_[actor];
    if (account.device != 0) devices.push_back(static_cast<double>(accounts_.values(account.device).size()));
    if (account.network != 0) ++tally_[account.network].count;
  }
  for (const std::uint32_t actor : sample)
    if (const Tally::Entry* entry = tally_.find(account_[actor].network); entry != nullptr)
      sharers.push_back(entry->count);
  double sum = 0, squares = 0;
  for (const double other : others) {
    sum += other;
    squares += other * other;
  }
  const double count = static_cast<double>(others.size());
  measures.other_deviation = std::sqrt(std::max(0.0, squares / count - sum / count * sum / count));
  measures.share = quantile(shares, 0.5);
  measures.other_spread = quantile(others, 0.75) - quantile(others, 0.25);
  measures.other_median = std::expm1(quantile(others, 0.5));
  measures.first_like_on_target = first_on_target / static_cast<double>(sample.size());
  measures.accounts_per_device = quantile(devices, 0.5);
  measures.accounts_per_network = quantile(sharers, 0.5);
}

void Lockstep::measure_targets(const Group& group, GroupMeasures& measures) {
  std::vector<double> spans, ages, times;
  double all = 0, ours = 0;
  for (const std::uint32_t subject : spread_sample(group.targets, targets_measured)) {
    times.clear();
    double first = 0;
    const std::span<const Liker> likers = likers_.values(subject);
    for (const Liker& liker : likers) {
      const double at = liker.at_s;
      if (first == 0 || at < first) first = at;
      if (group.member_set.contains(liker.actor)) times.push_back(at);
    }
    all += static_cast<double>(likers.size());
    ours += static_cast<double>(times.size());
    if (times.size() < 2) continue;
    spans.push_back(quantile(times, 0.75) - quantile(times, 0.25));
    ages.push_back(quantile(times, 0.5) - first);
  }
  measures.target_span_s = quantile(spans, 0.5);
  measures.target_age_s = quantile(ages, 0.5);
  measures.outsiders = all == 0 ? 0 : 1 - ours / all;
  measures.order = agreement(group);
}

// Of two members and two targets that both liked: how often in the same order. One half is no order at all.
double Lockstep::agreement(const Group& group) {
  const std::vector<std::uint32_t> members = spread_sample(group.members, 16);
  const std::vector<std::uint32_t> targets = spread_sample(group.targets, 16);
  std::vector<std::vector<std::int64_t>> at(members.size(), std::vector<std::int64_t>(targets.size(), 0));
  for (std::size_t i = 0; i < members.size(); ++i) {
    const std::span<const Done> history = history_.values(members[i]);
    for (const Done& done : history)
      for (std::size_t j = 0; j < targets.size(); ++j)
        if (targets[j] == done.subject) at[i][j] = done.at_us();
  }
  double same = 0, all = 0;
  for (std::size_t a = 0; a < members.size(); ++a)
    for (std::size_t b = 0; b < a; ++b)
      for (std::size_t s = 0; s < targets.size(); ++s)
        for (std::size_t t = 0; t < s; ++t) {
          if (at[a][s] == 0 || at[a][t] == 0 || at[b][s] == 0 || at[b][t] == 0) continue;
          all += 1;
          same += (at[a][s] < at[a][t]) == (at[b][s] < at[b][t]) ? 1 : 0;
        }
  return all == 0 ? 0.5 : same / all;
}

// When the group's likes came: at hours when people are awake, and in sessions, as theirs do?
void Lockstep::measure_rhythm(const Group& group, GroupMeasures& measures) {
  const double all = static_cast<double>(likes_);
  std::array<double, 24> usual;
  double expected = 0;
  for (std::size_t hour = 0; hour < usual.size(); ++hour) {
    usual[hour] = std::log((likes_by_hour_[hour] + 1) / (all + 24) * 24);
    expected += likes_by_hour_[hour] / all * usual[hour];
  }
  const std::vector<std::uint32_t> sample = spread_sample(group.members, members_measured);
  double likes = 0, sum = 0, in_session = 0;
  for (const std::uint32_t actor : sample) {
    const std::span<const Done> history = history_.values(actor);
    std::int64_t before = 0;
    for (const Done& done : history) {
      const std::int64_t at = done.at_us();
      const bool near = before != 0 && at >= before && at - before < std::int64_t{session_gap_s} * 1'000'000;
      before = at;
      if (!group.target_set.contains(done.subject)) continue;
      ++likes;
      sum += usual[static_cast<std::uint32_t>(at / 1'000'000) / 3600 % 24];
      in_session += near ? 1 : 0;
    }
  }
  measures.rhythm = likes == 0 ? 0 : sum / likes - expected;
  measures.session = likes == 0 ? 0 : in_session / likes;
  measures.population_session = likes_in_session_ / all;
}

QualityFacts Lockstep::account_facts(std::uint32_t actor) const {
  QualityFacts facts;
  if (actor >= account_.size()) return facts;
  facts.account_likes = history_.added(actor);
  const Account& account = account_[actor];
  facts.account_days = std::max(0.0, static_cast<double>(account.liked_s) - account.first_s) / 86'400;
  facts.accounts_on_device = static_cast<double>(accounts_.values(account.device).size());
  return facts;
}

// So many of these accounts' possible likes on these subjects are there, given how active the ones and how popular the others
// are (Chernoff's bound on a binomial count: an account likes a subject once); times all the ways in which as many accounts
// could have been picked, and as many subjects.
double Lockstep::chance_log10(const Group& group) const {
  double active = 0, popular = 0, accounts = 0;
  for (const std::uint32_t actor : group.members) active += history_.added(actor);
  for (const std::uint32_t subject : group.targets) popular += likers_.added(subject);
  for (const double number : accounts_by_activity_) accounts += number;
  const double cells = static_cast<double>(group.members.size()) * static_cast<double>(group.targets.size());
  const double mean = active * popular * options_.taste / static_cast<double>(likes_);
  const double nats = binomial_surprise(static_cast<double>(group.likes.size()), cells, mean);
  const double picks = ln_ways(accounts, static_cast<double>(group.members.size())) +
                       ln_ways(subjects_, static_cast<double>(group.targets.size()));
  return std::min(0.0, picks - nats) / std::log(10.0);
}

void Lockstep::population(GroupMeasures& measures) const {
  double all = 0;
  for (const double accounts : accounts_by_activity_) all += accounts;
  const auto at = [&](double share) {
    double sum = 0;
    for (std::size_t i = 0; i < accounts_by_activity_.size(); ++i) {
      sum += accounts_by_activity_[i];
      if (sum >= share * all) return static_cast<double>(i) / activity_steps;
    }
    return 0.0;
  };
  measures.population_median = std::expm1(at(0.5));
  measures.population_spread = at(0.75) - at(0.25);
  double sum = 0, squares = 0;
  for (std::size_t i = 0; i < accounts_by_activity_.size(); ++i) {
    const double activity = static_cast<double>(i) / activity_steps;
    sum += accounts_by_activity_[i] * activity;
    squares += accounts_by_activity_[i] * activity * activity;
  }
  measures.population_deviation = std::sqrt(std::max(0.0, squares / all - sum / all * sum / all));
}

}  // namespace zan::integrity
