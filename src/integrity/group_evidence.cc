#include "integrity/group_evidence.h"

#include <algorithm>
#include <cmath>

namespace zan::integrity {
namespace {

enum Measure : std::uint8_t {
  log_members,
  log_targets,
  share,
  spread_ratio,
  deviation_ratio,
  median_ratio,
  log_span,
  log_devices,
  log_networks,
  first,
  order,
  rhythm,
  session_excess,
  session,
  measure_count,
};
using Measures = std::array<double, measure_count>;

struct Node {
  std::uint8_t measure;
  double value;
  std::uint8_t left, right;
};

constexpr std::uint8_t leaf = 255;
constexpr Node nodes[] = {
#include "integrity/group_model.inc"
};

Measures measures_of(const GroupMeasures& group) {
  const auto ln = [](double value) { return (std::log(std::max(1.0, value))); };
  Measures measures;
  measures[log_members] = ln(group.members);
  measures[log_targets] = ln(group.targets);
  measures[share] = (group.share);
  measures[spread_ratio] = (group.other_spread / std::max(0.3, group.population_spread));
  measures[deviation_ratio] = (group.other_deviation / std::max(0.3, group.population_deviation));
  measures[median_ratio] = (std::log1p(group.other_median) - std::log1p(group.population_median));
  measures[log_span] = (std::log10(group.target_span_s + 1));
  measures[log_devices] = ln(group.accounts_per_device);
  measures[log_networks] = ln(group.accounts_per_network);
  measures[first] = (group.first_like_on_target);
  measures[order] = (group.order);
  measures[rhythm] = (group.rhythm);
  measures[session_excess] = (group.session - group.population_session);
  measures[session] = (group.session);
  return measures;
}

double points_of(const Measures& measures) {
  double points = 0;
  // Trees follow each other in preorder, so the next tree begins behind the last leaf of this one.
  for (std::size_t root = 0; root < std::size(nodes);) {
    std::size_t at = root;
    while (nodes[at].measure != leaf)
      at = root + (measures[nodes[at].measure] < nodes[at].value ? nodes[at].left : nodes[at].right);
    points += nodes[at].value;
    // To the tree's end along the right.
    std::size_t last = root;
    while (nodes[last].measure != leaf) last = root + nodes[last].right;
    root = last + 1;
  }
  return points;
}

}  // namespace

double weigh_group(const GroupMeasures& measures) {
  return points_of(measures_of(measures));
}

std::array<TraitPoints, group_trait_count> explain_group(const GroupMeasures& group) {
  const Measures measures = measures_of(group);
  const double points = points_of(measures);
  const auto without = [&](GroupTrait trait, std::initializer_list<std::pair<Measure, double>> usual) {
    Measures changed = measures;
    for (const auto& [measure, value] : usual) changed[measure] = value;
    return TraitPoints{trait, points - points_of(changed)};
  };
  std::array<TraitPoints, group_trait_count> traits = {
      without(GroupTrait::alike, {{spread_ratio, 1.1}, {deviation_ratio, 1.0}, {median_ratio, 0.5}}),
      without(GroupTrait::devices, {{log_devices, 0.0}}),
      without(GroupTrait::targets, {{log_targets, 1.4}}),
      without(GroupTrait::share, {{share, 0.5}}),
      without(GroupTrait::timing, {{log_span, 3.3}}),
      without(GroupTrait::order, {{order, 0.95}}),
      without(GroupTrait::rhythm, {{rhythm, 0.0}, {session, (group.population_session)}, {session_excess, 0.0}}),
      without(GroupTrait::networks, {{log_networks, 0.0}}),
      without(GroupTrait::first_like, {{first, 0.4}}),
  };
  std::stable_sort(traits.begin(), traits.end(),
                   [](const TraitPoints& a, const TraitPoints& b) { return std::abs(a.points) > std::abs(b.points); });
  return traits;
}

}  // namespace zan::integrity
