#include "zan/interrupts.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <condition_variable>
#include <mutex>

#include "zan/exit_code.h"

namespace zan::app {
namespace {

// Wakes the watcher when nobody interrupted and all is done.
constexpr int signal_done = SIGUSR2;

sigset_t watched() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, signal_done}) sigaddset(&set, signal);
  return set;
}

}  // namespace

Interrupts::Interrupts() {
  const sigset_t set = watched();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  watcher_ = std::thread([this] { watch(); });
}

Interrupts::~Interrupts() {
  pthread_kill(watcher_.native_handle(), signal_done);
  watcher_.join();
}

void Interrupts::watch() {
  const sigset_t set = watched();
  for (;;) {
    int signal = 0;
    if (sigwait(&set, &signal) != 0) continue;
    if (signal == signal_done) return;
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
