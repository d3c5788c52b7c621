// From sums of leaves to probabilities, learned from rows that the trees have not seen.
//
// isotonic: the steps that fit best and never descend (pool adjacent violators; Zadrozny, Elkan 2002): free of any
// shape, wants
//           many rows. platt: a logistic curve (Platt 1999, with Lin, Lin, Weng's Newton steps and targets), for few.
// Both become a line through at most calibration_points_max points, which is what is served.
//
// Threads: plain functions.
#pragma once

#include <vector>

#include "trees/metrics.h"
#include "trees/tree.h"

namespace zan::trees {

enum class CalibrationMethod : unsigned char { automatic, isotonic, platt };

// Rows' scores are margins. `automatic` is isotonic from 1,000 rows of each kind on.
std::vector<CalibrationPoint> calibrate(std::vector<Scored> rows, CalibrationMethod method);

}  // namespace zan::trees
