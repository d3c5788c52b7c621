// api: HTTP/1.1 and JSON in front of the engine. Thin: parse, call, render.
//
//   acceptor -> connection (socket, on one io thread) -> Session (conversation) -> calls -> engine
//                                                             ^--- Mailbox <--- writer thread, pool
//
// /openapi.json describes every call. TLS is left to a reverse proxy.
//
// Owns:    the listening socket, the io threads and a small pool; not the engine, which must outlive the server.
// Threads: start(), stop() and port() by one thread. io threads never block; what may wait on disk runs on the pool.
// Errors:  start: refused (listens beyond loopback and there is no API key, or it is a demo), unavailable (address in use), corrupt (key
//          file), invalid (host).
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "accounts/accounts.h"
#include "api/keys.h"      // IWYU pragma: export
#include "api/limits.h"    // IWYU pragma: export
#include "api/red_team.h"  // IWYU pragma: export
#include "base/clock.h"
#include "base/result.h"
#include "engine/engine.h"

namespace zan::api {

struct ServerOptions {
  std::string host = "127.0.0.1";  // an address, or "localhost"
  std::uint16_t port = 0;          // zero: any free one
  unsigned io_threads = 2;
  std::string data_folder;           // for the key file; empty: there are no keys
  std::string cors_origin;           // whose pages may read answers: an origin, or "*"; empty: nobody's
  std::uint32_t anonymous_rate = 0;  // a second, for callers without a key where none is needed; zero: no limit
  bool public_report = false;        // /report and /v1/public/report, for anybody
  std::shared_ptr<accounts::Accounts> accounts;  // null: nobody signs in
  std::shared_ptr<accounts::AuditTrail> audit;   // null: what staff does is not kept
  std::shared_ptr<RedTeam> red_team;             // null: nobody attacks
  bool demo = false;                             // people sign in by a role alone; on loopback only
  Limits limits;
  const Clock* clock = &machine_clock();
};

class Server {
 public:
  static Result<std::unique_ptr<Server>> start(engine::Engine& engine, ServerOptions options);
  ~Server();  // stops
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] std::uint16_t port() const;

  // Accepts nothing new, lets requests under way end (no longer than Limits::drain_us), ends streams, joins. Idempotent.
  // Every event that was answered as accepted is; to be called before the engine's stop().
  void stop();

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace zan::api
