#include "api/problem.h"

#include <array>

#include "base/require.h"
#include "engagement/engagement.h"

namespace zan::api {
namespace {

constexpr std::array<ProblemKind, problem_count> kinds{{
    {Problem::bad_request, "bad-request", "The request is not proper HTTP", 400},
    {Problem::malformed_json, "malformed-json", "The body is not the JSON it should be", 400},
    {Problem::invalid_parameter, "invalid-parameter", "A parameter is not acceptable", 400},
    {Problem::unauthorized, "unauthorized", "A valid API key is needed", 401},
    {Problem::sign_in, "sign-in", "The name or the password is wrong", 401, "sign_in"},
    {Problem::totp_needed, "totp-needed", "The second factor is needed", 401, "totp_needed"},
    {Problem::signed_out, "signed-out", "Nobody is signed in", 401, "signed_out"},
    {Problem::missing_scope, "missing-scope", "The API key lacks a scope", 403},
    {Problem::refused, "refused", "Not allowed", 403},
    {Problem::csrf, "csrf", "The session's token is missing", 403, "csrf"},
    {Problem::role, "role", "Not for this role", 403, "role"},
    {Problem::not_yours, "not-yours", "It is somebody else's", 403, "not_yours"},
    {Problem::not_found, "not-found", "There is nothing of that name", 404},
    {Problem::no_such_call, "no-such-call", "There is no such call", 404},
    {Problem::method_not_allowed, "method-not-allowed", "The call does not know this method", 405},
    {Problem::timed_out, "timed-out", "The request came too slowly", 408},
    {Problem::conflict, "conflict", "It contradicts what was accepted before", 409},
    {Problem::expired, "expired", "It has run out", 410},
    {Problem::body_too_large, "body-too-large", "The body is too large", 413},
    {Problem::target_too_long, "target-too-long", "The request target is too long", 414},
    {Problem::unsupported_media_type, "unsupported-media-type", "The body's type is not spoken here", 415},
    {Problem::expectation_failed, "expectation-failed", "The expectation cannot be met", 417},
    {Problem::invalid_event, "invalid-event", "The event breaks a rule", 422},
    {Problem::invalid_body, "invalid-body", "The body breaks a rule", 422},
    {Problem::idempotency_key_reuse, "idempotency-key-reuse", "The idempotency key was used for something else", 422},
    {Problem::rate_limited, "rate-limited", "Too many requests for this API key", 429},
    {Problem::locked_out, "locked-out", "Too many failures to sign in", 429, "locked_out"},
    {Problem::overloaded, "overloaded", "More is waiting than can be taken on", 429},
    {Problem::header_too_large, "header-too-large", "The request header is too large", 431},
    {Problem::internal, "internal", "Something went wrong here", 500},
    {Problem::corrupt, "corrupt", "Stored data is damaged", 500},
    {Problem::not_implemented, "not-implemented", "Not implemented", 501},
    {Problem::unavailable, "unavailable", "Not available at the moment", 503},
    {Problem::too_many_connections, "too-many-connections", "Too many connections", 503},
    {Problem::http_version, "http-version", "Only HTTP/1.0 and HTTP/1.1 are spoken here", 505},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kinds.size(); ++i)
    if (static_cast<std::size_t>(kinds[i].problem) != i) return false;
  return true;
}
static_assert(in_order());

Problem problem_of(const Error& error, Problem about) {
  switch (error.kind) {
    case ErrorKind::invalid:
      return error.field.empty() && about != Problem::invalid_parameter ? Problem::malformed_json : about;
    case ErrorKind::not_found:
      return Problem::not_found;
    case ErrorKind::conflict:
      return Problem::conflict;
    case ErrorKind::refused:
      return Problem::refused;
    case ErrorKind::limited:
      return Problem::overloaded;
    case ErrorKind::expired:
      return Problem::expired;
    case ErrorKind::unavailable:
      return Problem::unavailable;
    case ErrorKind::corrupt:
      return Problem::corrupt;
    case ErrorKind::unsupported:
      return Problem::unsupported_media_type;
  }
  return Problem::internal;
}

}  // namespace

const ProblemKind& kind_of(Problem problem) {
  return kinds.at(static_cast<std::size_t>(problem));
}

Failure to_failure(const Error& error, Problem about) {
  return {problem_of(error, about), error.message, error.field};
}

void append_problem(std::string& out, const Failure& failure, std::string_view request_id) {
  const ProblemKind& kind = kind_of(failure.problem);
  out += R"({"type":"urn:zhenzan:problem:)";
  out += kind.slug;
  out += R"(","title":")";
  out += kind.title;
  out += R"(","status":)";
  out += std::to_string(kind.status);
  if (!failure.detail.empty()) {
    out += R"(,"detail":)";
    append_json_string(out, failure.detail);
  }
  if (!request_id.empty()) {
    out += R"(,"instance":"urn:zhenzan:request:)";
    out += request_id;
    out += '"';
  }
  if (!failure.field.empty()) {
    out += R"(,"field":)";
    append_json_string(out, failure.field);
  }
  if (kind.code != nullptr) {
    out += R"(,"code":")";
    out += kind.code;
    out += '"';
  }
  out += '}';
}

}  // namespace zan::api
