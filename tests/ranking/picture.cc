#include "ranking/picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace zan::ranking_proof {
namespace {

constexpr double panel = 190, gap = 46, left = 52, top = 34;

constexpr const char* head = R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img"
 font-family="system-ui,sans-serif" font-size="12">
<title>Calibration: what was said of showings, and what came of them</title>
<style>
svg {{ background: #ffffff; }} text {{ fill: #24292f; }} .faint {{ fill: #6e7781; }}
.frame {{ fill: none; stroke: #d0d7de; }} .ideal {{ stroke: #8c959f; stroke-dasharray: 4 4; }}
.line {{ fill: none; stroke: #0969da; stroke-width: 1.6; }} .dot {{ fill: #0969da; }}
@media (prefers-color-scheme: dark) {{
svg {{ background: #0d1117; }} text {{ fill: #e6edf3; }} .faint {{ fill: #8d96a0; }}
.frame {{ stroke: #30363d; }} .ideal {{ stroke: #6e7681; }} .line {{ stroke: #58a6ff; }} .dot {{ fill: #58a6ff; }}
}}
</style>
)";

// The least of 1, 2, 5, 10 … percent that is not below `most`.
double round_up(double most) {
  for (const double limit : {0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8})
    if (most <= limit) return limit;
  return 1;
}

std::string panel_of(const Curve& curve, double x) {
  double most = 0;
  for (const Curve::Point& point : curve.points) most = std::max({most, point.said, point.came});
  const double limit = round_up(most);
  const auto px = [&](double said) { return x + said / limit * panel; };
  const auto py = [&](double came) { return top + panel - came / limit * panel; };
  std::string line, dots;
  for (const Curve::Point& point : curve.points) {
    line += fmt::format("{:.1f},{:.1f} ", px(point.said), py(point.came));
    dots += fmt::format("<circle class=\"dot\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"2.6\"/>\n", px(point.said),
                        py(point.came));
  }
  std::string out = fmt::format("<text x=\"{:.0f}\" y=\"{:.0f}\" font-weight=\"600\">{}</text>\n", x, top - 12,
                                curve.title);
  out += fmt::format("<rect class=\"frame\" x=\"{:.0f}\" y=\"{:.0f}\" width=\"{}\" height=\"{}\"/>\n", x, top, panel,
                     panel);
  out += fmt::format("<line class=\"ideal\" x1=\"{:.0f}\" y1=\"{:.0f}\" x2=\"{:.0f}\" y2=\"{:.0f}\"/>\n", x,
                     top + panel, x + panel, top);
  out += fmt::format("<polyline class=\"line\" points=\"{}\"/>\n{}", line, dots);
  for (const double part : {0.0, 0.5, 1.0}) {
    const std::string percent = fmt::format("{:.3g} %", 100 * part * limit);
    out += fmt::format("<text class=\"faint\" text-anchor=\"middle\" x=\"{:.0f}\" y=\"{:.0f}\">{}</text>\n",
                       x + part * panel, top + panel + 16, percent);
    out += fmt::format("<text class=\"faint\" text-anchor=\"end\" x=\"{:.0f}\" y=\"{:.0f}\">{}</text>\n", x - 5,
                       top + panel - part * panel + 4, percent);
  }
  return out;
}

}  // namespace

Curve curve_of(const std::string& title, const matching::Showings& showings, std::size_t begin,
               std::span<const matching::Rates> said, matching::Signal signal) {
  constexpr std::size_t groups = 20;
  const auto k = static_cast<std::size_t>(signal);
  std::vector<std::size_t> order(said.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return said[a][k] < said[b][k]; });
  Curve curve{title, {}};
  for (std::size_t group = 0; group < groups; ++group) {
    const std::size_t from = group * order.size() / groups, to = (group + 1) * order.size() / groups;
    Curve::Point point;
    for (std::size_t i = from; i < to; ++i) {
      point.said += static_cast<double>(said[order[i]][k]) / static_cast<double>(to - from);
      if (matching::has(showings.outcomes[begin + order[i]], signal)) point.came += 1 / static_cast<double>(to - from);
    }
    if (to > from) curve.points.push_back(point);
  }
  return curve;
}

std::string picture_of(const std::vector<Curve>& curves) {
  const double width = left + static_cast<double>(curves.size()) * (panel + gap + 14);
  std::string out = fmt::format(fmt::runtime(head), width, top + panel + 46);
  for (std::size_t i = 0; i < curves.size(); ++i)
    out += panel_of(curves[i], left + static_cast<double>(i) * (panel + gap + 14));
  out += fmt::format("<text class=\"faint\" x=\"{}\" y=\"{}\">across: what was said; up: what came; a point is a "
                     "twentieth of the showings of the test</text>\n</svg>\n",
                     left, top + panel + 36);
  return out;
}

}  // namespace zan::ranking_proof
