#include "matching/experiment/confidence.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/require.h"

namespace zan::matching {
namespace {

// The bets: each half as daring as the one before, from what decides within a hundred to what does within 10^9, and
// weighed so that the first, which decide soonest, cost least. Weights sum to one.
struct Bet {
  double lambda, psi, log_weight;
};
constexpr std::size_t bets = 14;

const std::array<Bet, bets>& all_bets() {
  static const std::array<Bet, bets> made = [] {
    std::array<Bet, bets> some{};
    double lambda = 0.5, weight = 1, sum = 0;
    for (Bet& bet : some) {
      bet = {lambda, -std::log1p(-lambda) - lambda, std::log(weight)};
      sum += weight;
      lambda /= 2;
      weight *= 0.8;
    }
    for (Bet& bet : some) bet.log_weight -= std::log(sum);
    return some;
  }();
  return made;
}

// The logarithm of what the bets have become, with the sum `off` from where it should be.
double log_gain(double off, double surprises) {
  std::array<double, bets> logs{};
  double greatest = -HUGE_VAL;
  for (std::size_t i = 0; i < bets; ++i) {
    const Bet& bet = all_bets()[i];
    logs[i] = bet.log_weight + bet.lambda * off - bet.psi * surprises;
    greatest = std::max(greatest, logs[i]);
  }
  double sum = 0;
  for (const double log : logs) sum += std::exp(log - greatest);
  return greatest + std::log(sum);
}

}  // namespace

void MeanSequence::add(double value) {
  if (std::isnan(value)) return;
  value = std::clamp(value, 0.0, 1.0);
  const double surprise = value - mean();
  surprises_ += surprise * surprise;
  sum_ += value;
  ++count_;
}

bool MeanSequence::excludes(double mean) const {
  const double off = std::abs(sum_ - static_cast<double>(count_) * mean);
  return mean < 0 || mean > 1 || log_gain(off, surprises_) >= std::log(2 / alpha_);
}

Interval MeanSequence::interval() const {
  if (count_ == 0) return {0, 1};
  const auto n = static_cast<double>(count_);
  const double enough = std::log(2 / alpha_);
  double low = 0, high = n;  // how far off the sum may be
  for (int i = 0; i < 60 && high - low > 1e-9 * (1 + low); ++i) {
    const double middle = (low + high) / 2;
    (log_gain(middle, surprises_) < enough ? low : high) = middle;
  }
  return {std::max(0.0, (sum_ - high) / n), std::min(1.0, (sum_ + high) / n)};
}

DifferenceSequence::DifferenceSequence(double alpha, std::uint32_t control_block, std::uint32_t arm_block)
    : halves_(alpha), control_{control_block}, arm_{arm_block} {
  require(control_block > 0 && arm_block > 0, "a block has somebody of both");
}

void DifferenceSequence::add(Side& side, Side& other, double value, double sign) {
  if (std::isnan(value)) return;
  // Decided by counts alone, so that what is dropped says nothing of the values.
  if (side.waiting.size() >= waiting_max) {
    ++dropped_;
    return;
  }
  side.sum += std::clamp(value, 0.0, 1.0);
  if (++side.count < side.block) return;
  const double mean = side.sum / side.block;
  side.count = 0;
  side.sum = 0;
  if (other.waiting.empty()) {
    side.waiting.push_back(mean);
    return;
  }
  halves_.add((sign * (mean - other.waiting.front()) + 1) / 2);
  other.waiting.pop_front();
}

Interval DifferenceSequence::interval() const {
  const Interval halves = halves_.interval();
  return {2 * halves.low - 1, 2 * halves.high - 1};
}

std::uint32_t block_of(double share, double other_share) {
  if (!(share > 0) || !(other_share > 0)) return 1;
  return static_cast<std::uint32_t>(std::lround(std::clamp(share / other_share, 1.0, 64.0)));
}

}  // namespace zan::matching
