#include "servers/bare_beast.h"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/version.hpp>

#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "servers/listening.h"

namespace zan::bench {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

constexpr auto kDeadline = std::chrono::seconds(30);
constexpr const char* kBody = R"({"accepted":1,"duplicates":0,"rejected":0,"position":"000000123456"})";

class Session : public std::enable_shared_from_this<Session> {
 public:
  explicit Session(tcp::socket socket) : stream_(std::move(socket)) {}

  void run() { asio::dispatch(stream_.get_executor(), beast::bind_front_handler(&Session::read, shared_from_this())); }

 private:
  void read() {
    request_ = {};
    stream_.expires_after(kDeadline);
    http::async_read(stream_, buffer_, request_, beast::bind_front_handler(&Session::on_read, shared_from_this()));
  }

  void on_read(beast::error_code error, std::size_t) {
    if (error) return close();
    response_ = {http::status::ok, request_.version()};
    response_.set(http::field::server, BOOST_BEAST_VERSION_STRING);
    response_.set(http::field::content_type, "application/json");
    response_.keep_alive(request_.keep_alive());
    response_.body() = kBody;
    response_.prepare_payload();
    http::async_write(stream_, response_, beast::bind_front_handler(&Session::on_write, shared_from_this()));
  }

  void on_write(beast::error_code error, std::size_t) {
    if (error || !response_.keep_alive()) return close();
    read();
  }

  void close() {
    beast::error_code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
  }

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  http::request<http::string_body> request_;
  http::response<http::string_body> response_;
};

class Listener : public std::enable_shared_from_this<Listener> {
 public:
  explicit Listener(asio::io_context& context)
      : context_(context), acceptor_(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {}

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

  void accept() {
    acceptor_.async_accept(asio::make_strand(context_),
                           beast::bind_front_handler(&Listener::on_accept, shared_from_this()));
  }

 private:
  void on_accept(beast::error_code error, tcp::socket socket) {
    if (!error) {
      socket.set_option(tcp::no_delay(true), error);
      std::make_shared<Session>(std::move(socket))->run();
    }
    accept();
  }

  asio::io_context& context_;
  tcp::acceptor acceptor_;
};

}  // namespace

void serve_bare_beast(int threads) {
  asio::io_context context(threads);
  const auto listener = std::make_shared<Listener>(context);
  listener->accept();
  fmt::print("listening on http://127.0.0.1:{}\n", listener->port());
  std::fflush(stdout);
  std::vector<std::jthread> others;
  for (int i = 1; i < threads; ++i) others.emplace_back([&context] { context.run(); });
  context.run();
}

BareBeast::BareBeast(const std::filesystem::path& self, const std::filesystem::path& folder, int threads)
    : child_(Child::start({self.string(), "bare-beast", "--threads", std::to_string(threads)},
                          {.log = folder / "bare.log"})),
      port_(await_port(child_, folder / "bare.log")) {}

}  // namespace zan::bench
