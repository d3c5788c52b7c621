#include "measure/machine.h"

#include <fcntl.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <string>
#include <vector>

#include "measure/clock.h"
#include "measure/fail.h"

namespace zan::bench {

namespace {

std::string first_value(const char* path, const std::string& label) {
  std::ifstream file(path);
  std::string line;
  while (std::getline(file, line)) {
    if (!line.starts_with(label)) continue;
    const std::size_t start = line.find_first_not_of(" \t:", label.size());
    return start == std::string::npos ? "" : line.substr(start);
  }
  return "unknown";
}

}  // namespace

double fdatasync_median_ms(const std::filesystem::path& folder, int rounds) {
  const std::filesystem::path path = folder / "fdatasync-probe";
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) fail("cannot write {}", path.string());
  const std::array<char, 4096> block{};
  std::vector<double> times;
  for (int i = 0; i < rounds; ++i) {
    const Stopwatch one;
    if (write(file, block.data(), block.size()) < 0 || fdatasync(file) != 0) break;
    times.push_back(one.seconds() * 1e3);
  }
  close(file);
  unlink(path.c_str());
  if (times.empty()) fail("fdatasync does not work in {}", folder.string());
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

std::string load_average() {
  std::ifstream file("/proc/loadavg");
  std::string one, five, fifteen;
  file >> one >> five >> fifteen;
  return fmt::format("{} {} {}", one, five, fifteen);
}

std::string machine_line(const std::filesystem::path& folder) {
  utsname system{};
  uname(&system);
  const double memory_gb = std::strtod(first_value("/proc/meminfo", "MemTotal").c_str(), nullptr) / 1024 / 1024;
  return fmt::format("{}, {} cores, {:.0f} GB, {} {}, fdatasync of 4 KiB {:.2f} ms (median), load {}",
                     first_value("/proc/cpuinfo", "model name"), sysconf(_SC_NPROCESSORS_ONLN), memory_gb,
                     system.sysname, system.release, fdatasync_median_ms(folder), load_average());
}

}  // namespace zan::bench
