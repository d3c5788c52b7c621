#include "trees/calibrate.h"

#include <algorithm>
#include <cmath>

namespace zan::trees {
namespace {

struct Block {
  double weight = 0;
  double positives = 0;
  double margin = 0;  // times weight
  [[nodiscard]] double share() const { return positives / weight; }
};

std::vector<Block> pooled(const std::vector<Scored>& rows) {
  std::vector<Block> blocks;
  for (std::size_t i = 0; i < rows.size();) {
    Block block;
    const double score = rows[i].score;
    for (; i < rows.size() && rows[i].score == score; ++i) {
      block.weight += rows[i].weight;
      block.positives += rows[i].is_positive ? rows[i].weight : 0;
      block.margin += rows[i].weight * score;
    }
    if (block.weight <= 0) continue;
    while (!blocks.empty() && blocks.back().share() >= block.share()) {
      block.weight += blocks.back().weight;
      block.positives += blocks.back().positives;
      block.margin += blocks.back().margin;
      blocks.pop_back();
    }
    blocks.push_back(block);
  }
  return blocks;
}

// Keeps margins ascending and probabilities from descending after both became floats.
void add_point(std::vector<CalibrationPoint>& points, double margin, double probability) {
  CalibrationPoint point{static_cast<float>(margin), static_cast<float>(std::clamp(probability, 0.0, 1.0))};
  if (!points.empty()) point.probability = std::max(point.probability, points.back().probability);
  if (!points.empty() && !(points.back().margin < point.margin)) return;
  points.push_back(point);
}

std::vector<CalibrationPoint> isotonic(const std::vector<Scored>& rows) {
  const std::vector<Block> blocks = pooled(rows);
  const std::size_t step = blocks.size() / calibration_points_max + 1;
  std::vector<CalibrationPoint> points;
  for (std::size_t i = 0; i < blocks.size(); i += step) {
    Block merged;
    for (std::size_t k = i; k < std::min(i + step, blocks.size()); ++k) {
      merged.weight += blocks[k].weight;
      merged.positives += blocks[k].positives;
      merged.margin += blocks[k].margin;
    }
    // Half a row of each kind more: no block is ever certain.
    add_point(points, merged.margin / merged.weight, (merged.positives + 0.5) / (merged.weight + 1));
  }
  return points;
}

struct Curve {
  double a = 0;
  double b = 0;
  [[nodiscard]] double at(double margin) const { return 1 / (1 + std::exp(-(a * margin + b))); }
};

Curve fitted(const std::vector<Scored>& rows, double positives, double negatives) {
  const double high = (positives + 1) / (positives + 2);
  const double low = 1 / (negatives + 2);
  Curve curve{1, 0};
  for (int round = 0; round < 50; ++round) {
    double ga = 0, gb = 0, haa = 1e-9, hab = 0, hbb = 1e-9;
    for (const Scored& row : rows) {
      const double p = curve.at(row.score);
      const double error = row.weight * (p - (row.is_positive ? high : low));
      const double h = row.weight * p * (1 - p);
      ga += error * row.score;
      gb += error;
      haa += h * row.score * row.score;
      hab += h * row.score;
      hbb += h;
    }
    const double det = haa * hbb - hab * hab;
    if (!(std::fabs(det) > 1e-18)) break;
    const double da = std::clamp((hbb * ga - hab * gb) / det, -1.0, 1.0);
    const double db = std::clamp((haa * gb - hab * ga) / det, -1.0, 1.0);
    curve.a = std::max(0.0, curve.a - da);  // a higher margin never means a lower probability
    curve.b -= db;
    if (std::fabs(da) + std::fabs(db) < 1e-10) break;
  }
  return curve;
}

std::vector<CalibrationPoint> platt(const std::vector<Scored>& rows, double positives, double negatives) {
  const Curve curve = fitted(rows, positives, negatives);
  std::vector<CalibrationPoint> points;
  const double from = rows.front().score - 1;
  const double to = rows.back().score + 1;
  constexpr int count = 128;
  for (int i = 0; i < count; ++i) {
    const double margin = from + (to - from) * i / (count - 1);
    add_point(points, margin, curve.at(margin));
  }
  return points;
}

}  // namespace

std::vector<CalibrationPoint> calibrate(std::vector<Scored> rows, CalibrationMethod method) {
  std::sort(rows.begin(), rows.end(), [](const Scored& a, const Scored& b) { return a.score < b.score; });
  double positives = 0;
  double negatives = 0;
  for (const Scored& row : rows) (row.is_positive ? positives : negatives) += row.weight;
  if (!(positives + negatives > 0)) return {{0, 0.5F}};
  const bool many = std::min(positives, negatives) >= 1000;
  const bool steps = method == CalibrationMethod::isotonic || (method == CalibrationMethod::automatic && many);
  return steps ? isotonic(rows) : platt(rows, positives, negatives);
}

}  // namespace zan::trees
