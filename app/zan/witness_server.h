// WitnessServer: the HTTP/1.1 around a witness (C2SP tlog-witness), for a few logs and whoever else knocks.
//
//   POST /add-checkpoint            asks for a cosignature
//   GET  /<hex>/checkpoint          the last cosigned checkpoint of the log whose origin hashes to <hex>
//   GET  /vkey                      the witness's public key
//
// One thread and one poll() for all connections: nobody waits for a slow one. A request must be whole in request_ms; when
// all places are taken the connection that has been at its request for the longest makes room.
//
// Threads: run() in one; stop by its token from any.
// Errors:  listen(): unavailable (address in use), invalid (no address).
// Memory:  at most connections_max times a little more than witness_request_bytes_max.
#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "evidence/evidence.h"

namespace zan::app {

struct WitnessServerOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;  // 0: a free one
  std::size_t connections_max = 64;
  std::int64_t request_ms = 10'000;
};

inline constexpr std::size_t witness_head_bytes_max = 8192;

// A request's head, as far as a witness needs it.
struct WitnessHead {
  std::string method, target;
  std::size_t bytes = 0;  // of the head, with the empty line
  std::size_t body_bytes = 0;
  bool keep_alive = true;
  bool expects_continue = false;
  int refusal = 0;  // a status to answer and close with; 0: none
};
// False: not whole yet. A head that is not HTTP/1.x, too long, or of a body whose length is not told, has a refusal.
bool parse_witness_head(std::string_view bytes, WitnessHead& head);

class WitnessServer {
 public:
  static Result<std::unique_ptr<WitnessServer>> listen(evidence::Witness& witness, const Clock& clock,
                                                       const WitnessServerOptions& options);
  ~WitnessServer();
  WitnessServer(const WitnessServer&) = delete;
  WitnessServer& operator=(const WitnessServer&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  // Until the stop.
  void run(const std::stop_token& stop);

 private:
  struct Connection;
  WitnessServer(evidence::Witness& witness, const Clock& clock, const WitnessServerOptions& options, int listener,
                int waker);

  [[nodiscard]] std::int64_t now_ms() const { return clock_.monotonic_us() / us_per_ms; }
  void accept_all();
  void serve(Connection& connection, short ready);
  void read_some(Connection& connection);
  void answer_requests(Connection& connection);
  evidence::WitnessAnswer answer(const WitnessHead& head, std::string_view body);
  void write_some(Connection& connection);
  void drop_closed();
  [[nodiscard]] int poll_ms() const;

  evidence::Witness& witness_;
  const Clock& clock_;
  const WitnessServerOptions options_;
  int listener_;
  int waker_;
  std::uint16_t port_ = 0;
  std::vector<std::unique_ptr<Connection>> connections_;
};

}  // namespace zan::app
