#include "problems/ingest.h"

#include <fmt/format.h>

#include <memory>

#include "measure/clock.h"
#include "measure/cost.h"
#include "measure/machine.h"
#include "measure/scratch.h"

namespace zan::bench {

namespace {

constexpr std::size_t kSampleSize = 200;
constexpr int kSyncProbes = 30;
constexpr double kSettleSecondsMax = 120;

std::unique_ptr<LikeServer> make_server(const Context& context, const std::string& contender,
                                        const std::filesystem::path& folder) {
  if (contender.starts_with("redis")) {
    RedisOptions options = context.redis;
    options.lists = contender != "redis";
    options.integer_ids = contender == "redis lists integer ids";
    return std::make_unique<RedisServer>(folder, options);
  }
  if (contender.starts_with("postgres")) {
    PostgresOptions options = context.postgres;
    options.integer_ids = contender == "postgres bigint ids";
    return std::make_unique<PostgresServer>(folder, options);
  }
  ZanOptions options = context.zan;
  options.endless = contender == "zan endless";
  return std::make_unique<ZanServer>(folder, options);
}

void add_costs(Record& record, LikeServer& server, const Cost& before, double client_cpu,
               std::optional<double> syncs_before, std::size_t likes) {
  const double per_million = 1e6 / static_cast<double>(likes);
  const auto per_like = [&](double value) { return value / static_cast<double>(likes); };
  auto& figures = record.figures;
  const Cost after = cost_of(server.pid());
  figures.emplace_back("cpu_s_per_m_likes", (after.cpu_seconds - before.cpu_seconds) * per_million);
  const double settle_s = wait_until_idle(server.pid(), kSettleSecondsMax);
  const Cost settled = cost_of(server.pid());
  figures.emplace_back("settled_cpu_s_per_m_likes", (settled.cpu_seconds - before.cpu_seconds) * per_million);
  figures.emplace_back("settle_s", settle_s);
  figures.emplace_back("client_cpu_s_per_m_likes", client_cpu * per_million);
  if (const auto syncs = server.syncs()) {
    figures.emplace_back("syncs_per_like", per_like(*syncs - syncs_before.value_or(0)));
  }
  figures.emplace_back("written_bytes_per_like", per_like(static_cast<double>(settled.written_bytes)));
  figures.emplace_back("data_bytes_per_like", per_like(static_cast<double>(server.data_bytes())));
  if (const auto log = server.log_bytes()) {
    figures.emplace_back("log_bytes_per_like", per_like(static_cast<double>(*log)));
  }
  figures.emplace_back("rss_mb", static_cast<double>(settled.rss_bytes) * 1e-6);
}

void measure(Context& context, const std::string& problem, const std::string& variant, const std::string& contender,
             const Population& population, int repetition) {
  const ScratchFolder folder(context.scratch, "ingest");
  const double fdatasync_ms = fdatasync_median_ms(folder.path(), kSyncProbes);
  const auto server = make_server(context, contender, folder.path());
  const Sample first_read(population, population.size(), 1);
  const Sample sample(population, population.size(), kSampleSize);
  const auto syncs_before = server->syncs();
  const Cost before = cost_of(server->pid());
  const double client_before = own_cpu_seconds();
  const Stopwatch clock;
  server->ingest(population, 0, population.size());
  server->check(first_read);
  const double seconds = clock.seconds();
  const double client_cpu = own_cpu_seconds() - client_before;
  server->check(sample);

  Record record{problem, variant, contender, repetition, {}};
  record.figures.emplace_back("likes_per_s", static_cast<double>(population.size()) / seconds);
  record.figures.emplace_back("fdatasync_ms", fdatasync_ms);
  add_costs(record, *server, before, client_cpu, syncs_before, population.size());
  if (const auto* zan = dynamic_cast<const ZanServer*>(server.get())) {
    record.figures.emplace_back("refused_requests", static_cast<double>(zan->refusals()));
  }
  context.recorder.add(record);
}

}  // namespace

void run_ingest(Context& context, const IngestOptions& options) {
  const PopulationSpec spec{
      .likes = options.likes, .users = options.users, .subjects = options.subjects, .shape = shape_of(options.shape)};
  const std::string variant = short_number(options.likes) + " " + options.shape;
  {
    const Population population(spec);
    for (int i = 1; i <= context.repetitions; ++i) {
      for (const char* contender : {"zan", "zan endless", "redis", "redis lists", "redis lists integer ids"}) {
        if (context.wants(contender)) measure(context, "ingest", variant, contender, population, i);
      }
    }
  }
  PopulationSpec small = spec;
  small.likes = options.postgres_likes;
  const Population population(small);
  const std::string small_variant = short_number(small.likes) + " " + options.shape;
  for (int i = 1; i <= context.repetitions; ++i) {
    for (const char* contender : {"postgres", "postgres bigint ids"}) {
      if (context.wants(contender)) measure(context, "ingest", small_variant, contender, population, i);
    }
  }
}

void run_viral(Context& context, const IngestOptions& options) {
  for (const Shape shape : {Shape::uniform, Shape::viral}) {
    const Population population({.likes = options.likes, .users = options.likes / 2, .shape = shape});
    const std::string variant =
        fmt::format("{} {}, 2 likes a user", short_number(options.likes), shape == Shape::viral ? "viral" : "uniform");
    for (int i = 1; i <= context.repetitions; ++i) {
      for (const char* contender : {"zan", "redis"}) {
        if (context.wants(contender)) measure(context, "viral", variant, contender, population, i);
      }
    }
  }
}

}  // namespace zan::bench
