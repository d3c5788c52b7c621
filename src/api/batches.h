// Batches: the acts of one request on their way through the engine, and what is answered about
// them.
//
// Answers are told in the order of the events: the problems of a batch when all batches before it
// are durable, and the summary at the very end. Batches the engine has no room for wait here and
// are offered again.
//
// Threads: the session's. Bounds: callers stop at full(); problems are written only while the
// client takes them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/problem.h"
#include "engine/engine.h"

namespace zan::api {

class Session;

struct BadLine {
  std::uint64_t index = 0;
  Error error;
};

class Batches {
 public:
  explicit Batches(Session& session) : session_(session) {}

  void begin();
  // Sends acts on their way, with the bad lines among them. `first`: the index of the first event
  // they may hold.
  void add(engagement::ActBatch acts, std::vector<BadLine> bad, std::uint64_t first);
  // No more will be added.
  void end();
  // As end(), for a reason that is told.
  void fail(Failure why);
  void on_answer(std::uint64_t ticket, Result<engine::Answer> answer);
  // Offers again what the engine had no room for, and tells what can be told.
  void proceed();
  void abandon();

  [[nodiscard]] bool empty() const { return batches_.empty(); }
  [[nodiscard]] bool full() const;
  [[nodiscard]] bool ended() const { return ended_; }

 private:
  struct Batch {
    std::uint64_t ticket = 0;
    std::uint64_t first = 0;
    engine::Command command;  // until the engine has taken it
    std::vector<BadLine> bad;
    engine::Answer answer;
    std::size_t bad_told = 0, rejected_told = 0;
    bool submitted = false, answered = false;
  };

  void offer();
  bool tell(Batch& batch);
  void tell_one(std::uint64_t index, const Error& error);
  void finish();
  void append_summary(std::string& out) const;

  Session& session_;
  std::vector<Batch> batches_;     // oldest first; a handful
  std::uint64_t next_ticket_ = 1;  // of all requests, so that a late answer meets no later batch
  std::uint64_t accepted_ = 0, duplicates_ = 0, rejected_ = 0;
  Position position_;
  bool any_submitted_ = false, ended_ = false;
  std::optional<Failure> failure_;
  std::string line_;
};

// {"accepted":N,"duplicates":N,"rejected":N,"position":"..."} without the braces.
void append_totals(std::string& out, std::uint64_t accepted, std::uint64_t duplicates, std::uint64_t rejected,
                   Position position);

}  // namespace zan::api
