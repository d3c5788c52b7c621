#include "load/closed_loop.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

#include "measure/clock.h"
#include "measure/fail.h"
#include "net/socket.h"

namespace zan::bench {

namespace {

struct Connection {
  Socket socket;
  std::unique_ptr<ReplyReader> reader;
  std::string request;
  std::size_t written = 0;
  std::int64_t sent_ns = 0;
  bool waiting = false;
};

class Loop {
 public:
  explicit Loop(const ClosedLoop& settings) : settings_(settings), epoll_(epoll_create1(EPOLL_CLOEXEC)) {
    for (std::size_t i = 0; i < settings.connections; ++i) {
      Connection connection;
      connection.socket = connect_loopback(settings.port);
      connection.socket.set_nonblocking();
      connection.reader = settings.make_reader();
      connections_.push_back(std::move(connection));
      watch(i, EPOLLIN, EPOLL_CTL_ADD);
    }
  }

  ClosedLoopResult run() {
    const std::int64_t start = now_ns();
    counted_from_ = start + static_cast<std::int64_t>(settings_.warmup_s * 1e9);
    end_ns_ = counted_from_ + static_cast<std::int64_t>(settings_.seconds * 1e9);
    for (std::size_t i = 0; i < connections_.size(); ++i) send_next(i, start);
    std::array<epoll_event, 64> events;
    while (outstanding_ > 0) {
      const int count = epoll_wait(epoll_.handle(), events.data(), events.size(), 1000);
      for (int i = 0; i < count; ++i) serve(events[static_cast<std::size_t>(i)]);
      if (now_ns() > end_ns_ + kDrainNs) fail("no reply for {} s", kDrainNs / 1'000'000'000);
    }
    result_.seconds = static_cast<double>(last_ns_ - counted_from_) * 1e-9;
    if (result_.latency.count() == 0) fail("nothing was answered after the warm-up");
    return result_;
  }

 private:
  static constexpr std::int64_t kDrainNs = 30'000'000'000;

  void watch(std::size_t index, std::uint32_t events, int operation) {
    epoll_event event{};
    event.events = events;
    event.data.u64 = index;
    epoll_ctl(epoll_.handle(), operation, connections_[index].socket.handle(), &event);
  }

  void send_next(std::size_t index, std::int64_t now) {
    Connection& connection = connections_[index];
    connection.request.clear();
    if (now >= end_ns_ || !settings_.append_request(connection.request, result_.sent)) return;
    ++result_.sent;
    ++outstanding_;
    send_request(index);
  }

  void send_request(std::size_t index) {
    Connection& connection = connections_[index];
    connection.written = 0;
    connection.reader->reset();
    connection.sent_ns = now_ns();
    write_more(index);
  }

  void write_more(std::size_t index) {
    Connection& connection = connections_[index];
    while (connection.written < connection.request.size()) {
      const ssize_t sent = send(connection.socket.handle(), connection.request.data() + connection.written,
                                connection.request.size() - connection.written, MSG_NOSIGNAL);
      if (sent < 0 && errno == EAGAIN) {
        connection.waiting = true;
        return watch(index, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
      }
      if (sent < 0) fail("send: {}", std::strerror(errno));
      connection.written += static_cast<std::size_t>(sent);
    }
    if (connection.waiting) watch(index, EPOLLIN, EPOLL_CTL_MOD);
    connection.waiting = false;
  }

  void serve(const epoll_event& event) {
    const std::size_t index = event.data.u64;
    Connection& connection = connections_[index];
    if ((event.events & EPOLLOUT) != 0) write_more(index);
    if ((event.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) == 0) return;
    const ssize_t got = recv(connection.socket.handle(), buffer_.data(), buffer_.size(), 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0) fail("the server closed a connection");
    if (connection.reader->feed({buffer_.data(), static_cast<std::size_t>(got)})) complete(index);
  }

  void complete(std::size_t index) {
    const std::int64_t now = now_ns();
    Connection& connection = connections_[index];
    if (settings_.judge(*connection.reader) == Judgement::again) {
      ++result_.refused;
      return send_request(index);
    }
    --outstanding_;
    if (now >= counted_from_ && now <= end_ns_) {
      result_.latency.record(now - connection.sent_ns);
      last_ns_ = now;
    }
    send_next(index, now);
  }

  const ClosedLoop& settings_;
  Socket epoll_;
  std::vector<Connection> connections_;
  std::array<char, 256 * 1024> buffer_{};
  std::size_t outstanding_ = 0;
  std::int64_t counted_from_ = 0;
  std::int64_t end_ns_ = 0;
  std::int64_t last_ns_ = 0;
  ClosedLoopResult result_;
};

}  // namespace

ClosedLoopResult run_closed_loop(const ClosedLoop& loop) {
  return std::make_unique<Loop>(loop)->run();
}

}  // namespace zan::bench
