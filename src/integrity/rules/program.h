// A compiled ruleset, and the judging of one act by it.
//
// Idea: all rules together are one list of instructions without jumps. What two rules have in common is computed once,
// and what they read is listed once, in features(): the caller fills an array in that order, and nothing else is looked
// up while judging. Instructions of one kind that do not need each other stand together and run as one loop. Every act
// costs the same, and cost() is known beforehand.
//
// Threads: a Program is immutable; an Evaluator belongs to one thread.
// Cost:    about a nanosecond an instruction; judge() allocates nothing.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "integrity/rules/catalogue.h"
#include "integrity/rules/limits.h"
#include "integrity/rules/operations.h"

namespace zan::integrity::rules {

// From weak to strong: a rule that allows protects from all that hold or reject.
enum class Action : unsigned char { none, hold, reject, allow };
const char* to_string(Action action);

// One rule's text for people, in one language: texts[0] {slots[0]} texts[1] ... texts[n].
struct ReasonText {
  std::vector<std::string> texts;
  std::vector<std::uint8_t> slots;  // places in RuleInfo::values
};

struct RuleInfo {
  std::string name;
  std::uint64_t code = 0;  // of the name alone, the same in all versions
  Action action = Action::none;
  double score = 0;
  std::vector<std::string> tags;
  std::int64_t delay_from_ms = 0;
  std::int64_t delay_to_ms = 0;
  std::uint16_t when = 0;             // a register
  std::vector<std::uint16_t> values;  // registers that `because` names, each once
  std::vector<Type> types;            // of these
  ReasonText english;
  ReasonText chinese;  // no texts: there is none
};

struct Reason {
  std::uint16_t rule = 0;  // in Program::rules()
  std::uint16_t count = 0;
  std::array<Value, reason_values_max> values{};
};

struct Verdict {
  Action action = Action::none;
  double score = 0;  // the sum over the rules that matched
  std::uint16_t matched_count = 0;
  std::uint16_t reason_count = 0;
  std::array<std::uint64_t, rules_max / 64> matched{};  // a bit for each rule
  std::array<Reason, reasons_max> reasons{};  // of the rules that decided, then of others; in the text's order

  [[nodiscard]] bool has(std::size_t rule) const { return (matched[rule / 64] >> (rule % 64) & 1) != 0; }
};

class Program {
 public:
  struct Instruction {
    std::uint16_t a, b, c;  // registers; of `in`: b is the set
  };
  struct Run {
    Op op;
    std::uint16_t count;  // of instructions
  };

  // What the caller looks up for an act, in this order.
  [[nodiscard]] const std::vector<FeatureRef>& features() const { return features_; }
  [[nodiscard]] const std::vector<Type>& feature_types() const { return feature_types_; }
  [[nodiscard]] const std::vector<RuleInfo>& rules() const { return rules_; }
  [[nodiscard]] std::size_t instruction_count() const { return code_.size(); }
  // Of every act: what the features cost, one for an instruction or a rule, four for a look into a set.
  [[nodiscard]] std::uint64_t cost() const { return cost_; }

 private:
  friend class Evaluator;
  friend class Assembler;

  std::vector<Value> constants_;  // registers: these, then the features, then one for each instruction
  std::vector<FeatureRef> features_;
  std::vector<Type> feature_types_;
  std::vector<Instruction> code_;
  std::vector<Run> runs_;
  std::vector<ValueSet> sets_;
  std::vector<RuleInfo> rules_;
  std::vector<std::uint16_t> conditions_;  // RuleInfo::when, close together
  std::uint64_t cost_ = 0;
};

class Evaluator {
 public:
  explicit Evaluator(const Program& program);  // keeps a reference

  // REQUIRES: features.size() == program.features().size(). The verdict is overwritten by the next call. Numbers that
  // are not finite are made so; any truth value but 0 is 1.
  const Verdict& judge(std::span<const Value> features);

 private:
  void load(std::span<const Value> features);
  void run();
  void gather();
  void add_reasons(Action action, bool of_others);

  const Program& program_;
  std::vector<Value> registers_;
  Verdict verdict_;
};

}  // namespace zan::integrity::rules
