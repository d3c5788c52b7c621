// Everything that can go wrong with a request, as RFC 9457 problem details: one table from kind to type, title, status.
//
// The type is a URN, urn:zhenzan:problem:<slug>, that never changes its meaning.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace zan::api {

enum class Problem : std::uint8_t {
  bad_request,
  malformed_json,
  invalid_parameter,
  unauthorized,
  sign_in,
  totp_needed,
  signed_out,
  missing_scope,
  refused,
  csrf,
  role,
  not_yours,
  not_found,
  no_such_call,
  method_not_allowed,
  timed_out,
  conflict,
  expired,
  body_too_large,
  target_too_long,
  unsupported_media_type,
  expectation_failed,
  invalid_event,
  invalid_body,
  idempotency_key_reuse,
  rate_limited,
  locked_out,
  overloaded,
  header_too_large,
  internal,
  corrupt,
  not_implemented,
  unavailable,
  too_many_connections,
  http_version,
};
inline constexpr std::size_t problem_count = static_cast<std::size_t>(Problem::http_version) + 1;

struct ProblemKind {
  Problem problem;
  const char* slug;
  const char* title;
  int status;
  const char* code = nullptr;  // for pages that tell kinds of one status apart; null: none
};
const ProblemKind& kind_of(Problem problem);

// One problem of one request. `field`: JSON pointer or parameter name, empty where there is none.
struct Failure {
  Problem problem = Problem::internal;
  std::string detail;
  std::string field;
};

// What an Error means to a client. `about`: what it is called when the input is to blame (invalid_event, invalid_body,
// invalid_parameter); malformed input, that is an Error without a field, is then malformed_json.
Failure to_failure(const Error& error, Problem about);

// {"type":..,"title":..,"status":..,"detail":..,"instance":..,"field":..,"code":..}; instance only with a request id.
void append_problem(std::string& out, const Failure& failure, std::string_view request_id);

}  // namespace zan::api
