// What the sessions of a server share: ServerState by all of them, ThreadState by those of one io thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "accounts/accounts.h"
#include "api/access.h"
#include "api/http_metrics.h"
#include "api/limits.h"
#include "api/mailbox.h"
#include "api/pool.h"
#include "api/red_team.h"
#include "engine/engine.h"

namespace zan::api {

// A place among a limited number, given back by destruction.
class Permit {
 public:
  Permit() = default;
  // Empty when `limit` are taken.
  static Permit take(std::atomic<std::size_t>& taken, std::size_t limit) {
    if (taken.fetch_add(1) < limit) return Permit(&taken);
    taken.fetch_sub(1);
    return {};
  }
  Permit(Permit&& other) noexcept : taken_(std::exchange(other.taken_, nullptr)) {}
  Permit& operator=(Permit&& other) noexcept {
    std::swap(taken_, other.taken_);
    return *this;
  }
  ~Permit() {
    if (taken_ != nullptr) taken_->fetch_sub(1);
  }
  explicit operator bool() const { return taken_ != nullptr; }

 private:
  explicit Permit(std::atomic<std::size_t>* taken) : taken_(taken) {}
  std::atomic<std::size_t>* taken_ = nullptr;
};

struct ServerState {
  ServerState(engine::Engine& engine_given, const Limits& limits_given, const Clock& clock_given)
      : engine(engine_given),
        limits(limits_given),
        clock(clock_given),
        pool(limits_given.pool_threads, limits_given.pool_waiting) {}

  engine::Engine& engine;
  const Limits limits;
  const Clock& clock;
  std::string cors_origin;  // empty: CORS is off
  bool public_report = false;
  std::unique_ptr<Access> access;
  std::shared_ptr<accounts::Accounts> accounts;  // null: nobody signs in
  std::shared_ptr<accounts::AuditTrail> audit;   // null: none is kept
  std::shared_ptr<RedTeam> red_team;             // null: no demo
  bool demo = false;         // people sign in by a role alone
  bool on_loopback = true;   // the listener is
  std::vector<std::unique_ptr<HttpMetrics>> metrics;  // one an io thread; fixed before the threads start
  Pool pool;

  std::atomic<bool> stopping{false};
  std::atomic<std::size_t> connections{0}, connection_objects{0}, large_bodies{0}, exports{0}, streams{0}, sign_ins{0};
  std::atomic<std::uint64_t> connections_accepted{0}, connections_refused{0}, requests{0};
  std::uint64_t request_id_start = 0;  // so that ids of two runs of the server differ
};

struct ThreadState {
  ThreadState(ServerState& server_given, HttpMetrics& metrics_given, std::function<void()> wake)
      : server(server_given),
        metrics(metrics_given),
        mailbox(std::move(wake)),
        parser(server_given.engine.secret()),
        keys(server_given.access->keys()) {}

  // To be called before sessions are given anything to do: they take the time from here.
  void refresh_time();

  ServerState& server;
  HttpMetrics& metrics;
  Mailbox mailbox;
  engagement::Parser parser;
  std::shared_ptr<const KeySet> keys;

  std::int64_t now_us = 0;        // monotonic
  std::int64_t date_second = -1;  // of `date`
  std::string date;               // "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
  std::size_t event_streams = 0;  // requests that gather lines at the moment
  std::vector<Session*> again;    // want Session::again() soon; see Limits::offer_again_us

  // Scratch, free between two calls.
  std::string body;
  std::vector<std::string_view> names;
  std::vector<engagement::Hydrated> hydrated;
};

// "Sun, 06 Nov 1994 08:49:37 GMT": RFC 9110 5.6.7.
std::string http_date(std::int64_t unix_seconds);

}  // namespace zan::api
