// Pool: a few threads for calls that may wait on disk, so that io threads never do.
//
// Threads: run() from any thread. stop() lets what runs end, drops what waits, joins.
// Errors:  run() says false when too many jobs wait, or after stop().
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace zan::api {

class Pool {
 public:
  Pool(std::size_t threads, std::size_t waiting_max);
  ~Pool() { stop(); }

  // `job` must not throw. Jobs that never ran are destroyed by stop().
  [[nodiscard]] bool run(std::function<void()> job);
  void stop();

 private:
  void work();

  const std::size_t waiting_max_;
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<std::function<void()>> jobs_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace zan::api
