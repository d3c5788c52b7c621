#include "api/http_reader.h"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <limits>

namespace zan::api {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;
using beast::string_view;
using ErrorCode = beast::error_code;

constexpr std::size_t chunk_extension_bytes_max = 1024;

Method to_method(http::verb verb) {
  switch (verb) {
    case http::verb::get:
      return Method::get;
    case http::verb::head:
      return Method::head;
    case http::verb::post:
      return Method::post;
    case http::verb::put:
      return Method::put;
    case http::verb::delete_:
      return Method::del;
    case http::verb::options:
      return Method::options;
    default:
      return Method::other;
  }
}

std::string* member_of(Request& request, http::field field) {
  switch (field) {
    case http::field::host:
      return &request.host;
    case http::field::content_type:
      return &request.content_type;
    case http::field::content_encoding:
      return &request.content_encoding;
    case http::field::authorization:
      return &request.authorization;
    case http::field::origin:
      return &request.origin;
    case http::field::accept:
      return &request.accept;
    case http::field::cookie:
      return &request.cookie;
    case http::field::accept_encoding:
      return &request.accept_encoding;
    case http::field::if_none_match:
      return &request.if_none_match;
    default:
      return nullptr;
  }
}

// Fields that Beast knows no number for.
std::string* member_of(Request& request, string_view name) {
  if (beast::iequals(name, "Idempotency-Key")) return &request.idempotency_key;
  if (beast::iequals(name, "X-Request-Id")) return &request.request_id;
  if (beast::iequals(name, "X-CSRF-Token")) return &request.csrf;
  if (beast::iequals(name, "Last-Event-ID")) return &request.last_event_id;
  return nullptr;
}

// Keeps what the server acts on. One object a request: Beast's parsers cannot be used twice.
class Parser final : public http::basic_parser<true> {
 public:
  Parser(Request& request, std::string_view& piece, Failure& failure)
      : request_(request), piece_(piece), failure_(failure) {
    eager(false);
    body_limit(boost::none);
    header_limit(std::numeric_limits<std::uint32_t>::max());  // HttpReader counts
  }

 private:
  void on_request_impl(http::verb verb, string_view, string_view target, int version, ErrorCode&) override {
    request_.method = to_method(verb);
    request_.target.assign(target.data(), target.size());
    request_.http11 = version == 11;
  }

  void on_response_impl(int, string_view, int, ErrorCode&) override {}

  void on_field_impl(http::field field, string_view name, string_view value, ErrorCode& code) override {
    if (is_header_done()) return;  // a trailer
    if (field == http::field::transfer_encoding && !beast::iequals(value, "chunked"))
      return refuse(Problem::not_implemented, "no transfer coding but chunked is spoken here", code);
    if (field == http::field::expect) return expect(value, code);
    std::string* member = member_of(request_, field);
    if (member == nullptr) member = member_of(request_, name);
    if (member == nullptr) return;
    const bool list = member == &request_.accept_encoding || member == &request_.if_none_match;
    if (list && !member->empty()) {
      member->append(", ").append(value.data(), value.size());
      return;
    }
    if (!member->empty()) return refuse(Problem::bad_request, "a header field is given twice", code);
    member->assign(value.data(), value.size());
  }

  void on_header_impl(ErrorCode& code) override {
    request_.keep_alive = keep_alive();
    if (!chunked() && content_length()) request_.content_length = *content_length();
    request_.has_body = chunked() || request_.content_length.value_or(0) > 0;
    if (chunked() && !request_.http11) return refuse(Problem::bad_request, "chunked needs HTTP/1.1", code);
    if (request_.http11 && request_.host.empty()) refuse(Problem::bad_request, "the Host field is missing", code);
  }

  void on_body_init_impl(const boost::optional<std::uint64_t>&, ErrorCode&) override {}

  std::size_t on_body_impl(string_view body, ErrorCode&) override {
    piece_ = {body.data(), body.size()};
    return body.size();
  }

  void on_chunk_header_impl(std::uint64_t, string_view extensions, ErrorCode& code) override {
    if (extensions.size() > chunk_extension_bytes_max)
      refuse(Problem::header_too_large, "a chunk extension is too long", code);
  }

  std::size_t on_chunk_body_impl(std::uint64_t, string_view body, ErrorCode&) override {
    piece_ = {body.data(), body.size()};
    return body.size();
  }

