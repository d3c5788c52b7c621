// Searches a family's settings: one setting at a time climbs its scale of values, up or down, while that helps.
//
// The scales are what published work found good on public data sets, and their neighbourhood. The walk looks at
// qualities only, so it is the same wherever the same trials are allowed.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "matching/choose/recipe.h"

namespace zan::matching {

struct Axis {
  double Settings::*setting;
  std::vector<double> scale;  // in order
};

struct Walk {
  Settings start;
  std::vector<Axis> axes;  // in the order in which they are climbed; one may come twice
};

// The families' walks, cheapest first. `full_ridge`: all items at once, where that is possible.
std::vector<Walk> walks(bool full_ridge);

// The best settings found; nothing if not even the start may be tried. `trial` says how good settings are, nothing if
// they may not be tried; it is asked once for each. A start off an axis' scale enters it at the nearest value.
std::optional<Settings> walk(const Walk& way, const std::function<std::optional<double>(const Settings&)>& trial);

}  // namespace zan::matching
