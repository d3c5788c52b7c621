#include "trees/metrics.h"

#include <algorithm>
#include <cmath>

namespace zan::trees {
namespace {

void sort_down(std::vector<Scored>& rows) {
  std::sort(rows.begin(), rows.end(), [](const Scored& a, const Scored& b) { return a.score > b.score; });
}

// Calls `use(positives, negatives, score)` with the weights of each group of equal scores, from the highest.
template <typename Use>
void by_score(const std::vector<Scored>& rows, Use use) {
  for (std::size_t i = 0; i < rows.size();) {
    double positives = 0;
    double negatives = 0;
    const double score = rows[i].score;
    for (; i < rows.size() && rows[i].score == score; ++i)
      (rows[i].is_positive ? positives : negatives) += rows[i].weight;
    use(positives, negatives, score);
  }
}

}  // namespace

double auc(std::vector<Scored> rows) {
  sort_down(rows);
  double positives_above = 0;
  double negatives_all = 0;
  double area = 0;
  by_score(rows, [&](double positives, double negatives, double) {
    area += negatives * (positives_above + positives / 2);
    positives_above += positives;
    negatives_all += negatives;
  });
  return positives_above == 0 || negatives_all == 0 ? 0.5 : area / (positives_above * negatives_all);
}

double log_loss(std::span<const Scored> rows) {
  double loss = 0;
  double weight = 0;
  for (const Scored& row : rows) {
    const double p = std::clamp(row.score, 1e-7, 1 - 1e-7);
    loss -= row.weight * std::log(row.is_positive ? p : 1 - p);
    weight += row.weight;
  }
  return weight == 0 ? 0 : loss / weight;
}

PrecisionAt precision_at(std::vector<Scored> rows, double recall) {
  sort_down(rows);
  double all = 0;
  for (const Scored& row : rows) all += row.is_positive ? row.weight : 0;
  PrecisionAt best{recall, 0, 0};
  double positives_above = 0;
  double above = 0;
  by_score(rows, [&](double positives, double negatives, double score) {
    positives_above += positives;
    above += positives + negatives;
    const double precision = above == 0 ? 0 : positives_above / above;
    if (positives_above >= recall * all && precision > best.precision) best = {recall, precision, score};
  });
  return best;
}

std::optional<double> score_for(std::vector<Scored> rows, double false_max) {
  double all = 0, heaviest = 0;
  for (const Scored& row : rows) {
    if (row.is_positive) continue;
    all += row.weight;
    heaviest = std::max(heaviest, row.weight);
  }
  sort_down(rows);
  double positives_above = 0, above = 0;
  std::optional<double> found;
  by_score(rows, [&](double positives, double negatives, double score) {
    positives_above += positives;
    above += negatives;
    if (positives > 0 && above + heaviest <= false_max * (all + heaviest)) found = score;
  });
  return found;
}

std::vector<ReliabilityBin> reliability(std::span<const Scored> rows) {
  std::vector<ReliabilityBin> bins(10);
  for (const Scored& row : rows) {
    ReliabilityBin& bin = bins[static_cast<std::size_t>(std::clamp(row.score * 10, 0.0, 9.0))];
    ++bin.rows;
    bin.weight += row.weight;
    bin.said += row.weight * row.score;
    bin.proved += row.is_positive ? row.weight : 0;
  }
  for (ReliabilityBin& bin : bins) {
    if (bin.weight == 0) continue;
    bin.said /= bin.weight;
    bin.proved /= bin.weight;
  }
  return bins;
}

double calibration_error(std::span<const ReliabilityBin> bins) {
  double error = 0;
  double weight = 0;
  for (const ReliabilityBin& bin : bins) {
    error += bin.weight * std::fabs(bin.said - bin.proved);
    weight += bin.weight;
  }
  return weight == 0 ? 0 : error / weight;
}

}  // namespace zan::trees
