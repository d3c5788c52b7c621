#include "measure/cost.h"

#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "measure/clock.h"

namespace zan::bench {

namespace {

struct Stat {
  pid_t parent = 0;
  std::uint64_t ticks = 0;
};

bool read_stat(pid_t pid, Stat& stat) {
  std::ifstream file(fmt::format("/proc/{}/stat", pid));
  std::string text;
  if (!std::getline(file, text)) return false;
  const std::size_t name_end = text.rfind(')');  // the name may hold anything
  if (name_end == std::string::npos) return false;
  std::istringstream fields(text.substr(name_end + 2));
  std::string skipped;
  std::uint64_t user = 0, system = 0, children_user = 0, children_system = 0;
  fields >> skipped >> stat.parent;
  for (int i = 0; i < 9; ++i) fields >> skipped;
  fields >> user >> system >> children_user >> children_system;
  stat.ticks = user + system + children_user + children_system;
  return static_cast<bool>(fields);
}

std::vector<pid_t> all_pids() {
  std::vector<pid_t> pids;
  DIR* folder = opendir("/proc");
  if (folder == nullptr) return pids;
  while (const dirent* entry = readdir(folder)) {
    const pid_t pid = static_cast<pid_t>(std::atol(entry->d_name));
    if (pid > 0) pids.push_back(pid);
  }
  closedir(folder);
  return pids;
}

bool descends(pid_t pid, pid_t ancestor, const std::map<pid_t, Stat>& stats) {
  while (pid > 1) {
    if (pid == ancestor) return true;
    const auto found = stats.find(pid);
    if (found == stats.end()) return false;
    pid = found->second.parent;
  }
  return false;
}

std::uint64_t number_after(const std::string& path, const std::string& label) {
  std::ifstream file(path);
  std::string line;
  while (std::getline(file, line)) {
    if (line.starts_with(label)) return std::strtoull(line.c_str() + label.size(), nullptr, 10);
  }
  return 0;
}

}  // namespace

Cost cost_of(pid_t pid) {
  std::map<pid_t, Stat> stats;
  for (const pid_t each : all_pids()) {
    Stat stat;
    if (read_stat(each, stat)) stats[each] = stat;
  }
  Cost cost;
  std::uint64_t ticks = 0;
  for (const auto& [each, stat] : stats) {
    if (!descends(each, pid, stats)) continue;
    ticks += stat.ticks;
    cost.written_bytes += number_after(fmt::format("/proc/{}/io", each), "write_bytes:");
  }
  cost.cpu_seconds = static_cast<double>(ticks) / static_cast<double>(sysconf(_SC_CLK_TCK));
  const std::string status = fmt::format("/proc/{}/status", pid);
  cost.rss_bytes = number_after(status, "VmRSS:") * 1024;
  cost.peak_bytes = number_after(status, "VmHWM:") * 1024;
  return cost;
}

double own_cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double wait_until_idle(pid_t pid, double seconds_max) {
  const Stopwatch waited;
  double before = cost_of(pid).cpu_seconds;
  while (waited.seconds() < seconds_max) {
    usleep(1'000'000);
    const double after = cost_of(pid).cpu_seconds;
    if (after - before <= 0.03) break;
    before = after;
  }
  return waited.seconds();
}

}  // namespace zan::bench
