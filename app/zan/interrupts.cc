#include "zan/interrupts.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <mutex>

#include "base/require.h"
#include "zan/exit_code.h"

namespace zan::app {
namespace {

constexpr char interrupted = 'i', done = 'd';

// Where a signal is told of. Pipes are for the life of the process, as a handler may still be writing to one.
struct Line {
  std::atomic<bool> taken = false;
  std::atomic<bool> open = false;  // a handler writes to it
  std::array<int, 2> ends{-1, -1};
};
std::array<Line, 8> lines;
std::atomic<bool> early = false;  // a signal came while there was none of us

void tell(const Line& line, char what) {
  while (::write(line.ends[1], &what, 1) < 0 && errno == EINTR) {
  }
}

void on_signal(int) {
  const int before = errno;
  bool told = false;
  for (const Line& line : lines) {
    if (!line.open) continue;
    tell(line, interrupted);
    told = true;
  }
  if (!told) early = true;
  errno = before;
}

std::size_t take_line() {
  const auto line = std::find_if(lines.begin(), lines.end(), [](Line& one) { return !one.taken.exchange(true); });
  require(line != lines.end(), "few commands run in one process");
  if (line->ends[0] < 0) require(::pipe2(line->ends.data(), O_CLOEXEC) == 0, "there is a pipe for signals");
  line->open = true;
  if (early.exchange(false)) tell(*line, interrupted);
  return static_cast<std::size_t>(line - lines.begin());
}

}  // namespace

void Interrupts::listen() {
  struct sigaction action = {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  for (const int signal : {SIGINT, SIGTERM}) ::sigaction(signal, &action, nullptr);
}

Interrupts::Interrupts() {
  listen();
  line_ = take_line();
  watcher_ = std::thread([this] { watch(lines[line_].ends[0]); });
}

Interrupts::~Interrupts() {
  lines[line_].open = false;
  tell(lines[line_], done);
  watcher_.join();
  lines[line_].taken = false;
}

void Interrupts::watch(int pipe) {
  for (;;) {
    char what = 0;
    if (::read(pipe, &what, 1) != 1) continue;
    if (what == done) return;
    if (stop_.stop_requested()) ::_exit(exit_interrupted);
    stop_.request_stop();
  }
}

void Interrupts::wait() {
  std::mutex mutex;
  std::condition_variable_any condition;
  std::unique_lock lock(mutex);
  condition.wait(lock, stop_.get_token(), [] { return false; });
}

}  // namespace zan::app
