// The server under test: starts `zan serve`, sends likes as NDJSON over HTTP, and asks all its
// questions.
#pragma once

#include <atomic>
#include <filesystem>
#include <string>
#include <string_view>

#include "measure/child.h"
#include "net/http.h"
#include "servers/like_server.h"

namespace zan::bench {

struct ZanOptions {
  std::filesystem::path program = "build/release/zan";
  std::size_t connections = 2;  // one thread each
  std::size_t lines = 20'000;   // in one request; each request is answered after its fsync
  bool endless = false;         // one chunked request per connection in place of many requests
  bool evidence = true;         // the transparency log, as the server keeps it by default
};

// The last line of an answer of POST /v1/events.
struct IngestAnswer {
  std::uint64_t accepted = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t rejected = 0;
};
IngestAnswer parse_ingest_answer(std::string_view body);

class ZanServer final : public LikeServer {
 public:
  ZanServer(const std::filesystem::path& folder, const ZanOptions& options);

  void ingest(const Population& population, std::size_t begin, std::size_t end) override;
  void check(const Sample& sample) override;
  pid_t pid() const override { return child_.pid(); }
  std::uint64_t data_bytes() override;
  std::optional<std::uint64_t> log_bytes() override;
  std::optional<double> syncs() override;

  std::uint16_t port() const { return port_; }
  const std::filesystem::path& data() const { return data_; }

  // The sum of a metric over its labels; nothing when the server does not report it.
  std::optional<double> metric(const std::string& name);
  std::string metrics_text();

  // Kills without warning, starts again over the same folder; seconds from the start until ready.
  double restart_after_kill();
  // The same after SIGTERM, which the server answers by putting everything in order; counted from the new start.
  double restart_after_stop();
  // The two halves of that.
  void stop();
  double start_again();

  // POST /v1/admin/compact; false when the server does not offer it.
  bool compact();

  std::uint64_t refusals() const { return refusals_; }  // requests that were answered 429 or 503 and sent again

 private:
  void start();
  void await_ready();
  void post_slices(const Population& population, std::size_t begin, std::size_t end);
  void post_endless(const Population& population, std::size_t begin, std::size_t end);
  void post_until_taken(HttpClient& client, std::string_view bytes, std::size_t lines);

  std::filesystem::path data_;
  std::filesystem::path log_;
  ZanOptions options_;
  Child child_;
  std::uint16_t port_ = 0;
  std::atomic<std::uint64_t> refusals_ = 0;
};

}  // namespace zan::bench
