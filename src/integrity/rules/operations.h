// What a program can do to values, one by one: used by the evaluator and by the folding of constants, so that both
// agree.
//
// Every result is a finite number: what is too large becomes the largest double, what is no number becomes 0, and -0
// becomes 0. A division by zero gives what the rule says, else 0. So equal inputs give equal bits on every machine.
//
// Threads: plain functions.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "base/hash.h"
#include "integrity/rules/catalogue.h"

namespace zan::integrity::rules {

enum class Op : std::uint8_t {
  constant,
  feature,
  both,
  either,
  no,
  lt,
  le,
  eq,
  ne,
  add,
  sub,
  mul,
  ratio,
  min,
  max,
  abs,
  in
};

// A set of values that never changes: open addressing, at most half full.
class ValueSet {
 public:
  ValueSet() = default;
  explicit ValueSet(std::span<const std::uint64_t> members) {
    std::size_t size = 2;
    while (size < members.size() * 2) size *= 2;
    slots_.assign(size, 0);
    mask_ = size - 1;
    for (const std::uint64_t member : members) insert(member);
  }

  [[nodiscard]] bool contains(std::uint64_t bits) const {
    if (bits == 0) return has_zero_;
    for (std::size_t at = mix64(bits) & mask_;; at = (at + 1) & mask_) {
      if (slots_[at] == bits) return true;
      if (slots_[at] == 0) return false;
    }
  }

 private:
  void insert(std::uint64_t bits) {
    if (bits == 0) has_zero_ = true;
    if (bits == 0) return;
    std::size_t at = mix64(bits) & mask_;
    while (slots_[at] != 0 && slots_[at] != bits) at = (at + 1) & mask_;
    slots_[at] = bits;
  }

  std::vector<std::uint64_t> slots_ = std::vector<std::uint64_t>(2);
  std::size_t mask_ = 1;
  bool has_zero_ = false;
};

inline double clean(double number) {
  if (number - number == 0) [[likely]]
    return number + 0.0;
  return std::isnan(number) ? 0.0 : std::copysign(std::numeric_limits<double>::max(), number);
}

// `in` has the number of its set in `b`, everything else operands.
inline Value apply(Op op, Value a, Value b, Value c) {
  switch (op) {
    case Op::both:
      return {a.bits & b.bits};
    case Op::either:
      return {a.bits | b.bits};
    case Op::no:
      return {a.bits ^ Value::of(1.0).bits};
    case Op::lt:
      return Value::of(a.number() < b.number());
    case Op::le:
      return Value::of(a.number() <= b.number());
    case Op::eq:
      return Value::of(a.bits == b.bits);
    case Op::ne:
      return Value::of(a.bits != b.bits);
    case Op::add:
      return Value::of(clean(a.number() + b.number()));
    case Op::sub:
      return Value::of(clean(a.number() - b.number()));
    case Op::mul:
      return Value::of(clean(a.number() * b.number()));
    case Op::ratio:
      return b.number() == 0 ? c : Value::of(clean(a.number() / b.number()));
    case Op::min:
      return Value::of(std::min(a.number(), b.number()));
    case Op::max:
      return Value::of(std::max(a.number(), b.number()));
    case Op::abs:
      return Value::of(std::fabs(a.number()));
    case Op::constant:
    case Op::feature:
    case Op::in:
      break;
  }
  return {};
}

}  // namespace zan::integrity::rules
