#include <sys/socket.h>

#include <array>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/socket_base.hpp>
#include <condition_variable>
#include <cstring>
#include <future>
#include <mutex>

#include "api/api.h"
#include "api/io_thread.h"
#include "base/log.h"
#include "base/random.h"

namespace zan::api {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using ErrorCode = boost::system::error_code;

// How long accepting pauses when the machine has no more descriptors.
constexpr std::int64_t accept_pause_us = 100 * us_per_ms;

std::string too_many_answer() {
  std::string body;
  append_problem(body, {Problem::too_many_connections, "the server has as many connections as it takes", {}}, {});
  return "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/problem+json\r\nConnection: close\r\n"
         "Retry-After: 1\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

Result<asio::ip::address> parse_host(const std::string& host) {
  if (host == "localhost") return asio::ip::address(asio::ip::address_v4::loopback());
  ErrorCode code;
  const auto address = asio::ip::make_address(host, code);
  if (code) return invalid("not an address: " + host, "listen");
  return address;
}

}  // namespace

struct Server::Impl {
  Impl(engine::Engine& engine, const ServerOptions& options) : state(engine, options.limits, *options.clock) {}

  Result<void> open(const ServerOptions& options);
  Result<void> listen(const tcp::endpoint& endpoint);
  void accept();
  void on_accept(const ErrorCode& code, tcp::socket socket, std::size_t to);
  void pause_accepting();
  void watch_keys();
  void close_acceptor();
  void on_removed();
  bool await_empty(std::int64_t patience_us);
  void stop();

  ServerState state;
  std::vector<std::unique_ptr<IoThread>> threads;
  std::unique_ptr<tcp::acceptor> acceptor;  // on threads[0]
  std::unique_ptr<asio::steady_timer> accept_timer, keys_timer;
  std::shared_ptr<void> progress;
  std::size_t next_thread = 0;
  std::uint16_t port = 0;
  bool started = false;
  std::once_flag stopped;

