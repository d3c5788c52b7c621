#include "problems/single.h"

#include <fmt/format.h>

#include <memory>
#include <string>

#include "load/closed_loop.h"
#include "load/lines.h"
#include "measure/cost.h"
#include "measure/fail.h"
#include "measure/machine.h"
#include "measure/scratch.h"
#include "servers/bare_beast.h"

namespace zan::bench {

namespace {

constexpr std::size_t kSampleSize = 100;
constexpr int kSyncProbes = 30;  // the disk of a rented machine is not equally fast at all times

ClosedLoop likes_loop(const SingleOptions& options, const Population& population, std::uint16_t port) {
  ClosedLoop loop;
  loop.port = port;
  loop.connections = options.connections;
  loop.warmup_s = options.warmup_s;
  loop.seconds = options.seconds;
  loop.make_reader = [] { return std::make_unique<HttpReader>(); };
  auto event = std::make_shared<std::string>();
  loop.append_request = [&population, event](std::string& out, std::size_t sequence) {
    if (sequence >= population.size()) return false;
    event->clear();
    append_event(*event, population.likes()[sequence], Population::at_ms(sequence));
    out +=
        "POST /v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        "Content-Length: ";
    append_number(out, event->size());
    out += "\r\n\r\n";
    out += *event;
    return true;
  };
  loop.judge = [](const ReplyReader& reply) {
    const auto& http = static_cast<const HttpReader&>(reply);
    if (http.status() == 429 || http.status() == 503) return Judgement::again;
    if (!http.good() || http.body().find("\"accepted\":1") == std::string_view::npos) {
      fail("a single like was answered {} {}", http.status(), http.body());
    }
    return Judgement::good;
  };
  return loop;
}

Record record_of(const SingleOptions& options, const std::string& contender, int repetition,
                 const ClosedLoopResult& result) {
  return {"single",
          fmt::format("{} connections", options.connections),
          contender,
          repetition,
          {{"requests_per_s", result.per_second()},
           {"p50_ms", result.latency.quantile_ms(0.5)},
           {"p90_ms", result.latency.quantile_ms(0.9)},
           {"p99_ms", result.latency.quantile_ms(0.99)},
           {"p999_ms", result.latency.quantile_ms(0.999)}}};
}

void add_cpu(Record& record, double server_cpu, double client_cpu, const ClosedLoopResult& result) {
  const double per_million = 1e6 / static_cast<double>(result.sent);
  record.figures.emplace_back("cpu_s_per_m_requests", server_cpu * per_million);
  record.figures.emplace_back("client_cpu_s_per_m_requests", client_cpu * per_million);
}

void measure_bare(Context& context, const SingleOptions& options, const Population& population, int threads,
                  const std::string& contender, int repetition) {
  const ScratchFolder folder(context.scratch, "single");
  const BareBeast server(context.self, folder.path(), threads);
  const double client_before = own_cpu_seconds();
  const ClosedLoopResult result = run_closed_loop(likes_loop(options, population, server.port()));
  Record record = record_of(options, contender, repetition, result);
  add_cpu(record, cost_of(server.pid()).cpu_seconds, own_cpu_seconds() - client_before, result);
  context.recorder.add(record);
}

}  // namespace

Record run_single_once(const Context& context, const ZanOptions& settings, const SingleOptions& options,
                       const Population& population, int repetition,
                       const std::function<void(ZanServer&, std::size_t likes)>& afterwards) {
  const ScratchFolder folder(context.scratch, "single");
  const double fdatasync_ms = fdatasync_median_ms(folder.path(), kSyncProbes);
  ZanServer server(folder.path(), settings);
  const Cost before = cost_of(server.pid());
  const auto syncs_before = server.syncs();
  const double client_before = own_cpu_seconds();
  const ClosedLoopResult result = run_closed_loop(likes_loop(options, population, server.port()));
  const double client_cpu = own_cpu_seconds() - client_before;
  const double server_cpu = cost_of(server.pid()).cpu_seconds - before.cpu_seconds;
  server.check(Sample(population, result.sent, kSampleSize));

  Record record = record_of(options, "zan", repetition, result);
  add_cpu(record, server_cpu, client_cpu, result);
  if (const auto syncs = server.syncs()) {
    record.figures.emplace_back("syncs_per_like",
                                (*syncs - syncs_before.value_or(0)) / static_cast<double>(result.sent));
  }
  record.figures.emplace_back("fdatasync_ms", fdatasync_ms);
  record.figures.emplace_back("refused", static_cast<double>(result.refused));
  if (afterwards) afterwards(server, result.sent);
  return record;
}

void run_single(Context& context, const SingleOptions& options) {
  const Population population({.likes = options.likes});
  for (int i = 1; i <= context.repetitions; ++i) {
    if (context.wants("zan")) context.recorder.add(run_single_once(context, context.zan, options, population, i));
    if (context.wants("bare beast")) {
      measure_bare(context, options, population, 1, "bare beast", i);
    }
    if (context.wants("bare beast 2 threads")) {
      measure_bare(context, options, population, 2, "bare beast 2 threads", i);
    }
  }
}

}  // namespace zan::bench
