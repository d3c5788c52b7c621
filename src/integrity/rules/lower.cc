#include "integrity/rules/lower.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "integrity/rules/lexer.h"
#include "integrity/rules/print.h"
#include "integrity/rules/typing.h"

namespace zan::integrity::rules {
namespace {

constexpr std::array<std::string_view, 6> functions = {"count", "distinct", "min", "max", "abs", "ratio"};

std::string quoted(std::string_view name) {
  return '"' + excerpt(name) + '"';
}

}  // namespace

Operand Lowering::lower(const Expr& expr) {
  if (problems_.full()) return {};
  switch (expr.kind) {
    case ExprKind::boolean:
      return good(Type::boolean, graph_.constant(Value::of(expr.number)));
    case ExprKind::integer:
      return good(Type::integer, graph_.constant(Value::of(expr.number)));
    case ExprKind::number:
      return good(Type::number, graph_.constant(Value::of(expr.number)));
    case ExprKind::duration:
      return good(Type::duration, graph_.constant(Value::of(expr.number)));
    case ExprKind::text:
      return good(Type::id, graph_.constant(Value::of_id(id_of(expr.text))));
    case ExprKind::name:
      return name(expr);
    case ExprKind::members:
      return lower_members(expr);
    case ExprKind::call:
      return call(expr);
    case ExprKind::binary:
      return binary(expr);
    case ExprKind::no: {
      const Operand part = lower_as(expr.parts[0], Type::boolean, "behind not");
      return part.ok ? good(Type::boolean, graph_.operation(Op::no, part.node)) : part;
    }
    case ExprKind::negate: {
      const Operand part = lower(expr.parts[0]);
      if (part.ok && !joined(part.type, part.type)) return mismatch(expr, {part}, "a number or a duration");
      return part.ok ? good(part.type, graph_.operation(Op::sub, graph_.constant(Value::of(0.0)), part.node)) : part;
    }
  }
  return {};
}

Operand Lowering::lower_as(const Expr& expr, Type type, std::string_view what) {
  const Operand value = lower(expr);
  if (!value.ok || value.type == type) return value;
  problems_.error(expr.offset, fmt::format("the wrong type {}", what), to_string(value.type), to_string(type));
  return {};
}

Operand Lowering::lower_members(const Expr& members) {
  std::vector<std::uint64_t> bits;
  bits.reserve(members.parts.size());
  const bool texts = !members.parts.empty() && members.parts.front().kind == ExprKind::text;
  for (const Expr& member : members.parts) bits.push_back(texts ? id_of(member.text) : Value::of(member.number).bits);
  return good(texts ? Type::id_set : Type::integer_set, graph_.add_set(ValueSet(bits)));
}

void Lowering::define(const std::string& name, std::uint32_t offset, Operand value) {
  if (catalogue_.feature(name) != nullptr)
    problems_.error(offset, "a feature has this name already", quoted(name), "another name");
  if (std::find(functions.begin(), functions.end(), name) != functions.end())
    problems_.error(offset, "a function has this name already", quoted(name), "another name");
  if (!definitions_.try_emplace(name, Definition{offset, value}).second)
    problems_.error(offset, "this name is defined already, and a name is given once", quoted(name), "another name");
}

void Lowering::warn_of_unused() {
  for (const auto& [name, definition] : definitions_) {
    if (!definition.used) problems_.warning(definition.offset, quoted(name) + " is defined and not used");
  }
}

std::uint64_t Lowering::id_of(std::string_view text) const {
  return keyed_hash64(environment_.id_key, as_bytes(text));
}

Operand Lowering::name(const Expr& expr) {
  const auto definition = definitions_.find(expr.text);
  if (definition != definitions_.end()) {
    definition->second.used = true;
    return definition->second.value;
  }
  const auto ref = feature_of(expr);
  return ref ? read(*ref) : Operand{};
}

std::optional<FeatureRef> Lowering::feature_of(const Expr& expr) {
  if (expr.kind == ExprKind::call) return counter(expr);
  if (const FeatureInfo* info = catalogue_.feature(expr.text))
    return FeatureRef{false, static_cast<std::uint16_t>(info - catalogue_.features.data()), Window::m1};
  unknown_name(expr);
  return std::nullopt;
}

void Lowering::unknown_name(const Expr& expr) {
  if (announced_.contains(expr.text)) {
    problems_.error(expr.offset, "used before its definition", quoted(expr.text), "the definition above this place");
    return;
  }
  std::vector<std::string_view> known;
  for (const FeatureInfo& info : catalogue_.features) known.push_back(info.name);
  for (const auto& [name, definition] : definitions_) known.push_back(name);
  problems_.error(expr.offset, "an unknown name", quoted(expr.text), "a feature or a definition",
                  nearest(expr.text, known));
}

Operand Lowering::read(const FeatureRef& ref) {
  const Type type = type_of(catalogue_, ref);
  return good(type, graph_.feature(ref, type));
}

Operand Lowering::mismatch(const Expr& expr, std::initializer_list<Operand> found, std::string expected) {
  std::string types;
  for (const Operand& operand : found) types += (types.empty() ? "" : " and ") + std::string(to_string(operand.type));
  problems_.error(expr.offset, "types that do not go together", std::move(types), std::move(expected));
  return {};
}

Operand Lowering::binary(const Expr& expr) {
  switch (expr.op) {
    case BinaryOp::either:
      return logical(expr, Op::either);
    case BinaryOp::both:
      return logical(expr, Op::both);
    case BinaryOp::in:
      return in(expr);
    case BinaryOp::add:
    case BinaryOp::sub:
    case BinaryOp::mul:
    case BinaryOp::div:
      return arithmetic(expr);
    default:
      return compare(expr);
  }
}

Operand Lowering::logical(const Expr& expr, Op op) {
  const char* what = op == Op::both ? "beside and" : "beside or";
  const Operand a = lower_as(expr.parts[0], Type::boolean, what);
  const Operand b = lower_as(expr.parts[1], Type::boolean, what);
  if (!a.ok || !b.ok) return {};
  return good(Type::boolean, graph_.operation(op, a.node, b.node));
}

Operand Lowering::compare(const Expr& expr) {
  const Operand a = lower(expr.parts[0]);
  const Operand b = lower(expr.parts[1]);
  if (!a.ok || !b.ok) return {};
  const bool equality = expr.op == BinaryOp::eq || expr.op == BinaryOp::ne;
  if (!can_compare(a.type, b.type, equality))
    return mismatch(expr, {a, b}, equality ? "two of one type" : "two numbers or two durations");
  switch (expr.op) {
    case BinaryOp::eq:
      return good(Type::boolean, graph_.operation(Op::eq, a.node, b.node));
    case BinaryOp::ne:
      return good(Type::boolean, graph_.operation(Op::ne, a.node, b.node));
    case BinaryOp::lt:
      return good(Type::boolean, graph_.operation(Op::lt, a.node, b.node));
    case BinaryOp::le:
      return good(Type::boolean, graph_.operation(Op::le, a.node, b.node));
    case BinaryOp::gt:
      return good(Type::boolean, graph_.operation(Op::lt, b.node, a.node));
    default:
      return good(Type::boolean, graph_.operation(Op::le, b.node, a.node));
  }
}

Operand Lowering::in(const Expr& expr) {
  const Operand value = lower(expr.parts[0]);
  const Operand set = lower(expr.parts[1]);
  if (!value.ok || !set.ok) return {};
  const bool fits = (value.type == Type::id && set.type == Type::id_set) ||
                    (value.type == Type::integer && set.type == Type::integer_set);
  if (!fits) return mismatch(expr, {value, set}, "a text in a set of texts, or a whole number in a set of these");
  return good(Type::boolean, graph_.in(value.node, set.node));
}

Operand Lowering::arithmetic(const Expr& expr) {
  const Operand a = lower(expr.parts[0]);
  const Operand b = lower(expr.parts[1]);
  if (!a.ok || !b.ok) return {};
  if (expr.op == BinaryOp::div) return make_ratio(expr, a, b, std::nullopt);
  const bool product = expr.op == BinaryOp::mul;
  const auto type = product ? multiplied(a.type, b.type) : joined(a.type, b.type);
  if (!type)
    return mismatch(expr, {a, b}, product ? "numbers, or one duration and a number" : "two numbers or two durations");
  const Op op = product ? Op::mul : expr.op == BinaryOp::add ? Op::add : Op::sub;
  return good(*type, graph_.operation(op, a.node, b.node));
}

Operand Lowering::make_ratio(const Expr& expr, Operand a, Operand b, std::optional<Operand> if_zero) {
  const auto type = divided(a.type, b.type);
  if (!type) return mismatch(expr, {a, b}, "numbers, two durations, or a duration and a number");
  if (if_zero && !joined(*type, if_zero->type)) return mismatch(expr, {*if_zero}, to_string(*type));
  const NodeId zero = if_zero ? if_zero->node : graph_.constant(Value::of(0.0));
  return good(*type, graph_.operation(Op::ratio, a.node, b.node, zero));
}

Operand Lowering::call(const Expr& expr) {
  if (expr.text == "count" || expr.text == "distinct") {
    const auto ref = counter(expr);
    return ref ? read(*ref) : Operand{};
  }
  if (expr.text == "min") return least_or_most(expr, Op::min);
  if (expr.text == "max") return least_or_most(expr, Op::max);
  if (expr.text == "ratio") return ratio(expr);
  if (expr.text != "abs") {
    problems_.error(expr.offset, "an unknown function", quoted(expr.text), "count, distinct, min, max, abs or ratio",
                    nearest(expr.text, {functions.begin(), functions.end()}));
    return {};
  }
  if (expr.parts.size() != 1) {
    problems_.error(expr.offset, "abs has one argument", std::to_string(expr.parts.size()));
    return {};
  }
  const Operand part = lower(expr.parts[0]);
  if (part.ok && !joined(part.type, part.type)) return mismatch(expr, {part}, "a number or a duration");
  return part.ok ? good(part.type, graph_.operation(Op::abs, part.node)) : part;
}

Operand Lowering::least_or_most(const Expr& expr, Op op) {
  if (expr.parts.size() < 2) {
    problems_.error(expr.offset, expr.text + " has two arguments or more", std::to_string(expr.parts.size()));
    return {};
  }
  std::vector<Operand> values;
  for (const Expr& part : expr.parts) values.push_back(lower(part));
  Operand result = values.front();
  for (std::size_t i = 1; i < values.size(); ++i) {
    if (!result.ok || !values[i].ok) return {};
    const auto type = joined(result.type, values[i].type);
    if (!type) return mismatch(expr, {result, values[i]}, "numbers alone or durations alone");
    result = good(*type, graph_.operation(op, result.node, values[i].node));
  }
  return result;
}

Operand Lowering::ratio(const Expr& expr) {
  if (expr.parts.size() != 2 && expr.parts.size() != 3) {
    problems_.error(expr.offset, "ratio has two arguments, and a third for a division by zero",
                    std::to_string(expr.parts.size()));
    return {};
  }
  const Operand a = lower(expr.parts[0]);
  const Operand b = lower(expr.parts[1]);
  if (expr.parts.size() == 2) return a.ok && b.ok ? make_ratio(expr, a, b, std::nullopt) : Operand{};
  const Operand c = lower(expr.parts[2]);
  return a.ok && b.ok && c.ok ? make_ratio(expr, a, b, c) : Operand{};
}

std::optional<FeatureRef> Lowering::counter(const Expr& expr) {
  if (expr.text != "count" && expr.text != "distinct") {
    problems_.error(expr.offset, "no feature", quoted(expr.text), "count or distinct",
                    nearest(expr.text, {"count", "distinct"}));
    return std::nullopt;
  }
  if (expr.parts.size() < 3 || expr.parts.size() > 4 || expr.parts[0].kind != ExprKind::name) {
    problems_.error(
        expr.offset, fmt::format("{} wants a word, one key or two, and a window", expr.text), {},
        expr.text == "count" ? "for example count(like, device, 1m)" : "for example distinct(actor, device, 1h)");
    return std::nullopt;
  }
  const auto of = keys(expr);
  const auto over = window(expr);
  if (!of || !over) return std::nullopt;
  const CounterForm form = expr.text == "count" ? CounterForm::count : CounterForm::distinct;
  for (std::size_t i = 0; i < catalogue_.counters.size(); ++i) {
    const CounterInfo& info = catalogue_.counters[i];
    const bool fits = info.form == form && info.word == expr.parts[0].text && info.keys == *of;
    if (fits && (info.windows >> static_cast<unsigned>(*over) & 1) != 0)
      return FeatureRef{true, static_cast<std::uint16_t>(i), *over};
  }
  no_such_counter(expr, form);
  return std::nullopt;
}

std::optional<Keys> Lowering::keys(const Expr& expr) {
  Keys of = 0;
  for (std::size_t i = 1; i + 1 < expr.parts.size(); ++i) {
    const Expr& part = expr.parts[i];
    const auto at = std::find(key_names.begin(), key_names.end(), part.text);
    if (part.kind != ExprKind::name || at == key_names.end()) {
      problems_.error(part.offset, "no key of a counter", quoted(print(part)),
                      "actor, subject, creator, device or network",
                      nearest(part.text, {key_names.begin(), key_names.end()}));
      return std::nullopt;
    }
    const Keys key = keys_of(static_cast<Key>(at - key_names.begin()));
    if ((of & key) != 0) {
      problems_.error(part.offset, "one key twice", quoted(part.text));
      return std::nullopt;
    }
    of = static_cast<Keys>(of | key);
  }
  return of;
}

std::optional<Window> Lowering::window(const Expr& expr) {
  const Expr& part = expr.parts.back();
  for (std::size_t i = 0; i < window_count && part.kind == ExprKind::duration; ++i) {
    if (static_cast<double>(window_ms[i]) == part.number) return static_cast<Window>(i);
  }
  problems_.error(part.offset, "no window of a counter", quoted(print(part)), "1m, 5m, 1h, 6h, 1d, 7d or 30d");
  return std::nullopt;
}

void Lowering::no_such_counter(const Expr& expr, CounterForm form) {
  std::vector<std::string_view> words;
  std::string same_word;
  for (const CounterInfo& info : catalogue_.counters) {
    if (info.form != form) continue;
    words.push_back(info.word);
    if (info.word != expr.parts[0].text || same_word.size() > 200) continue;
    same_word += (same_word.empty() ? "" : "; ") + to_string(info.keys) + " over";
    for (std::size_t i = 0; i < window_count; ++i) {
      if ((info.windows >> i & 1) != 0) same_word += ' ' + std::string(window_names[i]);
    }
  }
  const std::string meant = same_word.empty() ? nearest(expr.parts[0].text, words) : "";
  problems_.error(expr.offset, "this is not counted", quoted(print(expr)),
                  same_word.empty() ? "another word" : "for this word: " + same_word, meant);
}

}  // namespace zan::integrity::rules
