#include "net/socket.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "measure/fail.h"

namespace zan::bench {

namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

}  // namespace

Socket::~Socket() {
  if (handle_ >= 0) close(handle_);
}

void Socket::write_all(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t sent = send(handle_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) fail("send: {}", std::strerror(errno));
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::size_t Socket::read_some(char* buffer, std::size_t size) const {
  while (true) {
    const ssize_t got = recv(handle_, buffer, size, 0);
    if (got > 0) return static_cast<std::size_t>(got);
    if (got == 0) fail("the server closed the connection");
    if (errno != EINTR) fail("recv: {}", std::strerror(errno));
  }
}

void Socket::set_nonblocking() const {
  fcntl(handle_, F_SETFL, fcntl(handle_, F_GETFL) | O_NONBLOCK);
}

Socket try_connect_loopback(std::uint16_t port) {
  Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = loopback(port);
  if (connect(socket.handle(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return Socket();
  }
  const int on = 1;
  setsockopt(socket.handle(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return socket;
}

Socket connect_loopback(std::uint16_t port) {
  Socket socket = try_connect_loopback(port);
  if (!socket.open()) fail("nobody listens on port {}", port);
  return socket;
}

std::uint16_t free_port() {
  const Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (bind(socket.handle(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      getsockname(socket.handle(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    fail("no free port");
  }
  return ntohs(address.sin_port);
}

}  // namespace zan::bench
