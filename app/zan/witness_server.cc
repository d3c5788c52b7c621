#include "zan/witness_server.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>

namespace zan::app {
namespace {

constexpr int backlog = 128;
constexpr std::size_t read_bytes = 16 << 10;
constexpr std::string_view plain_text = "text/plain; charset=utf-8";

using AddressList = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

std::string_view reason(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 404:
      return "Not Found";
    case 409:
      return "Conflict";
    default:
      return status < 500 ? "Refused" : "Failed";
  }
}

Result<int> open_listener(const AddressList& addresses) {
  int error = EADDRNOTAVAIL;
  for (const addrinfo* at = addresses.get(); at != nullptr; at = at->ai_next) {
    const int listener = ::socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, at->ai_protocol);
    const int on = 1;
    if (listener >= 0) setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (listener >= 0 && ::bind(listener, at->ai_addr, at->ai_addrlen) == 0 && ::listen(listener, backlog) == 0)
      return listener;
    error = errno;
    if (listener >= 0) ::close(listener);
  }
  return unavailable(std::strerror(error));
}

std::uint16_t port_of(int listener) {
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  getsockname(listener, reinterpret_cast<sockaddr*>(&bound), &size);
  if (bound.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6*>(&bound)->sin6_port);
  return ntohs(reinterpret_cast<const sockaddr_in*>(&bound)->sin_port);
}

bool has_to_wait(int error) {
  return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

}  // namespace

struct WitnessServer::Connection {
  explicit Connection(int socket) : descriptor(socket) {}
  ~Connection() { ::close(descriptor); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  const int descriptor;
  std::string in, out;
  std::int64_t since_ms = 0;  // begin of the request at hand
  bool continued = false;     // "100 Continue" was said
  bool closing = false;       // when `out` is written
  bool draining = false;      // it is: what still comes is read and dropped, or a reset would overtake the answer
  bool closed = false;
};

Result<std::unique_ptr<WitnessServer>> WitnessServer::listen(evidence::Witness& witness, const Clock& clock,
                                                             const WitnessServerOptions& options) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  const int code = getaddrinfo(options.host.c_str(), std::to_string(options.port).c_str(), &hints, &found);
  if (code != 0) return invalid(options.host + ": " + gai_strerror(code), "--listen");
  auto listener = open_listener(AddressList(found, &freeaddrinfo));
  if (!listener.ok())
    return unavailable(fmt::format("{}:{}: {}", options.host, options.port, listener.error().message));
  const int waker = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (waker < 0) {
    ::close(*listener);
    return unavailable(std::string("eventfd: ") + std::strerror(errno));
  }
  return std::unique_ptr<WitnessServer>(new WitnessServer(witness, clock, options, *listener, waker));
}

WitnessServer::WitnessServer(evidence::Witness& witness, const Clock& clock, const WitnessServerOptions& options,
                             int listener, int waker)
    : witness_(witness), clock_(clock), options_(options), listener_(listener), waker_(waker) {
  port_ = port_of(listener);
}

WitnessServer::~WitnessServer() {
  connections_.clear();
  ::close(listener_);
  ::close(waker_);
}

void WitnessServer::run(const std::stop_token& stop) {
  const std::stop_callback wake(stop, [this] {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(waker_, &one, sizeof one);
  });
  std::vector<pollfd> watched;
  while (!stop.stop_requested()) {
    watched = {{waker_, POLLIN, 0}, {listener_, POLLIN, 0}};
    for (const auto& connection : connections_)
      watched.push_back({connection->descriptor, static_cast<short>(connection->out.empty() ? POLLIN : POLLOUT), 0});
    if (::poll(watched.data(), watched.size(), poll_ms()) < 0 && errno != EINTR) return;
    // As many as were watched: those that are accepted now come later.
    for (std::size_t i = 2; i < watched.size(); ++i) serve(*connections_[i - 2], watched[i].revents);
    drop_closed();
    if ((watched[1].revents & POLLIN) != 0) accept_all();
  }
}

// Until the next connection is overdue; -1: for ever.
int WitnessServer::poll_ms() const {
  std::optional<std::int64_t> first;
  for (const auto& connection : connections_)
    first = std::min(first.value_or(connection->since_ms), connection->since_ms);
  if (!first) return -1;
  return static_cast<int>(std::clamp<std::int64_t>(*first + options_.request_ms - now_ms(), 0, options_.request_ms)) +
         1;
}

