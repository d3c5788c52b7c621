#include "servers/listening.h"

#include <unistd.h>

#include <charconv>
#include <fstream>
#include <string>
#include <string_view>

#include "measure/clock.h"
#include "measure/fail.h"

namespace zan::bench {

namespace {

constexpr double kStartSeconds = 300;
constexpr std::string_view kListening = "listening on http://127.0.0.1:";

// 0 when the line is not there yet, or not yet ended.
std::uint16_t find_port(const std::filesystem::path& log) {
  std::ifstream file(log);
  std::string line;
  while (std::getline(file, line)) {
    const std::size_t at = line.find(kListening);
    if (at == std::string::npos || file.eof()) continue;
    std::uint16_t port = 0;
    std::from_chars(line.data() + at + kListening.size(), line.data() + line.size(), port);
    return port;
  }
  return 0;
}

}  // namespace

std::uint16_t await_port(Child& child, const std::filesystem::path& log) {
  const Stopwatch waited;
  while (waited.seconds() < kStartSeconds) {
    if (const std::uint16_t port = find_port(log)) return port;
    if (!child.running()) fail("the server ended:\n{}", log_tail(log));
    usleep(1'000);
  }
  fail("the server does not say where it listens:\n{}", log_tail(log));
}

}  // namespace zan::bench
