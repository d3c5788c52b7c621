// Connection: a socket that carries a Session's bytes.
//
// One read is under way while the session wants bytes; writing is tried at once, and waits for the socket only when the
// kernel has no room. The buffer grows while a body streams and shrinks when the connection idles.
//
// Threads: its io thread's. Lives until the socket is closed, its operations have returned and no mail is to come.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <memory>

#include "api/session.h"

namespace zan::api {

class IoThread;

class Connection final : public Carrier {
 public:
  Connection(IoThread& thread, boost::asio::ip::tcp::socket socket);

  void pump() override;
  void on_tick();
  void hang_up();

  Session& session() { return session_; }
  [[nodiscard]] bool removable() const { return closed_ && operations_ == 0 && !session_.expects_mail(); }

  std::size_t index = 0;  // among the io thread's connections

 private:
  void move_bytes();
  void start_read();
  void make_room();
  void on_read(const boost::system::error_code& code, std::size_t count);
  void flush();
  void wait_writable();

  IoThread& thread_;
  boost::asio::ip::tcp::socket socket_;
  Session session_;
  std::unique_ptr<char[]> buffer_;  // capacity_ and the parser's padding
  std::size_t capacity_ = 0, begin_ = 0, end_ = 0;
  unsigned operations_ = 0;
  bool reading_ = false, awaiting_room_ = false, filled_ = false, shut_ = false, eof_ = false, closed_ = false;
};

}  // namespace zan::api