void WitnessServer::accept_all() {
  for (;;) {
    const int descriptor = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (descriptor < 0) return;
    if (connections_.size() >= options_.connections_max)
      connections_.erase(std::ranges::min_element(connections_, {}, [](const auto& each) { return each->since_ms; }));
    connections_.push_back(std::make_unique<Connection>(descriptor));
    connections_.back()->since_ms = now_ms();
  }
}

void WitnessServer::serve(Connection& connection, short ready) {
  if ((ready & (POLLERR | POLLNVAL)) != 0) connection.closed = true;
  if (!connection.closed && (ready & (POLLIN | POLLHUP)) != 0) read_some(connection);
  if (!connection.closed && !connection.out.empty()) write_some(connection);
  if (now_ms() - connection.since_ms >= options_.request_ms) connection.closed = true;
}

void WitnessServer::read_some(Connection& connection) {
  char buffer[read_bytes];
  const ssize_t count = ::recv(connection.descriptor, buffer, sizeof buffer, 0);
  if (count < 0 && has_to_wait(errno)) return;
  if (count <= 0) {
    connection.closed = true;
    return;
  }
  if (connection.draining) return;
  connection.in.append(buffer, static_cast<std::size_t>(count));
  answer_requests(connection);
}

// One at a time: what is behind it waits until its answer is written.
void WitnessServer::answer_requests(Connection& connection) {
  WitnessHead head;
  if (!connection.out.empty() || connection.closing || !parse_witness_head(connection.in, head)) return;
  evidence::WitnessAnswer said;
  if (head.refusal != 0) {
    said = {head.refusal, std::string(plain_text), "not a request that a witness takes\n"};
    head.keep_alive = false;
  } else {
    if (connection.in.size() < head.bytes + head.body_bytes) {
      if (head.expects_continue && !connection.continued) connection.out = "HTTP/1.1 100 Continue\r\n\r\n";
      connection.continued = true;
      return;
    }
    said = answer(head, std::string_view(connection.in).substr(head.bytes, head.body_bytes));
    connection.in.erase(0, head.bytes + head.body_bytes);
  }
  connection.continued = false;
  connection.closing = !head.keep_alive;
  connection.out = fmt::format("HTTP/1.1 {} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\n{}\r\n", said.status,
                               reason(said.status), said.content_type, said.body.size(),
                               connection.closing ? "Connection: close\r\n" : "");
  if (head.method != "HEAD") connection.out += said.body;
}

evidence::WitnessAnswer WitnessServer::answer(const WitnessHead& head, std::string_view body) {
  constexpr std::string_view checkpoint_end = "/checkpoint";
  const std::string_view target = head.target;
  if (target == "/add-checkpoint") {
    if (head.method == "POST") return witness_.add_checkpoint(body, clock_.now());
    return {405, std::string(plain_text), "POST it\n"};
  }
  if (head.method != "GET" && head.method != "HEAD") return {405, std::string(plain_text), "GET it\n"};
  if (target == "/vkey") return {200, std::string(plain_text), evidence::to_vkey(witness_.verifier()) + "\n"};
  if (target.starts_with('/') && target.ends_with(checkpoint_end) && target.size() > checkpoint_end.size())
    return witness_.checkpoint(target.substr(1, target.size() - 1 - checkpoint_end.size()));
  return {404, std::string(plain_text),
          "POST /add-checkpoint, GET /<hex SHA-256 of an origin>/checkpoint, GET /vkey\n"};
}

void WitnessServer::write_some(Connection& connection) {
  const ssize_t count = ::send(connection.descriptor, connection.out.data(), connection.out.size(), MSG_NOSIGNAL);
  if (count < 0 && has_to_wait(errno)) return;
  if (count < 0) {
    connection.closed = true;
    return;
  }
  connection.out.erase(0, static_cast<std::size_t>(count));
  if (!connection.out.empty()) return;
  if (connection.closing) {
    ::shutdown(connection.descriptor, SHUT_WR);
    connection.draining = true;
    return;
  }
  if (!connection.continued) connection.since_ms = now_ms();  // else the body is still to come, in the same time
  answer_requests(connection);
}

void WitnessServer::drop_closed() {
  std::erase_if(connections_, [](const auto& connection) { return connection->closed; });
}

}  // namespace zan::app
