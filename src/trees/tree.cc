#include "trees/tree.h"

#include <cmath>

namespace zan::trees {
namespace {

// Walks a tree in preorder.
bool is_whole(const Tree& tree, std::size_t features, std::size_t& next, unsigned depth) {
  if (next >= tree.size() || depth > depth_max) return false;
  const Node& node = tree[next++];
  if (!std::isfinite(node.value)) return false;
  if (node.is_leaf) return node.feature == 0 && !node.missing_left;
  return node.feature < features && is_whole(tree, features, next, depth + 1) &&
         is_whole(tree, features, next, depth + 1);
}

void fail(ByteReader& in) {
  in.take(in.left() + 1);
}

void read_nodes(ByteReader& in, Tree& to, unsigned depth) {
  Node node;
  const std::uint64_t key = in.varint();
  node.value = in.fixed<float>();
  node.is_leaf = key == 0;
  if (!node.is_leaf) {
    node.feature = static_cast<std::uint16_t>((key - 1) / 2);
    node.missing_left = (key - 1) % 2 != 0;
    if (key > 2 * features_max || depth >= depth_max) fail(in);
  }
  to.push_back(node);
  if (node.is_leaf || !in.ok()) return;
  read_nodes(in, to, depth + 1);
  read_nodes(in, to, depth + 1);
}

}  // namespace

bool check_tree(const Tree& tree, std::size_t features) {
  std::size_t next = 0;
  return is_whole(tree, features, next, 0) && next == tree.size();
}

bool check_calibration(const std::vector<CalibrationPoint>& points) {
  if (points.empty() || points.size() > calibration_points_max) return false;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto [margin, probability] = points[i];
    if (!std::isfinite(margin) || !(probability >= 0 && probability <= 1) || std::signbit(probability)) return false;
    if (i > 0 && !(points[i - 1].margin < margin && points[i - 1].probability <= probability)) return false;
  }
  return true;
}

std::size_t read_count(ByteReader& in, std::size_t most, std::size_t bytes_each) {
  const std::uint64_t count = in.varint();
  if (count > most || count * bytes_each > in.left()) fail(in);
  return in.ok() ? static_cast<std::size_t>(count) : 0;
}

void put_tree(Bytes& out, const Tree& tree) {
  for (const Node& node : tree) {
    put_varint(out, node.is_leaf ? 0 : 1U + 2U * node.feature + (node.missing_left ? 1U : 0U));
    put_fixed(out, node.value);
  }
}

void put_trees(Bytes& out, const std::vector<Tree>& trees) {
  put_varint(out, trees.size());
  for (const Tree& tree : trees) put_tree(out, tree);
}

std::vector<Tree> read_trees(ByteReader& in) {
  constexpr std::size_t bytes_least = 5;
  const std::size_t count = read_count(in, trees_max, bytes_least);
  std::vector<Tree> trees;
  for (std::size_t i = 0; i < count && in.ok(); ++i) read_nodes(in, trees.emplace_back(), 0);
  return trees;
}

void put_calibration(Bytes& out, const std::vector<CalibrationPoint>& points) {
  put_varint(out, points.size());
  for (const CalibrationPoint& point : points) {
    put_fixed(out, point.margin);
    put_fixed(out, point.probability);
  }
}

std::vector<CalibrationPoint> read_calibration(ByteReader& in) {
  const std::size_t count = read_count(in, calibration_points_max, 2 * sizeof(float));
  std::vector<CalibrationPoint> points;
  for (std::size_t i = 0; i < count; ++i) {
    const auto margin = in.fixed<float>();
    points.push_back({margin, in.fixed<float>()});
  }
  return points;
}

}  // namespace zan::trees
