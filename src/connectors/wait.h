// Waiting because somebody else asked for it (Retry-After), for a while or until a stop is requested.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace zan::connectors {

// False: stopped.
inline bool wait_unless_stopped(std::chrono::milliseconds how_long, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any condition;
  std::unique_lock lock(mutex);
  condition.wait_for(lock, stop, how_long, [] { return false; });
  return !stop.stop_requested();
}

}  // namespace zan::connectors