  void on_finish_impl(ErrorCode&) override {}

  void expect(string_view value, ErrorCode& code) {
    if (!beast::iequals(value, "100-continue"))
      return refuse(Problem::expectation_failed, "no expectation but 100-continue can be met", code);
    request_.expect_continue = true;
  }

  void refuse(Problem problem, std::string detail, ErrorCode& code) {
    failure_ = {problem, std::move(detail), {}};
    code = http::make_error_code(http::error::bad_value);
  }

  Request& request_;
  std::string_view& piece_;
  Failure& failure_;
};

Failure to_failure(const ErrorCode& code) {
  if (code == http::error::bad_version) return {Problem::http_version, "the request line does not end in HTTP/1.1", {}};
  if (code == http::error::header_limit) return {Problem::header_too_large, "the request header is too long", {}};
  return {Problem::bad_request, "malformed HTTP: " + code.message(), {}};
}

}  // namespace

std::string_view to_string(Method method) {
  switch (method) {
    case Method::get:
      return "GET";
    case Method::head:
      return "HEAD";
    case Method::post:
      return "POST";
    case Method::put:
      return "PUT";
    case Method::del:
      return "DELETE";
    case Method::options:
      return "OPTIONS";
    case Method::other:
      break;
  }
  return "other";
}

void Request::clear() {
  method = Method::other;
  http11 = keep_alive = true;
  expect_continue = has_body = false;
  content_length.reset();
  for (std::string* text : {&target, &content_type, &content_encoding, &authorization, &idempotency_key, &request_id,
                            &last_event_id, &origin, &accept, &cookie, &csrf, &accept_encoding, &if_none_match, &host})
    text->clear();
}

struct HttpReader::Impl {
  explicit Impl(const Limits& limits_given) : limits(limits_given) { parser.emplace(request, piece, failure); }

  const Limits& limits;
  Request request;
  std::string_view piece;
  Failure failure;
  std::optional<Parser> parser;
  std::size_t head_bytes = 0;
  bool head_told = false;

  Step bad(Failure what) {
    if (failure.detail.empty()) failure = std::move(what);
    return Step::bad;
  }

  Step more(std::string_view bytes, std::size_t consumed) {
    const std::size_t waiting = bytes.size() - consumed;
    const std::size_t line_bytes = head_told ? waiting : head_bytes + waiting;
    if (line_bytes < limits.header_bytes) return Step::more;
    return bad(to_failure(http::make_error_code(http::error::header_limit)));
  }
};

HttpReader::HttpReader(const Limits& limits) : impl_(std::make_unique<Impl>(limits)) {}
HttpReader::~HttpReader() = default;

HttpReader::Step HttpReader::read(std::string_view bytes, std::size_t& consumed) {
  Impl& self = *impl_;
  consumed = 0;
  for (;;) {
    if (self.head_told && self.parser->is_done()) return Step::complete;
    while (!self.parser->got_some() && bytes.substr(consumed).starts_with("\r\n")) consumed += 2;
    const std::string_view rest = bytes.substr(consumed);
    if (rest.empty() || (!self.parser->got_some() && rest == "\r")) return Step::more;
    self.piece = {};
    ErrorCode code;
    const std::size_t taken = self.parser->put(boost::asio::const_buffer(rest.data(), rest.size()), code);
    consumed += taken;
    if (!self.head_told) self.head_bytes += taken;
    if (code == http::error::need_more) return self.more(bytes, consumed);
    if (code) return self.bad(to_failure(code));
    if (!self.head_told && self.parser->is_header_done()) {
      if (self.head_bytes > self.limits.header_bytes)
        return self.bad(to_failure(http::make_error_code(http::error::header_limit)));
      self.head_told = true;
      return Step::head;
    }
    if (!self.piece.empty()) return Step::body;
  }
}

void HttpReader::reset() {
  impl_->request.clear();
  impl_->failure = {};
  impl_->parser.emplace(impl_->request, impl_->piece, impl_->failure);
  impl_->head_bytes = 0;
  impl_->head_told = false;
}

const Request& HttpReader::request() const {
  return impl_->request;
}
std::string_view HttpReader::piece() const {
  return impl_->piece;
}
bool HttpReader::started() const {
  return impl_->parser->got_some();
}
const Failure& HttpReader::failure() const {
  return impl_->failure;
}

}  // namespace zan::api
