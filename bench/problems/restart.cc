#include "problems/restart.h"

#include <algorithm>

#include "measure/clock.h"
#include "measure/cost.h"
#include "measure/scratch.h"

namespace zan::bench {

namespace {

constexpr std::size_t kSampleSize = 200;
constexpr double kSettleSecondsMax = 120;

template <typename Server>
void kill_and_time(Context& context, Server& server, const std::string& name, const std::string& variant,
                   const Sample& first_read, const Sample& sample, int repetition) {
  const double ready_s = server.restart_after_kill();
  const Cost cost = cost_of(server.pid());
  const Stopwatch clock;
  server.check(first_read);
  const double read_s = ready_s + clock.seconds();
  server.check(sample);
  context.recorder.add({"restart",
                        variant,
                        name,
                        repetition,
                        {{"ready_s", ready_s},
                         {"first_read_s", read_s},
                         {"cpu_s", cost.cpu_seconds},
                         {"rss_mb", static_cast<double>(cost.rss_bytes) * 1e-6}}});
}

template <typename Server>
void measure(Context& context, Server& server, const std::string& name, const Population& population, int repetition) {
  const std::string likes = short_number(population.size());
  const Sample first_read(population, population.size(), 1);
  const Sample sample(population, population.size(), kSampleSize);
  server.ingest(population, 0, population.size());
  kill_and_time(context, server, name, likes + ", killed after the last answer", first_read, sample, repetition);
  wait_until_idle(server.pid(), kSettleSecondsMax);
  kill_and_time(context, server, name, likes + ", killed at rest", first_read, sample, repetition);
}

}  // namespace

void run_restart(Context& context, const RestartOptions& options) {
  const Population population({.likes = options.likes});
  for (int i = 1; i <= context.repetitions; ++i) {
    if (context.wants("zan")) {
      const ScratchFolder folder(context.scratch, "restart");
      ZanServer server(folder.path(), context.zan);
      measure(context, server, "zan", population, i);
    }
  }
  // Redis answers for comparison only: what appendonly everysec had not yet written is lost by a
  // kill, so it rests first.
  if (context.wants("redis")) {
    const ScratchFolder folder(context.scratch, "restart");
    RedisServer server(folder.path(), context.redis);
    server.ingest(population, 0, population.size());
    wait_until_idle(server.pid(), kSettleSecondsMax);
    kill_and_time(context, server, "redis", short_number(population.size()) + ", killed at rest",
                  Sample(population, population.size(), 1), Sample(population, population.size(), kSampleSize), 1);
  }
}

}  // namespace zan::bench
