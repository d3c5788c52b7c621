#include "problems/evidence_freshness.h"

#include <unistd.h>

#include <fmt/format.h>

#include <deque>
#include <mutex>
#include <string>

#include "load/lines.h"
#include "load/paced.h"
#include "measure/clock.h"
#include "measure/cost.h"
#include "measure/fail.h"
#include "measure/histogram.h"
#include "measure/scratch.h"
#include "servers/zan_evidence.h"

namespace zan::bench {

namespace {

constexpr double kWarmupSeconds = 2;
constexpr useconds_t kPollUs = 3'000;

// Requests in the order in which they were answered: one connection, so that likes [0, end) are the log's first entries.
class Answered {
 public:
  void add(std::size_t begin, std::size_t end, std::int64_t at_ns) {
    const std::lock_guard lock(mutex_);
    requests_.push_back({begin, end, at_ns});
  }

  // Takes those that a log of `size` entries has, and records each like from `from_ns` on.
  void take(std::uint64_t size, std::int64_t from_ns, std::int64_t now, Histogram& freshness) {
    const std::lock_guard lock(mutex_);
    for (; !requests_.empty() && requests_.front().end <= size; requests_.pop_front()) {
      const Request& request = requests_.front();
      if (request.at_ns < from_ns) continue;
      for (std::size_t i = request.begin; i < request.end; ++i) freshness.record(now - request.at_ns);
    }
  }

 private:
  struct Request {
    std::size_t begin, end;
    std::int64_t at_ns;
  };
  std::mutex mutex_;
  std::deque<Request> requests_;
};

void send(HttpClient& client, const Population& population, std::size_t begin, std::size_t end) {
  std::string lines;
  append_lines(lines, population, begin, end);
  const HttpReply reply = client.call("POST", "/v1/events", "application/x-ndjson", lines);
  if (reply.status != 200 || parse_ingest_answer(reply.body).accepted != end - begin) {
    fail("zan took not all of {} likes: {} {}", end - begin, reply.status, reply.body.substr(0, 500));
  }
}

}  // namespace

void measure_freshness(Context& context, const EvidenceOptions& options, double likes_per_s, int repetition) {
  const double sent_s = kWarmupSeconds + options.seconds;
  const Population population({.likes = static_cast<std::uint64_t>(likes_per_s * (sent_s + 5) / 10) * 10});
  const ScratchFolder folder(context.scratch, "evidence");
  ZanServer server(folder.path(), context.zan);
  await_well(server);
  HttpClient poller(server.port());
  HttpClient sender(server.port());
  Answered answered;
  Histogram freshness;
  const Cost before = cost_of(server.pid());
  const Stopwatch clock;
  const std::int64_t counted_from = now_ns() + static_cast<std::int64_t>(kWarmupSeconds * 1e9);
  PacedStream stream(likes_per_s, 0, population.size(), [&](std::size_t begin, std::size_t end) {
    send(sender, population, begin, end);
    answered.add(begin, end, now_ns());
  });
  const auto poll = [&] {
    const std::uint64_t size = checkpoint_size(poller);
    answered.take(size, counted_from, now_ns(), freshness);
    usleep(kPollUs);
    return size;
  };
  while (clock.seconds() < sent_s) poll();
  stream.stop();
  while (poll() < stream.sent_until()) {
    if (clock.seconds() > sent_s + 30) fail("zan does not publish the last likes");
  }
  const double cpu_s = cost_of(server.pid()).cpu_seconds - before.cpu_seconds;
  await_published(server, stream.sent_until());
  check_receipts(server, population, stream.sent_until(), 20);
  context.recorder.add({"evidence freshness",
                        fmt::format("{} likes/s", short_number(static_cast<std::uint64_t>(likes_per_s))),
                        "zan",
                        repetition,
                        {{"p99_ms", freshness.quantile_ms(0.99)},
                         {"p50_ms", freshness.quantile_ms(0.5)},
                         {"max_ms", freshness.quantile_ms(1 - 1e-9)},
                         {"likes", static_cast<double>(freshness.count())},
                         {"achieved_per_s", stream.achieved_per_second()},
                         {"behind_ms_max", stream.behind_ms_max()},
                         {"cpu_s_per_m_likes", cpu_s * 1e6 / static_cast<double>(stream.sent_until())}}});
}

}  // namespace zan::bench
