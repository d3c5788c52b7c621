// WitnessLine: one thread and one connection to one witness, which makes one HTTP call at a time, each with a deadline.
//
// Why not HttpClient: that waits two minutes for a tool's server; here a signature of a checkpoint waits. Resolving a name
// is the one thing that may outlast the deadline: it delays this line, and nobody else.
//
// Threads: start(), take() and idle() in one.
// Errors:  of an answer: expired (the deadline), unavailable (no connection, cut off), invalid (not HTTP, or too large).
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "base/clock.h"
#include "connectors/http_client.h"
#include "connectors/http_reader.h"

namespace zan::connectors {

inline constexpr std::size_t witness_answer_bytes_max = 128 << 10;

// Where lines say that an answer is there.
struct WitnessBell {
  std::mutex mutex;
  std::condition_variable rung;
};

class WitnessLine {
 public:
  struct Call {
    std::string method, target, body;
    std::int64_t deadline_us = 0;  // of clock.monotonic_us()
  };

  WitnessLine(ServerAddress server, const Clock& clock, WitnessBell& bell);
  ~WitnessLine();
  WitnessLine(const WitnessLine&) = delete;
  WitnessLine& operator=(const WitnessLine&) = delete;

  // All three with the bell's mutex held. REQUIRES of start(): idle().
  [[nodiscard]] bool idle() const { return !busy_; }
  void start(Call call);
  // The answer of the last call, once.
  std::optional<Result<HttpAnswer>> take();

 private:
  void work(const std::stop_token& stop);
  Result<HttpAnswer> make(const Call& call);
  Result<HttpAnswer> exchange(const Call& call);
  Result<void> connect(std::int64_t deadline_us);
  Result<void> write(std::string_view bytes, std::int64_t deadline_us);
  Result<HttpAnswer> read_answer(std::int64_t deadline_us);
  Result<void> wait(short events, std::int64_t deadline_us) const;
  void hang_up();
  [[nodiscard]] Error lost(const std::string& what) const;

  const ServerAddress server_;
  const Clock& clock_;
  WitnessBell& bell_;
  std::condition_variable_any asked_;
  bool busy_ = false;  // with the bell's mutex, these three
  std::optional<Call> call_;
  std::optional<Result<HttpAnswer>> answer_;
  int waker_ = -1;
  int socket_ = -1;  // of the thread, these three
  HttpReader reader_;
  bool heard_ = false;  // bytes of the answer at hand
  std::jthread thread_;
};

}  // namespace zan::connectors
