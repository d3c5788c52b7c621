// Interrupts: SIGINT and SIGTERM as a request to stop. The first asks, the second ends the process at once.
//
// REQUIRES: made before any other thread, so that all threads leave the signals to it; once in a process.
#pragma once

#include <stop_token>
#include <thread>

namespace zan::app {

class Interrupts {
 public:
  Interrupts();
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  [[nodiscard]] std::stop_token token() const { return stop_.get_token(); }
  [[nodiscard]] bool happened() const { return stop_.stop_requested(); }
  void wait();

 private:
  void watch();

  std::stop_source stop_;
  std::thread watcher_;
};

}  // namespace zan::app
