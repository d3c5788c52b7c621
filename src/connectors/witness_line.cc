#include "connectors/witness_line.h"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

namespace zan::connectors {
namespace {

using AddressList = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

constexpr std::int64_t poll_ms_max = 60'000;

}  // namespace

WitnessLine::WitnessLine(ServerAddress server, const Clock& clock, WitnessBell& bell)
    : server_(std::move(server)), clock_(clock), bell_(bell), waker_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

WitnessLine::~WitnessLine() {
  thread_.request_stop();
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(waker_, &one, sizeof one);
  thread_.join();
  hang_up();
  if (waker_ >= 0) ::close(waker_);
}

void WitnessLine::start(Call call) {
  busy_ = true;
  answer_.reset();
  call_ = std::move(call);
  asked_.notify_one();
}

std::optional<Result<HttpAnswer>> WitnessLine::take() {
  return std::exchange(answer_, std::nullopt);
}

void WitnessLine::work(const std::stop_token& stop) {
  std::unique_lock lock(bell_.mutex);
  while (asked_.wait(lock, stop, [this] { return call_.has_value(); })) {
    const Call call = *std::exchange(call_, std::nullopt);
    lock.unlock();
    Result<HttpAnswer> answer = make(call);
    lock.lock();
    answer_ = std::move(answer);
    busy_ = false;
    bell_.rung.notify_all();
  }
}

// Once more over a new connection if the witness had closed an idle one.
Result<HttpAnswer> WitnessLine::make(const Call& call) {
  const bool reused = socket_ >= 0;
  auto answer = exchange(call);
  if (!answer.ok()) hang_up();
  if (!reused || answer.ok() || heard_ || answer.error().kind != ErrorKind::unavailable) return answer;
  answer = exchange(call);
  if (!answer.ok()) hang_up();
  return answer;
}

Result<HttpAnswer> WitnessLine::exchange(const Call& call) {
  heard_ = false;
  if (socket_ < 0) ZAN_TRY(connect(call.deadline_us));
  const std::string head = fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: zan\r\nContent-Length: {}\r\n\r\n",
                                       call.method, call.target, server_.url().substr(7), call.body.size());
  ZAN_TRY(write(head + call.body, call.deadline_us));
  return read_answer(call.deadline_us);
}

Result<void> WitnessLine::connect(std::int64_t deadline_us) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int code = getaddrinfo(server_.host.c_str(), std::to_string(server_.port).c_str(), &hints, &found);
  if (code != 0) return lost(gai_strerror(code));
  const AddressList addresses(found, &freeaddrinfo);
  int error = ECONNREFUSED;
  for (const addrinfo* at = addresses.get(); at != nullptr; at = at->ai_next) {
    socket_ = ::socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, at->ai_protocol);
    if (socket_ >= 0 && (::connect(socket_, at->ai_addr, at->ai_addrlen) == 0 || errno == EINPROGRESS)) {
      ZAN_TRY(wait(POLLOUT, deadline_us));
      socklen_t size = sizeof error;
      getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error, &size);
      const int on = 1;
      setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      if (error == 0) return {};
    } else {
      error = errno;
    }
    hang_up();
  }
  return lost(std::strerror(error));
}

Result<void> WitnessLine::write(std::string_view bytes, std::int64_t deadline_us) {
  while (!bytes.empty()) {
    ZAN_TRY(wait(POLLOUT, deadline_us));
    const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count < 0 && errno != EAGAIN && errno != EINTR) return lost(std::strerror(errno));
    if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

Result<HttpAnswer> WitnessLine::read_answer(std::int64_t deadline_us) {
  char buffer[16 << 10];
  for (std::size_t bytes = 0;;) {
    ZAN_ASSIGN(auto answer, reader_.take());
    if (answer) return std::move(*answer);
    if (bytes > witness_answer_bytes_max) return invalid(server_.url() + ": the answer is too large");
    ZAN_TRY(wait(POLLIN, deadline_us));
    const ssize_t count = ::recv(socket_, buffer, sizeof buffer, 0);
    if (count == 0) return lost("closed the connection");
    if (count < 0 && errno != EAGAIN && errno != EINTR) return lost(std::strerror(errno));
    if (count <= 0) continue;
    heard_ = true;
    bytes += static_cast<std::size_t>(count);
    reader_.add({buffer, static_cast<std::size_t>(count)});
  }
}

// Until the socket is ready, the deadline or the stop.
Result<void> WitnessLine::wait(short events, std::int64_t deadline_us) const {
  for (;;) {
    if (thread_.get_stop_token().stop_requested()) return lost("stopping");
    const std::int64_t left_us = deadline_us - clock_.monotonic_us();
    if (left_us <= 0) return Error{ErrorKind::expired, server_.url() + ": no answer in time", {}};
    pollfd watched[] = {{socket_, events, 0}, {waker_, POLLIN, 0}};
    const auto timeout_ms = static_cast<int>(std::min((left_us + us_per_ms - 1) / us_per_ms, poll_ms_max));
    if (::poll(watched, 2, timeout_ms) < 0 && errno != EINTR) return lost(std::strerror(errno));
    if (watched[0].revents != 0) return {};
  }
}

void WitnessLine::hang_up() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
  reader_.clear();
}

Error WitnessLine::lost(const std::string& what) const {
  return unavailable(server_.url() + ": " + what);
}

}  // namespace zan::connectors
