// The learned scorer: trees that say from an act's numbers how likely it is a fake.
//
// A Model is data: trees, a calibration, and what it was learned from. It is trained elsewhere (train.h), kept in a
// file of our own that may come from a stranger (encode, decode), and served by Scorer, which knows no library. Every
// number that serving makes comes from comparisons, additions, products and quotients, so that it is the same on every
// machine.
//
// Threads: a Model is immutable once made; a Scorer may be shared, scoring changes nothing.
// Errors:  corrupt: the bytes are no model; unsupported: of a later version.
// Cost:    a row of 100 trees of depth 6 takes well under a microsecond, and no allocation.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/hash.h"
#include "base/result.h"

namespace zan::integrity::model {

inline constexpr std::size_t features_max = 1024;
inline constexpr std::size_t feature_name_bytes_max = 200;
inline constexpr std::size_t trees_max = 4096;
inline constexpr unsigned depth_max = 8;
inline constexpr std::size_t calibration_points_max = 256;
inline constexpr std::size_t model_bytes_max = 32U << 20;

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

struct Model {
  std::vector<std::string> features;  // names, in the order of a row
  std::int64_t trained_from_ms = 0;   // the time of the rows it learned from; both 0: they had none
  std::int64_t trained_until_ms = 0;
  std::uint64_t training_rows = 0;
  std::vector<Tree> trees;
  std::vector<CalibrationPoint> calibration;  // margins ascend, probabilities do not descend; never empty
  // From this sum of leaves on the model alone may hold an act: so few genuine ones come so far. Nothing: it never may.
  std::optional<float> hold_margin;
  bool operator==(const Model&) const = default;
};

// invalid: what decode() would not take.
Result<void> check_model(const Model& model);
// REQUIRES: check_model() has passed it.
Bytes encode_model(const Model& model);
Result<Model> decode_model(ByteSpan bytes);

// Of the encoded bytes: the version's name.
Hash128 digest_of(const Model& model);
Hash128 digest_of(ByteSpan encoded);

class Scorer {
 public:
  // REQUIRES: check_model() has passed it; decode_model() gives no others.
  explicit Scorer(const Model& model);

  [[nodiscard]] std::size_t feature_count() const { return feature_count_; }
  // REQUIRES: as many values as features. NaN is a value that is not known.
  [[nodiscard]] float margin(std::span<const float> row) const;
  [[nodiscard]] double probability(std::span<const float> row) const { return calibrated(margin(row)); }
  [[nodiscard]] double calibrated(float margin) const;
  [[nodiscard]] bool holds(float margin) const { return hold_margin_ && margin >= *hold_margin_; }

 private:
  // Trees are made complete to the depth of the deepest and laid level by level, the roots of all trees first: below
  // step i of one level are 2i and 2i + 1 of the next, whatever the tree. So all steps are alike, and eight trees are
  // walked side by side without a branch.
  struct Step {
    float value;
    std::uint16_t feature;
    std::uint16_t missing_right;
  };
  void fill(const Tree& tree, std::size_t& next, std::size_t at, unsigned level);
  void spread(float value, std::size_t at, unsigned level);
  [[nodiscard]] std::size_t level_start(unsigned level) const { return tree_count_ * ((std::size_t{1} << level) - 1); }
  template <bool has_missing>
  [[nodiscard]] float sum(const float* row) const;
  template <std::size_t lanes, bool has_missing>
  void walk(std::size_t tree, const float* row, float& sum) const;

  std::size_t feature_count_;
  unsigned depth_ = 0;
  std::size_t tree_count_;
  std::vector<Step> steps_;
  std::vector<float> leaves_;  // 2^depth of the first tree, then of the next
  std::vector<CalibrationPoint> calibration_;
  std::optional<float> hold_margin_;
};

}  // namespace zan::integrity::model
