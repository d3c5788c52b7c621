#include "integrity/rules/graph.h"

#include <algorithm>

namespace zan::integrity::rules {
namespace {

bool commutes(Op op) {
  return op == Op::both || op == Op::either || op == Op::eq || op == Op::ne || op == Op::add || op == Op::mul ||
         op == Op::min || op == Op::max;
}

int operand_count(Op op) {
  if (op == Op::no || op == Op::abs) return 1;
  return op == Op::ratio ? 3 : 2;
}

}  // namespace

NodeId Graph::put(const Node& node) {
  const auto [at, is_new] = known_.try_emplace(node, static_cast<NodeId>(nodes_.size()));
  if (is_new) nodes_.push_back(node);
  return at->second;
}

NodeId Graph::feature(const FeatureRef& ref, Type type) {
  auto at = std::find_if(features.begin(), features.end(), [&](const Read& read) { return read.ref == ref; });
  if (at == features.end()) at = features.insert(at, {ref, type});
  return put({Op::feature, static_cast<NodeId>(at - features.begin()), 0, 0, 0});
}

NodeId Graph::operation(Op op, NodeId a, NodeId b, NodeId c) {
  if (commutes(op) && b < a) std::swap(a, b);
  const int count = operand_count(op);
  if (count < 2) b = 0;
  if (count < 3) c = 0;
  const bool a_constant = is_constant(a);
  const bool b_constant = count < 2 || is_constant(b);
  const bool c_constant = count < 3 || is_constant(c);
  if (a_constant && b_constant && c_constant)
    return constant(apply(op, {nodes_[a].bits}, {nodes_[b].bits}, {nodes_[c].bits}));
  if (op == Op::both || op == Op::either) {
    if (a == b) return a;
    if (a_constant) return shortened(op, a, b);
    if (b_constant) return shortened(op, b, a);
  }
  return put({op, a, b, c, 0});
}

NodeId Graph::shortened(Op op, NodeId constant, NodeId other) {
  const bool holds = nodes_[constant].bits != 0;
  return holds == (op == Op::both) ? other : constant;
}

NodeId Graph::in(NodeId value, std::uint32_t set) {
  if (is_constant(value)) return constant(Value::of(sets[set].contains(nodes_[value].bits)));
  return put({Op::in, value, set, 0, 0});
}

std::uint32_t Graph::add_set(ValueSet set) {
  sets.push_back(std::move(set));
  return static_cast<std::uint32_t>(sets.size() - 1);
}

}  // namespace zan::integrity::rules
