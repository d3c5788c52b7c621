// A small HTTP/1.1 client: a reader for replies with Content-Length or chunked bodies (RFC 9112
// sections 6 and 7), and a blocking connection for the calls whose speed does not matter.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "net/reply.h"
#include "net/socket.h"

namespace zan::bench {

class HttpReader final : public ReplyReader {
 public:
  bool feed(std::string_view bytes) override;
  std::string_view content() const override { return body_; }
  bool good() const override { return status_ == 200; }
  void reset() override;

  int status() const { return status_; }
  int retry_after_s() const { return retry_after_s_; }  // 0 when the header is absent
  std::string_view body() const { return body_; }

 private:
  enum class Stage { head, fixed, chunk_size, chunk, chunk_end, trailer, done };

  bool step();  // consumes from pending_; false when it needs more bytes
  bool take_head();
  bool take_chunk_size();
  bool take(std::size_t wanted);
  void take_header(std::string_view line);

  Stage stage_ = Stage::head;
  std::string pending_;
  std::size_t used_ = 0;  // consumed prefix of pending_
  std::string body_;
  std::size_t left_ = 0;
  bool chunked_ = false;
  int status_ = 0;
  int retry_after_s_ = 0;
};

struct HttpReply {
  int status = 0;
  std::string body;
  int retry_after_s = 0;
};

class HttpClient {
 public:
  explicit HttpClient(std::uint16_t port) : socket_(connect_loopback(port)) {}

  HttpReply get(std::string_view target) { return call("GET", target, "", ""); }
  HttpReply post_json(std::string_view target, std::string_view body) {
    return call("POST", target, "application/json", body);
  }
  HttpReply call(std::string_view method, std::string_view target, std::string_view content_type,
                 std::string_view body);

  // The reply to whatever was written to socket() before.
  HttpReply read_reply();
  const Socket& socket() const { return socket_; }

 private:
  Socket socket_;
  HttpReader reader_;
};

// The head of a POST, with its length, ready to be followed by the body.
std::string post_head(std::string_view target, std::string_view content_type, std::size_t length);

}  // namespace zan::bench
