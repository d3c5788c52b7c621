// Forest: trees and their calibration, laid out to be asked fast, with no library behind.
//
// Every number that serving makes comes from comparisons, additions, products and quotients, so that it is the same on
// every machine.
//
// Threads: immutable; may be shared. Cost: a row of 100 trees of depth 6 takes well under a microsecond, and no
// allocation with up to 256 features.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "trees/tree.h"

namespace zan::trees {

class Forest {
 public:
  // REQUIRES: check_tree() and check_calibration() have passed them.
  Forest(std::size_t feature_count, std::span<const Tree> trees, std::vector<CalibrationPoint> calibration);

  [[nodiscard]] std::size_t feature_count() const { return feature_count_; }
  // REQUIRES: as many values as features. NaN is a value that is not known.
  [[nodiscard]] float margin(std::span<const float> row) const;
  [[nodiscard]] double probability(std::span<const float> row) const { return calibrated(margin(row)); }
  [[nodiscard]] double calibrated(float margin) const;

 private:
  // Trees are made complete to the depth of the deepest and laid level by level, the roots of all trees first: below
  // step i of one level are 2i and 2i + 1 of the next, whatever the tree. So all steps are alike, and eight trees are
  // walked side by side without a branch.
  // A row is asked as two halves: in the first what is not known lies below all, in the second above all. A step looks
  // into the half that sends what is not known where it belongs, and needs no second question.
  struct Step {
    float value;
    std::uint32_t place;
  };
  void fill(const Tree& tree, std::size_t& next, std::size_t at, unsigned level);
  void spread(float value, std::size_t at, unsigned level);
  [[nodiscard]] std::size_t level_start(unsigned level) const { return tree_count_ * ((std::size_t{1} << level) - 1); }
  [[nodiscard]] float sum(const float* halves) const;
  template <std::size_t lanes>
  void walk(std::size_t tree, const float* halves, float& sum) const;

  std::size_t feature_count_;
  unsigned depth_ = 0;
  std::size_t tree_count_;
  std::vector<Step> steps_;
  std::vector<float> leaves_;  // 2^depth of the first tree, then of the next
  std::vector<CalibrationPoint> calibration_;
};

}  // namespace zan::trees
