// A quick look at what this machine can do. The benchmarks proper, beside rivals, are in bench/.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <numeric>
#include <thread>

#include "api/api.h"
#include "base/hash.h"
#include "base/log.h"
#include "connectors/connectors.h"
#include "zan/commands.h"
#include "zan/exit_code.h"
#include "zan/progress_bar.h"

namespace zan::app {
namespace {

constexpr std::uint64_t people = 200'000;
constexpr std::uint64_t videos_a_round = 50'000;
constexpr std::uint64_t likes_a_body = 10'000;
constexpr std::size_t hydrate_subjects = 50;

struct Options {
  std::string folder = ".";
  std::uint64_t likes = 1'000'000;
  std::uint64_t singles = 20'000;
  std::size_t connections = 64;
  std::uint64_t hydrates = 5'000;
};

// The i-th like: no two are of the same pair, since a person comes up once a round and each round has its own videos.
std::uint64_t video_of(std::uint64_t i) {
  return i / people * videos_a_round + mix64(i) % videos_a_round;
}

void append_like(std::string& out, std::uint64_t i, std::string_view person) {
  fmt::format_to(std::back_inserter(out), R"({{"type":"like","actor":"{}{}","subject":"v{}"}})", person, i % people,
                 video_of(i));
}

// A folder of its own, an engine, a server; all gone at the end.
class Stage {
 public:
  ~Stage() {
    if (server_) server_->stop();
    server_.reset();
    engine_.reset();
    std::error_code ignored;
    if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
  }

  Result<void> open(const std::string& parent) {
    folder_ = (std::filesystem::absolute(parent) / "zan-bench-XXXXXX").string();
    if (::mkdtemp(folder_.data()) == nullptr) return folder_.clear(), unavailable("no folder can be made in " + parent);
    ZAN_ASSIGN(engine_, engine::Engine::open({folder_ + "/data"}));
    api::ServerOptions options;
    options.data_folder = folder_ + "/data";
    ZAN_ASSIGN(server_, api::Server::start(*engine_, options));
    return {};
  }

  Result<std::unique_ptr<connectors::HttpClient>> connect() const {
    return connectors::HttpClient::connect({{"127.0.0.1", server_->port()}, "", "zan-bench"});
  }
  [[nodiscard]] engine::Status status() const { return engine_->status(); }

 private:
  std::string folder_;
  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<api::Server> server_;
};

Result<std::string> post(connectors::HttpClient& client, const char* target, const char* type,
                         const std::string& body) {
  ZAN_ASSIGN(auto answer, client.call({"POST", target, type, body}));
  if (answer.status != 200)
    return unavailable(fmt::format("{} {}", answer.status, connectors::problem_text(answer.body)));
  return std::move(answer.body);
}

// Runs `body(thread)` on so many threads; the first error, if any.
template <typename Body>
Result<void> on_threads(std::size_t count, const Body& body) {
  std::vector<Result<void>> results(count);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < count; ++i) threads.emplace_back([&, i] { results[i] = body(i); });
  }
  for (const auto& result : results) ZAN_TRY(result);
  return {};
}

std::string latency_text(std::vector<std::int64_t>& us) {
  std::sort(us.begin(), us.end());
  const auto at = [&](double share) {
    return static_cast<double>(us[static_cast<std::size_t>(share * static_cast<double>(us.size() - 1))]) / 1000;
  };
  return fmt::format("p50 {:.2f} ms, p99 {:.2f} ms", at(0.5), at(0.99));
}

std::string per_second(std::uint64_t count, std::int64_t us) {
  return grouped(static_cast<std::uint64_t>(static_cast<double>(count) * us_per_second / static_cast<double>(us)));
}

Result<void> ingest(const Stage& stage, const Options& options) {
  const Clock& clock = machine_clock();
  const std::uint64_t bodies = std::max<std::uint64_t>(options.likes / likes_a_body, 1);
  std::atomic<std::uint64_t> next = 0;
  const std::int64_t started = clock.monotonic_us();
  ZAN_TRY(on_threads(2, [&](std::size_t) -> Result<void> {
    ZAN_ASSIGN(const auto client, stage.connect());
    std::string body;
    for (std::uint64_t at; (at = next++) < bodies;) {
      body.clear();
      for (std::uint64_t i = at * likes_a_body; i < (at + 1) * likes_a_body; ++i) {
        append_like(body, i, "u");
        body += '\n';
      }
      ZAN_ASSIGN(const std::string answer, post(*client, "/v1/events", "application/x-ndjson", body));
      if (answer.find(fmt::format(R"("accepted":{})", likes_a_body)) == std::string::npos)
        return corrupt("not all likes were accepted: " + answer.substr(0, 300));
    }
    return {};
  }));
  const std::int64_t us = clock.monotonic_us() - started;
  fmt::print("ingest   {} likes by NDJSON on 2 connections: {} likes/s, each durable before its answer\n",
             grouped(bodies * likes_a_body), per_second(bodies * likes_a_body, us));
  return {};
}

