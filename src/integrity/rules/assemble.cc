#include "integrity/rules/assemble.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace zan::integrity::rules {
namespace {

constexpr std::uint64_t set_cost = 4;

}  // namespace

Program Assembler::run(std::vector<DraftRule> rules) {
  mark(rules);
  place();
  const std::size_t most = environment_.limits.features;
  if (program_.features_.size() > most)
    problems_.error(0,
                    fmt::format("the rules read {} features; at most {} are allowed", program_.features_.size(), most));
  const auto used = static_cast<std::size_t>(std::count(needed_.begin(), needed_.end(), true));
  if (used > registers_max) {
    problems_.error(0,
                    fmt::format("the rules compute {} different values; at most {} are allowed", used, registers_max));
    return {};
  }
  emit();
  for (DraftRule& draft : rules) {
    draft.info.when = at(draft.when);
    for (const NodeId value : draft.values) draft.info.values.push_back(at(value));
    program_.conditions_.push_back(draft.info.when);
    program_.rules_.push_back(std::move(draft.info));
  }
  program_.cost_ += program_.rules_.size();
  check_cost(program_);
  return std::move(program_);
}

// An operand is always an older node, so that one way back over the nodes finds all.
void Assembler::mark(const std::vector<DraftRule>& rules) {
  needed_.assign(graph_.size(), false);
  for (const DraftRule& rule : rules) {
    needed_[rule.when] = true;
    for (const NodeId value : rule.values) needed_[value] = true;
  }
  for (std::size_t i = graph_.size(); i-- > 0;) {
    const Node& node = graph_.node(static_cast<NodeId>(i));
    if (!needed_[i] || node.op == Op::constant || node.op == Op::feature) continue;
    needed_[node.a] = true;
    if (node.op == Op::in) continue;
    if (node.op != Op::no && node.op != Op::abs) needed_[node.b] = true;
    if (node.op == Op::ratio) needed_[node.c] = true;
  }
}

void Assembler::place() {
  registers_.assign(graph_.size(), 0);
  std::uint32_t next = 0;
  for (const Op turn : {Op::constant, Op::feature}) {
    for (std::size_t i = 0; i < graph_.size(); ++i) {
      const Node& node = graph_.node(static_cast<NodeId>(i));
      if (!needed_[i] || node.op != turn) continue;
      registers_[i] = next++;
      if (turn == Op::constant) program_.constants_.push_back({node.bits});
      if (turn != Op::feature) continue;
      program_.features_.push_back(graph_.features[node.a].ref);
      program_.feature_types_.push_back(graph_.features[node.a].type);
      program_.cost_ += cost_of(program_.features_.back());
    }
  }
  order();
  for (const NodeId node : order_) registers_[node] = next++;
}

// By how many operations must come before, then by kind: neighbours of one kind become one run.
void Assembler::order() {
  std::vector<std::uint32_t> level(graph_.size(), 0);
  for (std::size_t i = 0; i < graph_.size(); ++i) {
    const Node& node = graph_.node(static_cast<NodeId>(i));
    if (!needed_[i] || node.op == Op::constant || node.op == Op::feature) continue;
    level[i] = 1 + level[node.a];
    if (node.op != Op::in) level[i] = 1 + std::max({level[node.a], level[node.b], level[node.c]});
    order_.push_back(static_cast<NodeId>(i));
  }
  std::sort(order_.begin(), order_.end(), [&](NodeId a, NodeId b) {
    return std::tuple(level[a], graph_.node(a).op, a) < std::tuple(level[b], graph_.node(b).op, b);
  });
}

void Assembler::emit() {
  set_ids_.assign(graph_.sets.size(), ~0U);
  for (const NodeId id : order_) {
    const Node& node = graph_.node(id);
    emit_one(node);
    program_.cost_ += node.op == Op::in ? set_cost : 1;
    if (program_.runs_.empty() || program_.runs_.back().op != node.op) program_.runs_.push_back({node.op, 0});
    ++program_.runs_.back().count;
  }
}

void Assembler::emit_one(const Node& node) {
  if (node.op != Op::in) {
    const bool unary = node.op == Op::no || node.op == Op::abs;
    program_.code_.push_back(
        {at(node.a), unary ? std::uint16_t{0} : at(node.b), node.op == Op::ratio ? at(node.c) : std::uint16_t{0}});
    return;
  }
  std::uint32_t& set = set_ids_[node.b];
  if (set == ~0U) {
    set = static_cast<std::uint32_t>(program_.sets_.size());
    program_.sets_.push_back(graph_.sets[node.b]);
  }
  program_.code_.push_back({at(node.a), static_cast<std::uint16_t>(set), 0});
}

std::uint64_t Assembler::cost_of(const FeatureRef& ref) const {
  const Catalogue& catalogue = *environment_.catalogue;
  return ref.is_counter ? catalogue.counters[ref.index].cost : catalogue.features[ref.index].cost;
}

void Assembler::check_cost(const Program& program) {
  const std::uint64_t most = environment_.limits.cost;
  if (program.cost() <= most) return;
  std::vector<std::pair<std::uint64_t, std::string>> dear;
  std::uint64_t features = 0;
  for (const FeatureRef& ref : program.features()) {
    dear.emplace_back(cost_of(ref), to_text(*environment_.catalogue, ref));
    features += cost_of(ref);
  }
  std::sort(dear.begin(), dear.end(),
            [](const auto& a, const auto& b) { return a.first != b.first ? a.first > b.first : a.second < b.second; });
  std::string dearest;
  for (std::size_t i = 0; i < std::min<std::size_t>(3, dear.size()); ++i)
    dearest += fmt::format("{}{} {}", i == 0 ? "" : ", ", dear[i].second, dear[i].first);
  problems_.error(
      0, fmt::format("an act costs {} at worst, and at most {} is allowed: {} features {}, {} instructions {}, "
                     "{} rules {}; the dearest features: {}",
                     program.cost(), most, program.features().size(), features, program.instruction_count(),
                     program.cost() - features - program.rules().size(), program.rules().size(), program.rules().size(),
                     dearest));
}

}  // namespace zan::integrity::rules
