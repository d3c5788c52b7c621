// HttpClient: one blocking HTTP/1.1 connection to a server of ours, for the tools: importer, simulator, backup.
//
// Requests may be pipelined: send several, then receive as many answers, in order. While a request is being sent
// answers are read beside it, so that a server that answers line by line is never blocked by us.
//
// Threads: one.
// Errors:  unavailable: no connection, cut off, or nothing heard for http_timeout_seconds. invalid: not HTTP, or an answer
//          larger than http_answer_bytes_max.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace zan::connectors {

inline constexpr int http_timeout_seconds = 120;
inline constexpr std::size_t http_answer_bytes_max = 64 << 20;
inline constexpr std::size_t http_head_bytes_max = 64 << 10;

struct ServerAddress {
  std::string host;
  std::uint16_t port = 80;
  [[nodiscard]] std::string url() const;  // "http://host:port"
};

// "http://HOST[:PORT][/]". unsupported: https, which is left to a proxy.
Result<ServerAddress> parse_server_url(std::string_view url);

// Whether every address the host's name stands for is this machine's own.
Result<bool> is_loopback(const ServerAddress& server);

struct HttpRequest {
  std::string_view method = "GET";
  std::string_view target;
  std::string_view content_type;  // empty: none
  std::string_view body;
};

struct HttpAnswer {
  int status = 0;
  std::string body;
  std::uint32_t retry_after_seconds = 0;
};

struct HttpClientOptions {
  ServerAddress server;
  std::string api_key;  // empty: none is sent
  std::string user_agent = "zan";
};

class HttpClient {
 public:
  static Result<std::unique_ptr<HttpClient>> connect(HttpClientOptions options);
  virtual ~HttpClient() = default;

  virtual Result<void> send(const HttpRequest& request) = 0;
  virtual Result<HttpAnswer> receive() = 0;
  // Sends, receives; once more over a new connection if the server had closed an idle one. REQUIRES: nothing pipelined.
  virtual Result<HttpAnswer> call(const HttpRequest& request) = 0;
};

// `name` with everything but unreserved characters percent-encoded, for a path segment.
std::string path_segment(std::string_view name);

// What a problem+json body says to people: its detail, or its title; the body's beginning when it is none.
std::string problem_text(std::string_view body);

}  // namespace zan::connectors
