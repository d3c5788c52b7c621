// Metrics against counting, and what calibration promises.
#include "trees/metrics.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "trees/calibrate.h"
#include "trees/forest.h"

namespace zan::trees {
namespace {

RC_GTEST_PROP(Metrics, a_score_to_hold_from_is_the_lowest_that_counting_allows, ()) {
  const int count = *rc::gen::inRange(1, 60);
  std::vector<Scored> rows;
  for (int i = 0; i < count; ++i)
    rows.push_back({static_cast<double>(*rc::gen::inRange(0, 8)), *rc::gen::arbitrary<bool>(), 1});
  const double most = *rc::gen::element(0.05, 0.2, 0.5);
  double negatives = 0;
  for (const Scored& row : rows) negatives += row.is_positive ? 0 : 1;
  std::optional<double> lowest;
  for (int score = 8; score >= 0; --score) {
    double above = 0, positives_here = 0;
    for (const Scored& row : rows) {
      above += !row.is_positive && row.score >= score ? 1 : 0;
      positives_here += row.is_positive && row.score == score ? 1 : 0;
    }
    const double one_more = negatives == 0 ? 0 : 1;
    if (positives_here > 0 && above + one_more <= most * (negatives + one_more)) lowest = score;
  }
  RC_ASSERT(score_for(rows, most) == lowest);
}

RC_GTEST_PROP(Calibrate, ascends_and_stays_a_probability, ()) {
  const int count = *rc::gen::inRange(0, 60);
  std::vector<Scored> rows;
  for (int i = 0; i < count; ++i)
    rows.push_back({static_cast<double>(*rc::gen::inRange(-20, 20)) / 4, *rc::gen::arbitrary<bool>(),
                    static_cast<double>(*rc::gen::inRange(1, 4))});
  for (const auto method : {CalibrationMethod::isotonic, CalibrationMethod::platt}) {
    const std::vector<CalibrationPoint> points = calibrate(rows, method);
    RC_ASSERT(check_calibration(points));
    const Forest forest(1, {}, points);
    double last = 0;
    for (float margin = -8; margin < 8; margin += 0.25F) {
      const double p = forest.calibrated(margin);
      RC_ASSERT(p >= last && p <= 1);
      last = p;
    }
  }
}

RC_GTEST_PROP(Metrics, auc_and_precision_are_what_counting_gives, ()) {
  const int count = *rc::gen::inRange(1, 40);
  std::vector<Scored> rows;
  for (int i = 0; i < count; ++i)
    rows.push_back({static_cast<double>(*rc::gen::inRange(0, 8)), *rc::gen::arbitrary<bool>(), 1});
  double pairs = 0, won = 0, positives = 0;
  for (const Scored& a : rows) {
    positives += a.is_positive ? 1 : 0;
    for (const Scored& b : rows) {
      if (!a.is_positive || b.is_positive) continue;
      pairs += 1;
      won += a.score > b.score ? 1 : a.score == b.score ? 0.5 : 0;
    }
  }
  RC_ASSERT(std::fabs(auc(rows) - (pairs == 0 ? 0.5 : won / pairs)) < 1e-12);
  double best = 0;
  for (int threshold = 0; threshold < 8; ++threshold) {
    double found = 0, above = 0;
    for (const Scored& row : rows) {
      if (row.score < threshold) continue;
      above += 1;
      found += row.is_positive ? 1 : 0;
    }
    if (above > 0 && found >= 0.5 * positives) best = std::max(best, found / above);
  }
  RC_ASSERT(std::fabs(precision_at(rows, 0.5).precision - best) < 1e-12);
}

TEST(Metrics, log_loss_and_reliability) {
  const std::vector<Scored> rows = {{0.25, false, 1}, {0.25, true, 3}, {1.0, true, 1}};
  EXPECT_NEAR(log_loss(rows), -(std::log(0.75) + 3 * std::log(0.25)) / 5, 1e-7);
  const auto bins = reliability(rows);
  EXPECT_DOUBLE_EQ(bins[2].said, 0.25);
  EXPECT_DOUBLE_EQ(bins[2].proved, 0.75);
  EXPECT_EQ(bins[9].rows, 1U);
  EXPECT_DOUBLE_EQ(calibration_error(bins), 0.5 * 4 / 5);
}

}  // namespace
}  // namespace zan::trees
