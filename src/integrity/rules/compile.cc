#include "integrity/rules/compile.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/bytes.h"
#include "integrity/rules/assemble.h"
#include "integrity/rules/lower.h"
#include "integrity/rules/typing.h"

namespace zan::integrity::rules {
namespace {

class Compiler {
 public:
  Compiler(const Syntax& syntax, const Environment& environment, Problems& problems)
      : syntax_(syntax), environment_(environment), problems_(problems), lowering_(environment, graph_, problems) {}

  Compiled run() {
    for (const LetSyntax& let : syntax_.lets) lowering_.announce(let.name, let.offset);
    for (const SetSyntax& set : syntax_.sets) lowering_.announce(set.name, set.offset);
    for (const std::string& name : syntax_.broken) lowering_.define_broken(name);
    for (const Statement& statement : syntax_.order) {
      if (problems_.full()) return {};
      if (statement.kind == StatementKind::let) let(syntax_.lets[statement.index]);
      if (statement.kind == StatementKind::set) set(syntax_.sets[statement.index]);
      if (statement.kind == StatementKind::rule) rule(syntax_.rules[statement.index]);
    }
    if (syntax_.rules.empty() && !problems_.any_error()) problems_.error(0, "there is no rule");
    if (problems_.any_error()) return checked_tests();
    lowering_.warn_of_unused();
    result_.program = Assembler(graph_, environment_, problems_).run(std::move(drafts_));
    if (!problems_.any_error()) checked_tests();
    if (!loaded_.empty()) result_.sets_digest = keyed_hash128(HashKey{}, loaded_);
    return std::move(result_);
  }

 private:
  Compiled checked_tests() {
    for (const TestSyntax& test : syntax_.tests) {
      if (!problems_.full()) add_test(test);
    }
    return {};
  }

  void let(const LetSyntax& item) {
    Operand value = lowering_.lower(item.value);
    lowering_.define(item.name, item.offset, value);
  }

  void set(const SetSyntax& item) {
    lowering_.define(item.name, item.offset, item.is_loaded ? load(item) : lowering_.lower_members(item.members));
  }

  Operand load(const SetSyntax& item) {
    static const NamedSets none;
    const NamedSets& sets = environment_.sets == nullptr ? none : *environment_.sets;
    const auto found = sets.find(item.source);
    if (found == sets.end()) {
      std::vector<std::string_view> names;
      for (const auto& [name, members] : sets) names.push_back(name);
      problems_.error(item.offset, "there is no set of this name to load", '"' + excerpt(item.source) + '"', {},
                      nearest(item.source, names));
      return {};
    }
    std::vector<std::uint64_t> members = found->second;
    if (members.size() > environment_.limits.loaded_set) {
      problems_.error(item.offset, fmt::format("the loaded set has {} members; at most {} are allowed", members.size(),
                                               environment_.limits.loaded_set));
      return {};
    }
    std::sort(members.begin(), members.end());
    members.erase(std::unique(members.begin(), members.end()), members.end());
    put_varint(loaded_, item.source.size());
    put_bytes(loaded_, as_bytes(item.source));
    put_varint(loaded_, members.size());
    for (const std::uint64_t member : members) put_fixed(loaded_, member);
    return {true, Type::id_set, graph_.add_set(ValueSet(members))};
  }

  void rule(const RuleSyntax& item) {
    DraftRule draft;
    draft.info.name = item.name;
    draft.info.code = checksum64(as_bytes(item.name));
    draft.offset = item.offset;
    if (!rule_names_.insert(item.name).second)
      problems_.error(item.offset, "there is a rule of this name already", '"' + item.name + '"', "another name");
    const Operand when = lowering_.lower_as(item.when, Type::boolean, "behind when");
    draft.when = when.node;
    actions(item, draft.info);
    draft.info.delay_from_ms = static_cast<std::int64_t>(item.delay.from_ms);
    draft.info.delay_to_ms = static_cast<std::int64_t>(item.delay.to_ms);
    if (item.delay.given && draft.info.action != Action::hold && draft.info.action != Action::reject)
      problems_.error(item.delay.offset, "only what holds or rejects can be enforced later");
    because(item.english, draft, draft.info.english);
    because(item.chinese, draft, draft.info.chinese);
    if (when.ok && graph_.is_constant(when.node))
      problems_.warning(item.offset, fmt::format("the rule \"{}\" matches {}", item.name,
                                                 graph_.node(when.node).bits != 0 ? "every act" : "no act"));
    drafts_.push_back(std::move(draft));
  }

