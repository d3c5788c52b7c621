#include "engine/follower.h"

#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"

namespace zan::engine {
namespace {

constexpr int nice_level = 10;
constexpr std::int64_t retry_us = us_per_second;

}  // namespace

void Follower::start(Step step, GoesOn goes_on, std::int64_t period_us) {
  thread_ = std::jthread([this, step = std::move(step), goes_on = std::move(goes_on),
                          period_us](const std::stop_token& stop) {
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), nice_level);
    while (!stop.stop_requested()) {
      const Result<bool> more = step();
      if (!more.ok() && !goes_on(more.error())) return;
      if (!more.ok() || !*more) bell_.wait_for(stop, more.ok() ? period_us : retry_us);
    }
  });
}

bool Follower::stop() {
  if (!thread_.joinable()) return false;
  thread_.request_stop();
  thread_.join();
  return true;
}

}  // namespace zan::engine
