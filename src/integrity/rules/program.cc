#include "integrity/rules/program.h"

#include <type_traits>

#include "base/require.h"

namespace zan::integrity::rules {

namespace {

// Calls `use` with the operation as a constant, so that a loop over one kind of instructions has no branch for it.
template <typename Use>
void for_op(Op op, Use use) {
  switch (op) {
#define ZAN_RULES_CASE(name) \
  case Op::name:             \
    return use(std::integral_constant<Op, Op::name>{})
    ZAN_RULES_CASE(both);
    ZAN_RULES_CASE(either);
    ZAN_RULES_CASE(no);
    ZAN_RULES_CASE(lt);
    ZAN_RULES_CASE(le);
    ZAN_RULES_CASE(eq);
    ZAN_RULES_CASE(ne);
    ZAN_RULES_CASE(add);
    ZAN_RULES_CASE(sub);
    ZAN_RULES_CASE(mul);
    ZAN_RULES_CASE(ratio);
    ZAN_RULES_CASE(min);
    ZAN_RULES_CASE(max);
    ZAN_RULES_CASE(abs);
    ZAN_RULES_CASE(in);
#undef ZAN_RULES_CASE
    case Op::constant:
    case Op::feature:
      return;
  }
}

}  // namespace

const char* to_string(Action action) {
  switch (action) {
    case Action::none:
      return "none";
    case Action::hold:
      return "hold";
    case Action::reject:
      return "reject";
    case Action::allow:
      return "allow";
  }
  return "";
}

Evaluator::Evaluator(const Program& program) : program_(program), registers_(program.constants_) {
  registers_.resize(program.constants_.size() + program.features_.size() + program.code_.size());
}

const Verdict& Evaluator::judge(std::span<const Value> features) {
  require(features.size() == program_.features_.size(), "as many values as the program reads");
  load(features);
  run();
  gather();
  return verdict_;
}

void Evaluator::load(std::span<const Value> features) {
  Value* to = registers_.data() + program_.constants_.size();
  for (std::size_t i = 0; i < features.size(); ++i) {
    const Type type = program_.feature_types_[i];
    if (type == Type::id) {
      to[i] = features[i];
    } else if (type == Type::boolean) {
      to[i] = Value::of(features[i].number() != 0);
    } else {
      to[i] = Value::of(clean(features[i].number()));
    }
  }
}

void Evaluator::run() {
  Value* const registers = registers_.data();
  Value* to = registers + program_.constants_.size() + program_.features_.size();
  const Program::Instruction* step = program_.code_.data();
  const auto repeat = [&]<Op op>(std::integral_constant<Op, op>, std::size_t count) {
    for (const Program::Instruction* const end = step + count; step != end; ++step) {
      if constexpr (op == Op::in) {
        *to++ = Value::of(program_.sets_[step->b].contains(registers[step->a].bits));
      } else {
        *to++ = apply(op, registers[step->a], registers[step->b], registers[step->c]);
      }
    }
  };
  for (const Program::Run run : program_.runs_) for_op(run.op, [&](auto op) { repeat(op, run.count); });
}

void Evaluator::gather() {
  verdict_.action = Action::none;
  verdict_.score = 0;
  verdict_.matched_count = 0;
  verdict_.reason_count = 0;
  verdict_.matched.fill(0);
  for (std::size_t i = 0; i < program_.conditions_.size(); ++i) {
    if (!registers_[program_.conditions_[i]].holds()) continue;
    const RuleInfo& rule = program_.rules_[i];
    verdict_.matched[i / 64] |= std::uint64_t{1} << (i % 64);
    ++verdict_.matched_count;
    verdict_.score = clean(verdict_.score + rule.score);
    verdict_.action = std::max(verdict_.action, rule.action);
  }
  if (verdict_.matched_count == 0) return;
  add_reasons(verdict_.action, false);
  add_reasons(verdict_.action, true);
}

void Evaluator::add_reasons(Action action, bool of_others) {
  for (std::size_t i = 0; i < program_.rules_.size() && verdict_.reason_count < reasons_max; ++i) {
    const RuleInfo& rule = program_.rules_[i];
    if (!verdict_.has(i) || (rule.action != action) != of_others) continue;
    Reason& reason = verdict_.reasons[verdict_.reason_count++];
    reason.rule = static_cast<std::uint16_t>(i);
    reason.count = static_cast<std::uint16_t>(rule.values.size());
    for (std::size_t k = 0; k < rule.values.size(); ++k) reason.values[k] = registers_[rule.values[k]];
  }
}

}  // namespace zan::integrity::rules
