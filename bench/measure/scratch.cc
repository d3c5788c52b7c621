#include "measure/scratch.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <mutex>
#include <set>
#include <system_error>
#include <thread>

#include "measure/fail.h"

namespace zan::bench {

namespace fs = std::filesystem;

namespace {

struct Cleanup {
  std::mutex mutex;
  std::set<fs::path> folders;
  std::set<pid_t> children;
};

Cleanup& cleanup() {
  static Cleanup instance;
  return instance;
}

std::uint64_t file_bytes(const fs::path& path) {
  struct stat info {};
  if (lstat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return 0;
  return static_cast<std::uint64_t>(info.st_blocks) * 512;
}

void wait_for_signal(sigset_t signals) {
  int number = 0;
  sigwait(&signals, &number);
  const std::lock_guard lock(cleanup().mutex);
  for (const pid_t pid : cleanup().children) kill(-pid, SIGKILL);
  for (const pid_t pid : cleanup().children) kill(pid, SIGKILL);
  usleep(200'000);
  std::error_code ignored;
  for (const fs::path& folder : cleanup().folders) fs::remove_all(folder, ignored);
  _exit(130);
}

}  // namespace

ScratchFolder::ScratchFolder(const fs::path& parent, const std::string& name) {
  fs::create_directories(parent);
  std::string pattern = (parent / (name + "-XXXXXX")).string();
  if (mkdtemp(pattern.data()) == nullptr) fail("cannot make a folder in {}", parent.string());
  path_ = pattern;
  chmod(path_.c_str(), 0755);
  const std::lock_guard lock(cleanup().mutex);
  cleanup().folders.insert(path_);
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
  const std::lock_guard lock(cleanup().mutex);
  cleanup().folders.erase(path_);
}

std::uint64_t disk_bytes(const fs::path& folder) {
  std::uint64_t total = 0;
  for (const auto& [part, bytes] : disk_bytes_by_part(folder)) total += bytes;
  return total;
}

std::map<std::string, std::uint64_t> disk_bytes_by_part(const fs::path& folder) {
  std::map<std::string, std::uint64_t> parts;
  std::error_code error;
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const std::uint64_t bytes = file_bytes(it->path());
    if (bytes == 0) continue;
    parts[it->path().lexically_relative(folder).begin()->string()] += bytes;
  }
  return parts;
}

void guard_against_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  std::thread(wait_for_signal, signals).detach();
}

void register_child(pid_t pid) {
  const std::lock_guard lock(cleanup().mutex);
  cleanup().children.insert(pid);
}

void forget_child(pid_t pid) {
  const std::lock_guard lock(cleanup().mutex);
  cleanup().children.erase(pid);
}

}  // namespace zan::bench
