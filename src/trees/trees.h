// trees: gradient boosted trees that say yes or no of a row of numbers, with honest probabilities.
//
//   tree.h       the data, its check, its bytes
//   booster.h    grows them (XGBoost)
//   calibrate.h  from sums of leaves to probabilities
//   forest.h     serves them, with no library behind
//   metrics.h    how good they are
#pragma once

#include "trees/booster.h"    // IWYU pragma: export
#include "trees/calibrate.h"  // IWYU pragma: export
#include "trees/forest.h"     // IWYU pragma: export
#include "trees/metrics.h"    // IWYU pragma: export
#include "trees/tree.h"       // IWYU pragma: export
