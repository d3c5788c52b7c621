#include "integrity/burst/burst_detector.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <map>

#include "base/random.h"
#include "integrity/features/portable_log.h"

namespace zan::integrity {
namespace {

constexpr double alarm = 100;

// Fifty likes a tick, of anybody for anything.
double feed_quiet(BurstDetector& detector, Rng& rng, std::uint64_t from, std::uint64_t to) {
  double highest = 0;
  for (std::uint64_t tick = from; tick < to; ++tick) {
    for (int i = 0; i < 50; ++i)
      highest = std::max(highest, detector.score(1 + rng.below(500), 1'000 + rng.below(500), tick));
  }
  return highest;
}

TEST(Burst, NothingIsUnusualInAnEvenStream) {
  BurstDetector detector;
  Rng rng(1);
  EXPECT_LT(feed_quiet(detector, rng, 1, 1000), alarm);
}

TEST(Burst, AStarOutOfNothing) {
  BurstDetector detector;
  Rng rng(2);
  feed_quiet(detector, rng, 1, 300);
  BurstDetector::Scores last;
  for (std::uint64_t i = 0; i < 40; ++i) last = detector.observe(10'000 + i, 77'777, 300);
  EXPECT_GT(last.target, alarm);
  EXPECT_LT(last.source, alarm);
  EXPECT_LT(last.pair, alarm);
}

TEST(Burst, AClique) {
  BurstDetector detector;
  Rng rng(3);
  feed_quiet(detector, rng, 1, 300);
  BurstDetector::Scores last;
  for (std::uint64_t i = 0; i < 20; ++i)
    for (std::uint64_t j = 0; j < 20; ++j) last = detector.observe(20'000 + i, 30'000 + j, 300 + i / 10);
  EXPECT_GT(last.source, alarm);
  EXPECT_GT(last.target, alarm);
}

// From one like a tick to four, over two thousand ticks.
TEST(Burst, ASlowTrendIsNone) {
  BurstDetector detector;
  Rng rng(4);
  feed_quiet(detector, rng, 1, 100);
  double highest = 0, due = 0;
  for (std::uint64_t tick = 100; tick < 2100; ++tick) {
    feed_quiet(detector, rng, tick, tick + 1);
    for (due += 1 + 3 * static_cast<double>(tick - 100) / 2000; due >= 1; due -= 1)
      highest = std::max(highest, detector.observe(1 + rng.below(500), 66'666, tick).target);
  }
  EXPECT_LT(highest, alarm);
}

TEST(Burst, AnAttackThatLastsDoesNotBecomeTheUsual) {
  BurstDetector filtered({.filter_score = 300});
  BurstDetector trusting({.filter_score = 1e30});
  double with = 0, without = 0;
  for (BurstDetector* detector : {&filtered, &trusting}) {
    Rng rng(5);
    feed_quiet(*detector, rng, 1, 50);
    for (std::uint64_t tick = 50; tick < 500; ++tick) {
      for (std::uint64_t i = 0; i < 100; ++i)
        (detector == &filtered ? with : without) = detector->observe(10'000 + i, 55'555, tick).target;
    }
  }
  EXPECT_GT(with, 10 * without);
}

TEST(Burst, TimeGoingBackwardsCountsAsNow) {
  BurstDetector forwards, backwards;
  Rng rng(6);
  feed_quiet(forwards, rng, 1, 100);
  rng = Rng(6);
  feed_quiet(backwards, rng, 1, 100);
  for (std::uint64_t i = 0; i < 30; ++i)
    EXPECT_EQ(forwards.score(i, 9, 99), backwards.score(i, 9, i % 2 == 0 ? 0 : 50));
}

TEST(Burst, TicksBeyondAnyCalendarAreCutOff) {
  BurstDetector detector;
  for (const std::uint64_t tick : {1ULL, 2ULL, ~0ULL, 5ULL, ~0ULL})
    EXPECT_TRUE(std::isfinite(detector.score(1, 2, tick)));
}

TEST(Burst, MemoryIsFixed) {
  BurstDetector detector;
  const std::uint64_t before = detector.bytes();
  EXPECT_EQ(before, 2U * 2048 * 48);
  Rng rng(7);
  for (std::uint64_t i = 0; i < 200'000; ++i) detector.score(rng.next(), rng.next(), 1 + i / 100);
  EXPECT_EQ(detector.bytes(), before);
}

double tolerance(double exact) {
  return 1e-2 + 1e-3 * exact;
}

// The papers' algorithm with exact maps in place of sketches: all cells are merged and faded at each tick.
class Twin {
 public:
  explicit Twin(const BurstOptions& options) : options_(options) {}

  double target(std::uint64_t id, std::uint64_t tick) {
    for (; tick_ < tick; ++tick_) advance();
    Cell& cell = cells_[id];
    cell.now += 1;
    if (tick_ == 1) return cell.score = 0;
    const double usual = (cell.past + options_.prior) / static_cast<double>(tick_ - 1);
    const double more = cell.now - usual;
    cell.score = more <= 0 ? 0 : 2 * (cell.now * std::log(cell.now / usual) - more);
    return cell.score;
  }
  // Rounding decided somewhere whether a score was beyond the filter: from there on the two may part.
  [[nodiscard]] bool close() const { return close_; }

 private:
  struct Cell {
    double now = 0, past = 0, score = 0;
  };

  void advance() {
    for (auto& [id, cell] : cells_) {
      close_ = close_ || std::abs(cell.score - options_.filter_score) <= tolerance(cell.score);
      if (cell.score < options_.filter_score) {
        cell.past += cell.now;
      } else if (tick_ > 1) {
        cell.past += cell.past / static_cast<double>(tick_ - 1);
      }
      cell.now *= options_.fading;
    }
  }

  BurstOptions options_;
  bool close_ = false;
  std::uint64_t tick_ = 1;
  std::map<std::uint64_t, Cell> cells_;
};

constexpr std::uint64_t twin_targets = 50;

// Whether none shares a cell with another: each finds its own as if it were the first.
bool targets_are_apart(const BurstOptions& options) {
  BurstDetector probe(options);
  const double first = probe.observe(0, 0, 2).target;
  for (std::uint64_t target = 1; target < twin_targets; ++target) {
    if (probe.observe(0, target, 2).target != first) return false;
  }
  return true;
}

// Where no targets meet, the sketch says what the maps say.
RC_GTEST_PROP(Burst, SaysWhatExactCountsSay, (std::uint64_t seed)) {
  const BurstOptions options{.rows = 1, .columns = 1 << 16, .filter_score = 20, .seed = seed};
  RC_PRE(targets_are_apart(options));
  BurstDetector detector(options);
  Twin twin(options);
  Rng rng(seed);
  std::uint64_t tick = 1;
  for (int i = 0; i < 2000; ++i) {
    if (rng.chance(0.1)) tick += rng.below(rng.chance(0.05) ? 400 : 5);
    const std::uint64_t target = rng.chance(0.3) ? 1 : rng.below(twin_targets);
    const double exact = twin.target(target, tick);
    if (twin.close()) break;
    const double score = detector.observe(rng.next(), target, tick).target;
    RC_ASSERT(std::abs(score - exact) <= tolerance(exact));
  }
}

TEST(Burst, ASavedDetectorGoesOnAsIfItHadNotStopped) {
  BurstDetector detector;
  Rng rng(8);
  feed_quiet(detector, rng, 1, 100);
  Bytes saved, again;
  detector.save(saved);
  BurstDetector other;
  ASSERT_TRUE(other.load(saved).ok());
  other.save(again);
  EXPECT_EQ(saved, again);
  for (std::uint64_t i = 0; i < 100; ++i) EXPECT_EQ(detector.score(i, i % 7, 101), other.score(i, i % 7, 101));
}

TEST(Burst, DamagedStateIsRefused) {
  const BurstOptions small{.rows = 1, .columns = 4};
  BurstDetector detector(small);
  detector.score(1, 2, 3);
  Bytes saved;
  detector.save(saved);
  for (std::size_t i = 0; i < saved.size(); ++i) {
    Bytes damaged = saved;
    damaged[i] ^= std::byte{1};
    EXPECT_FALSE(BurstDetector(small).load(damaged).ok()) << i;
    EXPECT_FALSE(BurstDetector(small).load(ByteSpan(saved).first(i)).ok()) << i;
  }
  EXPECT_EQ(BurstDetector({.rows = 1, .columns = 8}).load(saved).error().kind, ErrorKind::invalid);
}

TEST(PortableLog, IsTheLogarithm) {
  Rng rng(9);
  for (int i = 0; i < 100'000; ++i) {
    const double value = std::exp((rng.unit() - 0.5) * 200);
    ASSERT_NEAR(portable_log(value), std::log(value), 1e-10 + 1e-14 * std::abs(std::log(value)));
  }
  EXPECT_EQ(portable_log(1), 0);
}

}  // namespace
}  // namespace zan::integrity
