// Expressions become nodes of the graph: names are looked up, types checked.
//
// Threads: one.
#pragma once

#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "integrity/rules/graph.h"
#include "integrity/rules/problem.h"
#include "integrity/rules/ruleset.h"

namespace zan::integrity::rules {

// A value with its type; none when an error was said already.
struct Operand {
  bool ok = false;
  Type type = Type::boolean;
  NodeId node = 0;  // of a set: its number
};

class Lowering {
 public:
  Lowering(const Environment& environment, Graph& graph, Problems& problems)
      : catalogue_(*environment.catalogue), environment_(environment), graph_(graph), problems_(problems) {}

  Operand lower(const Expr& expr);
  // With an error unless it has this type.
  Operand lower_as(const Expr& expr, Type type, std::string_view what);
  Operand lower_members(const Expr& members);

  // Names that are defined further down are known as such.
  void announce(std::string_view name, std::uint32_t offset) { announced_.try_emplace(std::string(name), offset); }
  void define(const std::string& name, std::uint32_t offset, Operand value);
  void define_broken(const std::string& name) { definitions_.try_emplace(name); }
  void warn_of_unused();

  // A plain feature or a counter, without a value; nullopt after an error.
  std::optional<FeatureRef> feature_of(const Expr& expr);
  [[nodiscard]] std::uint64_t id_of(std::string_view text) const;

 private:
  struct Definition {
    std::uint32_t offset = 0;
    Operand value;
    bool used = false;
  };

  Operand name(const Expr& expr);
  Operand binary(const Expr& expr);
  Operand logical(const Expr& expr, Op op);
  Operand compare(const Expr& expr);
  Operand in(const Expr& expr);
  Operand arithmetic(const Expr& expr);
  Operand call(const Expr& expr);
  Operand least_or_most(const Expr& expr, Op op);
  Operand ratio(const Expr& expr);
  Operand make_ratio(const Expr& expr, Operand a, Operand b, std::optional<Operand> if_zero);
  std::optional<FeatureRef> counter(const Expr& expr);
  std::optional<Keys> keys(const Expr& expr);
  std::optional<Window> window(const Expr& expr);
  void no_such_counter(const Expr& expr, CounterForm form);
  void unknown_name(const Expr& expr);
  Operand read(const FeatureRef& ref);
  Operand mismatch(const Expr& expr, std::initializer_list<Operand> found, std::string expected);
  static Operand good(Type type, NodeId node) { return {true, type, node}; }

  const Catalogue& catalogue_;
  const Environment& environment_;
  Graph& graph_;
  Problems& problems_;
  std::map<std::string, Definition, std::less<>> definitions_;
  std::map<std::string, std::uint32_t, std::less<>> announced_;
};

}  // namespace zan::integrity::rules
