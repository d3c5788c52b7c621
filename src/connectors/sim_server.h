// SimServer: a little HTTP server on a loopback port whose answers a test makes, byte by byte, as bad as it likes.
//
// Threads: the handler is called from one thread a connection, one call at a time.
#pragma once

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace zan::connectors {

// A well-formed answer.
inline std::string sim_answer(int status, std::string_view body, std::string_view type = "text/plain") {
  return "HTTP/1.1 " + std::to_string(status) + " Said\r\nContent-Type: " + std::string(type) +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

class SimServer {
 public:
  struct Request {
    std::string method, target, body;
  };
  // The bytes to send. Empty: says nothing, and keeps the connection open. It is closed behind a "Connection: close".
  using Handler = std::function<std::string(const Request&)>;

  explicit SimServer(Handler handler) : handler_(std::move(handler)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 64) != 0) return;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    accepting_ = std::jthread([this] { accept_all(); });
  }
  ~SimServer() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
      for (const Line& line : lines_) ::shutdown(line.socket, SHUT_RDWR);
    }
    ::shutdown(listener_, SHUT_RDWR);
    if (accepting_.joinable()) accepting_.join();
    for (Line& line : lines_) {
      line.thread.join();
      ::close(line.socket);
    }
    ::close(listener_);
  }
  SimServer(const SimServer&) = delete;
  SimServer& operator=(const SimServer&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  struct Line {
    int socket;
    std::thread thread;
  };

  void accept_all() {
    for (;;) {
      const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (socket < 0) return;
      const std::lock_guard lock(mutex_);
      lines_.push_back({socket, {}});
      if (stopping_) ::shutdown(socket, SHUT_RDWR);
      lines_.back().thread = std::thread([this, socket] { serve(socket); });
    }
  }

  void serve(int socket) {
    std::string bytes;
    char buffer[65536];
    for (;;) {
      Request request;
      while (!take(bytes, request)) {
        const ssize_t count = ::recv(socket, buffer, sizeof buffer, 0);
        if (count <= 0) return;
        bytes.append(buffer, static_cast<std::size_t>(count));
      }
      const std::string answer = handler_(request);
      for (std::string_view rest = answer; !rest.empty();) {
        const ssize_t count = ::send(socket, rest.data(), rest.size(), MSG_NOSIGNAL);
        if (count <= 0) return;
        rest.remove_prefix(static_cast<std::size_t>(count));
      }
      if (answer.find("\r\nConnection: close\r\n") != std::string::npos) {
        ::shutdown(socket, SHUT_RDWR);
        return;
      }
    }
  }

  // Only what our own clients send.
  static bool take(std::string& bytes, Request& request) {
    constexpr std::string_view length_name = "Content-Length: ";
    const std::size_t head = bytes.find("\r\n\r\n");
    if (head == std::string::npos) return false;
    std::size_t length = 0;
    if (const std::size_t at = bytes.find(length_name); at < head)
      std::from_chars(bytes.data() + at + length_name.size(), bytes.data() + head, length);
    if (bytes.size() < head + 4 + length) return false;
    const std::size_t method = bytes.find(' ');
    request.method = bytes.substr(0, method);
    request.target = bytes.substr(method + 1, bytes.find(' ', method + 1) - method - 1);
    request.body = bytes.substr(head + 4, length);
    bytes.erase(0, head + 4 + length);
    return true;
  }

  const Handler handler_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::mutex mutex_;  // of the next two
  bool stopping_ = false;
  std::list<Line> lines_;
  std::jthread accepting_;
};

}  // namespace zan::connectors