  void actions(const RuleSyntax& item, RuleInfo& info) {
    bool scored = false;
    for (const ActionSyntax& action : item.actions) {
      if (action.kind == ActionKind::tag) {
        info.tags.push_back(action.tag);
      } else if (action.kind == ActionKind::score) {
        if (scored) problems_.error(action.offset, "a rule has one score");
        scored = true;
        info.score = action.score;
      } else {
        if (info.action != Action::none) problems_.error(action.offset, "a rule has one of allow, reject and hold");
        info.action = action_of(action.kind);
      }
    }
  }

  static Action action_of(ActionKind kind) {
    if (kind == ActionKind::allow) return Action::allow;
    return kind == ActionKind::reject ? Action::reject : Action::hold;
  }

  void because(const Template& text, DraftRule& draft, ReasonText& to) {
    to.texts = text.texts;
    for (const Expr& expr : text.values) {
      const Operand value = lowering_.lower(expr);
      if (!value.ok) continue;
      if (value.type == Type::id_set || value.type == Type::integer_set) {
        problems_.error(expr.offset, "a set cannot be shown in a reason", to_string(value.type));
        continue;
      }
      to.slots.push_back(slot(value, expr.offset, draft));
    }
  }

  std::uint8_t slot(const Operand& value, std::uint32_t offset, DraftRule& draft) {
    for (std::size_t i = 0; i < draft.values.size(); ++i) {
      if (draft.values[i] == value.node && draft.info.types[i] == value.type) return static_cast<std::uint8_t>(i);
    }
    if (draft.values.size() >= reason_values_max) {
      problems_.error(offset, fmt::format("the reasons of a rule have at most {} values", reason_values_max));
      return 0;
    }
    draft.values.push_back(value.node);
    draft.info.types.push_back(value.type);
    return static_cast<std::uint8_t>(draft.values.size() - 1);
  }

  void add_test(const TestSyntax& item) {
    CompiledTest test;
    const auto& features = result_.program.features();
    test.offset = item.offset;
    test.values.resize(features.size());
    test.expected = item.expected;
    std::set<FeatureRef> seen;
    for (const GivenSyntax& given : item.givens) {
      const auto ref = lowering_.feature_of(given.feature);
      if (!ref) continue;
      if (!seen.insert(*ref).second) problems_.error(given.feature.offset, "this feature has a value already");
      const Value value = value_of(given, type_of(*environment_.catalogue, *ref));
      const auto at = std::find(features.begin(), features.end(), *ref);
      if (at != features.end()) {
        test.values[static_cast<std::size_t>(at - features.begin())] = value;
      } else if (!problems_.any_error()) {
        problems_.warning(given.feature.offset, "no rule reads this feature");
      }
    }
    find_rule(item, test);
    result_.tests.push_back(std::move(test));
  }

  Value value_of(const GivenSyntax& given, Type type) {
    const Expr& expr = given.value;
    const Type found = expr.kind == ExprKind::boolean    ? Type::boolean
                       : expr.kind == ExprKind::integer  ? Type::integer
                       : expr.kind == ExprKind::number   ? Type::number
                       : expr.kind == ExprKind::duration ? Type::duration
                                                         : Type::id;
    if (found != type && !(found == Type::integer && type == Type::number))
      problems_.error(expr.offset, "the wrong type for this feature", to_string(found), to_string(type));
    return found == Type::id ? Value::of_id(lowering_.id_of(expr.text)) : Value::of(expr.number);
  }

  void find_rule(const TestSyntax& item, CompiledTest& test) {
    std::vector<std::string_view> names;
    for (const RuleSyntax& rule : syntax_.rules) names.push_back(rule.name);
    const auto at = std::find(names.begin(), names.end(), item.rule);
    const auto& broken = syntax_.broken;
    if (at == names.end() && std::find(broken.begin(), broken.end(), item.rule) != broken.end()) return;
    if (at == names.end()) {
      problems_.error(item.offset, "a test of a rule that does not exist", '"' + excerpt(item.rule) + '"',
                      "the name of a rule", nearest(item.rule, names));
      return;
    }
    test.rule = static_cast<std::uint16_t>(at - names.begin());
  }

  const Syntax& syntax_;
  const Environment& environment_;
  Problems& problems_;
  Graph graph_;
  Lowering lowering_;
  Compiled result_;
  std::vector<DraftRule> drafts_;
  std::set<std::string, std::less<>> rule_names_;
  Bytes loaded_;  // what the loaded sets hold, for their digest
};

}  // namespace

Compiled compile(const Syntax& syntax, const Environment& environment, Problems& problems) {
  return Compiler(syntax, environment, problems).run();
}

}  // namespace zan::integrity::rules
