#include "servers/zan.h"

#include <signal.h>
#include <unistd.h>

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <vector>

#include "load/chunked.h"
#include "load/lines.h"
#include "measure/clock.h"
#include "measure/fail.h"
#include "measure/scratch.h"
#include "servers/listening.h"
#include "servers/workers.h"
#include "servers/zan_check.h"

namespace zan::bench {

namespace {

constexpr double kReadySeconds = 300;
constexpr int kRefusalsMax = 10'000;
constexpr std::size_t kChunkLines = 2'000;  // of an endless request
constexpr std::string_view kNdjson = "application/x-ndjson";

std::uint64_t field(const simdjson::dom::element& json, const char* name) {
  std::uint64_t value = 0;
  if (json[name].get_uint64().get(value)) fail("no '{}' in an answer", name);
  return value;
}

}  // namespace

IngestAnswer parse_ingest_answer(std::string_view body) {
  while (!body.empty() && body.back() == '\n') body.remove_suffix(1);
  const std::size_t start = body.rfind('\n');
  const std::string_view last = start == std::string_view::npos ? body : body.substr(start + 1);
  simdjson::dom::parser parser;
  simdjson::dom::element json;
  if (parser.parse(last.data(), last.size()).get(json)) fail("not an ingest answer: {}", last);
  return {field(json, "accepted"), field(json, "duplicates"), field(json, "rejected")};
}

ZanServer::ZanServer(const std::filesystem::path& folder, const ZanOptions& options)
    : data_(folder / "data"), log_(folder / "zan.log"), options_(options) {
  if (access(options_.program.c_str(), X_OK) != 0) fail("no program {}", options_.program.string());
  start();
  await_ready();
}

void ZanServer::start() {
  std::filesystem::remove(log_);
  child_ = Child::start({std::filesystem::absolute(options_.program).string(), "serve", "--data", data_.string(),
                         "--listen", "127.0.0.1:0", "--demo", "none", "--evidence", options_.evidence ? "on" : "off"},
                        {.log = log_});
  port_ = await_port(child_, log_);
}

void ZanServer::await_ready() {
  const Stopwatch waited;
  while (waited.seconds() < kReadySeconds) {
    if (try_connect_loopback(port_).open() && HttpClient(port_).get("/health/ready").status == 200) return;
    if (!child_.running()) fail("zan ended:\n{}", log_tail(log_));
    usleep(1'000);
  }
  fail("zan does not become ready");
}

double ZanServer::restart_after_kill() {
  child_.kill_hard();
  return start_again();
}

double ZanServer::restart_after_stop() {
  stop();
  return start_again();
}

void ZanServer::stop() {
  child_.stop(SIGTERM);
}

double ZanServer::start_again() {
  const Stopwatch clock;
  start();
  await_ready();
  return clock.seconds();
}

// A 429 or 503 is flow control: wait as told (in steps, since Retry-After counts whole seconds),
// send again. What the refused request had already handed over comes back as duplicates.
void ZanServer::post_until_taken(HttpClient& client, std::string_view bytes, std::size_t lines) {
  for (int attempt = 0; attempt < kRefusalsMax; ++attempt) {
    client.socket().write_all(post_head("/v1/events", kNdjson, bytes.size()));
    client.socket().write_all(bytes);
    const HttpReply reply = client.read_reply();
    if (reply.status == 429 || reply.status == 503) {
      ++refusals_;
      usleep(static_cast<useconds_t>(std::clamp(reply.retry_after_s * 1000, 5, 1000)) * 1000);
      continue;
    }
    if (reply.status != 200) fail("zan: {} {}", reply.status, reply.body);
    const IngestAnswer answer = parse_ingest_answer(reply.body);
    const bool complete = answer.accepted + (attempt == 0 ? 0 : answer.duplicates) == lines;
    if (!complete) fail("zan took {} of {} lines: {}", answer.accepted, lines, reply.body.substr(0, 500));
    return;
  }
  fail("zan refused {} times", kRefusalsMax);
}

void ZanServer::post_slices(const Population& population, std::size_t begin, std::size_t end) {
  std::vector<HttpClient> clients;
  for (std::size_t i = 0; i < options_.connections; ++i) clients.emplace_back(port_);
  std::vector<std::string> buffers(options_.connections);
  for_slices(options_.connections, begin, end, options_.lines,
             [&](std::size_t worker, std::size_t from, std::size_t to) {
               std::string& lines = buffers[worker];
               lines.clear();
               append_lines(lines, population, from, to);
               post_until_taken(clients[worker], lines, to - from);
             });
}

void ZanServer::post_endless(const Population& population, std::size_t begin, std::size_t end) {
  const std::size_t share = (end - begin + options_.connections - 1) / options_.connections;
  for_slices(options_.connections, begin, end, share, [&](std::size_t, std::size_t from, std::size_t to) {
    ChunkedPost post(port_);
    std::string lines;
    for (std::size_t at = from; at < to; at += kChunkLines) {
      lines.clear();
      append_lines(lines, population, at, std::min(to, at + kChunkLines));
      post.send(lines);
    }
    const HttpReply reply = post.finish();
    const IngestAnswer answer = parse_ingest_answer(reply.body);
    if (reply.status != 200 || answer.accepted != to - from) {
      fail("zan took {} of {} lines: {}", answer.accepted, to - from, reply.body.substr(0, 500));
    }
  });
}

void ZanServer::ingest(const Population& population, std::size_t begin, std::size_t end) {
  if (options_.endless) {
    post_endless(population, begin, end);
  } else {
    post_slices(population, begin, end);
  }
}

void ZanServer::check(const Sample& sample) {
  check_zan(port_, sample);
}

std::uint64_t ZanServer::data_bytes() {
  return disk_bytes(data_);
}

std::optional<std::uint64_t> ZanServer::log_bytes() {
  const auto parts = disk_bytes_by_part(data_);
  const auto journal = parts.find("journal");
  if (journal == parts.end()) return std::nullopt;
  return journal->second;
}

std::optional<double> ZanServer::syncs() {
  return metric("zan_journal_syncs_total");
}

std::string ZanServer::metrics_text() {
  return HttpClient(port_).get("/metrics").body;
}

std::optional<double> ZanServer::metric(const std::string& name) {
  const std::string text = metrics_text();
  std::optional<double> sum;
  std::size_t position = 0;
  while (position < text.size()) {
    const std::size_t end = std::min(text.find('\n', position), text.size());
    const std::string line = text.substr(position, end - position);
    position = end + 1;
    if (!line.starts_with(name)) continue;
    const char next = line.size() > name.size() ? line[name.size()] : '\0';
    if (next != ' ' && next != '{') continue;
    sum = sum.value_or(0) + std::strtod(line.c_str() + line.rfind(' '), nullptr);
  }
  return sum;
}

bool ZanServer::compact() {
  return HttpClient(port_).call("POST", "/v1/admin/compact", "", "").status / 100 == 2;
}

}  // namespace zan::bench
