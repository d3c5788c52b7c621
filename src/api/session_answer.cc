// The answering half of Session: status line, fields, pieces.
#include <algorithm>

#include "api/session.h"
#include "api/text.h"
#include "base/log.h"

namespace zan::api {
namespace {

std::string_view status_line(int status) {
  switch (status) {
    case 200:
      return "HTTP/1.1 200 OK\r\n";
    case 202:
      return "HTTP/1.1 202 Accepted\r\n";
    case 204:
      return "HTTP/1.1 204 No Content\r\n";
    case 302:
      return "HTTP/1.1 302 Found\r\n";
    case 304:
      return "HTTP/1.1 304 Not Modified\r\n";
    case 400:
      return "HTTP/1.1 400 Bad Request\r\n";
    case 401:
      return "HTTP/1.1 401 Unauthorized\r\n";
    case 403:
      return "HTTP/1.1 403 Forbidden\r\n";
    case 404:
      return "HTTP/1.1 404 Not Found\r\n";
    case 405:
      return "HTTP/1.1 405 Method Not Allowed\r\n";
    case 408:
      return "HTTP/1.1 408 Request Timeout\r\n";
    case 409:
      return "HTTP/1.1 409 Conflict\r\n";
    case 410:
      return "HTTP/1.1 410 Gone\r\n";
    case 413:
      return "HTTP/1.1 413 Content Too Large\r\n";
    case 414:
      return "HTTP/1.1 414 URI Too Long\r\n";
    case 415:
      return "HTTP/1.1 415 Unsupported Media Type\r\n";
    case 417:
      return "HTTP/1.1 417 Expectation Failed\r\n";
    case 422:
      return "HTTP/1.1 422 Unprocessable Content\r\n";
    case 429:
      return "HTTP/1.1 429 Too Many Requests\r\n";
    case 431:
      return "HTTP/1.1 431 Request Header Fields Too Large\r\n";
    case 501:
      return "HTTP/1.1 501 Not Implemented\r\n";
    case 503:
      return "HTTP/1.1 503 Service Unavailable\r\n";
    case 505:
      return "HTTP/1.1 505 HTTP Version Not Supported\r\n";
    default:
      return "HTTP/1.1 500 Internal Server Error\r\n";
  }
}

std::uint64_t seconds_up(std::int64_t us) {
  return static_cast<std::uint64_t>((us + us_per_second - 1) / us_per_second);
}

void append_field(std::string& out, std::string_view name, std::uint64_t value) {
  out += name;
  append_number(out, value);
  out += "\r\n";
}

}  // namespace

void Session::answer(int status, std::string_view content_type, std::string_view body) {
  if (!rest_is_short()) keep_alive_ = false;
  append_head(status, content_type, body.size());
  if (request().method != Method::head) out_ += body;
  answer_begun_ = true;
  finish_answer();
}

void Session::add_field(std::string_view name, std::string_view value) {
  extra_.append(name).append(": ").append(value).append("\r\n");
}

void Session::fail(const Failure& failure) {
  const int status = kind_of(failure.problem).status;
  if (failure.problem == Problem::overloaded || failure.problem == Problem::unavailable)
    append_field(extra_, "Retry-After: ", engine::retry_after_seconds);
  if (failure.problem == Problem::rate_limited && bucket() != nullptr)
    append_field(extra_,
                 "Retry-After: ", std::max<std::uint64_t>(1, seconds_up(bucket()->level(thread_.now_us).next_in_us)));
  std::string body;
  append_problem(body, failure, request_id_);
  body += '\n';
  answer(status, "application/problem+json", body);
}

void Session::begin_pieces(std::string_view content_type) {
  chunked_ = request().http11;
  if (!chunked_) keep_alive_ = false;
  append_head(200, content_type, std::nullopt);
  answer_begun_ = true;
}

void Session::piece(std::string_view bytes) {
  if (bytes.empty() || request().method == Method::head) return;
  if (!chunked_) {
    out_ += bytes;
    return;
  }
  char digits[16];
  const auto written = std::to_chars(digits, digits + sizeof digits, bytes.size(), 16);
  out_.append(digits, static_cast<std::size_t>(written.ptr - digits));
  out_ += "\r\n";
  out_ += bytes;
  out_ += "\r\n";
}

void Session::end_pieces() {
  if (!rest_is_short()) keep_alive_ = false;
  if (chunked_) out_ += "0\r\n\r\n";
  finish_answer();
}

void Session::break_off() {
  keep_alive_ = false;
  stage_ = Stage::closing;
  finish_answer();
}

void Session::append_head(int status, std::string_view content_type, std::optional<std::size_t> length) {
  status_ = status;
  out_ += status_line(status);
  out_ += thread_.date;
  if (!content_type.empty()) {
    out_ += "Content-Type: ";
    out_ += content_type;
    out_ += "\r\nCache-Control: ";
    out_ += cache_control_.empty() || status >= 300 ? std::string_view("no-store") : std::string_view(cache_control_);
    out_ += "\r\nX-Content-Type-Options: nosniff\r\n";
  }
  if (length && status != 204 && status != 304) append_field(out_, "Content-Length: ", *length);
  if (!length && chunked_) out_ += "Transfer-Encoding: chunked\r\n";
  out_ += "X-Request-Id: ";
  out_ += request_id_;
  out_ += "\r\n";
  if (!keep_alive_) {
    out_ += "Connection: close\r\n";
  } else if (!request().http11) {
    out_ += "Connection: keep-alive\r\n";
  }
  append_limits();
  append_cors();
  out_ += extra_;
  out_ += "\r\n";
}

// draft-ietf-httpapi-ratelimit-headers, the three fields of its early versions that clients know.
void Session::append_limits() {
  if (bucket() == nullptr || call_ == Call::none || route_of(call_).scope == Scope::open) return;
  const TokenBucket::Level level = bucket()->level(thread_.now_us);
  append_field(out_, "RateLimit-Limit: ", bucket()->rate());
  append_field(out_, "RateLimit-Remaining: ", level.remaining);
  append_field(out_, "RateLimit-Reset: ", seconds_up(level.full_in_us));
}

void Session::append_cors() {
  const std::string& allowed = server().cors_origin;
  if (allowed.empty() || request().origin.empty() || call_ == Call::get_log_file) return;
  out_ += "Vary: Origin\r\n";
  if (allowed != "*" && allowed != request().origin) return;
  out_ += "Access-Control-Allow-Origin: ";
  out_ += allowed;
  out_ +=
      "\r\nAccess-Control-Expose-Headers: X-Request-Id, Retry-After, RateLimit-Limit, RateLimit-Remaining, "
      "RateLimit-Reset\r\n";
}

void Session::log_answer(std::int64_t took_us) const {
  const bool slow = took_us >= limits().slow_us && call_ != Call::stream && call_ != Call::post_events &&
                    call_ != Call::get_user_export;
  if (status_ < 500 && !slow) return;
  const log::Level level = status_ >= 500 && status_ != 503 ? log::Level::error : log::Level::warn;
  log::write(level, status_ >= 500 ? "request failed" : "request was slow",
             {{"call", to_string(call_)}, {"status", status_}, {"took_us", took_us}, {"request", request_id_}});
}

}  // namespace zan::api
