// Trees that say a number of a row of features, and the curve that makes a probability of it: the data, how it is
// checked and how it stands in a file. Whoever keeps trees in a file of its own writes and reads them with these.
//
// A node in a file: key:varint, value:f32; key 0: a leaf, else 1 + 2 * feature + (missing goes left).
// Threads: plain value types. Errors: a reader that meets what cannot be fails (ByteReader::ok()); check_tree() says
// the rest.
#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.h"

namespace zan::trees {

inline constexpr std::size_t features_max = 1024;
inline constexpr std::size_t trees_max = 4096;
inline constexpr unsigned depth_max = 8;
inline constexpr std::size_t calibration_points_max = 256;

// One node; a tree is its nodes in preorder: a node, everything left of it, everything right of it.
struct Node {
  bool is_leaf = true;
  bool missing_left = false;  // where a value that is NaN goes
  std::uint16_t feature = 0;
  float value = 0;  // left if the feature is below; of a leaf: what it adds
  bool operator==(const Node&) const = default;
};
using Tree = std::vector<Node>;

// The probability at a sum of leaves; between two points a straight line, beyond the ends the end.
struct CalibrationPoint {
  float margin = 0;
  float probability = 0;
  bool operator==(const CalibrationPoint&) const = default;
};

// Whole, not too deep, finite, and of no feature that is not there.
bool check_tree(const Tree& tree, std::size_t features);
// At least one point; margins ascend, probabilities do not descend.
bool check_calibration(const std::vector<CalibrationPoint>& points);

// A count of things that take `bytes_each` at least; one that cannot be fails the reader and is 0.
std::size_t read_count(ByteReader& in, std::size_t most, std::size_t bytes_each);

void put_tree(Bytes& out, const Tree& tree);
void put_trees(Bytes& out, const std::vector<Tree>& trees);  // with their count
std::vector<Tree> read_trees(ByteReader& in);
void put_calibration(Bytes& out, const std::vector<CalibrationPoint>& points);  // with their count
std::vector<CalibrationPoint> read_calibration(ByteReader& in);

}  // namespace zan::trees
