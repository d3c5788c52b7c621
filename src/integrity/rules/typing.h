// What types an operation takes and gives.
//
// Whole numbers become numbers where one is wanted. Durations are added to and compared with durations alone, and may
// be multiplied with or divided by numbers; a duration by a duration is a number.
//
// Threads: plain functions.
#pragma once

#include <optional>

#include "integrity/rules/catalogue.h"
#include "integrity/rules/syntax.h"

namespace zan::integrity::rules {

inline bool is_numeric(Type type) {
  return type == Type::integer || type == Type::number;
}

// Of min, max, a sum, the two results of a ratio.
inline std::optional<Type> joined(Type a, Type b) {
  if (a == b && (is_numeric(a) || a == Type::duration)) return a;
  if (is_numeric(a) && is_numeric(b)) return Type::number;
  return std::nullopt;
}

inline bool can_compare(Type a, Type b, bool equality) {
  if (joined(a, b)) return true;
  return equality && a == b && (a == Type::boolean || a == Type::id);
}

inline std::optional<Type> divided(Type a, Type b) {
  if (is_numeric(a) && is_numeric(b)) return Type::number;
  if (a == Type::duration && b == Type::duration) return Type::number;
  if (a == Type::duration && is_numeric(b)) return Type::duration;
  return std::nullopt;
}

inline std::optional<Type> multiplied(Type a, Type b) {
  if (is_numeric(a) && is_numeric(b)) return joined(a, b);
  if ((a == Type::duration && is_numeric(b)) || (is_numeric(a) && b == Type::duration)) return Type::duration;
  return std::nullopt;
}

}  // namespace zan::integrity::rules
