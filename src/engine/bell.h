// Bell: how one thread of the engine tells another that there is something to do.
//
// Threads: any may ring; one waits.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <stop_token>

namespace zan::engine {

// A flag that one thread raises and another waits for.
class Bell {
 public:
  void ring() {
    {
      const std::lock_guard lock(mutex_);
      rung_ = true;
    }
    wake_.notify_all();
  }
  // Until rung or stopped; false: stopped.
  bool wait(std::stop_token stop) {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, stop, [&] { return rung_; });
    rung_ = false;
    return !stop.stop_requested();
  }
  // As wait, but no longer than `us` microseconds.
  void wait_for(std::stop_token stop, std::int64_t us) {
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, stop, std::chrono::microseconds(us), [&] { return rung_; });
    rung_ = false;
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any wake_;
  bool rung_ = false;
};

}  // namespace zan::engine