// What was counted must be what was sent: a number for a wrong answer is no number.
Result<void> verify(const Stage& stage, const Options& options) {
  const std::uint64_t likes = std::max<std::uint64_t>(options.likes / likes_a_body, 1) * likes_a_body;
  std::vector<std::uint32_t> expected((likes / people + 1) * videos_a_round);
  for (std::uint64_t i = 0; i < likes; ++i) ++expected[video_of(i)];
  ZAN_ASSIGN(const auto client, stage.connect());
  for (std::uint64_t video = 0; video < videos_a_round; video += 1009) {
    const std::string target = fmt::format("/v1/subjects/v{}/counts", video);
    ZAN_ASSIGN(const auto answer, client->call({"GET", target, "", ""}));
    if (answer.body.find(fmt::format("\"likes\":{},", expected[video])) == std::string::npos)
      return corrupt(fmt::format("v{} should have {} likes: {}", video, expected[video], answer.body));
  }
  return {};
}

Result<void> single(const Stage& stage, const Options& options) {
  const Clock& clock = machine_clock();
  const std::uint64_t each = std::max<std::uint64_t>(options.singles / options.connections, 1);
  std::vector<std::vector<std::int64_t>> latencies(options.connections);
  const std::uint64_t syncs_before = stage.status().journal_syncs;
  const std::int64_t started = clock.monotonic_us();
  ZAN_TRY(on_threads(options.connections, [&](std::size_t thread) -> Result<void> {
    ZAN_ASSIGN(const auto client, stage.connect());
    std::string body;
    for (std::uint64_t i = 0; i < each; ++i) {
      body.clear();
      append_like(body, thread * each + i, "single");
      const std::int64_t sent = clock.monotonic_us();
      ZAN_ASSIGN(const std::string answer, post(*client, "/v1/events", "application/json", body));
      latencies[thread].push_back(clock.monotonic_us() - sent);
    }
    return {};
  }));
  const std::int64_t us = clock.monotonic_us() - started;
  const std::uint64_t count = each * options.connections;
  const auto syncs = static_cast<double>(stage.status().journal_syncs - syncs_before);
  std::vector<std::int64_t> all;
  for (const auto& part : latencies) all.insert(all.end(), part.begin(), part.end());
  fmt::print("single   {} likes on {} connections: {} likes/s, {}, {:.3f} journal syncs a like\n", grouped(count),
             options.connections, per_second(count, us), latency_text(all), syncs / static_cast<double>(count));
  return {};
}

Result<void> hydrate(const Stage& stage, const Options& options) {
  const Clock& clock = machine_clock();
  ZAN_ASSIGN(const auto client, stage.connect());
  std::vector<std::int64_t> latencies;
  for (std::uint64_t i = 0; i < options.hydrates; ++i) {
    std::string body = fmt::format(R"({{"viewer":"u{}","subjects":[)", mix64(i) % people);
    for (std::size_t n = 0; n < hydrate_subjects; ++n)
      body += fmt::format("{}\"v{}\"", n == 0 ? "" : ",", mix64(i * hydrate_subjects + n) % videos_a_round);
    body += "]}";
    const std::int64_t sent = clock.monotonic_us();
    ZAN_ASSIGN(const std::string answer, post(*client, "/v1/hydrate", "application/json", body));
    latencies.push_back(clock.monotonic_us() - sent);
  }
  const std::int64_t us = std::accumulate(latencies.begin(), latencies.end(), std::int64_t{0});
  fmt::print("hydrate  {} times {} subjects on one connection: {} subjects/s, {}\n", grouped(options.hydrates),
             hydrate_subjects, per_second(options.hydrates * hydrate_subjects, us), latency_text(latencies));
  return {};
}

Result<void> bench(const Options& options) {
  Stage stage;
  ZAN_TRY(stage.open(options.folder));
  ZAN_TRY(ingest(stage, options));
  ZAN_TRY(verify(stage, options));
  ZAN_TRY(single(stage, options));
  return hydrate(stage, options);
}

}  // namespace

void add_bench(CLI::App& root, Run& chosen) {
  CLI::App* command =
      root.add_subcommand("bench", "A quick load against a server of its own, to see what this machine can do");
  const auto options = std::make_shared<Options>();
  command->add_option("--folder", options->folder, "Where the temporary data folder goes: the disk to be measured")
      ->check(CLI::ExistingDirectory)
      ->capture_default_str();
  command->add_option("--likes", options->likes, "Likes by NDJSON")
      ->check(CLI::Range(1, 200'000'000))
      ->capture_default_str();
  command->add_option("--singles", options->singles, "Likes one by one")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->add_option("--connections", options->connections, "For likes one by one")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_option("--hydrates", options->hydrates, "Questions for 50 subjects")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->footer("Client and server share the machine, so a server alone does better than this.");
  command->callback([&chosen, options] {
    chosen = [options] {
      log::set_level(log::Level::warn);
      const auto done = bench(*options);
      return done.ok() ? exit_ok : fail(done.error());
    };
  });
}

}  // namespace zan::app
