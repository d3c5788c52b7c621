#include "integrity/group_evidence.h"

#include <algorithm>
#include <cmath>

#include "integrity/group_inputs.h"

namespace zan::integrity {
namespace {

using Measures = GroupInputs;

struct Node {
  std::uint8_t measure;
  double value;
  std::uint8_t left, right;
};

constexpr std::uint8_t leaf = 255;
constexpr Node nodes[] = {
#include "integrity/group_model.inc"
};

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

GroupInputs group_inputs(const GroupMeasures& group) {
  const auto ln = [](double value) { return std::log(std::max(1.0, value)); };
  GroupInputs inputs;
  inputs[input_log_members] = ln(group.members);
  inputs[input_log_targets] = ln(group.targets);
  inputs[input_share] = group.share;
  inputs[input_spread_ratio] = group.other_spread / std::max(0.3, group.population_spread);
  inputs[input_deviation_ratio] = group.other_deviation / std::max(0.3, group.population_deviation);
  inputs[input_median_ratio] = std::log1p(group.other_median) - std::log1p(group.population_median);
  inputs[input_log_span] = std::log10(group.target_span_s + 1);
  inputs[input_log_devices] = ln(group.accounts_per_device);
  inputs[input_log_networks] = ln(group.accounts_per_network);
  inputs[input_first] = group.first_like_on_target;
  inputs[input_order] = group.order;
  inputs[input_rhythm] = group.rhythm;
  inputs[input_session_excess] = group.session - group.population_session;
  inputs[input_session] = group.session;
  return inputs;
}

double weigh_group(const GroupMeasures& measures) {
  return points_of(group_inputs(measures));
}

std::array<TraitPoints, group_trait_count> explain_group(const GroupMeasures& group) {
  const Measures measures = group_inputs(group);
  const double points = points_of(measures);
  const auto without = [&](GroupTrait trait, std::initializer_list<std::pair<GroupInput, double>> usual) {
    Measures changed = measures;
    for (const auto& [measure, value] : usual) changed[measure] = value;
    return TraitPoints{trait, points - points_of(changed)};
  };
  std::array<TraitPoints, group_trait_count> traits = {
      without(GroupTrait::alike, {{input_spread_ratio, 1.1}, {input_deviation_ratio, 1.0}, {input_median_ratio, 0.5}}),
      without(GroupTrait::devices, {{input_log_devices, 0.0}}),
      without(GroupTrait::targets, {{input_log_targets, 1.4}}),
      without(GroupTrait::share, {{input_share, 0.5}}),
      without(GroupTrait::timing, {{input_log_span, 3.3}}),
      without(GroupTrait::order, {{input_order, 0.95}}),
      without(GroupTrait::rhythm,
              {{input_rhythm, 0.0}, {input_session, (group.population_session)}, {input_session_excess, 0.0}}),
      without(GroupTrait::networks, {{input_log_networks, 0.0}}),
      without(GroupTrait::first_like, {{input_first, 0.4}}),
  };
  std::stable_sort(traits.begin(), traits.end(),
                   [](const TraitPoints& a, const TraitPoints& b) { return std::abs(a.points) > std::abs(b.points); });
  return traits;
}

}  // namespace zan::integrity
