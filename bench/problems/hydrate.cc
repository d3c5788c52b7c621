#include "problems/hydrate.h"

#include <fmt/format.h>

#include "load/closed_loop.h"
#include "measure/cost.h"
#include "measure/fail.h"
#include "measure/scratch.h"
#include "problems/hydrate_rival.h"

namespace zan::bench {

namespace {

constexpr std::size_t kRequests = 20'000;
constexpr std::size_t kCompared = 200;
constexpr std::size_t kSampleSize = 100;

ClosedLoop hydrate_loop(const HydrateOptions& options, HydrateContender& contender,
                        const std::vector<std::string>& requests, std::size_t connections) {
  ClosedLoop loop;
  loop.port = contender.port();
  loop.connections = connections;
  loop.warmup_s = options.warmup_s;
  loop.seconds = options.seconds;
  loop.make_reader = [&] { return contender.make_reader(options.subjects_each); };
  loop.append_request = [&requests](std::string& out, std::size_t sequence) {
    out += requests[sequence % requests.size()];
    return true;
  };
  loop.judge = [](const ReplyReader& reply) {
    if (!reply.good()) fail("hydrate was answered: {}", reply.content().substr(0, 500));
    return Judgement::good;
  };
  return loop;
}

// One request after the other, before anything is timed.
void compare_answers(const HydrateLoad& load, HydrateContender& contender, std::size_t subjects_each) {
  const Socket socket = connect_loopback(contender.port());
  const auto reader = contender.make_reader(subjects_each);
  std::vector<char> buffer(64 * 1024);
  for (std::size_t i = 0; i < kCompared; ++i) {
    const HydrateRequest& request = load.requests()[i];
    reader->reset();
    socket.write_all(contender.request_bytes(request));
    while (!reader->feed({buffer.data(), socket.read_some(buffer.data(), buffer.size())})) {
    }
    if (!reader->good()) fail("hydrate was answered: {}", reader->content());
    contender.compare(request, load.truth(request), reader->content());
  }
}

struct Setup {
  const HydrateOptions& options;
  const Population& population;
  const HydrateLoad& load;
};

// One timed run with so many connections; likes from `first` on are streamed. Returns where the
// stream ended.
std::size_t measure_connections(Context& context, const Setup& setup, HydrateContender& contender,
                                const std::string& name, std::size_t connections, std::size_t first, int repetition) {
  const auto& [options, population, load] = setup;
  std::vector<std::string> requests;
  for (const HydrateRequest& request : load.requests()) requests.push_back(contender.request_bytes(request));
  PacedStream stream(options.stream_per_s, first, population.size(),
                     [&](std::size_t begin, std::size_t end) { contender.stream(population, begin, end); });
  const double cpu_before = cost_of(contender.server().pid()).cpu_seconds;
  const ClosedLoopResult result = run_closed_loop(hydrate_loop(options, contender, requests, connections));
  const double cpu = cost_of(contender.server().pid()).cpu_seconds - cpu_before;
  stream.stop();
  contender.end_stream(stream.sent_until() - first);
  const double subjects = static_cast<double>(options.subjects_each);
  context.recorder.add({"hydrate",
                        fmt::format("{} connection{}, {} likes/s in", connections, connections == 1 ? "" : "s",
                                    short_number(static_cast<std::uint64_t>(options.stream_per_s))),
                        name,
                        repetition,
                        {{"subjects_per_s", result.per_second() * subjects},
                         {"p50_ms", result.latency.quantile_ms(0.5)},
                         {"p90_ms", result.latency.quantile_ms(0.9)},
                         {"p99_ms", result.latency.quantile_ms(0.99)},
                         {"p999_ms", result.latency.quantile_ms(0.999)},
                         {"stream_likes_per_s", stream.achieved_per_second()},
                         {"stream_behind_ms_max", stream.behind_ms_max()},
                         {"server_cores", cpu / (options.seconds + options.warmup_s)}}});
  return stream.sent_until();
}

void measure(Context& context, const Setup& setup, const std::string& name, int repetition) {
  const ScratchFolder folder(context.scratch, "hydrate");
  const auto contender = make_hydrate_contender(context, name, folder.path());
  const std::size_t preload = setup.options.preload;
  contender->server().ingest(setup.population, 0, preload);
  compare_answers(setup.load, *contender, setup.options.subjects_each);
  std::size_t sent = preload;
  for (const std::size_t connections : setup.options.connections) {
    sent = measure_connections(context, setup, *contender, name, connections, sent, repetition);
    contender->server().check(Sample(setup.population, sent, kSampleSize));
  }
}

}  // namespace

void run_hydrate(Context& context, const HydrateOptions& options) {
  const double streamed_max = options.stream_per_s * (options.seconds + options.warmup_s + 35) *
                              static_cast<double>(options.connections.size());
  const std::uint64_t likes = options.preload + static_cast<std::uint64_t>(streamed_max);
  const Population population({.likes = likes, .users = likes / 10, .subjects = options.preload / 10});
  const HydrateLoad load(population, options.preload, kRequests, options.subjects_each);
  const Setup setup{options, population, load};
  for (int i = 1; i <= context.repetitions; ++i) {
    for (const char* name : {"zan", "redis", "redis lists"}) {
      if (context.wants(name)) measure(context, setup, name, i);
    }
  }
}

}  // namespace zan::bench
