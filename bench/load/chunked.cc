#include "load/chunked.h"

#include <poll.h>
#include <sys/socket.h>

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "measure/fail.h"

namespace zan::bench {

ChunkedPost::ChunkedPost(std::uint16_t port) : socket_(connect_loopback(port)) {
  socket_.set_nonblocking();
  write(
      "POST /v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\n"
      "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n");
}

void ChunkedPost::send(std::string_view lines) {
  if (lines.empty()) return;  // an empty chunk would be the last one
  write(fmt::format("{:x}\r\n", lines.size()));
  write(lines);
  write("\r\n");
}

void ChunkedPost::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_.handle(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
      continue;
    }
    if (sent < 0 && errno != EAGAIN && errno != EINTR) fail("send: {}", std::strerror(errno));
    pollfd wait{socket_.handle(), POLLOUT | POLLIN, 0};
    poll(&wait, 1, -1);
    if ((wait.revents & POLLIN) != 0 && read_available()) {
      fail("answered {} before the end of the stream: {}", reader_.status(), reader_.body());
    }
  }
}

bool ChunkedPost::read_available() {
  std::array<char, 64 * 1024> buffer;
  while (!answered_) {
    const ssize_t got = recv(socket_.handle(), buffer.data(), buffer.size(), 0);
    if (got > 0) {
      answered_ = reader_.feed({buffer.data(), static_cast<std::size_t>(got)});
    } else if (got < 0 && errno == EAGAIN) {
      return false;
    } else if (got == 0 || errno != EINTR) {
      fail("the server closed the stream");
    }
  }
  return true;
}

HttpReply ChunkedPost::finish() {
  write("0\r\n\r\n");
  while (!read_available()) {
    pollfd wait{socket_.handle(), POLLIN, 0};
    poll(&wait, 1, -1);
  }
  return {reader_.status(), std::string(reader_.body()), reader_.retry_after_s()};
}

}  // namespace zan::bench
