// Confidence sequences: intervals for a mean, and for the difference of two, that hold at every moment at once. However
// often somebody looks, and whenever they stop, the chance that the truth was ever outside is at most `alpha`. A usual
// interval promises that for one look, planned beforehand.
//
// For values in [0, 1] with the mean m, exp(lambda (S - n m) - psi(lambda) V) is a bet that nobody gains by, with S the
// sum, V the squares of the surprises and psi(lambda) = -log(1 - lambda) - lambda (Fan et al. 2015; Howard et al. 2021,
// theorem 4; "empirical Bernstein" in Waudby-Smith and Ramdas 2023). The mean of such bets over a grid of lambdas is
// one, too; a mean at which it has grown to 2 / alpha is given up (Ville 1939). Nothing is assumed of the values but
// their range, and that none tells of the next: a value is a *person*, never a showing, as one person's showings do.
//
// Threads: plain values. Cost: adding some ns, an interval some microseconds. Memory: constant, but for what waits.
#pragma once

#include <cstdint>
#include <deque>

namespace zan::matching {

struct Interval {
  double low = 0, high = 0;
  [[nodiscard]] bool has(double value) const { return low <= value && value <= high; }
};

class MeanSequence {
 public:
  explicit MeanSequence(double alpha) : alpha_(alpha) {}

  // Outside [0, 1] counts as the nearer end; what is no number is not counted.
  void add(double value);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] double mean() const { return count_ == 0 ? 0.5 : sum_ / static_cast<double>(count_); }
  // Within [0, 1]; all of it while nothing is known.
  [[nodiscard]] Interval interval() const;
  // What interval() does not have, without working it out.
  [[nodiscard]] bool excludes(double mean) const;

 private:
  double alpha_;
  std::uint64_t count_ = 0;
  double sum_ = 0;
  double surprises_ = 0;  // V: squared distances from the mean of those before
};

// Of the mean of an arm less that of control. So many of control and so many of the arm make a block, in the order they
// come, and a block's difference is one value; blocks of the arms' proportions lose least.
class DifferenceSequence {
 public:
  // REQUIRES: blocks of at least one.
  DifferenceSequence(double alpha, std::uint32_t control_block, std::uint32_t arm_block);

  void add_control(double value) { add(control_, arm_, value, -1); }
  void add_arm(double value) { add(arm_, control_, value, 1); }

  [[nodiscard]] std::uint64_t blocks() const { return halves_.count(); }
  [[nodiscard]] double difference() const { return 2 * halves_.mean() - 1; }
  [[nodiscard]] Interval interval() const;
  [[nodiscard]] bool excludes(double difference) const { return halves_.excludes((difference + 1) / 2); }
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }  // values, as too many waited

  static constexpr std::size_t waiting_max = 65'536;  // halves of blocks

 private:
  struct Side {
    std::uint32_t block = 1, count = 0;
    double sum = 0;
    std::deque<double> waiting = {};  // means, for the other side
  };
  void add(Side& side, Side& other, double value, double sign);

  MeanSequence halves_;  // of (difference + 1) / 2
  Side control_, arm_;
  std::uint64_t dropped_ = 0;
};

// How many of the greater share go with one of the smaller: 1 to 64.
std::uint32_t block_of(double share, double other_share);

}  // namespace zan::matching
