// Result<T>: a value, or an Error that some caller can act on.
//
// Why not exceptions: an error of a client, peer, clock or disk is ordinary flow here and must be seen at
// the call. Why not std::expected: it needs C++23 mode. A Result may not be dropped unread.
//
// Errors:  `kind` decides what the caller does, `message` is for people, `field` names the offending part of
//          the input (JSON pointer or parameter name), empty where there is none.
// Threads: plain value types.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "base/require.h"

namespace zan {

enum class ErrorKind : unsigned char {
  invalid,      // the input can never be accepted as it is
  not_found,    // names something that is not there
  conflict,     // contradicts what was accepted before
  refused,      // understood, and not allowed
  limited,      // too much or too fast; the same may be accepted later
  expired,      // a deadline or a token has run out
  unavailable,  // cannot now, through no fault of the caller (full disk, shutting down)
  corrupt,      // stored bytes are not what was written
  unsupported,  // well-formed, but of a version or kind not spoken here
};

const char* to_string(ErrorKind kind);

struct Error {
  ErrorKind kind = ErrorKind::invalid;
  std::string message;
  std::string field;
};

inline Error invalid(std::string message, std::string field = {}) {
  return {ErrorKind::invalid, std::move(message), std::move(field)};
}
inline Error not_found(std::string message, std::string field = {}) {
  return {ErrorKind::not_found, std::move(message), std::move(field)};
}
inline Error conflict(std::string message, std::string field = {}) {
  return {ErrorKind::conflict, std::move(message), std::move(field)};
}
inline Error limited(std::string message) {
  return {ErrorKind::limited, std::move(message), {}};
}
inline Error unavailable(std::string message) {
  return {ErrorKind::unavailable, std::move(message), {}};
}
inline Error corrupt(std::string message) {
  return {ErrorKind::corrupt, std::move(message), {}};
}
inline Error unsupported(std::string message) {
  return {ErrorKind::unsupported, std::move(message), {}};
}

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : either_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit by design
  Result(Error error) : either_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit by design

  [[nodiscard]] bool ok() const { return either_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // REQUIRES: ok().
  [[nodiscard]] T& value() & {
    require(ok(), "value() of a failed Result");
    return *std::get_if<0>(&either_);
  }
  [[nodiscard]] const T& value() const& {
    require(ok(), "value() of a failed Result");
    return *std::get_if<0>(&either_);
  }
  [[nodiscard]] T&& value() && {
    require(ok(), "value() of a failed Result");
    return std::move(*std::get_if<0>(&either_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  // REQUIRES: !ok().
  [[nodiscard]] const Error& error() const& {
    require(!ok(), "error() of a good Result");
    return *std::get_if<1>(&either_);
  }
  [[nodiscard]] Error&& error() && {
    require(!ok(), "error() of a good Result");
    return std::move(*std::get_if<1>(&either_));
  }

 private:
  std::variant<T, Error> either_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT: implicit by design

  [[nodiscard]] bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }

  // REQUIRES: !ok().
  [[nodiscard]] const Error& error() const {
    require(!ok(), "error() of a good Result");
    return *error_;
  }

 private:
  std::optional<Error> error_;
};

// Leaves the calling function with the error, if there is one.
#define ZAN_TRY(expression)                        \
  do {                                             \
    auto zan_try_result = (expression);            \
    if (!zan_try_result.ok()) [[unlikely]]         \
      return ::zan::Error(zan_try_result.error()); \
  } while (false)

#define ZAN_CONCAT_INNER(a, b) a##b
#define ZAN_CONCAT(a, b) ZAN_CONCAT_INNER(a, b)

// ZAN_ASSIGN(auto value, call()): declares `value`, or leaves with the error.
#define ZAN_ASSIGN(declaration, expression) ZAN_ASSIGN_INNER(ZAN_CONCAT(zan_assign_, __LINE__), declaration, expression)
#define ZAN_ASSIGN_INNER(temporary, declaration, expression) \
  auto temporary = (expression);                             \
  if (!temporary.ok()) [[unlikely]]                          \
    return ::zan::Error(std::move(temporary).error());       \
  declaration = std::move(temporary).value()

}  // namespace zan