  std::mutex mutex;
  std::condition_variable removed;
};

Result<void> Server::Impl::open(const ServerOptions& options) {
  ZAN_ASSIGN(const asio::ip::address address, parse_host(options.host));
  state.on_loopback = address.is_loopback();
  if (options.demo && !state.on_loopback)
    return Error{ErrorKind::refused, "a demo lets anybody in by a role alone: listen on loopback only, or say --accounts off", "listen"};
  ZAN_ASSIGN(state.access, Access::open({options.data_folder, !address.is_loopback(), options.anonymous_rate}));
  state.demo = options.demo;
  state.accounts = options.accounts;
  state.audit = options.audit;
  state.red_team = options.red_team;
  state.cors_origin = options.cors_origin;
  state.public_report = options.public_report;
  std::array<unsigned char, 8> start;
  machine_entropy().fill(start);
  std::memcpy(&state.request_id_start, start.data(), start.size());
  for (unsigned i = 0; i < std::max(1u, options.io_threads); ++i) {
    state.metrics.push_back(std::make_unique<HttpMetrics>());
    threads.push_back(std::make_unique<IoThread>(state, *state.metrics.back(), [this] { on_removed(); }));
  }
  ZAN_TRY(listen(tcp::endpoint(address, options.port)));
  progress = state.engine.on_progress([this] {
    if (state.streams.load(std::memory_order_relaxed) == 0) return;
    for (const auto& thread : threads) thread->tell_progress();
  });
  for (const auto& thread : threads) thread->start();
  started = true;
  asio::post(threads[0]->context(), [this] {
    watch_keys();
    accept();
  });
  return {};
}

Result<void> Server::Impl::listen(const tcp::endpoint& endpoint) {
  acceptor = std::make_unique<tcp::acceptor>(threads[0]->context());
  accept_timer = std::make_unique<asio::steady_timer>(threads[0]->context());
  keys_timer = std::make_unique<asio::steady_timer>(threads[0]->context());
  ErrorCode code;
  acceptor->open(endpoint.protocol(), code);
  if (!code) acceptor->set_option(tcp::acceptor::reuse_address(true), code);
  if (!code) acceptor->bind(endpoint, code);
  if (!code) acceptor->listen(asio::socket_base::max_listen_connections, code);
  if (code)
    return unavailable("cannot listen on " + endpoint.address().to_string() + ":" + std::to_string(endpoint.port()) +
                       ": " + code.message());
  port = acceptor->local_endpoint(code).port();
  return {};
}

void Server::Impl::accept() {
  if (state.stopping.load() || !acceptor->is_open()) return;
  const std::size_t to = next_thread++ % threads.size();
  acceptor->async_accept(threads[to]->context(), [this, to](const ErrorCode& code, tcp::socket socket) {
    on_accept(code, std::move(socket), to);
  });
}

void Server::Impl::on_accept(const ErrorCode& code, tcp::socket socket, std::size_t to) {
  if (code == asio::error::operation_aborted || state.stopping.load()) return;
  if (code == asio::error::no_descriptors || code == asio::error::no_buffer_space ||
      code == boost::system::errc::too_many_files_open_in_system)
    return pause_accepting();
  if (!code && state.connections.fetch_add(1) >= state.limits.connections) {
    state.connections.fetch_sub(1);
    state.connections_refused.fetch_add(1);
    static const std::string answer = too_many_answer();
    (void)::send(socket.native_handle(), answer.data(), answer.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  } else if (!code) {
    state.connections_accepted.fetch_add(1);
    threads[to]->adopt(std::move(socket));
  }
  accept();
}

void Server::Impl::pause_accepting() {
  log::warn("no descriptors left to accept connections with");
  accept_timer->expires_after(std::chrono::microseconds(accept_pause_us));
  accept_timer->async_wait([this](const ErrorCode& code) {
    if (!code) accept();
  });
}

void Server::Impl::watch_keys() {
  keys_timer->expires_after(std::chrono::microseconds(state.limits.keys_us));
  keys_timer->async_wait([this](const ErrorCode& code) {
    if (code || state.stopping.load()) return;  // cancel() does not reach a handler that is queued already
    (void)state.pool.run([this] {
      const Result<void> read = state.access->refresh();
      if (!read.ok())
        log::error("the changed key file cannot be read; the old keys stay", {{"error", read.error().message}});
      if (state.accounts == nullptr) return;
      const Result<void> known = state.accounts->refresh();
      if (!known.ok())
        log::error("the changed accounts file cannot be read; what was known stays", {{"error", known.error().message}});
    });
    watch_keys();
  });
}

void Server::Impl::on_removed() {
  { const std::lock_guard lock(mutex); }  // not between the waiter's look and its sleep
  removed.notify_all();
}

bool Server::Impl::await_empty(std::int64_t patience_us) {
  std::unique_lock lock(mutex);
  return removed.wait_for(lock, std::chrono::microseconds(patience_us),
                          [&] { return state.connection_objects.load() == 0; });
}

void Server::Impl::close_acceptor() {
  std::promise<void> closed;
  asio::post(threads[0]->context(), [&] {
    ErrorCode ignored;
    acceptor->close(ignored);
    accept_timer->cancel();
    keys_timer->cancel();
    closed.set_value();
  });
  closed.get_future().wait();
}

void Server::Impl::stop() {
  state.stopping.store(true);
  if (threads.empty() || !started) return;
  close_acceptor();
  progress.reset();
  for (const auto& thread : threads) thread->stop_sessions();
  if (!await_empty(state.limits.drain_us)) {
    log::warn("requests were cut off by the stop", {{"connections", state.connections.load()}});
    for (const auto& thread : threads) thread->hang_up_all();
  }
  // What runs on the pool ends; then only answers of the engine are still to come, and it answers all it has taken.
  state.pool.stop();
  while (!await_empty(us_per_second)) {
  }
  for (const auto& thread : threads) thread->join();
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() {
  stop();
}

Result<std::unique_ptr<Server>> Server::start(engine::Engine& engine, ServerOptions options) {
  auto impl = std::make_unique<Impl>(engine, options);
  ZAN_TRY(impl->open(options));
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

std::uint16_t Server::port() const {
  return impl_->port;
}

void Server::stop() {
  std::call_once(impl_->stopped, [this] { impl_->stop(); });
}

}  // namespace zan::api
