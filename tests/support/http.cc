#include "support/http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "support/outcome.h"

namespace zan::testing_support {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::size_t parse_number(std::string_view text, int base) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || end == text.data()) throw Trouble("not a number in an answer: " + std::string(text));
  return value;
}

std::string head_of(std::string_view method, std::string_view target, const Headers& headers) {
  std::string head = std::string(method) + " " + std::string(target) + " HTTP/1.1\r\n";
  bool has_host = false;
  for (const auto& [name, value] : headers) {
    has_host = has_host || name == "host";
    head += name + ": " + value + "\r\n";
  }
  if (!has_host) head += "host: localhost\r\n";
  return head;
}

Response parse_head(std::string_view head) {
  Response response;
  const auto space = head.find(' ');
  if (!head.starts_with("HTTP/1.") || space == std::string_view::npos) {
    throw Trouble("not an HTTP answer: " + std::string(head.substr(0, 80)));
  }
  response.status = static_cast<int>(parse_number(head.substr(space + 1, 3), 10));
  auto rest = head.substr(std::min(head.find("\r\n"), head.size()));
  while (rest.starts_with("\r\n")) {
    rest.remove_prefix(2);
    const auto line = rest.substr(0, rest.find("\r\n"));
    const auto colon = line.find(':');
    if (colon != std::string_view::npos) {
      response.headers.emplace_back(lower(line.substr(0, colon)), trim(line.substr(colon + 1)));
    }
    rest.remove_prefix(line.size());
  }
  return response;
}

}  // namespace

std::string Response::header(std::string_view name) const {
  const auto found = std::find_if(headers.begin(), headers.end(), [&](const auto& h) { return h.first == name; });
  return found == headers.end() ? std::string{} : found->second;
}

Connection::Connection(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const timeval timeout{io_timeout_seconds, 0};
  const int on = 1;
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    const std::string reason = std::strerror(errno);
    close();
    throw Trouble("cannot connect to port " + std::to_string(port) + ": " + reason);
  }
}

Connection::~Connection() {
  close();
}

Connection::Connection(Connection&& other) noexcept {
  *this = std::move(other);
}

Connection& Connection::operator=(Connection&& other) noexcept {
  std::swap(socket_, other.socket_);
  std::swap(buffer_, other.buffer_);
  std::swap(chunked_, other.chunked_);
  std::swap(decoded_, other.decoded_);
  return *this;
}

void Connection::close() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

void Connection::send_raw(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) throw Trouble(std::string("sending: ") + std::strerror(errno));
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

bool Connection::fill() {
  char bytes[65536];
  ssize_t got = 0;
  do {
    got = ::recv(socket_, bytes, sizeof bytes, 0);
  } while (got < 0 && errno == EINTR);
  if (got < 0) throw Trouble(std::string("receiving: ") + std::strerror(errno));
  buffer_.append(bytes, static_cast<std::size_t>(got));
  return got > 0;
}

std::string Connection::read_until(std::string_view end) {
  std::size_t from = 0;
  for (;;) {
    const auto found = buffer_.find(end, from);
    if (found != std::string::npos) {
      std::string result = buffer_.substr(0, found);
      buffer_.erase(0, found + end.size());
      return result;
    }
    from = buffer_.size() < end.size() ? 0 : buffer_.size() - end.size();
    if (!fill()) throw Trouble("the connection was closed in the middle of an answer");
  }
}

std::string Connection::read_exactly(std::size_t size) {
  while (buffer_.size() < size) {
    if (!fill()) throw Trouble("the connection was closed in the middle of a body");
  }
  std::string result = buffer_.substr(0, size);
  buffer_.erase(0, size);
  return result;
}

Response Connection::read_head() {
  Response response = parse_head(read_until("\r\n\r\n"));
  while (response.status == 100) response = parse_head(read_until("\r\n\r\n"));
  chunked_ = response.header("transfer-encoding") == "chunked";
  decoded_.clear();
  return response;
}

void Connection::read_body(Response& response, bool head_only) {
  if (head_only || response.status == 204 || response.status == 304) return;
  if (chunked_) {
    for (;;) {
      const std::size_t size = parse_number(read_until("\r\n"), 16);
      response.body += read_exactly(size);
      read_until("\r\n");
      if (size == 0) return;
    }
  }
  const std::string length = response.header("content-length");
  if (!length.empty()) {
    response.body = read_exactly(parse_number(length, 10));
    return;
  }
  while (fill()) {
  }
  response.body = std::move(buffer_);
  close();
}

Response Connection::read_response() {
  Response response = read_head();
  read_body(response, false);
  if (lower(response.header("connection")) == "close") close();
  return response;
}

std::optional<std::string> Connection::read_line() {
  for (;;) {
    const auto end = decoded_.find('\n');
    if (end != std::string::npos) {
      std::string line = decoded_.substr(0, end);
      decoded_.erase(0, end + 1);
      if (line.ends_with('\r')) line.pop_back();
      return line;
    }
    if (chunked_) {
      const std::size_t size = parse_number(read_until("\r\n"), 16);
      decoded_ += read_exactly(size);
      read_until("\r\n");
      if (size == 0) return std::nullopt;
    } else {
      if (buffer_.empty() && !fill()) return std::nullopt;
      decoded_ += std::exchange(buffer_, {});
    }
  }
}

Response Connection::request(std::string_view method, std::string_view target, const Headers& headers,
                             std::string_view body) {
  std::string bytes = head_of(method, target, headers);
  const bool expects_body = method == "POST" || method == "PUT" || method == "PATCH";
  if (expects_body || !body.empty()) bytes += "content-length: " + std::to_string(body.size()) + "\r\n";
  bytes += "\r\n";
  bytes += body;
  try {
    send_raw(bytes);
  } catch (const Trouble&) {
    // A server that refuses a long body answers and closes while we still send: its answer is what counts.
  }
  Response response = read_head();
  read_body(response, method == "HEAD");
  if (lower(response.header("connection")) == "close") close();
  return response;
}

void Connection::begin_chunked(std::string_view method, std::string_view target, const Headers& headers) {
  send_raw(head_of(method, target, headers) + "transfer-encoding: chunked\r\n\r\n");
}

void Connection::send_chunk(std::string_view bytes) {
  char size[32];
  const auto end = std::to_chars(size, size + sizeof size, bytes.size(), 16).ptr;
  std::string chunk(size, end);
  chunk += "\r\n";
  chunk += bytes;
  chunk += "\r\n";
  send_raw(chunk);
}

void Connection::end_chunked() {
  send_raw("0\r\n\r\n");
}

}  // namespace zan::testing_support
