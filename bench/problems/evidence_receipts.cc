#include "problems/evidence_receipts.h"

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <vector>

#include "load/closed_loop.h"
#include "load/population.h"
#include "measure/clock.h"
#include "measure/cost.h"
#include "measure/fail.h"
#include "servers/zan_evidence.h"

namespace zan::bench {

namespace {

constexpr double kFirstPassSecondsMax = 120;
constexpr std::size_t kWarmConnections = 4;

std::vector<std::uint64_t> random_numbers(std::size_t likes, std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<std::uint64_t> numbers;
  for (std::size_t i = 0; i < count; ++i) numbers.push_back(1 + random.below(likes));
  return numbers;
}

// Receipts in a circle (`passes` of it), or as many as the time allows.
ClosedLoop receipts_loop(const ZanServer& server, const std::vector<std::uint64_t>& numbers, std::size_t connections,
                         std::size_t passes, double seconds) {
  ClosedLoop loop;
  loop.port = server.port();
  loop.connections = connections;
  loop.warmup_s = 0;
  loop.seconds = seconds;
  loop.make_reader = [] { return std::make_unique<HttpReader>(); };
  loop.append_request = [&numbers, passes](std::string& out, std::size_t sequence) {
    if (passes != 0 && sequence >= passes * numbers.size()) return false;
    out += fmt::format("GET /v1/receipts/@{} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", numbers[sequence % numbers.size()]);
    return true;
  };
  loop.judge = [](const ReplyReader& reply) {
    const auto& http = static_cast<const HttpReader&>(reply);
    if (!http.good() || http.body().find("zhenzan-receipt/1") == std::string_view::npos) {
      fail("a receipt was answered {} {}", http.status(), http.body());
    }
    return Judgement::good;
  };
  return loop;
}

// Writes what is due and asks the kernel to forget what it has of these files; root also makes it forget their inodes and
// folders. (Not its whole page cache: others may be using this machine.)
void forget_cached(const std::filesystem::path& folder) {
  sync();
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    if (!file.is_regular_file()) continue;
    const int handle = open(file.path().c_str(), O_RDONLY | O_CLOEXEC);
    if (handle < 0) continue;  // removed meanwhile
    posix_fadvise(handle, 0, 0, POSIX_FADV_DONTNEED);
    close(handle);
  }
  std::ofstream("/proc/sys/vm/drop_caches") << "2\n";
}

// What the server had from its disk until now: shows that "cold" was.
double bytes_from_disk(pid_t pid) {
  std::ifstream file(fmt::format("/proc/{}/io", pid));
  std::string name;
  std::uint64_t value = 0;
  while (file >> name >> value) {
    if (name == "read_bytes:") return static_cast<double>(value);
  }
  return 0;
}

Record record_of(const std::string& variant, const std::string& contender, int repetition,
                 const ClosedLoopResult& result) {
  return {"evidence receipts",
          variant,
          contender,
          repetition,
          {{"p99_ms", result.latency.quantile_ms(0.99)},
           {"p50_ms", result.latency.quantile_ms(0.5)},
           {"p999_ms", result.latency.quantile_ms(0.999)},
           {"max_ms", result.latency.quantile_ms(1 - 1e-9)},
           {"receipts_per_s", result.per_second()},
           {"receipts", static_cast<double>(result.latency.count())}}};
}

void measure_warm(Context& context, const ZanServer& server, const ClosedLoop& loop, const std::string& variant,
                  int repetition) {
  const Cost before = cost_of(server.pid());
  const ClosedLoopResult result = run_closed_loop(loop);
  Record record =
      record_of(variant, fmt::format("warm, {} connection{}", loop.connections, loop.connections == 1 ? "" : "s"),
                repetition, result);
  const double cpu_s = cost_of(server.pid()).cpu_seconds - before.cpu_seconds;
  record.figures.emplace_back("cpu_ms_per_receipt", cpu_s * 1e3 / static_cast<double>(result.sent));
  context.recorder.add(record);
}

}  // namespace

void measure_receipts(Context& context, const EvidenceOptions& options, ZanServer& server, std::size_t likes,
                      const std::string& variant, int repetition) {
  const auto numbers = random_numbers(likes, options.receipts, 21);
  run_closed_loop(receipts_loop(server, numbers, kWarmConnections, 1, kFirstPassSecondsMax));
  for (const std::size_t connections : {std::size_t{1}, kWarmConnections}) {
    measure_warm(context, server, receipts_loop(server, numbers, connections, 0, options.seconds), variant, repetition);
  }

  server.stop();
  forget_cached(server.data());
  server.start_again();
  await_well(server);
  forget_cached(server.data());  // what the start had read
  const auto others = random_numbers(likes, options.cold_receipts, 22 + static_cast<std::uint64_t>(repetition));
  const double read_before = bytes_from_disk(server.pid());
  const ClosedLoopResult cold = run_closed_loop(receipts_loop(server, others, 1, 1, kFirstPassSecondsMax));
  Record record = record_of(variant, "cold, 1 connection", repetition, cold);
  const double read = bytes_from_disk(server.pid()) - read_before;
  if (read == 0) fail("the cold receipts came from memory");
  record.figures.emplace_back("disk_bytes_per_receipt", read / static_cast<double>(others.size()));
  context.recorder.add(record);
}

}  // namespace zan::bench
