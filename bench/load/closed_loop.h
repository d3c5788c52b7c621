// A closed-loop load generator: N keep-alive connections on one epoll thread, each sends its next
// request as soon as its reply is complete. Latency is measured per request, from before its send
// to after its last byte was read. The same loop drives every contender, HTTP or Redis.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "measure/histogram.h"
#include "net/reply.h"

namespace zan::bench {

enum class Judgement { good, again };  // again: refused for now, the same request is sent once more

struct ClosedLoop {
  std::uint16_t port = 0;
  std::size_t connections = 1;
  double warmup_s = 1;  // not counted
  double seconds = 10;

  std::function<std::unique_ptr<ReplyReader>()> make_reader;
  // Appends request number `sequence`; false when there are no more. Numbers go up by one over all
  // connections.
  std::function<bool(std::string& out, std::size_t sequence)> append_request;
  // Fails the run when a reply is wrong.
  std::function<Judgement(const ReplyReader& reply)> judge;
};

struct ClosedLoopResult {
  Histogram latency;   // of good replies after the warm-up
  double seconds = 0;  // what was counted
  std::uint64_t refused = 0;
  std::size_t sent = 0;  // requests 0 .. sent-1 have all been answered well, warm-up included
  double per_second() const { return static_cast<double>(latency.count()) / seconds; }
};

ClosedLoopResult run_closed_loop(const ClosedLoop& loop);

}  // namespace zan::bench
