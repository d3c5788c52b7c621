#include "connectors/http_client.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>

#include "connectors/http_reader.h"

namespace zan::connectors {
namespace {

using AddressList = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

Result<AddressList> resolve(const ServerAddress& server) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int code = getaddrinfo(server.host.c_str(), std::to_string(server.port).c_str(), &hints, &found);
  if (code != 0) return unavailable(server.url() + ": " + gai_strerror(code));
  return AddressList(found, &freeaddrinfo);
}

bool is_loopback(const sockaddr* address) {
  if (address->sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, address, sizeof v4);
    return (ntohl(v4.sin_addr.s_addr) >> 24) == 127;
  }
  if (address->sa_family != AF_INET6) return false;
  sockaddr_in6 v6{};
  std::memcpy(&v6, address, sizeof v6);
  return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr) != 0;
}

class Socket {
 public:
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  ~Socket() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  [[nodiscard]] int get() const { return descriptor_; }

 private:
  int descriptor_;
};

Result<std::unique_ptr<Socket>> open_socket(const ServerAddress& server) {
  ZAN_ASSIGN(const AddressList addresses, resolve(server));
  int error = ECONNREFUSED;
  for (const addrinfo* at = addresses.get(); at != nullptr; at = at->ai_next) {
    auto socket = std::make_unique<Socket>(::socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC, at->ai_protocol));
    if (socket->get() >= 0 && ::connect(socket->get(), at->ai_addr, at->ai_addrlen) == 0) {
      const int on = 1;
      setsockopt(socket->get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      fcntl(socket->get(), F_SETFL, O_NONBLOCK);
      return socket;
    }
    error = errno;
  }
  return unavailable(server.url() + ": " + std::strerror(error));
}

class Client final : public HttpClient {
 public:
  explicit Client(HttpClientOptions options) : options_(std::move(options)) {}

  Result<void> open() {
    reader_.clear();
    ZAN_ASSIGN(socket_, open_socket(options_.server));
    return {};
  }

  Result<void> send(const HttpRequest& request) override {
    std::string head;
    head.append(request.method).append(" ").append(request.target).append(" HTTP/1.1\r\nHost: ");
    head.append(options_.server.url().substr(7)).append("\r\nUser-Agent: ").append(options_.user_agent);
    if (!options_.api_key.empty()) head.append("\r\nAuthorization: Bearer ").append(options_.api_key);
    if (!request.content_type.empty()) head.append("\r\nContent-Type: ").append(request.content_type);
    head.append("\r\nContent-Length: ").append(std::to_string(request.body.size())).append("\r\n\r\n");
    ZAN_TRY(write(head));
    return write(request.body);
  }

  Result<HttpAnswer> receive() override {
    for (;;) {
      ZAN_ASSIGN(auto answer, reader_.take());
      if (answer) return std::move(*answer);
      ZAN_TRY(wait(POLLIN));
      ZAN_TRY(read_some());
    }
  }

  Result<HttpAnswer> call(const HttpRequest& request) override {
    auto answer = send_and_receive(request);
    if (answer.ok() || answer.error().kind != ErrorKind::unavailable || !reader_.empty() || timed_out_) return answer;
    ZAN_TRY(open());
    return send_and_receive(request);
  }

 private:
  Result<HttpAnswer> send_and_receive(const HttpRequest& request) {
    ZAN_TRY(send(request));
    return receive();
  }

  Error lost(const char* what) const { return unavailable(options_.server.url() + ": " + what); }

  // Until the socket is ready for one of `events`; returns which.
  Result<short> wait(short events) {
    pollfd state{socket_->get(), events, 0};
    int ready = 0;
    do {
      ready = ::poll(&state, 1, http_timeout_seconds * 1000);
    } while (ready < 0 && errno == EINTR);
    timed_out_ = ready == 0;
    if (timed_out_) return lost("no answer in time");
    if (ready < 0) return lost(std::strerror(errno));
    return state.revents;
  }

  Result<void> write(std::string_view bytes) {
    while (!bytes.empty()) {
      ZAN_ASSIGN(const short ready, wait(POLLOUT | POLLIN));
      if ((ready & POLLIN) != 0) ZAN_TRY(read_some());
      if ((ready & (POLLOUT | POLLERR | POLLHUP)) == 0) continue;
      const ssize_t count = ::send(socket_->get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count < 0 && errno != EAGAIN && errno != EINTR) return lost(std::strerror(errno));
      if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return {};
  }

  Result<void> read_some() {
    char buffer[64 << 10];
    const ssize_t count = ::recv(socket_->get(), buffer, sizeof buffer, 0);
    if (count == 0) return lost("the server closed the connection");
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return {};
    if (count < 0) return lost(std::strerror(errno));
    reader_.add({buffer, static_cast<std::size_t>(count)});
    return {};
  }

  HttpClientOptions options_;
  std::unique_ptr<Socket> socket_;
  HttpReader reader_;
  bool timed_out_ = false;
};

}  // namespace

std::string ServerAddress::url() const {
  const bool v6 = host.find(':') != std::string::npos;
  return "http://" + (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

Result<ServerAddress> parse_server_url(std::string_view url) {
  const auto wrong = [&] { return invalid("\"" + std::string(url) + "\" is not http://HOST:PORT", "server"); };
  if (url.starts_with("https://"))
    return unsupported("https is left to a proxy: give the server's own http:// address");
  std::string_view rest = url;
  if (!rest.starts_with("http://")) return wrong();
  rest.remove_prefix(7);
  if (rest.ends_with('/')) rest.remove_suffix(1);
  ServerAddress server;
  const std::size_t colon = rest.rfind(':');
  const bool has_port = colon != std::string_view::npos && rest.find(']', colon) == std::string_view::npos;
  std::string_view host = has_port ? rest.substr(0, colon) : rest;
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host.empty() || host.find_first_of("/@?#[] ") != std::string_view::npos) return wrong();
  if (has_port) {
    const std::string_view port = rest.substr(colon + 1);
    const auto parsed = std::from_chars(port.data(), port.data() + port.size(), server.port);
    if (parsed.ec != std::errc() || parsed.ptr != port.data() + port.size() || server.port == 0) return wrong();
  }
  server.host = host;
  return server;
}

Result<bool> is_loopback(const ServerAddress& server) {
  ZAN_ASSIGN(const AddressList addresses, resolve(server));
  for (const addrinfo* at = addresses.get(); at != nullptr; at = at->ai_next)
    if (!is_loopback(at->ai_addr)) return false;
  return true;
}

Result<std::unique_ptr<HttpClient>> HttpClient::connect(HttpClientOptions options) {
  auto client = std::make_unique<Client>(std::move(options));
  ZAN_TRY(client->open());
  return std::unique_ptr<HttpClient>(std::move(client));
}

std::string path_segment(std::string_view name) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : name) {
    const bool unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                            c == '_' || c == '~' || c == '.';
    if (unreserved) {
      out.push_back(c);
    } else {
      out.push_back('%');
      out.push_back(digits[static_cast<unsigned char>(c) >> 4]);
      out.push_back(digits[static_cast<unsigned char>(c) & 15]);
    }
  }
  return out;
}

}  // namespace zan::connectors
