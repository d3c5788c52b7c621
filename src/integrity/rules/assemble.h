// The last step of compiling: from the graph and the rules to registers and instructions; what no rule needs is
// dropped.
//
// Threads: one.
#pragma once

#include <vector>

#include "integrity/rules/graph.h"
#include "integrity/rules/problem.h"
#include "integrity/rules/program.h"
#include "integrity/rules/ruleset.h"

namespace zan::integrity::rules {

// A rule whose registers are nodes still.
struct DraftRule {
  RuleInfo info;
  std::uint32_t offset = 0;
  NodeId when = 0;
  std::vector<NodeId> values;
};

class Assembler {
 public:
  Assembler(const Graph& graph, const Environment& environment, Problems& problems)
      : graph_(graph), environment_(environment), problems_(problems) {}

  Program run(std::vector<DraftRule> rules);

 private:
  void mark(const std::vector<DraftRule>& rules);
  void place();
  void order();
  void emit();
  void emit_one(const Node& node);
  void check_cost(const Program& program);
  [[nodiscard]] std::uint16_t at(NodeId node) const { return static_cast<std::uint16_t>(registers_[node]); }
  [[nodiscard]] std::uint64_t cost_of(const FeatureRef& ref) const;

  const Graph& graph_;
  const Environment& environment_;
  Problems& problems_;
  Program program_;
  std::vector<bool> needed_;
  std::vector<std::uint32_t> registers_;
  std::vector<NodeId> order_;           // the operations, as they will run
  std::vector<std::uint32_t> set_ids_;  // of the graph's sets in the program
};

}  // namespace zan::integrity::rules
