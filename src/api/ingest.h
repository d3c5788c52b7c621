// Ingest: POST /v1/events, in its three forms: one object, an array, lines without end (NDJSON).
//
//   bytes -> lines -> Parser -> a batch being gathered -> Batches (in flight, in order) -> problems
//   and the summary
//
// Lines are parsed as they arrive. A batch goes to the engine when it is full, or when the bytes at
// hand are used up and nothing is in flight: so a slow stream is durable at once, and a fast one
// makes large groups by itself. What may be gathered and in flight is bounded; beyond that paused()
// is true and TCP holds the client back.
//
// Owns:    the batch being gathered, half a line. Threads: the session's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "api/batches.h"
#include "api/problem.h"
#include "engagement/engagement.h"

namespace zan::api {

class Session;

class Ingest {
 public:
  explicit Ingest(Session& session) : session_(session), batches_(session) {}

  // A new request; what its head already forbids.
  std::optional<Failure> begin();
  // The next of the body; padding_bytes behind it can be read.
  void take(std::string_view piece);
  // No more bytes are at hand for now.
  void on_pause();
  void end();
  void on_answer(std::uint64_t ticket, Result<engine::Answer> answer);
  void on_drained();
  void again();
  // REQUIRES: gathers_lines(). What was taken is finished, the rest of the body is not wanted, for
  // a reason that is told.
  void fail(Failure why);
  void renew_line_time();
  // The request has been answered, or its client is gone; answers still to come are of no interest.
  void finished();
  // A large array has been parsed elsewhere.
  void adopt_array(const Result<void>& parsed, engagement::ActBatch batch, std::vector<BadLine> bad);

  [[nodiscard]] bool paused() const;
  [[nodiscard]] bool gathers_lines() const { return form_ == Form::lines; }
  [[nodiscard]] std::int64_t last_line_us() const { return last_line_us_; }

 private:
  enum class Form : std::uint8_t {
    idle,
    sniff,  // the first bytes decide
    json,   // one object or an array
    lines,
  };

  std::optional<Failure> choose_form();
  void take_held(std::string_view piece);
  void sniff();
  void end_held();
  void take_object(std::string_view json);
  void take_array(std::string_view json);
  void take_large_array();
  void answer_single(Result<engine::Answer> answer);

  void begin_lines();
  void end_lines();
  void take_lines(std::string_view piece);
  void keep_rest(std::string_view rest);
  void take_line(std::string_view line);
  void note_bad(Error error);
  [[nodiscard]] bool full() const;
  [[nodiscard]] bool over_budget() const;
  void cut();

  Session& session_;
  Batches batches_;
  Form form_ = Form::idle;
  bool single_ = false;     // one object, whose answer is its own
  bool skipping_ = false;   // what is left of a line that is too long
  std::string held_;        // a body, or the start of a line, that came in pieces
  std::string_view whole_;  // a body that came in one piece, in the connection's buffer
  engagement::ActBatch batch_;
  std::vector<BadLine> bad_;
  std::size_t bad_bytes_ = 0, lines_ = 0;  // of the batch being gathered
  std::uint64_t next_index_ = 0;
  std::int64_t last_line_us_ = 0;
};

}  // namespace zan::api
