// Blocking and non-blocking TCP sockets to 127.0.0.1: just enough for clients that are no
// bottleneck.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace zan::bench {

class Socket {
 public:
  Socket() = default;
  explicit Socket(int handle) : handle_(handle) {}
  Socket(Socket&& other) noexcept : handle_(std::exchange(other.handle_, -1)) {}
  Socket& operator=(Socket&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Socket();

  int handle() const { return handle_; }
  bool open() const { return handle_ >= 0; }

  void write_all(std::string_view bytes) const;  // fails the run on any error
  std::size_t read_some(char* buffer,
                        std::size_t size) const;  // at least one byte, else fails the run
  void set_nonblocking() const;

 private:
  int handle_ = -1;
};

// TCP_NODELAY is set. try_connect gives a closed socket when nobody listens.
Socket connect_loopback(std::uint16_t port);
Socket try_connect_loopback(std::uint16_t port);

// A port that was free a moment ago, for servers that cannot choose one themselves.
std::uint16_t free_port();

}  // namespace zan::bench
