// The values of a ruleset while it is compiled: every different one is a node, made once. What is constant is computed
// at once; what no rule needs is left out in the end.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

#include "integrity/rules/operations.h"

namespace zan::integrity::rules {

using NodeId = std::uint32_t;

struct Node {
  Op op = Op::constant;
  NodeId a = 0;  // of a feature: its number in Graph::features; of `in`: the value
  NodeId b = 0;  // of `in`: the number of the set
  NodeId c = 0;
  std::uint64_t bits = 0;  // of a constant
  bool operator==(const Node&) const = default;
};

class Graph {
 public:
  NodeId constant(Value value) { return put({Op::constant, 0, 0, 0, value.bits}); }
  NodeId feature(const FeatureRef& ref, Type type);
  NodeId operation(Op op, NodeId a, NodeId b = 0, NodeId c = 0);
  NodeId in(NodeId value, std::uint32_t set);
  std::uint32_t add_set(ValueSet set);

  [[nodiscard]] const Node& node(NodeId id) const { return nodes_[id]; }
  [[nodiscard]] std::size_t size() const { return nodes_.size(); }
  [[nodiscard]] bool is_constant(NodeId id) const { return nodes_[id].op == Op::constant; }

  struct Read {
    FeatureRef ref;
    Type type;
  };
  std::vector<Read> features;
  std::vector<ValueSet> sets;

 private:
  struct Hash {
    std::size_t operator()(const Node& n) const {
      return mix64(mix64(n.bits + static_cast<std::uint64_t>(n.op)) + (std::uint64_t{n.a} << 32 | n.b) +
                   n.c * 0x9e37ULL);
    }
  };
  NodeId put(const Node& node);
  // Of truth values with one constant among them.
  NodeId shortened(Op op, NodeId constant, NodeId other);

  std::vector<Node> nodes_;
  std::unordered_map<Node, NodeId, Hash> known_;
};

}  // namespace zan::integrity::rules
