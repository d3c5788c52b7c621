// A plain blocking HTTP client for tests: one socket, exact bytes out, parsed answers in.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "api/text.h"
#include "base/require.h"

namespace zan::api {

struct Reply {
  int status = 0;
  std::map<std::string, std::string> fields;  // names in lower case
  std::string body;
};

class TestClient {
 public:
  explicit TestClient(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    require(::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0, "connect");
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const timeval patience{20, 0};  // a test that waits longer has failed
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  }
  ~TestClient() { close(); }
  TestClient(TestClient&& other) noexcept : fd_(std::exchange(other.fd_, -1)), seen_(std::move(other.seen_)) {}
  TestClient& operator=(TestClient&&) = delete;

  // False: the server takes no more.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t put = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (put <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(put));
    }
    return true;
  }
  // As much as goes without waiting.
  std::size_t send_some(std::string_view bytes) {
    const ssize_t put = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return put < 0 ? 0 : static_cast<std::size_t>(put);
  }
  void end_sending() { ::shutdown(fd_, SHUT_WR); }
  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

  // The next answer; nothing when the server hung up first (or in its middle).
  std::optional<Reply> receive(bool of_head = false) {
    const std::optional<std::string> head = until("\r\n\r\n");
    if (!head) return std::nullopt;
    Reply reply = parse_head(*head);
    if (of_head || reply.status == 204 || reply.status == 304 || reply.status == 100) return reply;
    if (reply.fields.contains("transfer-encoding")) return receive_chunks(std::move(reply));
    if (!reply.fields.contains("content-length")) return receive_rest(std::move(reply));
    const std::size_t size = std::strtoul(reply.fields["content-length"].c_str(), nullptr, 10);
    while (seen_.size() < size)
      if (!more()) return std::nullopt;
    reply.body = seen_.substr(0, size);
    seen_.erase(0, size);
    return reply;
  }

  std::optional<Reply> exchange(std::string_view bytes) {
    send(bytes);
    return receive();
  }

  // Bytes up to and including `mark`.
  std::optional<std::string> until(std::string_view mark) {
    std::size_t at = 0;
    while ((at = seen_.find(mark)) == std::string::npos)
      if (!more()) return std::nullopt;
    std::string taken = seen_.substr(0, at + mark.size());
    seen_.erase(0, taken.size());
    return taken;
  }

  // Reads until the server hangs up; true when it did in time and said no more.
  bool closed() {
    while (more()) {
    }
    return seen_.empty() && !timed_out_;
  }
  bool hung_up() {
    while (more()) {
    }
    return !timed_out_;
  }

  static Reply parse_head(std::string_view head) {
    Reply reply;
    reply.status = std::atoi(std::string(head.substr(9, 3)).c_str());
    std::size_t at = head.find("\r\n") + 2;
    while (at < head.size()) {
      const std::size_t end = head.find("\r\n", at);
      const std::string_view line = head.substr(at, end - at);
      at = end + 2;
      const std::size_t colon = line.find(':');
      if (colon == std::string_view::npos) continue;
      std::string name(line.substr(0, colon));
      for (char& c : name) c = ascii_lower(c);
      reply.fields[name] = std::string(trimmed(line.substr(colon + 1)));
    }
    return reply;
  }

 private:
  bool more() {
    char buffer[16384];
    const ssize_t got = ::recv(fd_, buffer, sizeof buffer, 0);
    timed_out_ = got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    if (got <= 0) return false;
    seen_.append(buffer, static_cast<std::size_t>(got));
    return true;
  }

  std::optional<Reply> receive_chunks(Reply reply) {
    for (;;) {
      const std::optional<std::string> line = until("\r\n");
      if (!line) return std::nullopt;
      const std::size_t size = std::strtoul(line->c_str(), nullptr, 16);
      while (seen_.size() < size + 2)
        if (!more()) return std::nullopt;
      reply.body += seen_.substr(0, size);
      seen_.erase(0, size + 2);
      if (size == 0) return reply;
    }
  }
  std::optional<Reply> receive_rest(Reply reply) {
    while (more()) {
    }
    reply.body = std::exchange(seen_, {});
    return reply;
  }

  int fd_;
  std::string seen_;
  bool timed_out_ = false;
};

inline std::string get(std::string_view target, std::string_view fields = {}) {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: x\r\n" + std::string(fields) + "\r\n";
}

inline std::string with_body(std::string_view method, std::string_view target, std::string_view type,
                             std::string_view body, std::string_view fields = {}) {
  std::string out = std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: x\r\n";
  if (!type.empty()) out += "Content-Type: " + std::string(type) + "\r\n";
  out += std::string(fields) + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  return out += body;
}

inline std::string post_events(std::string_view type, std::string_view body, std::string_view fields = {}) {
  return with_body("POST", "/v1/events", type, body, fields);
}

}  // namespace zan::api
