#include "matching/experiment/report.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/require.h"

namespace zan::matching {
namespace {

constexpr double ratio_prior = 100;  // people that the expected proportions count for, in the alternative
constexpr double ratio_enough = 1000;

}  // namespace

Report::Report(ReportOptions options)
    : options_(std::move(options)),
      open_(options_.window_s),
      all_works_(options_.works_max),
      all_creators_(options_.creators_max) {
  const auto& shares = options_.shares_bp;
  require(shares.size() >= 2 && shares.size() <= arms_max && shares[0] > 0, "control and what is tried have shares");
  const double alpha = options_.alpha / static_cast<double>((shares.size() - 1) * signal_count);
  for (std::size_t arm = 0; arm < shares.size(); ++arm) {
    OfArm of;
    of.rates.assign(signal_count, MeanSequence(options_.alpha));
    const std::uint32_t control_block = block_of(shares[0], shares[arm]), arm_block = block_of(shares[arm], shares[0]);
    if (arm > 0) of.differences.assign(signal_count, DifferenceSequence(alpha, control_block, arm_block));
    of.works = Exposure(options_.works_max);
    of.creators = Exposure(options_.creators_max);
    arms_.push_back(std::move(of));
  }
}

// The predictive chance of the next person's arm, by the counts so far, over the chance it should have.
void Report::weigh_ratio(std::size_t arm) {
  const auto& shares = options_.shares_bp;
  const double all = std::accumulate(shares.begin(), shares.end(), 0.0);
  const double expected = std::max<double>(shares[arm], 1e-3) / all;  // somebody in an arm that should be empty
  const auto people = static_cast<double>(people_.size() - 1);        // before this one
  const double seen = (ratio_prior * expected + static_cast<double>(arms_[arm].people)) / (ratio_prior + people);
  log_ratio_evidence_ += std::log(seen / expected);
  ratio_broken_ = ratio_broken_ || log_ratio_evidence_ > std::log(ratio_enough);
}

Report::Person* Report::find_or_add(const ShownTo& shown) {
  const std::size_t arm = shown.arm - std::size_t{arm_control};
  const auto found = people_.find(shown.unit);
  if (found != people_.end()) return found->second.arm == arm ? &found->second : nullptr;
  if (full()) return nullptr;
  Person& person = people_[shown.unit];
  person.arm = static_cast<std::uint32_t>(arm);
  person.first_s = shown.at_s;
  open_.open(shown.unit, shown.at_s);
  weigh_ratio(arm);
  ++arms_[arm].people;
  return &person;
}

void Report::shown(const ShownTo& shown) {
  if (shown.arm < arm_control || shown.arm >= arm_control + arms_.size()) return;
  settle(shown.at_s);
  Person* person = find_or_add(shown);
  if (person == nullptr) {
    ++turned_away_;
    return;
  }
  OfArm& arm = arms_[person->arm];
  if (!person->settled && shown.at_s - person->first_s <= options_.window_s) ++person->shown;
  ++arm.showings;
  arm.explored += shown.explored ? 1 : 0;
  const bool counted = arm.works.add(shown.work) && arm.creators.add(shown.creator);
  if (!counted) ++beyond_limits_;
  all_works_.add(shown.work);
  all_creators_.add(shown.creator);
}

void Report::did(std::uint64_t unit, Signals signals, std::uint32_t at_s) {
  const auto found = people_.find(unit);
  if (found == people_.end()) return;
  Person& person = found->second;
  const bool in_window = !person.settled && at_s - person.first_s <= options_.window_s;
  for (std::size_t i = 0; i < signal_count; ++i) {
    if (!has(signals, static_cast<Signal>(i))) continue;
    ++arms_[person.arm].did[i];
    if (in_window) ++person.did[i];
  }
}

void Report::settle(Person& person) {
  person.settled = true;
  OfArm& arm = arms_[person.arm];
  ++arm.settled;
  for (std::size_t i = 0; i < signal_count; ++i) {
    const double rate = std::min(1.0, static_cast<double>(person.did[i]) / std::max(1U, person.shown));
    arm.rates[i].add(rate);
    if (person.arm > 0) {
      arm.differences[i].add_arm(rate);
      continue;
    }
    for (std::size_t other = 1; other < arms_.size(); ++other) arms_[other].differences[i].add_control(rate);
  }
}

void Report::settle(std::uint32_t now_s) {
  if (open_.close(now_s, [&](std::uint64_t unit) { settle(people_[unit]); })) decide();
}

void Report::decide() {
  for (std::size_t arm = 1; arm < arms_.size(); ++arm)
    for (std::size_t i = 0; i < signal_count; ++i)
      if (!arms_[arm].decided_s[i] && arms_[arm].differences[i].excludes(0)) arms_[arm].decided_s[i] = open_.now_s();
}

ArmReport Report::report_of(std::size_t arm, std::uint64_t works, std::uint64_t creators) const {
  const OfArm& of = arms_[arm];
  ArmReport report;
  report.arm = static_cast<Arm>(arm_control + arm);
  report.people = of.people;
  report.settled = of.settled;
  report.showings = of.showings;
  const double showings = std::max(1.0, static_cast<double>(of.showings));
  for (std::size_t i = 0; i < signal_count; ++i) {
    ArmRate& rate = report.rates[i];
    rate.pooled = static_cast<double>(of.did[i]) / showings;
    rate.by_person = of.settled == 0 ? 0 : of.rates[i].mean();
    rate.interval = of.rates[i].interval();
    if (arm == 0) continue;
    rate.difference = of.differences[i].blocks() == 0 ? 0 : of.differences[i].difference();
    rate.difference_interval = of.differences[i].interval();
    rate.decided_s = of.decided_s[i];
  }
  report.works = of.works.summary(works);
  report.creators = of.creators.summary(creators);
  report.explored_share = static_cast<double>(of.explored) / showings;
  return report;
}

ExperimentReport Report::report() const {
  ExperimentReport report;
  const std::uint64_t works = all_works_.summary(0).shown_items, creators = all_creators_.summary(0).shown_items;
  for (std::size_t arm = 0; arm < arms_.size(); ++arm) report.arms.push_back(report_of(arm, works, creators));
  report.turned_away = turned_away_;
  report.beyond_limits = beyond_limits_;
  report.ratio_evidence = std::exp(std::min(700.0, log_ratio_evidence_));
  report.ratio_broken = ratio_broken_;
  return report;
}

}  // namespace zan::matching
