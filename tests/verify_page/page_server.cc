#include "page_server.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <chrono>

#include "support/outcome.h"

namespace zan::testing_support {
namespace {

struct Request {
  std::string path;
  std::string body;
};

std::size_t length_of(std::string_view head) {
  constexpr std::string_view name = "\r\nContent-Length: ";
  const auto at = head.find(name);
  std::size_t length = 0;
  if (at != std::string_view::npos) std::from_chars(head.data() + at + name.size(), head.data() + head.size(), length);
  return length;
}

// nullopt: the other side has closed.
std::optional<Request> read_request(int socket) {
  std::string bytes;
  char buffer[16'384];
  for (;;) {
    const auto end = bytes.find("\r\n\r\n");
    if (end != std::string::npos && bytes.size() - end - 4 >= length_of(bytes.substr(0, end + 2))) {
      const auto from = bytes.find(' ') + 1;
      return Request{bytes.substr(from, bytes.find_first_of(" ?", from) - from), bytes.substr(end + 4)};
    }
    const ssize_t got = ::recv(socket, buffer, sizeof buffer, 0);
    if (got <= 0) return std::nullopt;
    bytes.append(buffer, static_cast<std::size_t>(got));
  }
}

void send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::string response(std::string_view status, const FixedAnswer& answer) {
  std::string text = "HTTP/1.1 " + std::string(status) +
                     "\r\nConnection: close\r\nContent-Length: " + std::to_string(answer.body.size()) +
                     "\r\nContent-Type: " + answer.content_type + "\r\n";
  if (!answer.policy.empty()) text += "Content-Security-Policy: " + answer.policy + "\r\n";
  return text + "\r\n" + answer.body;
}

}  // namespace

PageServer::PageServer() {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 64) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw Trouble("cannot listen on loopback");
  port_ = ntohs(address.sin_port);
}

PageServer::~PageServer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (const int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
  }
  ::shutdown(listener_, SHUT_RDWR);
  if (acceptor_.joinable()) acceptor_.join();
  for (std::thread& conversation : conversations_) conversation.join();
  ::close(listener_);
}

void PageServer::start() {
  acceptor_ = std::thread([this] { accept_all(); });
}

std::optional<std::string> PageServer::wait_for_result(int seconds) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, std::chrono::seconds(seconds), [&] { return result_.has_value(); });
  return result_;
}

std::set<std::string> PageServer::asked() const {
  const std::lock_guard lock(mutex_);
  return asked_;
}

// A browser opens connections that it does not use yet: each has its own thread.
void PageServer::accept_all() {
  for (;;) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const std::lock_guard lock(mutex_);
    if (socket < 0 || stopping_) {
      if (socket >= 0) ::close(socket);
      return;
    }
    sockets_.insert(socket);
    conversations_.emplace_back([this, socket] { converse(socket); });
  }
}

void PageServer::converse(int socket) {
  if (auto request = read_request(socket)) send_all(socket, answer_to(request->path, std::move(request->body)));
  const std::lock_guard lock(mutex_);
  sockets_.erase(socket);
  ::close(socket);
}

std::string PageServer::answer_to(const std::string& path, std::string body) {
  const std::lock_guard lock(mutex_);
  if (path == "/result") {
    if (!result_) result_ = std::move(body);
    changed_.notify_all();
    return response("204 No Content", {"text/plain", "", ""});
  }
  asked_.insert(path);
  const auto found = answers_.find(path);
  return found == answers_.end() ? response("404 Not Found", {"text/plain", "no such file", ""})
                                 : response("200 OK", found->second);
}

}  // namespace zan::testing_support
