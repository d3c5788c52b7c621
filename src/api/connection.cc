#include "api/connection.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "api/io_thread.h"

namespace zan::api {
namespace {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;

std::unique_ptr<char[]> make_buffer(std::size_t capacity) {
  return std::make_unique<char[]>(capacity + engagement::Parser::padding_bytes);
}

}  // namespace

Connection::Connection(IoThread& thread, asio::ip::tcp::socket socket)
    : thread_(thread), socket_(std::move(socket)), session_(thread.state(), *this) {
  capacity_ = thread.state().server.limits.read_buffer_bytes;
  buffer_ = make_buffer(capacity_);
  ErrorCode unknown;
  const auto peer = socket_.remote_endpoint(unknown);
  if (!unknown) session_.set_address(peer.address().to_string());
}

// What the session can take, it takes; what it has to say is sent; sending may make it want more.
void Connection::move_bytes() {
  for (;;) {
    if (session_.wants_bytes()) begin_ += session_.take({buffer_.get() + begin_, end_ - begin_});
    const bool blocked = !session_.wants_bytes();
    flush();
    if (closed_) return;
    if (!blocked || !session_.wants_bytes()) break;
  }
  if (eof_ && session_.wants_bytes()) session_.on_eof();
  if (session_.out().empty()) {
    if (session_.closing() || (session_.lingering() && eof_)) return hang_up();
    if (session_.lingering() && !std::exchange(shut_, true)) {
      ErrorCode ignored;
      socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    }
  }
  if (session_.wants_bytes() && !reading_ && !eof_) start_read();
}

void Connection::pump() {
  if (!closed_) move_bytes();
  if (closed_) thread_.maybe_remove(*this);
}

void Connection::start_read() {
  make_room();
  reading_ = true;
  ++operations_;
  socket_.async_read_some(asio::buffer(buffer_.get() + end_, capacity_ - end_),
                          [this](const ErrorCode& code, std::size_t count) { on_read(code, count); });
}

// Bytes not yet taken move to the front. The buffer grows when they fill it or when the last read did, and is small again
// when the connection idles.
void Connection::make_room() {
  const Limits& limits = thread_.state().server.limits;
  const std::size_t kept = end_ - begin_;
  std::size_t wanted = capacity_;
  if (kept == capacity_ || std::exchange(filled_, false)) {
    wanted = std::max(capacity_, std::min(4 * capacity_, limits.read_buffer_max_bytes));
  } else if (kept == 0 && session_.idle()) {
    wanted = limits.read_buffer_bytes;
  }
  if (wanted != capacity_) {
    auto fresh = make_buffer(wanted);
    std::memcpy(fresh.get(), buffer_.get() + begin_, kept);
    buffer_ = std::move(fresh);
    capacity_ = wanted;
  } else if (begin_ > 0) {
    std::memmove(buffer_.get(), buffer_.get() + begin_, kept);
  }
  begin_ = 0;
  end_ = kept;
}

void Connection::on_read(const ErrorCode& code, std::size_t count) {
  reading_ = false;
  --operations_;
  thread_.state().refresh_time();
  if (code == asio::error::eof) {
    eof_ = true;
  } else if (code && !closed_) {
    hang_up();
  }
  filled_ = end_ + count == capacity_;
  end_ += count;
  IoThread& thread = thread_;
  pump();  // perhaps the end of this object
  thread.after_work();
}

// Once all is sent the session may have more to say.
void Connection::flush() {
  std::string& out = session_.out();
  while (!out.empty() && !awaiting_room_) {
    const ssize_t sent = ::send(socket_.native_handle(), out.data(), out.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) return hang_up();
    const std::size_t count = sent < 0 ? 0 : static_cast<std::size_t>(sent);
    const bool all = count == out.size();
    if (all) {
      out.clear();
    } else {
      out.erase(0, count);
      wait_writable();
    }
    if (count > 0) session_.on_sent(all);
  }
}

void Connection::wait_writable() {
  awaiting_room_ = true;
  ++operations_;
  socket_.async_wait(asio::ip::tcp::socket::wait_write, [this](const ErrorCode&) {
    awaiting_room_ = false;
    --operations_;
    IoThread& thread = thread_;
    thread.state().refresh_time();
    pump();
    thread.after_work();
  });
}

void Connection::on_tick() {
  if (!closed_ && !session_.on_tick()) hang_up();
  pump();
}

void Connection::hang_up() {
  if (std::exchange(closed_, true)) return;
  session_.abandon();
  ErrorCode ignored;
  socket_.close(ignored);
  thread_.on_closed();
}

}  // namespace zan::api
