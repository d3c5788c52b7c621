// The calibration of probabilities as a small SVG: what was said against what came, a panel a signal, readable in light
// and dark.
#pragma once

#include <array>
#include <string>

#include "matching/evaluate/by_time.h"

namespace zan::ranking_proof {

// What was said in twenty groups of equally many showings, and what came of each.
struct Curve {
  std::string title;
  struct Point {
    double said = 0, came = 0;
  };
  std::vector<Point> points;  // by said
};
Curve curve_of(const std::string& title, const matching::Showings& showings, std::size_t begin,
               std::span<const matching::Rates> said, matching::Signal signal);

std::string picture_of(const std::vector<Curve>& curves);

}  // namespace zan::ranking_proof
