// Bytes of HTTP/1.x in, one request after another out: head first, then the body in pieces as they come.
//
// Boost.Beast's parser does the grammar (and refuses what smuggling is made of: both lengths, two lengths, bare line
// feeds, bad chunks); this class keeps of the head what the server acts on, in strings it reuses, and adds the limits.
//
// Threads: one. Errors: Step::bad, then problem() and detail(); the reader is of no use afterwards until reset().
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "api/limits.h"
#include "api/problem.h"

namespace zan::api {

enum class Method : std::uint8_t { get, head, post, put, del, options, other };
std::string_view to_string(Method method);

// Fields that were not sent are empty.
struct Request {
  Method method = Method::other;
  bool http11 = true;
  bool keep_alive = true;
  bool expect_continue = false;
  bool has_body = false;
  std::optional<std::uint64_t> content_length;  // none: no body, or a chunked one
  std::string target, content_type, content_encoding, authorization, idempotency_key, request_id, last_event_id, origin,
      accept, cookie, csrf;
  std::string accept_encoding, if_none_match;  // lists: several fields are one
  std::string host;

  void clear();
};

class HttpReader {
 public:
  explicit HttpReader(const Limits& limits);
  ~HttpReader();
  HttpReader(const HttpReader&) = delete;
  HttpReader& operator=(const HttpReader&) = delete;

  enum class Step : std::uint8_t {
    more,      // takes no more of these bytes; give it the rest again with others behind
    head,      // request() is whole
    body,      // piece() is the next of the body
    complete,  // the request has ended; reset() before the next
    bad,
  };
  // Reads one step; `consumed` says how many bytes it took.
  Step read(std::string_view bytes, std::size_t& consumed);
  // Ready for the next request.
  void reset();

  [[nodiscard]] const Request& request() const;
  // Views the bytes of the last read().
  [[nodiscard]] std::string_view piece() const;
  // Whether any byte of the next request has been seen.
  [[nodiscard]] bool started() const;
  [[nodiscard]] const Failure& failure() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace zan::api
