// Interrupts: SIGINT and SIGTERM as a request to stop. The first asks, the second ends the process at once.
//
// By a handler and a pipe, not by sigwait(): a library may have threads before main() that block no signal.
//
// Threads: any; all that there are at the moment are told. At most eight.
#pragma once

#include <cstddef>
#include <stop_token>
#include <thread>

namespace zan::app {

class Interrupts {
 public:
  Interrupts();
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  // From now on a signal is kept for the next of us, where there is none. The first does it, if nobody did before.
  static void listen();

  [[nodiscard]] std::stop_token token() const { return stop_.get_token(); }
  [[nodiscard]] bool happened() const { return stop_.stop_requested(); }
  void wait();

 private:
  void watch(int pipe);

  std::size_t line_ = 0;
  std::stop_source stop_;
  std::thread watcher_;
};

}  // namespace zan::app
